"""What the advertising exports share: the row of totals, decimal commas, rows that cannot be told apart."""

from __future__ import annotations

import pandas as pd

from fanops_utils.data.sources.shared.base import Context, Sheet, whose
from fanops_utils.data.sources.shared.cells import DECIMAL, GROUPED, Cells
from fanops_utils.workspace import Account

WITH_COMMA = r"[+-]?(?:[0-9]+|[0-9]{1,3}(?:[ .\u00a0\u202f'][0-9]{3})+),(?:[0-9]{1,2}|[0-9]{4,})"
GROUPED_BY_SPACE = r"[+-]?[0-9]{1,3}(?:[ \u00a0\u202f'][0-9]{3})+"
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


def decimal_mark(sheet: Sheet, columns: tuple[str, ...]) -> str:
    """Return the decimal mark of the file: a comma where some number needs one and none speaks for the point."""
    values = pd.concat([sheet.cells.raw(name) for name in columns if sheet.cells.has(name)]).dropna()
    commas = values.str.fullmatch(WITH_COMMA) | values.str.fullmatch(GROUPED_BY_SPACE)
    points = values.str.fullmatch(rf"{DECIMAL}|{GROUPED}") & values.str.contains(".", regex=False)
    return "," if (commas.any() or sheet.grid.delimiter == ";") and not points.any() else "."


def totals_check(sheet: Sheet, totals: pd.DataFrame, values: dict[str, pd.Series], *, decimal: str) -> list[str]:
    """Return a warning where *values*, those that add up, do not add up to the file's first row of totals."""
    off = []
    printed = Cells(totals.head(1), sheet.cells.names)
    for name, series in values.items():
        stated = (
            printed.number(name, decimal=decimal) if len(totals) and printed.has(name) else pd.Series(dtype="Float64")
        )
        if stated.notna().any() and abs(float(series.sum()) - float(stated.iloc[0])) > 0.005 * max(1, len(series)):
            off.append(f"{sheet.cells.names[name]} {float(series.sum()):,.2f} of {float(stated.iloc[0]):,.2f}")
    return [f"the rows do not add up to the row of totals ({'; '.join(off)})"] if off else []


def labels(cells: Cells) -> dict[str, pd.Series]:
    """Return names and ids of campaign, ad group and advertisement; a name that stands for several ids has its id added."""
    found = {name: cells.text(name) for name in NAMES} | {name: cells.raw(name) for name in IDS}
    for one in IDS:
        cells.refuse_e_notation(one)
    above = [found["campaign_name"].fillna(""), found["ad_group_name"].fillna("")]
    for place, (name, number) in enumerate(zip(NAMES, IDS, strict=True)):
        several = found[number].groupby([*above[:place], found[name].fillna("")]).transform("nunique") > 1
        found[name] = found[name].mask(
            several & found[number].notna(), found[name].fillna("") + " [" + found[number] + "]"
        )
    return found


def refuse_twins(cells: Cells, key: dict[str, pd.Series], column: str) -> None:
    """Reject records of one *key* that say different things: a split that the file does not name lies between them."""
    keyed = pd.DataFrame(key).astype("string").fillna("")
    same_key = keyed.duplicated(keep=False)
    same_row = cells.frame.duplicated(keep=False)
    reason = "several records for one advertisement and day: add its id, or the breakdown, to the columns exported"
    cells.reject(column, same_key & ~same_row, reason)
