"""When are members there? Acts per active member by hour and day of the week, in the market's time."""

from __future__ import annotations

import pandas as pd

from fanops_utils import charts
from fanops_utils.charts.words import Words
from fanops_utils.playbook import Finding, Section
from fanops_utils.sections.cells import cells
from fanops_utils.sections.community.words import SMALL, WEEKDAYS, WEEKDAYS_BRIEF, lacking
from fanops_utils.text import Clock, Number, People, Period, Unit, say, term


def hours(rhythm: pd.DataFrame, *, period: Period) -> Section:
    """Return the hours of most activity (*rhythm*: `metrics.rhythm`)."""
    shown = rhythm[rhythm["acts"] >= SMALL]
    if shown.empty:
        return Section.of(Finding.nothing("hours", lacking("member_events")))
    best = shown.iloc[int(shown["rate"].argmax())]
    told = {
        "weekday": WEEKDAYS[int(best["weekday"])],
        "hour": Clock(int(best["hour"])),
        "later": Clock((int(best["hour"]) + 1) % 24),
    }
    finding = Finding(
        id="hours",
        code="busiest",
        label=term("Busiest hour", "label of a finding"),
        title=say("Most happened on {weekday} from {hour} to {later}", **told),
        text=say(
            "{rate} acts per 100 members seen in this hour; {members} members were seen in the period. The first of {cells} "
            "hours may be first by luck, and being there is not yet a reason to post then: a test tells.",
            cells=len(shown),
            rate=Number(100 * best["rate"], 1),
            members=People(best["members"]),
        ),
        estimate=float(100 * best["rate"]),
        unit=Unit("number", term("acts per 100 members seen in the period", "unit")),
        n=int(best["acts"]),
    )
    drawn = shown.assign(
        n=shown["acts"], value=100 * shown["rate"], name=cells(WEEKDAYS[day] for day in shown["weekday"])
    )
    chart = charts.heat_map(
        drawn[["hour", "name", "value", "n"]],
        x="hour",
        y="name",
        value="value",
        columns=list(range(24)),
        rows=list(WEEKDAYS),
        brief=WEEKDAYS_BRIEF,
        form=Number,
        numbers=False,
        words=Words(
            title=say("When members are there"),
            subtitle=say("Acts per 100 members seen in the period and hour, {period}", period=period),
            axis=term("acts per 100 members seen in the period", "axis"),
            x_axis=term("hour of the market's time", "axis"),
            alt=finding.text,
            caption=say("Hours with fewer than ten acts are empty"),
        ),
    )
    return Section.of(finding, chart)
