"""Whose post each row is, in files that name the account row by row."""

from __future__ import annotations

import pandas as pd

from fanops_utils.data.sources.shared.base import Context, account_key, whose


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
