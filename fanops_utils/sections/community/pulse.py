"""Is the community alive? Active members, how often they come, how much they write, unusual stretches."""

from __future__ import annotations

from datetime import date

import pandas as pd

from fanops_utils import charts
from fanops_utils.charts.words import Words
from fanops_utils.playbook import Finding, Section
from fanops_utils.sections.community.words import lacking
from fanops_utils.text import Day, Message, Number, People, Percent, Period, Sentences, Unit, say, say_n, term

SHOWN = 6
NAMES = {
    "dau": term("on the day", "line in a chart"),
    "wau": term("in 7 days", "line in a chart"),
    "mau": term("in 28 days", "line in a chart"),
}


def pulse(daily: pd.DataFrame, unusual: pd.DataFrame, weekly: pd.DataFrame, *, as_of: date | None) -> Section:
    """Return the pulse on *as_of*.

    *daily* is `metrics.pulse`, *unusual* `models.unusual_days` of it, *weekly* `metrics.talk_by_week`.
    """
    if as_of is None or daily.empty or not daily["mau"].iloc[-1]:
        return Section.of(Finding.nothing("pulse", lacking("fan_day")))
    finding = _alive(daily)
    drawn = daily.melt(id_vars="date_day", value_vars=list(NAMES), var_name="name", value_name="value")
    chart = charts.lines(
        drawn.assign(name=drawn["name"].map(NAMES)),
        x="date_day",
        y="value",
        series="name",
        people=True,
        words=Words(
            title=say("Members seen"),
            subtitle=say("Distinct members seen on the day and in the days up to it"),
            axis=term("members", "axis"),
            alt=finding.text,
            caption=say("Days of the market's time"),
        ),
    )
    return Section.of(finding, chart, _talk(weekly), _stretches(unusual))


def _alive(daily: pd.DataFrame) -> Finding:
    last = daily.iloc[-1]
    told = {"members": People(last["mau"]), "share": Percent(last["stickiness"])}
    return Finding(
        id="stickiness",
        weight="chapter",
        code="seen",
        label=term("Days on which a member seen in 28 days comes", "label of a finding"),
        title=say(
            "{members} members were seen in the last 28 days; on average each came on {share} of these days", **told
        ),
        text=Sentences.of(
            say(
                "On the last day {day} {members} members were there, in the last seven days {week}.",
                day=Day.of(last["date_day"]),
                members=People(last["dau"]),
                week=People(last["wau"]),
            ),
            say("Whoever was seen in these 28 days came on {days} of them.", days=Number(28 * last["stickiness"], 1)),
        ),
        estimate=float(last["stickiness"]),
        unit=Unit("share", term("of days", "unit")),
        n=People(int(last["mau"])),
        method=say(
            "Mean of the members seen a day, over 28 days, divided by the members seen in these 28 days: four weeks, so that "
            "months of different length do not show."
        ),
    )


def _talk(weekly: pd.DataFrame) -> charts.Table | None:
    if weekly.empty or not weekly["messages"].sum():
        return None
    heads = {
        "week_start": term("Week from", "column"),
        "active": term("Members seen in the week", "column"),
        "messages": term("Messages", "column"),
        "messages_each": term("Messages per member seen in the week", "column"),
        "replies_each": term("Replies per member seen in the week", "column"),
    }
    forms = {"messages_each": lambda value: Number(value, 2), "replies_each": lambda value: Number(value, 2)}
    return charts.table(
        weekly.tail(SHOWN),
        columns=heads,
        formats=forms,
        small="active",
        caption=say("How much is written for each member seen in the week"),
    )


def _stretches(unusual: pd.DataFrame) -> Finding | None:
    """Return the stretches of days far above or below the usual, the last ones by name."""
    if unusual.empty:
        return None
    odd = unusual[unusual["unusual"] != "usual"]
    method = say("Trend and day of the week taken out; four robust standard deviations count as unusual.")
    label = term("Unusual stretches of activity", "label of a finding")
    if odd.empty:
        return Finding(
            id="peaks",
            code="none",
            label=label,
            title=say("No day stands out once trend and weekday are taken out"),
            text=say("Peaks of a few people do not show."),
            method=method,
        )
    block = (odd["date_day"].diff() > pd.Timedelta(days=2)) | (odd["unusual"] != odd["unusual"].shift())
    spans = odd.groupby(block.cumsum()).agg(
        first=("date_day", "min"),
        last=("date_day", "max"),
        side=("unusual", "first"),
        seen=("dau", "mean"),
        usual=("usual", "mean"),
    )
    told = [_stretch(row) for row in spans.tail(3).iloc[::-1].to_dict("records")]
    return Finding(
        id="peaks",
        code="some",
        label=label,
        n=len(spans),
        title=say_n("{n} stretch of days stands out", "{n} stretches of days stand out", n=len(spans)),
        text=Sentences.of(*told, say("Look up in the calendar what happened on them.")),
        method=method,
    )


def _stretch(row: dict) -> Message:
    told = {
        "period": Period.of(row["first"].date(), row["last"].date()),
        "seen": People(row["seen"]),
        "usual": People(row["usual"]),
    }
    if row["side"] == "above":
        return say("{period}: {seen} members a day, where {usual} were usual: a peak.", **told)
    return say("{period}: {seen} members a day, where {usual} were usual: a low.", **told)
