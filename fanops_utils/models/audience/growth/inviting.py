"""What invitations bring: K by cohort, the cycle, and the shape of the chains."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from fanops_utils.metrics.folds import days_after
from fanops_utils.metrics.intervals import Interval, mean_t

if TYPE_CHECKING:
    import ibis

WITHIN = 60
FEWEST = 30


def k_by_cohort(
    fans: pd.DataFrame, referrals: pd.DataFrame, *, as_of: pd.Timestamp, within: int = WITHIN
) -> pd.DataFrame:
    """Return per quarter of joining how many people a member brought within *within* days: cohort, n, inviters,
    brought, estimate, ci_lower, ci_upper.

    Columns of *fans*: member_key, joined_on; of *referrals*: inviter_key, invited_key, accepted_on. All members
    joined *within* days or longer ago are in the denominator, whether they invited or not. A person counts for
    whoever they came through first; nobody brings themselves. The interval rests on members, who differ widely
    (robust; a Poisson one is too narrow). A cohort of fewer than 30 has none.
    """
    brought = first_accepted(referrals)
    members = fans.drop_duplicates("member_key").set_index("member_key")["joined_on"].dropna()
    members = members[members + pd.Timedelta(days=within) <= as_of]
    joined = pd.Series(members.reindex(brought["inviter_key"]).to_numpy(), index=brought.index)
    age = (brought["accepted_on"] - joined).dt.days
    counts = brought[age.between(0, within)]["inviter_key"].value_counts()
    each = pd.DataFrame({"joined": members, "brought": counts.reindex(members.index).fillna(0).astype(float)})
    rows = []
    for cohort, part in each.groupby(each["joined"].dt.to_period("Q")):
        told = mean_t(part["brought"])
        enough = len(part) >= FEWEST
        rows.append(
            (
                str(cohort),
                len(part),
                int((part["brought"] > 0).sum()),
                int(part["brought"].sum()),
                told.estimate,
                max(0.0, told.ci_lower) if enough else np.nan,
                told.ci_upper if enough else np.nan,
            )
        )
    return pd.DataFrame(rows, columns=["cohort", "n", "inviters", "brought", "estimate", "ci_lower", "ci_upper"])


def first_accepted(referrals: pd.DataFrame) -> pd.DataFrame:
    """Return the invitation each person came through: the first taken up, none to oneself."""
    taken = referrals.dropna(subset=["accepted_on", "invited_key"])
    taken = taken[taken["invited_key"] != taken["inviter_key"]]
    return taken.sort_values("accepted_on", kind="stable").drop_duplicates("invited_key").reset_index(drop=True)


def cohorts_differ(cohorts: pd.DataFrame, *, newest: int = 2) -> tuple[float, float, float]:
    """Return by how much K of the *newest* cohorts with an interval lies above that of those before, with a 95 % interval.

    *cohorts*: `k_by_cohort`. NaN where a side has none.
    """
    known = cohorts.dropna(subset=["ci_lower", "ci_upper"])
    if len(known) <= newest:
        return float("nan"), float("nan"), float("nan")
    sides = []
    for part in (known.iloc[-newest:], known.iloc[:-newest]):
        weight = part["n"] / part["n"].sum()
        error = (part["ci_upper"] - part["estimate"]) / 1.97
        sides.append((float((weight * part["estimate"]).sum()), float((weight**2 * error**2).sum())))
    (now, noise), (then, before) = sides
    half = 1.959964 * float(np.sqrt(noise + before))
    return now - then, now - then - half, now - then + half


def k_when_all_arrive(
    fans: pd.DataFrame, referrals: pd.DataFrame, *, as_of: pd.Timestamp, within: int = WITHIN
) -> Interval:
    """Return K of the members who joined in the last *within* days, as it will be once all they invited have come.

    Columns as in `k_by_cohort`. What has come so far is divided by the share that comes so early: its distribution over the
    days is read from all invitations, each held against those it could have been seen beside (Lynden-Bell, right truncation).
    NaN for fewer than 30 such members, or where nothing has come yet.
    """
    brought = first_accepted(referrals)
    joined = fans.drop_duplicates("member_key").set_index("member_key")["joined_on"].dropna()
    joined = joined[joined <= as_of]
    since = pd.Series(joined.reindex(brought["inviter_key"]).to_numpy(), index=brought.index)
    wait, open_for = (brought["accepted_on"] - since).dt.days, (as_of - since).dt.days.clip(upper=within)
    seen = wait.between(0, within) & (wait <= open_for)
    young = joined[joined + pd.Timedelta(days=within) > as_of]
    if len(young) < FEWEST or not seen.any():
        return Interval(np.nan, np.nan, np.nan, len(young))
    arrived = _arrived(wait[seen].to_numpy(int), open_for[seen].to_numpy(int), within)
    part = arrived[(as_of - young).dt.days.to_numpy(int)]
    counts = brought.loc[seen, "inviter_key"].value_counts().reindex(young.index).fillna(0.0).to_numpy(float)
    if not part.sum() or not counts.sum():
        return Interval(np.nan, np.nan, np.nan, len(young))
    k = float(counts.sum() / part.sum())
    error = float(np.sqrt(np.sum((counts - k * part) ** 2)) / part.sum())
    return Interval(k, max(0.0, k - 1.96 * error), k + 1.96 * error, len(young))


def _arrived(wait: np.ndarray, open_for: np.ndarray, within: int) -> np.ndarray:
    """Return which share of those who come within *within* days has come by day 0, 1, …, *within*."""
    days = np.arange(within + 1)
    fell = np.bincount(wait, minlength=within + 1)
    beside = np.array([np.sum((wait <= day) & (open_for >= day)) for day in days])
    stay = np.where(beside > 0, 1 - fell / np.maximum(beside, 1), 1.0)
    return np.append(np.cumprod(stay[::-1])[::-1][1:], 1.0)  # of each day the product over all days after it


@dataclass(frozen=True)
class Chains:
    """Shape of the invitations: people brought, roots (who came by themselves and brought somebody), depth (longest
    chain), deeper (share of the brought in generation 2 and later), width (most in one generation of one tree),
    virality (mean distance of two people of a tree, over trees of three or more by their size), top_share (brought
    by the busiest hundredth of those who could invite).
    """

    brought: int
    roots: int
    depth: int
    deeper: float
    width: int
    virality: float
    top_share: float


def chains(referrals: pd.DataFrame, *, members: int) -> Chains | None:
    """Return the shape of the chains of invitations; None where nobody came through one.

    Columns of *referrals*: inviter_key, invited_key, accepted_on; *members* is how many could invite. Structural virality
    after Goel et al. 2016: the mean distance between all pairs of a tree. Circles, which only faulty data hold, are left
    out.
    """
    taken = first_accepted(referrals)
    if taken.empty:
        return None
    parent: dict[str, str] = dict(zip(taken["invited_key"], taken["inviter_key"], strict=True))
    level: dict[str, int] = {}
    root: dict[str, str] = {}
    for person in parent:
        path, at = [], person
        while at in parent and at not in level and at not in path:
            path.append(at)
            at = parent[at]
        if at in path:
            continue
        base, first = level.get(at, 0), root.get(at, at)
        for step, one in enumerate(reversed(path), start=1):
            level[one], root[one] = base + step, first
    if not level:
        return None
    table = pd.DataFrame({"level": pd.Series(level), "root": pd.Series(root)})
    busiest = taken["inviter_key"].value_counts()
    top = max(1, round(members / 100))
    return Chains(
        brought=len(table),
        roots=int(table["root"].nunique()),
        depth=int(table["level"].max()),
        deeper=float((table["level"] > 1).mean()),
        width=int(table.groupby(["root", "level"]).size().max()),
        virality=_virality(parent, table),
        top_share=float(busiest.head(top).sum() / len(taken)),
    )


def _virality(parent: dict[str, str], table: pd.DataFrame) -> float:
    """Return the mean distance of pairs within trees: each edge lies between the people below it and all others."""
    below = dict.fromkeys(table.index, 1)
    for person in table.sort_values("level", ascending=False).index:
        if parent[person] in below:
            below[parent[person]] += below[person]
    sizes = table["root"].value_counts() + 1
    size = table["root"].map(sizes)
    under = pd.Series(below).reindex(table.index)
    crossed = (under * (size - under)).groupby(table["root"]).sum()
    trees = sizes[sizes >= 3]
    if trees.empty:
        return 1.0
    mean = 2 * crossed.reindex(trees.index) / (trees * (trees - 1))
    return float(np.average(mean, weights=trees))


def cycle_and_cost(
    fans: pd.DataFrame, referrals: pd.DataFrame, days: pd.DataFrame | ibis.Table
) -> tuple[float, float, str | None]:
    """Return the median days from an inviter's joining to that of whom they brought, and the reward per person who
    stayed.

    Columns as in `k_by_cohort`, of *referrals* also reward and currency (null: points); *days* (a frame, or in the
    engine): member_key, date_day. Stayed: seen seven days after joining or later. The currency is None for points, and
    the cost NaN where currencies mix.
    """
    taken = first_accepted(referrals)
    members = fans.drop_duplicates("member_key").set_index("member_key")["joined_on"]
    joined = pd.Series(members.reindex(taken["inviter_key"]).to_numpy(), index=taken.index)
    wait = (taken["accepted_on"] - joined).dt.days
    starts = taken.rename(columns={"invited_key": "member_key", "accepted_on": "since"})[["member_key", "since"]]
    stayed = int((days_after(days, starts, first=7) > 0).sum())
    paid = referrals[referrals["reward"].notna()]
    known = paid["currency"].dropna().unique()
    mixed = len(known) > 1 or (len(known) == 1 and bool(paid["currency"].isna().any()))
    cost = float(paid["reward"].sum() / stayed) if stayed and len(paid) and not mixed else float("nan")
    cycle = float(wait[wait >= 0].median()) if (wait >= 0).any() else float("nan")
    return cycle, cost, str(known[0]) if len(known) and not mixed else None
