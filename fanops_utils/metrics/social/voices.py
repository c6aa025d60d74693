"""Who made what was published about a campaign: the brand, its partners, the press, or users of their own accord."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from fanops_utils.metrics.columns import need
from fanops_utils.metrics.intervals import NOTHING, Interval, interval_frame, wilson

ORIGINS = ("UGC", "OGC", "KOL", "PGC")  # users, the brand, partners, press and professionals


@dataclass(frozen=True)
class Voices:
    """Posts about a campaign by who made them: `table`, see `voices`.

    `users`: the row of users (UGC); all NaN where no tagged mention is known, for then nobody listened. `unknown`:
    mentions without an origin. `left_out`: platforms where own posts would be missing, with all their posts.
    """

    table: pd.DataFrame
    users: Interval
    unknown: int
    left_out: tuple[str, ...]
    platforms: tuple[str, ...]


def voices(output: pd.DataFrame, *, level: float = 0.95) -> Voices:
    """Return the share of each origin in all posts of *output* (see `warehouse.campaigns.campaign_output`).

    Columns: platform, kind, origin, listed. Platforms that are not listed are left out whole, own posts and mentions
    alike. Table: origin, posts, estimate, ci_lower, ci_upper, n (posts in all). The share is of the posts whose
    origin is known; the bounds (Wilson) reach from where none of the unknown ones are of that origin to where all are.

    >>> rows = [("x", "mention", "UGC", True)] * 3 + [("x", "own", "OGC", True)] * 5
    >>> found = voices(pd.DataFrame(rows, columns=["platform", "kind", "origin", "listed"]))
    >>> found.users.estimate, found.users.n
    (0.375, 8)
    """
    need(output, "platform", "kind", "origin", "listed")
    kept = output[output["listed"].astype(bool)]
    counts, size = kept["origin"].value_counts(), len(kept)
    unknown = int(kept["origin"].isna().sum())
    found = {name: _share(int(counts.get(name, 0)), unknown, size, level) for name in ORIGINS}
    table = interval_frame(list(found.values()))
    table.insert(0, "posts", [int(counts.get(name, 0)) for name in ORIGINS])
    table.insert(0, "origin", list(ORIGINS))
    heard = (kept["kind"] == "mention").any()
    left_out = output.loc[~output["listed"].astype(bool), "platform"].dropna()
    names = (
        tuple(sorted({str(one) for one in left_out})),
        tuple(sorted({str(one) for one in kept["platform"].dropna()})),
    )
    return Voices(table if heard else table.iloc[:0], found["UGC"] if heard else NOTHING, unknown, *names)


def _share(posts: int, unknown: int, size: int, level: float) -> Interval:
    if size == unknown:
        return NOTHING
    least, most = wilson(posts, size, level=level), wilson(posts + unknown, size, level=level)
    return Interval(posts / (size - unknown), least.ci_lower, most.ci_upper, size)
