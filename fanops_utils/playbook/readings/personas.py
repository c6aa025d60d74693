"""What a persona report says: tiers, who slips away, who stays by how they came."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd

from fanops_utils.playbook.findings import RANK, Finding, Severity
from fanops_utils.playbook.plays import Play
from fanops_utils.playbook.wording import count, people, percent, span

REVIEW_AFTER = timedelta(days=28)
SMALL = 10
MANY_AT_RISK = 0.1


def tiers(shares: pd.DataFrame) -> Finding:
    """Return what the top tiers are and carry (a `models.segment_shares` frame over tier)."""
    total = int(shares["members"].sum())
    if not total:
        return Finding.nothing("tiers", "no members of this market")
    top = shares[shares["tier"].isin(["loyal", "high-value"])]
    members, carried = int(top["members"].sum()), float(top["activity_share"].sum(min_count=1))
    if pd.isna(carried):
        return Finding.nothing("tiers", "no member was active in the last 28 days")
    few = 0 < members < SMALL
    share = "Fewer than ten members" if few else f"{percent(members / total)} of the members"
    text = (
        f"{people(members).capitalize()} of {people(total)} members are loyal or high-value"
        f"{'' if few else f' ({percent(members / total)})'}; they make {percent(carried)} of all active days of the last 28 days."
    )
    return Finding(
        id="tiers",
        title=f"{share} carry {percent(carried)} of the activity",
        text=text,
        estimate=None if few else members / total,
        unit="share of members",
        n=total,
        method="Ordered rules on active days, tenure and spend; the thresholds are parameters of this report.",
    )


def lifecycle(shares: pd.DataFrame, *, gap: int) -> Finding:
    """Return how many members are slipping away (a `models.segment_shares` frame over stage)."""
    if not int(shares["members"].sum()):
        return Finding.nothing("lifecycle", "no members of this market")
    rows = {str(row["stage"]): row for row in shares.to_dict("records")}
    risk, silent = rows["at-risk"], rows["silent"]["members"]
    method = "Days since the last act against the 95th percentile of all completed pauses; Wilson interval."
    rhythm = f"longer than {gap} days, the length that 95 % of these members' own pauses stay under"
    long_silent = (
        f"{people(silent)[:1].upper()}{people(silent)[1:]} have been silent three times as long. Silent is not gone."
    )
    if risk["members"] < SMALL:
        text = f"{people(risk['members']).capitalize()} of the members have been silent for {rhythm}. {long_silent}"
        return Finding("lifecycle", "Hardly any member is slipping away", text, n=int(risk["n"]), method=method)
    interval = span(risk["ci_lower"], risk["ci_upper"])
    return Finding(
        id="lifecycle",
        title=f"{percent(risk['estimate'])} of the members are slipping away",
        text=f"{count(risk['members'])} members ({percent(risk['estimate'])}, {interval}) have been silent for {rhythm}. "
        f"{long_silent}",
        severity="watch" if risk["estimate"] > MANY_AT_RISK else "info",
        estimate=risk["estimate"],
        ci_lower=risk["ci_lower"],
        ci_upper=risk["ci_upper"],
        unit="share of members",
        n=int(risk["n"]),
        method=method,
    )


def staying(frame: pd.DataFrame, *, day: int) -> Finding:
    """Return which way of joining keeps fewest fans (a `metrics.retention` frame by acquisition)."""
    shown = frame[frame["n"] >= SMALL].sort_values("estimate")
    if len(shown) < 2:
        return Finding.nothing("staying", "fewer than two ways of joining have ten mature members")
    worst, best = shown.iloc[0], shown.iloc[-1]
    clear = bool((worst["ci_upper"] < shown.iloc[1:]["ci_lower"]).all())
    text = (
        f"Of members who came through {worst['acquisition']}, {_kept(worst)} were active {day} days after joining or later; "
        f"of those through {best['acquisition']}, {_kept(best)}. "
    )
    if clear:
        title = f"Members who come through {worst['acquisition']} do not stay: {percent(worst['estimate'])} after {day} days"
        text += "The first interval lies below all others."
    else:
        title = "No way of joining clearly keeps fewer members than the others"
        text += "The lowest interval overlaps another."
    return Finding(
        id="staying",
        title=title,
        text=text,
        severity="watch" if clear else "info",
        estimate=worst["estimate"],
        ci_lower=worst["ci_lower"],
        ci_upper=worst["ci_upper"],
        unit="share of members",
        n=int(worst["n"]),
        method=f"Active on day {day} after joining or later, members who joined at least {day} days ago, Wilson interval. How "
        "a member came was not assigned at random: this is an association.",
    )


def _kept(row: pd.Series) -> str:
    return f"{percent(row['estimate'])} ({span(row['ci_lower'], row['ci_upper'])}, n={count(row['n'])})"


def plays(findings: tuple[Finding, ...], *, owner: str, on: date | None = None) -> tuple[Play, ...]:
    """Return what to do about *findings*, reviewed 28 days after *on*, by default today."""
    review = (on or date.today()) + REVIEW_AFTER
    wanted = {one.id: one for one in findings if one.severity == "watch"}
    made = []
    if "staying" in wanted:
        action = (
            "Before the next round, agree what a member who stays is worth, and give newcomers a first-week programme"
        )
        expected = "up to the level of the other ways of joining"
        made.append(Play(action, "Members active after 30 days", expected, owner, review, "staying"))
    if "lifecycle" in wanted:
        action = (
            "Write to a random half of the members at risk, leave the other half alone, compare returns after 28 days"
        )
        expected = "measured against the half left alone"
        made.append(Play(action, "At-risk members active again", expected, owner, review, "lifecycle"))
    return tuple(made)


def verdict(findings: tuple[Finding, ...], *, market: str) -> tuple[str, Severity]:
    """Return the report's one sentence and its severity."""
    said = [one for one in findings if one.status == "ok"]
    if not said:
        return f"There is no member-level data for {market}.", "info"
    ranked = sorted(said, key=lambda one: (RANK[one.severity], one.id != "staying"))
    sentences = [_with_interval(one) for one in ranked[:2]]
    return " ".join(f"{sentence}." for sentence in sentences), ranked[0].severity


def _with_interval(one: Finding) -> str:
    if one.ci_lower is None or one.ci_upper is None:
        return one.title
    return f"{one.title} ({span(one.ci_lower, one.ci_upper)})"
