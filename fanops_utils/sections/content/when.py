"""When should posts go out? The set of hours that is shown to be better, on proved times, and the test that settles it."""

from __future__ import annotations

from typing import Any

from fanops_utils import charts
from fanops_utils.charts.words import Words
from fanops_utils.models import PostingTime
from fanops_utils.playbook import Finding, Section
from fanops_utils.playbook.handouts import Draft
from fanops_utils.text import (
    Clock,
    Listed,
    Message,
    Period,
    PValue,
    Range,
    Sayable,
    Sentences,
    Signed,
    Span,
    Unit,
    say,
    say_n,
    term,
)


def when(timing: PostingTime, *, period: Period, test: Draft | None = None) -> Section:
    """Return which hours do better at equal format (`models.time_posts`), beside what a plain table says.

    *test*: the draft of the test by lot (`hour_draft`), handed over beside the page.
    """
    finding = _finding(timing, period)
    if not finding.ok:
        return Section.of(finding)
    supported = timing.curve[timing.curve["supported"].astype(bool)]
    caption = say_n(
        "{n} post with a proved local time; hours without eight posts within an hour are not told; left out: {dropped}",
        "{n} posts with a proved local time; hours without eight posts within an hour are not told; left out: {dropped}",
        n=timing.n,
        dropped=timing.n_dropped,
    )
    chart = charts.hour_curve(
        timing.curve.assign(n=timing.curve["n"].where(timing.curve["supported"], 0)).drop(columns="supported"),
        timing.naive[timing.naive["hour"].isin(supported["hour"])],
        words=Words(
            title=say("The hour of publication, with and without the format"),
            subtitle=say("Interactions against the average of the hours told; 90% band; {period}", period=period),
            axis=term("against the average", "axis"),
            alt=finding.text,
            caption=caption,
        ),
    )
    return Section.of(finding, chart, handouts=(test,))


def _finding(timing: PostingTime, period: Period) -> Finding:
    if timing.code == "no_times":
        return Finding.nothing(
            "hours",
            say(
                "no post has a proved local time of publication: name the time zone of its file (time_zone of its mapping)"
            ),
        )
    if timing.code == "few":
        return Finding.nothing(
            "hours",
            say_n(
                "{n} post with a proved time is too few, or too few hours were used: 60 posts over 4 hours are needed",
                "{n} posts with a proved time are too few, or too few hours were used: 60 posts over 4 hours are needed",
                n=timing.n,
            ),
        )
    method = say(
        "Regression as for the rankings plus a smooth curve around the clock; two daily waves (p-value {p}) and the 90% "
        "interval of the best hour must both speak for it. Posts were not timed at random.",
        p=PValue(timing.p_value),
    )
    label = term("Gain at the best hours", "label of a finding")
    shared: dict[str, Any] = {"id": "hours", "n": timing.n, "method": method, "label": label}
    if timing.code == "unclear":
        title = say("No hour of publication is shown to be better")
        text = Sentences.of(say("Keep the hours that suit the team."), _plain(timing), _test(timing))
        return Finding(code="unclear", title=title, verdict=say("{sentence}.", sentence=title), text=text, **shared)
    told: dict[str, Any] = {
        "hours": spans(timing.hours),
        "gain": Signed(timing.gain, 0),
        "interval": Span.of(timing.gain_lower, timing.gain_upper, form=Signed, level=0.9),
    }
    title = say("At equal format the best hour lies in {hours}", **told)
    text = Sentences.of(
        say(
            "The best hour stands {gain} ({interval}) above the average of the hours used, {period}.",
            period=period,
            **told,
        ),
        _plain(timing),
        _test(timing),
    )
    return Finding(
        code="claimed",
        about=spans(timing.hours),
        title=title,
        verdict=say("{sentence}.", sentence=title),
        text=text,
        severity="good",
        estimate=timing.gain,
        ci_lower=timing.gain_lower,
        ci_upper=timing.gain_upper,
        weight="chapter",
        unit=Unit("change", term("against the average hour", "unit")),
        **shared,
    )


def spans(hours: tuple[int, ...]) -> Listed:
    """Return whole hours as spans of the clock: 10, 11, 12 as 10:00 – 13:00."""
    runs: list[list[int]] = []
    for hour in hours:
        if runs and hour == runs[-1][1]:
            runs[-1][1] = hour + 1
        else:
            runs.append([hour, hour + 1])
    told: list[Sayable] = [Range.of(float(first), float(last), form=Clock) for first, last in runs]
    return Listed.of(told)


def _plain(timing: PostingTime) -> Message | None:
    if timing.naive_hour is None:
        return None
    hour = Clock(float(timing.naive_hour))
    if timing.code == "claimed" and timing.naive_hour not in timing.hours:
        return say(
            "A plain table of averages would say {hour}: the hour of the strongest format, not the strongest hour.",
            hour=hour,
        )
    return say("A plain table of averages would say {hour}.", hour=hour)


def _test(timing: PostingTime) -> Message | None:
    if timing.per_arm is None:
        return None
    return say_n(
        "To settle it by lot, each of two hours needs about {n} post to show a gain of 20%.",
        "To settle it by lot, each of two hours needs about {n} posts to show a gain of 20%.",
        n=timing.per_arm,
    )
