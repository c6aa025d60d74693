"""Does a reward for a time, or a ranking of inviters, bring more people, and whom does it lean on?"""

from __future__ import annotations

import numpy as np
import pandas as pd

from fanops_utils import charts
from fanops_utils.charts.words import Words
from fanops_utils.models.audience.growth import TimedRewards
from fanops_utils.playbook import Finding, Section
from fanops_utils.sections.cells import cells
from fanops_utils.sections.community.words import SMALL, lacking
from fanops_utils.sections.handing import listing
from fanops_utils.text import Message, Number, Percent, Sayable, Sentences, Signed, Span, Unit, say, term

MOST_WEEKS = 52
LABEL = term("People brought in weeks with a reward for a time or a ranking", "label of a finding")
WITH, WITHOUT = term("with it", "week of a reward"), term("without", "week of a reward")


def timed(found: TimedRewards, everywhere: TimedRewards, schedule: pd.DataFrame, *, by_lot: bool) -> Section:
    """Return what weeks with a reward or a ranking brought (*found*: `models.timed_rewards` of the market; *everywhere*: of all).

    *schedule*: `weeks_by_lot`, handed over where nothing was tried yet; *by_lot*: whether the weeks were drawn beforehand.
    """
    if not len(found.weeks) or found.weeks["brought"].sum() < SMALL:
        return Section.of(Finding.nothing("timed", lacking("referrals")))
    if not found.on:
        return _untried(found, everywhere, schedule)
    if not np.isfinite(found.effect.estimate):
        why = say("fewer than four weeks with a reward for a time or a ranking, or without (table activities, kinds timed_reward "
                  "and leaderboard)")  # fmt: skip
        return Section.of(Finding.nothing("timed", why))
    change, low, high = found.effect.estimate, found.effect.ci_lower, found.effect.ci_upper
    code = "trend" if not by_lot else "raised" if low > 0 else "lowered" if high < 0 else "no_clear"
    finding = Finding(
        id="timed",
        code=code,
        severity={"raised": "good", "lowered": "alert"}.get(code, "info"),  # type: ignore[arg-type]
        label=LABEL,
        title=_title(code, change),
        text=Sentences.of(
            say("{on} weeks with it, {off} without: {change} ({interval}) people brought per member and week.", on=found.on,
                off=found.off, change=Signed(change), interval=Span.of(low, high, form=Signed)),
            None if by_lot else say("Who chose these weeks may have chosen good ones: a trend, no proof. Weeks drawn by lot would "
                                    "prove it."),
            _leaning(found),
        ),
        estimate=change, ci_lower=low, ci_upper=high, unit=Unit("change", term("people brought per member and week", "unit")),
        n=found.on + found.off,
        method=say("Whole weeks; of weeks switched on and off, those from just before the first to just after the last. Counts by "
                   "members, with a straight trend taken out; errors widened by how much weeks scatter (quasi-Poisson). A ranking "
                   "held once is a before and after, whatever else changed then is in it."),
    )  # fmt: skip
    return Section.of(finding, _course(found, finding))


def _untried(found: TimedRewards, everywhere: TimedRewards, schedule: pd.DataFrame) -> Section:
    """Return what it would take to find out."""
    both = say("In this market alone it would take {here} weeks, in all markets switched together {all}.",
               here=_weeks(found.needed), all=_weeks(everywhere.needed))  # fmt: skip
    finding = Finding(
        id="timed",
        code="untried",
        label=term("Weeks that would prove a reward for a time", "label of a finding"),
        title=say("No reward for a time and no ranking of inviters was tried: what they bring is not known"),
        text=Sentences.of(
            say("Weeks with and without, drawn by lot, would show half as many people again in eight of ten cases."), both,
            say("The list beside this page names the weeks as drawn: keep to it, also where a week does not suit."),
        ),
        estimate=float(everywhere.needed) if everywhere.needed else None,
        unit=Unit("count", term("weeks", "unit")), n=len(found.weeks),
        method=say("From how many people invitations bring a week, and how much weeks scatter beyond chance, over {n} weeks. In "
                   "each pair of weeks the lot names one.", n=len(found.weeks)),
    )  # fmt: skip
    rows = schedule.head(MOST_WEEKS).assign(
        told=cells(WITH if one else WITHOUT for one in schedule["on"].head(MOST_WEEKS))
    )
    listed = listing(
        "reward_weeks", say("Weeks with and without a reward for inviters, drawn by lot"), rows,
        columns={"date_day": term("Week from", "column"), "told": term("Reward", "column")},
    )  # fmt: skip
    return Section.of(finding, handouts=(listed,))


def _weeks(needed: int | None) -> Sayable:
    if needed is None:
        return say("an unknown number of")
    return Number(needed, 0) if needed <= 2 * MOST_WEEKS else say("over {n}", n=Number(2 * MOST_WEEKS, 0))


def _title(code: str, change: float) -> Message:
    told = {"change": Signed(change, 0)}
    if code == "raised":
        return say("Weeks with a reward for a time or a ranking bring more people: {change}", **told)
    if code == "lowered":
        return say("Weeks with a reward for a time or a ranking bring fewer people: {change}", **told)
    if code == "no_clear":
        return say("Weeks with a reward for a time or a ranking bring no clear change")
    return say("{change} people were brought in weeks with a reward or a ranking: a trend, not proved", **told)


def _leaning(found: TimedRewards) -> Message | None:
    if not (np.isfinite(found.top_on) and np.isfinite(found.top_off)):
        return None
    return say("The busiest tenth of the inviters brought {on} of the people in these weeks, {off} in the others.",
               on=Percent(found.top_on, 0), off=Percent(found.top_off, 0))  # fmt: skip


def _course(found: TimedRewards, finding: Finding) -> charts.Chart:
    rate = found.weeks["brought"] / found.weeks["members"] * 1000
    drawn = found.weeks.assign(value=rate)
    marks = [(day, day + pd.Timedelta(days=6), WITH) for day in drawn.loc[drawn["on"], "date_day"]]
    return charts.lines(
        drawn[["date_day", "value"]], x="date_day", y="value", form=lambda v: Number(v, 1), marks=marks,
        words=Words(
            title=say("People brought by week"), axis=term("per 1,000 members and week", "axis"), alt=finding.text,
            caption=say("By the week in which they joined"),
        ),
    )  # fmt: skip
