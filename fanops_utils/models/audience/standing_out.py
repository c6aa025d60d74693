"""What a group of members has more often than the others: ways of joining, topics, groups; many comparisons held together."""

from __future__ import annotations

import pandas as pd
from scipy import stats
from statsmodels.stats.multitest import multipletests

from fanops_utils.metrics.columns import need

LEAST = 10
COLUMNS = ["group", "kind", "item", "members", "share", "others", "lift", "p", "clear"]


def standing_out(holds: pd.DataFrame, groups: pd.Series, *, rate: float = 0.05) -> pd.DataFrame:
    """Return how much more often members of each group have something than all others: group, kind, item, members, share,
    others (share among the others), lift (share over that of all), p (Fisher), clear (Benjamini-Hochberg at *rate*).

    *holds*: member_key, kind (topic, way, …), item; what stands twice counts once. *groups*: the group of each member, by
    member_key: members without anything count in the denominator. Items that fewer than ten of a group have are left out.
    """
    need(holds, "member_key", "kind", "item")
    group = groups.dropna().astype(str)
    each = holds[["member_key", "kind", "item"]].dropna().drop_duplicates()
    each = each.assign(group=each["member_key"].map(group)).dropna(subset=["group"])
    sizes, whole = group.value_counts(), len(group)
    having = each.groupby(["kind", "item"]).size()
    rows = []
    counts = each.groupby(["group", "kind", "item"]).size().rename("members").reset_index()
    for name, kind, item, mine in counts.itertuples(index=False):
        n, all_have = int(sizes[name]), int(having[kind, item])
        if mine < LEAST or n == whole:
            continue
        others = all_have - mine
        p = float(stats.fisher_exact([[mine, n - mine], [others, whole - n - others]]).pvalue)
        rows.append((name, kind, item, int(mine), mine / n, others / (whole - n), mine / n / (all_have / whole), p))
    table = pd.DataFrame(rows, columns=COLUMNS[:-1])
    if table.empty:
        return pd.DataFrame(columns=COLUMNS)
    clear, *_ = multipletests(table["p"], alpha=rate, method="fdr_bh")
    return table.assign(clear=clear).sort_values(["group", "lift"], ascending=[True, False], ignore_index=True)
