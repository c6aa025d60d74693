"""Whose account a file is, and whose post each row, in files that name the account row by row."""

from __future__ import annotations

import re
from collections.abc import Iterable

import pandas as pd

from fanops_utils.data.sources.files.reading import Export
from fanops_utils.data.sources.shared.source import Context
from fanops_utils.errors import ImportRefused
from fanops_utils.workspace import Account

AFTER_RANGE = re.compile(r"\d{4}-\d{2}-\d{2}_\d{4}-\d{2}-\d{2} (.+)")


def whose(context: Context, platforms: Iterable[str], *, named: Iterable[str] = ()) -> Account:
    """Return the account a file belongs to.

    The order of evidence: `--account`, an id or handle the file itself names, a folder named like the account,
    the brand's only account on the platform. Raises ImportRefused where none of them decides.
    """
    candidates = [account for account in context.brand.accounts if account.platform in set(platforms)]
    label, handles = context.export.label, [account.handle for account in candidates]
    if not candidates:
        hint = f"Add it to brand.yml under accounts: {{platform: {next(iter(platforms))}, handle: …, market: …}}"
        raise ImportRefused("brand.yml has no account on this platform", file=label, hint=hint)
    if context.account:
        found = [account for account in candidates if context.account in (account.handle, account.id)]
        if not found:
            raise ImportRefused("unknown account", file=label, value=context.account, choices=handles)
        return found[0]
    for evidence in (set(named), set(context.export.parts[:-1]), _words(context.export)):
        found = [account for account in candidates if {account.handle, account.id} & evidence]
        if len(found) > 1:
            found = [account for account in found if account.platform in evidence] or found
        if len(found) == 1:
            return found[0]
    if len(candidates) == 1 and not set(named):
        return candidates[0]
    if strange := sorted(set(named)):
        raise ImportRefused(
            "the file names an account that brand.yml does not", file=label, value=strange[0], choices=handles
        )
    hint = f"Put it in a folder named after the account ({', '.join(handles[:3])}, …) or pass --account"
    raise ImportRefused("the file does not say whose account it is", file=label, hint=hint)


def _words(export: Export) -> set[str]:
    """Handles in names such as Overview_2025-11-06_1767682800_demo_brand.zip, Content 2026-09-12_2026-10-01 demo."""
    words: set[str] = set()
    for part in export.parts:
        stem = part.removesuffix(".zip").split("_")
        words |= {"_".join(stem[start:]) for start in range(1, len(stem))}
        words |= {found.group(1) for found in [AFTER_RANGE.search(part)] if found}
    return words


def account_key(account: Account) -> str:
    """Return what `account_id` holds for *account*: its id, or the handle where it has none."""
    return account.id or account.handle


def owners(context: Context, platform: str, evidence: list[pd.Series]) -> tuple[pd.Series, pd.Series]:
    """Return `account_id` of each row, and whether the row is of an account that is not ours.

    *evidence* are the columns that name an account, by id, name or handle, the surest first. A file may hold several of
    our accounts; the rows of strangers (posts published together with them) fall to the account of the file, which is
    the only one of ours in it, the one passed with --account, or the most frequent. Raises ImportRefused as `whose`.
    """
    ours = [one for one in context.brand.accounts if one.platform == platform]
    keys = {name.casefold(): account_key(one) for one in ours for name in (one.handle, one.id) if name}
    handles = {account_key(one): one.handle for one in ours}
    mine = pd.Series(pd.NA, index=evidence[0].index, dtype="string")
    for column in evidence:
        mine = mine.fillna(column.str.casefold().map(keys).astype("string"))
    found = mine.value_counts()
    if len(found) > 1 and not context.account:
        return mine.fillna(str(found.index[0])), mine.isna()
    named = [handles[key] for key in found.index] or list(evidence[0].dropna().unique())
    account = account_key(whose(context, (platform,), named=named))
    if found.empty:  # told by --account: the name seen most often is its own
        first = evidence[0]
        return mine.fillna(account), first.notna() & (first != first.mode().reindex([0]).iloc[0])
    return mine.fillna(account), mine.isna()
