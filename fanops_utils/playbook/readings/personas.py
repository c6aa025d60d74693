"""What a persona report says: tiers, who slips away, who stays by how they came."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd

from fanops_utils.playbook.findings import Finding, Severity
from fanops_utils.playbook.plays import Play
from fanops_utils.playbook.wording import count, percent, span

REVIEW_AFTER = timedelta(days=28)
SMALL = 10


def tiers(shares: pd.DataFrame) -> Finding:
    """Return what the top tiers are and carry (a `models.segment_shares` frame over tier)."""
    if shares.empty or not shares["members"].sum():
        return Finding.nothing("tiers", "no members of this market")
    top = shares[shares["tier"].isin(["loyal", "high-value"])]
    members, total = int(top["members"].sum()), int(shares["members"].sum())
    carried = top["activity_share"].sum() if "activity_share" in top else float("nan")
    text = (
        f"{count(members)} of {count(total)} members ({percent(members / total)}) are loyal or high-value and make "
        f"{percent(carried)} of all active days of the last 28 days."
    )
    return Finding("tiers", f"{percent(members / total)} of the members carry {percent(carried)} of the activity", text, "info",
                   members / total, unit="share of members", n=total,
                   method="Ordered rules on active days, tenure and spend; the thresholds are parameters of this report.")  # fmt: skip


def lifecycle(shares: pd.DataFrame, *, gap: int) -> Finding:
    """Return how many members are slipping away (a `models.segment_shares` frame over stage)."""
    found = shares.set_index("stage") if len(shares) else shares
    if shares.empty or not found["members"].sum():
        return Finding.nothing("lifecycle", "no members of this market")
    risk = found.loc["at-risk"]
    severity: Severity = "watch" if risk["estimate"] > 0.1 else "info"
    text = (
        f"{count(risk['members'])} members ({percent(risk['estimate'])}, {span(risk['ci_lower'], risk['ci_upper'])}) have been silent for longer "
        f"than {gap} days, the gap that 95 % of these members' own pauses stay under; {count(found.loc['silent', 'members'])} have been silent three times as long. Silent is not gone."
    )
    return Finding("lifecycle", f"{percent(risk['estimate'])} of the members are slipping away", text, severity, risk["estimate"], risk["ci_lower"],
                   risk["ci_upper"], "share of members", int(risk["n"]),
                   "Days since the last act against the 95th percentile of all completed pauses; Wilson interval.")  # fmt: skip


def staying(frame: pd.DataFrame, *, day: int) -> Finding:
    """Return which way of joining keeps fans least (a `metrics.retention` frame by acquisition)."""
    shown = frame[frame["n"] >= SMALL].sort_values("estimate") if len(frame) else frame
    if len(shown) < 2:
        return Finding.nothing("staying", "fewer than two ways of joining have ten mature members")
    worst, best = shown.iloc[0], shown.iloc[-1]
    rest = shown[shown["acquisition"] != worst["acquisition"]]
    clear = bool((worst["ci_upper"] < rest["ci_lower"]).all())
    method = (
        f"Share of members active on day {day} after joining or later, members who joined at least {day} days ago only, Wilson interval. "
        "How a member came was not assigned at random: this is an association."
    )
    facts = (worst["estimate"], worst["ci_lower"], worst["ci_upper"], "share of members", int(worst["n"]), method)
    pair = (
        f"Of members who came through {worst['acquisition']}, {percent(worst['estimate'])} were still active {day} days later or after "
        f"({span(worst['ci_lower'], worst['ci_upper'])}, n={int(worst['n'])}); of those through {best['acquisition']}, {percent(best['estimate'])} "
        f"({span(best['ci_lower'], best['ci_upper'])}, n={int(best['n'])})."
    )
    if clear:
        title = f"Members who come through {worst['acquisition']} do not stay: {percent(worst['estimate'])} after {day} days"
        return Finding("staying", title, pair + " Its interval lies below all others.", "watch", *facts)
    return Finding(
        "staying",
        "No way of joining clearly loses more members than the others",
        pair + " The lowest interval overlaps another.",
        "info",
        *facts,
    )


def plays(findings: tuple[Finding, ...], *, owner: str, on: date | None) -> tuple[Play, ...]:
    """Return what to do about *findings*, reviewed 28 days after *on*."""
    review = (on or date.today()) + REVIEW_AFTER
    made = []
    for one in findings:
        if one.id == "lifecycle" and one.severity == "watch":
            made.append(Play("Write to a random half of the members at risk, leave the other half alone, and compare returns after 28 days",
                             "Share of at-risk members active again", "measured against the half left alone", owner, review, one.title))  # fmt: skip
        elif one.id == "staying" and one.severity == "watch":
            made.append(Play("Before the next round, agree what a member who stays is worth; give newcomers from it a first-week programme",
                             "Members active after 30 days", "up to the level of the other ways of joining", owner, review, one.title))  # fmt: skip
    return tuple(made)


def verdict(findings: tuple[Finding, ...], *, market: str) -> tuple[str, Severity]:
    """Return the report's one sentence and its severity."""
    said = [one for one in findings if one.status == "ok"]
    if not said:
        return f"There is no member-level data for {market}.", "info"
    order: list[Severity] = ["alert", "watch", "good", "info"]
    ranked = sorted(said, key=lambda one: (order.index(one.severity), one.id != "staying"))
    first = ranked[0]
    interval = (
        f" ({span(first.ci_lower, first.ci_upper)})"
        if first.ci_lower is not None and first.ci_upper is not None
        else ""
    )
    more = f". {ranked[1].title}" if len(ranked) > 1 else ""
    return f"{first.title}{interval}{more}.", first.severity
