"""What did a flash sale add once the orders it only drew forward are counted?"""

from __future__ import annotations

from datetime import date

from fanops_utils import charts
from fanops_utils.charts.words import Words
from fanops_utils.models import SaleEffect
from fanops_utils.playbook import Finding, Section
from fanops_utils.text import Count, Listed, Number, Period, Sayable, Sentences, Span, Unit, Written, say, term


def sale(effect: SaleEffect | None, *, as_of: date | None) -> Section:
    """Return what the sale added, net of orders drawn forward (*effect*: `models.sale_effect`; None: no sale was named)."""
    if effect is None or as_of is None:
        why = say("no sale was named (parameter sale)")
        return Section.of(Finding.nothing("sale", why))
    if effect.status != "measured":
        return Section.of(Finding.nothing("sale", _why_not(effect)))
    finding = _finding(effect)
    return Section.of(finding, _chart(effect, finding))


def _finding(effect: SaleEffect) -> Finding:
    code = "gain" if effect.ci_lower > 0 else "loss" if effect.ci_upper < 0 else "unclear"
    title = _title(code, effect)
    interval = Span.of(effect.ci_lower, effect.ci_upper, form=lambda number: Number(number, 0, sign=True))
    return Finding(
        id="sale",
        weight="chapter",
        label=term("Orders a sale added", "label of a finding"),
        code=code,
        title=title,
        verdict=say("{sentence}.", sentence=title),
        text=Sentences.of(
            say("In its own days ({period}) the sale had {gross} orders against what is usual. With the 28 days after it, in which "
                "some customers did not need to buy again, it is {net} ({interval}) against {expected} expected.",
                period=Period.of(effect.start, effect.end), gross=Number(effect.gross, 0, sign=True),
                net=Number(effect.net, 0, sign=True), interval=interval, expected=Count(round(effect.expected))),
            say("The days of a sale alone always look good.") if code != "gain" else None,
        ),
        severity="good" if code == "gain" else "alert" if code == "loss" else "watch",
        estimate=effect.net, ci_lower=effect.ci_lower, ci_upper=effect.ci_upper,
        unit=Unit("number", term("orders", "unit")), n=effect.windows,
        method=say(
            "Weekday profile of the eight weeks before at the level of the last four, scaled by {controls}; the interval is "
            "how far the same window lay from such an expectation before, t with {windows} windows.",
            controls=Listed.of(Written(code) for code in effect.controls) if effect.controls else say("nothing else"),
            windows=effect.windows),
    )  # fmt: skip


def _title(code: str, effect: SaleEffect) -> Sayable:
    net = Number(effect.net, 0, sign=True)
    if code == "gain":
        return say("The sale added orders, also with the weeks after it: {net}", net=net)
    if code == "loss":
        return say("The sale lost orders, with the weeks after it: {net}", net=net)
    return say("No clear gain from the sale once the weeks after it are counted")


def _chart(effect: SaleEffect, finding: Finding) -> charts.Chart:
    if effect.days is None:
        return charts.Chart.nothing(Words(title=say("Orders around the sale"), alt=finding.text))
    kinds = [term("orders", "line in a chart"), term("expected", "line in a chart")]
    rows = effect.days.melt(id_vars="date_day", value_vars=["orders", "expected"], var_name="kind")
    rows["kind"] = rows["kind"].map(dict(zip(["orders", "expected"], kinds, strict=True)))
    return charts.lines(
        rows, x="date_day", y="value", series="kind", form=Count,
        words=Words(
            title=say("Orders around the sale"), subtitle=say("Orders a day, from the first day of the sale to 28 days after it"),
            axis=term("orders a day", "axis"), alt=finding.text,
            caption=say("Expected: usual weekdays before the sale, moved as the other markets moved"),
        ),
    )  # fmt: skip


def _why_not(effect: SaleEffect) -> Sayable:
    if effect.status == "too_early":
        return say("the sale ended on {day}; its dip is over 28 days later", day=effect.end)
    if effect.status == "little_history":
        return say("there is too little history before the sale to know how orders swing by themselves")
    return say("less than an order a day is too little to tell a sale apart (export: orders)")
