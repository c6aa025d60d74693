"""What the advertising exports share: the row of totals, decimal commas, rows that cannot be told apart."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd
from babel.numbers import get_currency_precision

from fanops_utils.data.sources.shared.cells import Cells
from fanops_utils.data.sources.shared.owners import whose
from fanops_utils.data.sources.shared.sheet import Sheet
from fanops_utils.data.sources.shared.source import Context
from fanops_utils.workspace import Account

NAMES = ("campaign_name", "ad_group_name", "ad_name")
IDS = ("campaign_id", "ad_group_id", "ad_id")


def account_of(context: Context, platforms: tuple[str, ...], cells: Cells) -> Account:
    """Return the account to which the advertisements belong: the first of *platforms* on which the brand has one.

    The advertising account named in the file counts where brand.yml names it too.
    """
    accounts = context.brand.accounts
    platform = next((one for one in platforms if any(account.platform == one for account in accounts)), platforms[0])
    known = {name for account in accounts if account.platform == platform for name in (account.handle, account.id)}
    printed = {*cells.raw("account_name").dropna(), *cells.raw("account_number").dropna()}
    return whose(context, (platform,), named=sorted(printed & {name for name in known if name}))


def note_money(sheet: Sheet, columns: tuple[str, ...], currencies: Iterable[str]) -> None:
    """Tell the numbers of *sheet* how many decimals its amounts have, where all *currencies* have as many."""
    digits = {get_currency_precision(one) for one in currencies if one}
    if len(digits) == 1:
        sheet.cells.numbers.money |= dict.fromkeys(columns, digits.pop())


def totals_check(sheet: Sheet, totals: pd.DataFrame, values: dict[str, pd.Series]) -> list[str]:
    """Return a warning where *values*, those that add up, do not add up to the file's first row of totals."""
    off = []
    printed = Cells(totals.head(1), sheet.cells.names, numbers=sheet.cells.numbers)
    for name, series in values.items():
        stated = printed.number(name) if len(totals) and printed.has(name) else pd.Series(dtype="Float64")
        if stated.notna().any() and abs(float(series.sum()) - float(stated.iloc[0])) > 0.005 * max(1, len(series)):
            off.append(f"{sheet.cells.names[name]} {float(series.sum()):,.2f} of {float(stated.iloc[0]):,.2f}")
    return [f"the rows do not add up to the row of totals ({'; '.join(off)})"] if off else []


def labels(cells: Cells) -> dict[str, pd.Series]:
    """Return names and ids of campaign, ad group and advertisement; a name that stands for several ids has its id added."""
    found = {name: cells.text(name) for name in NAMES}
    found |= {name: cells.optional_id(name) for name in IDS}
    above = [found["campaign_name"].fillna(""), found["ad_group_name"].fillna("")]
    for place, (name, number) in enumerate(zip(NAMES, IDS, strict=True)):
        several = found[number].groupby([*above[:place], found[name].fillna("")]).transform("nunique") > 1
        found[name] = found[name].mask(
            several & found[number].notna(), found[name].fillna("") + " [" + found[number] + "]"
        )
    return found


def refuse_twins(sheet: Sheet, key: dict[str, pd.Series], column: str) -> None:
    """Reject records of one *key* unless they are one, pasted twice: a split that is not read lies between them.

    So they are also where only a column that is not read differs: two networks may well have the same numbers.
    """
    cells = sheet.cells
    keyed = pd.DataFrame(key).astype("string").fillna("")
    same_key = keyed.duplicated(keep=False)
    whole = ["\x1f".join(row) for row in sheet.records]
    same_row = pd.Series(whole, index=range(1, len(whole) + 1)).reindex(cells.frame.index).duplicated(keep=False)
    reason = "several records for one advertisement and day: add its id, or the breakdown, to the columns exported"
    cells.reject(column, same_key & ~same_row, reason)
