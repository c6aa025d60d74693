"""What a campaign says of people: who was there, who came and stayed, and how they talked about it."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pandas as pd

from fanops_utils.playbook.findings import Finding
from fanops_utils.playbook.wording import count, people, percent, plural, points, span
from fanops_utils.workspace import Campaign
from fanops_utils.workspace.register import Period

NOBODY = "the community's tables hold no member of these markets"
SMALL = 10
WINDOW_NAMES = {"before": "in the same number of days before", "campaign": "in the live days"}


def audience(table: pd.DataFrame | None) -> Finding:
    """Return how many of those active in the live days had joined in them, against the days before."""
    if table is None or table.empty or not table["active"].sum():
        return Finding.nothing("audience", NOBODY)
    before, during = table.to_dict("records")
    if during["active"] < SMALL:
        return Finding("audience", "Fewer than ten members were active", "Too few to say who they were.", "watch")
    text = (
        f"{people(during['active'])} members were active in the live days, {people(before['active'])} in as many days "
        f"before; {people(during['joined'])} joined, {people(before['joined'])} before. New among the active: "
        f"{percent(during['estimate'])} ({span(during['ci_lower'], during['ci_upper'])}){_before(before['estimate'])}."
    )
    more = during["ci_lower"] > before["ci_upper"] or not before["active"]
    title = (
        "The campaign brought new members in"
        if more
        else "It moved those who were there: no more newcomers than before"
    )
    if during["ci_upper"] < before["ci_lower"]:
        title = "Fewer newcomers than in the days before"
    return Finding(
        "audience", title, text, "info", during["estimate"], during["ci_lower"], during["ci_upper"],
        "new members among the active", int(during["active"]),
        "Members of the treated markets' communities; a member without a campaign might have come anyway.",
    )  # fmt: skip


def _before(share: float) -> str:
    return f", before {percent(share)}" if np.isfinite(share) else "; before, nobody was active"


def stayed(table: pd.DataFrame | None) -> Finding:
    """Return whether those who joined in the live days stayed as those before them did."""
    known = table[table["n"] >= SMALL] if table is not None and len(table) else None
    if known is None or known.empty:
        return Finding.nothing("stayed", "fewer than ten joined members have been there long enough")
    told, apart = [], False
    for day, part in known.groupby("day"):
        rows = {row["window"]: row for row in part.to_dict("records")}
        told += [f"Day {day}, joined {WINDOW_NAMES[name]}: {percent(row['estimate'])} "
                 f"({span(row['ci_lower'], row['ci_upper'])}, n={row['n']})." for name, row in rows.items()]  # fmt: skip
        if len(rows) == 2:
            one, other = rows["campaign"], rows["before"]
            apart |= one["ci_lower"] > other["ci_upper"] or one["ci_upper"] < other["ci_lower"]
    title = "Those who joined in the campaign stay differently" if apart else (
        "Those who joined in the campaign stay no clearer than others"
    )  # fmt: skip
    if set(known["window"]) != {"before", "campaign"}:
        title = "Only one group is large and old enough to be followed"
    return Finding(
        "stayed", title, " ".join(told), n=int(known["n"].sum()),
        method="Back on that day or in the fourteen days after it; who has not had the time is left out.",
    )  # fmt: skip


def stayed_table(table: pd.DataFrame | None) -> pd.DataFrame:
    """Return who stayed as rows to be drawn: label, estimate, ci_lower, ci_upper, n."""
    if table is None or table.empty:
        return pd.DataFrame(columns=["label", "estimate", "ci_lower", "ci_upper", "n"])
    names = {"before": "joined before", "campaign": "joined in the campaign"}
    label = "day " + table["day"].astype(str) + ", " + table["window"].map(names)
    return table.assign(label=label)


def windows(campaign: Campaign) -> dict[str, Period]:
    """Return the stretches whose tone is compared: baseline, live, and the four weeks after."""
    after = Period(start=campaign.live.end + timedelta(days=1), end=campaign.live.end + timedelta(days=28))
    return {"baseline": campaign.baseline, "live": campaign.live, "four weeks after": after}


def tone(table: pd.DataFrame, campaign: Campaign) -> Finding:
    """Return whether the share of negative mentions changed, and the events noted in those weeks."""
    listed = "; ".join(f"{event.date} {event.note}" for event in campaign.events)
    events = f" Noted in the register: {listed}." if listed else " The register notes no event."
    known = {row["window"]: row for row in table[table["n"] >= SMALL].to_dict("records")}
    if not {"baseline", "live"} <= set(known):
        if campaign.events:
            return Finding("tone", "Too few labelled mentions to hear a change of tone", events.strip(), "info")
        return Finding.nothing("tone", "fewer than ten labelled mentions in the baseline or the live weeks")
    before, live = known["baseline"], known["live"]
    text = (
        f"Negative share {percent(live['estimate'])} in the live weeks ({span(live['ci_lower'], live['ci_upper'])}, "
        f"{count(live['mentions'])} mentions), {percent(before['estimate'])} in the baseline; "
        f"{count(live['per_day'])} mentions a day, {count(before['per_day'])} before.{events}"
    )
    worse, better = live["ci_lower"] > before["ci_upper"], live["ci_upper"] < before["ci_lower"]
    change = points(float(live["estimate"] - before["estimate"]))
    title = f"The tone turned worse: {change} negative mentions" if worse else (
        f"The tone turned better: {change} negative mentions" if better else "The tone did not clearly change"
    )  # fmt: skip
    return Finding(
        "tone", title, text, "alert" if worse else "info", float(live["estimate"]), float(live["ci_lower"]),
        float(live["ci_upper"]), "negative share of labelled mentions", int(live["n"]),
        "Labels of the listening tool, as they are; bursts of copies make the interval too narrow.",
    )  # fmt: skip


def alarms(weeks: pd.DataFrame, campaign: Campaign) -> Finding:
    """Return the weeks of the campaign in which negative mentions jumped beyond the weeks before them."""
    if weeks.empty:
        return Finding.nothing("alarms", "no mention of the brand in these markets")
    start, end = (pd.Timestamp(day) for day in (campaign.whole.start, campaign.whole.end))
    inside = weeks[(weeks["week_start"] + pd.Timedelta(days=6) >= start) & (weeks["week_start"] <= end)]
    known = inside[inside["p_value"].notna()]
    if known.empty:
        return Finding.nothing("alarms", "too few weeks before the campaign to know what is usual")
    loud = known[known["alarm"].astype(bool)].to_dict("records")
    if not loud:
        text = f"In {plural(len(known), 'week', 'weeks')} no jump of negative mentions beyond the twelve weeks before."
        return Finding("alarms", "No week of the campaign raised an alarm", text, "good", n=len(known))
    listed = "; ".join(
        f"week of {row['week_start'].date()}: {row['negatives']} negative, {_usual(row['expected'])} usual"
        for row in loud
    )
    title = f"{plural(len(loud), 'week', 'weeks')} of the campaign raised an alarm"
    return Finding(
        "alarms", title, f"{listed}. Read those mentions before repeating the campaign.", "alert", n=len(known)
    )


def _usual(expected: float) -> str:
    return count(expected) if np.isfinite(expected) else "none"
