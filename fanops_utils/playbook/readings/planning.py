"""What a campaign's plan says before it starts: can it be judged at all, by which markets, at what size and price."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd

from fanops_utils.playbook.findings import Finding, Severity
from fanops_utils.playbook.plays import Play
from fanops_utils.playbook.readings.campaign import counted
from fanops_utils.playbook.wording import money, percent, plural, signed
from fanops_utils.workspace import Campaign

NO_HISTORY = "no daily totals of this metric before the start"
SHORT_BASELINE = 42


def controls(proposed: pd.DataFrame | None, campaign: Campaign) -> Finding:
    """Return which markets can stand in for the treated ones, by how they moved with them so far."""
    if proposed is None or proposed.empty:
        return Finding.nothing("controls", NO_HISTORY if campaign.controls else "no market is held back")
    good = proposed.loc[proposed["proposed"], "market"].tolist()
    weak = [code for code in campaign.controls if code in set(proposed["market"]) - set(good)]
    unused = [code for code in good if code not in campaign.controls]
    said = [f"{row['market']} {row['correlation']:.2f}" for row in proposed.to_dict("records")]
    text = f"Correlation of the weekly changes with {' + '.join(campaign.treated)}: {', '.join(said)}."
    if weak:
        text += f" Planned as controls, but moving on their own: {', '.join(weak)}; they add noise."
    if unused:
        text += f" Not in the plan, though they would serve: {', '.join(unused)}."
    return Finding(
        id="controls",
        title=f"{plural(len(good), 'market moves', 'markets move')} with {' + '.join(campaign.treated)}"
        if good
        else "No market moves with the treated ones",
        text=text,
        severity="info" if good else "alert",
        n=len(good),
        method="Last 26 weeks before the start: changes of weekly means of logs; 0.2 or more is taken as moving with it.",
    )


def detectable(choices: pd.DataFrame | None, campaign: Campaign) -> Finding:
    """Return the smallest effect the plan as written would find, against its target."""
    planned = _planned(choices, campaign)
    if planned is None:
        return Finding.nothing(
            "detectable", NO_HISTORY if campaign.controls else "without a control market nothing can be found"
        )
    smallest, windows = float(planned["detectable"]), int(planned["n_windows"])
    how = (
        "Lifts put into past windows without a campaign; counted is how often the interval of the retrospective finds "
        "them. Detectable: found four times in five."
    )
    if not np.isfinite(smallest):
        text = f"{plural(windows, 'past window', 'past windows')} of this length: too few, or too rough, to find even a doubling."
        return Finding("detectable", "This campaign cannot be judged", text, "alert", n=windows, method=how)
    against = f"{campaign.live.days} live days against {', '.join(campaign.controls)}"
    text = f"With {against}, {signed(smallest)} is found four times in five."
    target = campaign.target_lift
    if target is None:
        title, severity = f"An effect of {signed(smallest)} would be seen; the brief names no target", "watch"
    elif target >= smallest:
        title, severity = f"The target of {signed(target)} would be seen: {signed(smallest)} is enough", "good"
    else:
        title, severity = (
            f"The target of {signed(target)} is too small to be seen: it takes {signed(smallest)}",
            "alert",
        )
        text += (
            " If the campaign does exactly what it is meant to do, the report will most likely say: no clear effect."
        )
    return Finding(
        "detectable", title, text, severity, smallest, unit="fraction of the counterfactual", n=windows, method=how  # type: ignore[arg-type]
    )  # fmt: skip


def better(lengths: pd.DataFrame | None, markets: pd.DataFrame | None, campaign: Campaign) -> Finding:
    """Return what would make a smaller effect visible: more days, a longer baseline, other markets."""
    planned = _planned(lengths, campaign)
    if lengths is None or planned is None or lengths["detectable"].isna().all():
        return Finding.nothing("better", "not enough past windows to compare plans")
    best = lengths.iloc[int(lengths["detectable"].argmin())]
    text = (
        f"Among the lengths tried, {int(best['live_days'])} live days after {int(best['baseline_days'])} days of baseline see "
        f"the least: {signed(float(best['detectable']))}."
    )
    if markets is not None and markets["detectable"].notna().any():
        first = markets.iloc[int(markets["detectable"].argmin())]
        text += (
            f" Treating {first['treated']} and holding the others back would show {signed(float(first['detectable']))}."
        )
    gain = float(planned["detectable"]) - float(best["detectable"])
    known = np.isfinite(gain)
    title = "No other length sees clearly more" if known and gain < 0.02 else "Another length would see more"
    return Finding(
        "better", title, text, "info", float(best["detectable"]), unit="fraction of the counterfactual",
        n=int(best["n_windows"]), method="As above, for each length and each market; few windows make the numbers rough.",
    )  # fmt: skip


def budget(shares: pd.DataFrame, campaign: Campaign) -> Finding:
    """Return whether the planned budget keeps to the bands of its categories."""
    if not campaign.planned:
        return Finding.nothing("budget", "the register names no cost")
    outside = shares[shares["reading"].isin(["above", "below", "nothing"])].to_dict("records")
    lines = [f"{row['category']} {_share(row)} ({row['low']:.0%} to {row['high']:.0%})" for row in outside]
    total = f"{money(campaign.planned, campaign.currency)} in all; media is left out of the shares."
    if not outside:
        return Finding(
            "budget", "The budget keeps to its bands", total, "good", campaign.planned, unit=campaign.currency
        )
    title = f"{plural(len(outside), 'part of the budget lies', 'parts of the budget lie')} outside the bands"
    return Finding(
        "budget", title, f"{'; '.join(lines)}. {total}", "watch", campaign.planned, unit=campaign.currency,
        method="Shares of content, people, tools and reserve; the bands are the house's rule, not a law.",
    )  # fmt: skip


def _share(row: dict[Any, Any]) -> str:
    return "none" if row["reading"] == "nothing" else percent(float(row["share"]))


def risks(campaign: Campaign, others: Iterable[Campaign], breaks: pd.DataFrame, *, markets: int) -> Finding:
    """Return what could spoil the reading: overlapping campaigns, short baselines, renames, no market held back."""
    found = [*_of_the_brief(campaign), *_of_the_calendar(campaign, others)]
    inside = breaks["date"].between(pd.Timestamp(campaign.baseline.start), pd.Timestamp(campaign.live.end))
    own = (breaks["platform"] == campaign.platform) & (breaks["metric"] == campaign.metric)
    for row in breaks[inside & own].to_dict("records"):
        found.append(f"{row['metric']} changes its meaning in {row['date']:%B %Y}: {row['note']}.")
    if not found:
        return Finding(
            "risks",
            "Nothing known stands in the way",
            f"{markets} markets, one campaign, no change of definition.",
            "good",
        )
    title = f"{plural(len(found), 'thing', 'things')} to settle before the start"
    return Finding("risks", title, " ".join(found), "watch", float(len(found)), unit="open points")


def _of_the_brief(campaign: Campaign) -> Iterable[str]:
    if not campaign.controls:
        yield "No market is held back: the verdict can be 'suggestive' at best."
    elif len(campaign.controls) == 1:
        yield f"Only {campaign.controls[0]} is held back: whatever happens there will look like an effect."
    if campaign.baseline.days < SHORT_BASELINE:
        yield f"The baseline has {campaign.baseline.days} days; {SHORT_BASELINE} or more steady the comparison."
    if campaign.value_per_unit is None and campaign.margin is None:
        yield "Neither a value per unit nor a margin is agreed: no return can be computed."


def _of_the_calendar(campaign: Campaign, others: Iterable[Campaign]) -> Iterable[str]:
    for one in others:
        shared = set(one.treated) & {*campaign.treated, *campaign.controls}
        together = one.live.start <= campaign.live.end and campaign.baseline.start <= one.live.end
        if one.id != campaign.id and shared and together:
            yield f"'{one.name}' runs in {', '.join(sorted(shared))} from {one.live.start} to {one.live.end}."
    for event in campaign.events:
        if campaign.live.start <= event.date <= campaign.live.end:
            yield f"{event.date}: {event.note}{f' ({event.market})' if event.market else ''}."


def agreed(campaign: Campaign) -> pd.DataFrame:
    """Return the brief as it is signed: what (field of the register) and agreed (its value, in words)."""
    lines = {
        "Objective": campaign.objective,
        "Metric": f"{counted(campaign)}, per day. {campaign.definition or ''}".strip(),
        "Treated": ", ".join(campaign.treated),
        "Held back": ", ".join(campaign.controls) or "none",
        "Baseline": f"{campaign.baseline.start} to {campaign.baseline.end}",
        "Live": f"{campaign.live.start} to {campaign.live.end}",
        "Target": signed(campaign.target_lift) if campaign.target_lift is not None else "none",
        "Budget": money(campaign.planned, campaign.currency) if campaign.planned else "none",
        "Owner": campaign.owner,
        "Review": str(campaign.review or "not set"),
    }
    return pd.DataFrame({"what": list(lines), "agreed": list(lines.values())})


def agreement(campaign: Campaign) -> Finding:
    """Return whether the brief is frozen, and the line that freezes it."""
    line, state = f"frozen: {campaign.brief_hash()}", campaign.frozen_state()
    how = "Fingerprint (SHA-256) of everything in the register but payments, events and decisions."
    if state == "frozen":
        return Finding(
            "agreement",
            "The brief is frozen as it stands",
            f"The register holds the line '{line}'.",
            "good",
            method=how,
        )
    text = f"Once all have agreed, put the line '{line}' into campaigns/{campaign.id}.yml. A later change will show."
    if state == "changed":
        text = (
            f"It was frozen as {campaign.frozen}. If the change is agreed, write '{line}' and say why in the decisions."
        )
        return Finding("agreement", "The brief was changed after it was frozen", text, "alert", method=how)
    return Finding("agreement", "The brief is not frozen yet", text, "watch", method=how)


def plays(found: Finding, campaign: Campaign, *, on: date | None = None) -> tuple[Play, ...]:
    """Return what to do before the start, by whether the campaign can be judged (*found*: the detectable effect)."""
    today = on or date.today()
    before = campaign.live.start - timedelta(days=1)
    review = before if before > today else today + timedelta(days=14)
    if found.status == "no_data" or found.estimate is None:
        action, expected = (
            "Hold at least one comparable market back, or say openly that the campaign will not be judged",
            "a verdict",
        )
    elif campaign.target_lift is not None and campaign.target_lift < found.estimate:
        action, expected = (
            "Plan for a larger effect, more days or other markets before money is spent",
            f"{signed(found.estimate)} or more",
        )
    else:
        action, expected = "Start as agreed, and change nothing in the markets held back", "a verdict in four words"
    made = [Play(action, "Detectable effect", expected, campaign.owner, review, "detectable")]
    if campaign.frozen_state() != "frozen":
        made.append(
            Play(
                "Freeze the brief",
                "Brief frozen before the start",
                "no moving of goals",
                campaign.owner,
                review,
                "agreement",
            )
        )
    return tuple(made)


def verdict(found: Finding, campaign: Campaign) -> tuple[str, Severity]:
    """Return the report's one sentence: can this campaign be judged."""
    if found.status == "no_data":
        return (
            f"Whether '{campaign.name}' can be judged is not known: {found.title.removeprefix('No data: ')}.",
            "alert",
        )
    return f"{found.title}.", found.severity


def _planned(choices: pd.DataFrame | None, campaign: Campaign) -> Any:
    if choices is None or choices.empty:
        return None
    distance = (choices["live_days"] - campaign.live.days).abs() + (
        choices["baseline_days"] - campaign.baseline.days
    ).abs()
    return choices.iloc[int(distance.to_numpy().argmin())]


def curve(found: pd.DataFrame | None) -> pd.DataFrame:
    """Return the power curve with lifts in percent; empty where there is none."""
    if found is None:
        return pd.DataFrame(columns=["lift", "found", "n"])
    return found.assign(lift=(found["lift"] * 100).round().astype(int))


def listed(choices: pd.DataFrame | None) -> pd.DataFrame:
    """Return the choices as a table to be shown; empty, with its columns, where nothing could be compared."""
    columns = ["live_days", "baseline_days", "treated", "n_controls", "n_windows", "detectable", "false_alarms"]
    return choices if choices is not None else pd.DataFrame(columns=columns)
