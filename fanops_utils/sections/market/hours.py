"""When should posts go out? The hour of publication once the format is taken out."""

from __future__ import annotations

from typing import Any

from fanops_utils import charts
from fanops_utils.charts.words import Words
from fanops_utils.metrics import Interval
from fanops_utils.models import HourEffect
from fanops_utils.playbook import Finding, Section
from fanops_utils.sections import words
from fanops_utils.text import Clock, Message, Period, PValue, Sentences, Signed, Span, Unit, say, say_n, term

FAR = 2.5  # hours between the plain table's hour and the model's: further apart, the table misleads


def hours(effect: HourEffect, *, denominator: str, period: Period) -> Section:
    """Return when posts do best at equal format, and whether a plain table would mislead (`models.hour_effect`)."""
    finding = _finding(effect, denominator=denominator)
    left_out = say(
        "{posts} with a proved local time; left out: {dropped}", posts=_posts(effect), dropped=effect.n_dropped
    )
    chart = charts.hour_curve(
        effect.curve,
        effect.naive,
        words=Words(
            title=say("The hour of publication, with and without the format"),
            subtitle=say(
                "{rate} against the average hour; 95% band; {period}",
                rate=words.rate(denominator, first=True),
                period=period,
            ),
            axis=term("against the average", "axis"),
            alt=finding.text,
            caption=left_out,
        ),
    )
    return Section.of(finding, chart)


def _posts(effect: HourEffect) -> Message:
    return say_n("{n} post", "{n} posts", n=effect.n)


def _finding(effect: HourEffect, *, denominator: str) -> Finding:
    if not effect.enough or effect.best_hour is None or effect.gain is None:
        lacking = say_n(
            "{n} post has a local hour, a format, {per} and interactions; 60 are needed",
            "{n} posts have a local hour, a format, {per} and interactions; 60 are needed",
            n=effect.n,
            per=words.column(denominator),
        )
        return Finding.nothing("hours", lacking)
    method = say(
        "Negative-binomial regression of interactions with the log of {per} as offset on format, weekday, trend and a "
        "daily wave; Wald test of the wave (p-value {p}). Association, not proof: posts were not timed at random.",
        per=words.column(denominator),
        p=PValue(effect.p_value),
    )
    if not effect.evident:
        chance = say(
            "The differences between hours ({posts}) are no larger than chance makes them.", posts=_posts(effect)
        )
        title = say("The hour of publication makes no clear difference")
        verdict = say("The hour of publication makes no clear difference.")
        text = Sentences.of(chance, _plain(effect))
        return Finding(id="hours", code="unclear", title=title, verdict=verdict, text=text, n=effect.n, method=method)
    best = Clock(effect.best_hour.estimate)
    return Finding(
        id="hours",
        weight="chapter",
        label=term("Gain at the best hour", "label of a finding"),
        code="best_hour",
        about=best,
        title=say("Posts do best around {hour}, once the format is taken out", hour=best),
        verdict=say(
            "Posts do best around {hour}, once the format is taken out.", hour=Clock(effect.best_hour.estimate)
        ),
        text=_reading(effect, effect.best_hour, effect.gain, denominator),
        severity="good",
        estimate=effect.gain.estimate,
        ci_lower=effect.gain.ci_lower,
        ci_upper=effect.gain.ci_upper,
        unit=Unit("change", term("against the average hour", "unit")),
        n=effect.n,
        method=method,
    )


def _reading(effect: HourEffect, best: Interval, gain: Interval, denominator: str) -> Sentences:
    told: dict[str, Any] = {
        "hour": Clock(best.estimate),
        "hours": Span.of(best.ci_lower, best.ci_upper, form=Clock),
        "gain": Signed(gain.estimate),
        "interval": Span.of(gain.ci_lower, gain.ci_upper, form=Signed),
        "rate": words.rate(denominator),
        "posts": _posts(effect),
    }
    return Sentences.of(
        say(
            "At equal format, posts published around {hour} ({hours}) earn {gain} ({interval}) {rate} against the average "
            "hour, over {posts}.",
            **told,
        ),
        _plain(effect),
        say("That is the hour of the strongest format, not the strongest hour.") if _misleads(effect) else None,
        None
        if effect.supported
        else say("Hardly any post was published near {hour}: test it before trusting it.", hour=told["hour"]),
    )


def _plain(effect: HourEffect) -> Message | None:
    if effect.naive_hour is None:
        return None
    return say("A plain table of averages would say {hour}.", hour=Clock(effect.naive_hour))


def _misleads(effect: HourEffect) -> bool:
    if effect.naive_hour is None or effect.best_hour is None:
        return False
    apart = abs(effect.naive_hour + 0.5 - effect.best_hour.estimate) % 24
    return min(apart, 24 - apart) > FAR
