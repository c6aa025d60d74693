"""How many of those known in one channel are known in the community: by pseudonyms made with the same key, nothing else."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from fanops_utils.metrics.columns import need
from fanops_utils.metrics.intervals import wilson_frame


def match_rates(
    fans: pd.DataFrame, channels: Mapping[str, pd.Series], *, visits: Mapping[str, tuple[int, int]] | None = None
) -> pd.DataFrame:
    """Return per channel: channel, people, matched, estimate, ci_lower, ci_upper (Wilson), n.

    *fans*: member_key, customer_key; *channels*: the pseudonyms met there, of members or of customers; a null is somebody
    nobody knows, and counts as one person not matched. Who is met twice counts once. *visits*: of channels where heads are
    counted, how many there were and how many of them are known (`visits_known`). A channel without anybody is
    left out; without a list of members there is nobody to match, and no channel.
    """
    need(fans, "member_key", "customer_key")
    ours = {*fans["member_key"].dropna().astype(str), *fans["customer_key"].dropna().astype(str)}
    if fans.empty:
        channels, visits = {}, None
    rows = []
    for name, keys in channels.items():
        seen = set(keys.dropna().astype(str))
        people = len(seen) + int(keys.isna().sum())
        if people:
            rows.append((name, people, len(seen & ours)))
    rows += [(name, heads, known) for name, (heads, known) in (visits or {}).items() if heads]
    table = pd.DataFrame(rows, columns=["channel", "people", "matched"])
    return table.join(wilson_frame(table["matched"], table["people"]))


def visits_known(activities: pd.DataFrame, came: pd.DataFrame, fans: pd.DataFrame) -> tuple[int, int]:
    """Return how many came to *activities* (activity_id, attended: heads at the door) and how many of them are members known.

    *came*: member_key, subject (the activity), one row per person and activity; *fans*: member_key. Where more were known than
    heads counted, as many as were known had come.
    """
    need(activities, "activity_id", "attended")
    heads = activities.dropna(subset=["attended"]).drop_duplicates("activity_id").set_index("activity_id")["attended"]
    mine = came[came["subject"].isin(heads.index)].drop_duplicates(["member_key", "subject"])
    mine = mine[mine["member_key"].isin(set(fans["member_key"]))]
    known = mine.groupby("subject").size().reindex(heads.index, fill_value=0)
    return int(heads.astype("int64").clip(lower=known).sum()), int(known.sum())
