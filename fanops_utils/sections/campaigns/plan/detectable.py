"""How large the effect must be to be seen: the plan as written against its target, and how often each size is found."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from fanops_utils import charts
from fanops_utils.charts.words import Words
from fanops_utils.playbook import Finding, Section, Severity
from fanops_utils.sections.campaigns.plan.controls import NO_HISTORY
from fanops_utils.sections.campaigns.words import OF_COUNTERFACTUAL
from fanops_utils.text import Level, Listed, Message, Percent, Sentences, Signed, say, say_n, term
from fanops_utils.workspace import Campaign

NO_CONTROLS = term("without a control market nothing can be found", "why there is no data")
METHOD = say(
    "Lifts put into past windows without a campaign; counted is how often the interval of the retrospective finds them. "
    "Detectable: found four times in five."
)
LATER = say(
    "That is what the weeks before the start say; the retrospective, with the live weeks in, may name another size."
)
CURVE = ["lift", "found", "n"]


def detectable(
    choices: pd.DataFrame | None, curve: pd.DataFrame | None, campaign: Campaign, *, level: float, power: float
) -> Section:
    """Return the smallest effect the plan would find, and how often it would find each.

    *choices*: `models.detectable_effects`; *curve*: `models.power_curve`, found by intervals at *level*; *power*: how
    often an effect is to be found.
    """
    finding = answer(choices, campaign)
    return Section.of(finding, _chart(curve, campaign, finding, level=level, power=power))


def answer(choices: pd.DataFrame | None, campaign: Campaign) -> Finding:
    """Return the smallest effect the plan as written would find, against its target."""
    row = planned(choices, campaign)
    if row is None:
        return Finding.nothing("detectable", NO_HISTORY if campaign.controls else NO_CONTROLS)
    smallest, windows = float(row["detectable"]), int(row["n_windows"])
    if not np.isfinite(smallest):
        few = say_n(
            "{n} past window of this length: too few, or too rough, to find even a doubling.",
            "{n} past windows of this length: too few, or too rough, to find even a doubling.",
            n=windows,
        )
        title = say("This campaign cannot be judged")
        return Finding(id="detectable", title=title, text=few, severity="alert", n=windows, method=METHOD, code="never")
    code = _code(smallest, campaign)
    severities: dict[str, Severity] = {"no_target": "watch", "seen": "good", "too_small": "alert"}
    return Finding(
        id="detectable",
        title=_title(code, smallest, campaign),
        text=Sentences.of(_found(smallest, campaign), _missed() if code == "too_small" else None, LATER),
        severity=severities[code],
        estimate=smallest,
        unit=OF_COUNTERFACTUAL,
        n=windows,
        method=METHOD,
        code=code,
    )


def planned(choices: pd.DataFrame | None, campaign: Campaign) -> Any:
    """Return the row of *choices* whose lengths are nearest to the plan's; None where there is none."""
    if choices is None or choices.empty:
        return None
    live, before = choices["live_days"] - campaign.live.days, choices["baseline_days"] - campaign.baseline.days
    return choices.iloc[int((live.abs() + before.abs()).to_numpy().argmin())]


def _code(smallest: float, campaign: Campaign) -> str:
    if campaign.target_lift is None:
        return "no_target"
    return "seen" if campaign.target_lift >= smallest else "too_small"


def _title(code: str, smallest: float, campaign: Campaign) -> Message:
    size, target = Signed(smallest), Signed(campaign.target_lift or 0.0)
    match code:
        case "seen":
            return say("The target of {target} would be seen: {size} is enough", target=target, size=size)
        case "too_small":
            return say("The target of {target} is too small to be seen: it takes {size}", target=target, size=size)
    return say("An effect of {size} or more would be seen; the brief names no target", size=size)


def _found(smallest: float, campaign: Campaign) -> Message:
    return say_n(
        "With {n} live day against {controls}, {size} would be found four times in five.",
        "With {n} live days against {controls}, {size} would be found four times in five.",
        n=campaign.live.days,
        controls=Listed.of(campaign.controls, how="and"),
        size=Signed(smallest),
    )


def _missed() -> Message:
    return say("If the campaign does exactly what it is meant to do, the report will most likely say: no clear effect.")


def _chart(
    curve: pd.DataFrame | None, campaign: Campaign, finding: Finding, *, level: float, power: float
) -> charts.Chart:
    markets = {"treated": Listed.of(campaign.treated), "controls": Listed.of(campaign.controls)}
    drawn = Words(
        title=say("How often a true effect of each size would be found"),
        subtitle=say_n(
            "{n} day in {treated} against {controls}; {level} intervals",
            "{n} days in {treated} against {controls}; {level} intervals",
            n=campaign.live.days,
            level=Level(level),
            **markets,
        ),
        axis=term("share of past stretches in which it is found", "axis"),
        x_axis=term("true effect, % of what would have come anyway", "axis"),
        alt=finding.text,
        caption=say("At zero: false alarms. Wanted: {power}", power=Level(power)),
    )
    return charts.lines(in_percent(curve), x="lift", y="found", dates=False, form=Percent, words=drawn)


def in_percent(curve: pd.DataFrame | None) -> pd.DataFrame:
    """Return the power curve with lifts in percent; empty where there is none."""
    if curve is None:
        return pd.DataFrame(columns=CURVE)
    return curve.assign(lift=(curve["lift"] * 100).round().astype(int))
