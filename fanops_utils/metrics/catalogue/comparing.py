"""What may stand side by side: the same definition, period and currency, on the same side of every break."""

from __future__ import annotations

import pandas as pd

from fanops_utils.errors import DataError
from fanops_utils.metrics.catalogue.metric import Metric
from fanops_utils.metrics.catalogue.series import MetricSeries
from fanops_utils.text import Message, Sayable, Written, say


def difference(first: Metric, second: Metric) -> Message | None:
    """Return in what the definitions of two metrics differ; None where they are one."""
    if first.id == second.id:
        return None
    one, other = first.name, second.name
    if first.per != second.per and first.per is not None and second.per is not None:
        return say("{one} is divided by {per}, {other} by {base}", one=one, per=first.per, other=other, base=second.per)
    if (first.per is None) != (second.per is None):
        rate, count = (one, other) if second.per is None else (other, one)
        return say("{rate} is a rate, {count} a count", rate=rate, count=count)
    if first.counted != second.counted:
        return say("{one} counts {counted}, {other} counts {things}", one=one, counted=first.counted, other=other,
                   things=second.counted)  # fmt: skip
    if first.less != second.less:
        net, plain = (one, other) if second.less is None else (other, one)
        less = first.less if first.less is not None else second.less
        assert less is not None
        return say("{net} takes {less} off, {plain} does not", net=net, less=less, plain=plain)
    if first.window != second.window:
        return say("{one} spans {days} days, {other} {more}", one=one, days=first.window, other=other,
                   more=second.window)  # fmt: skip
    return say("{one} is taken from {source}, {other} from {place}", one=one, source=Written(first.tables[0]),
               other=other, place=Written(second.tables[0]))  # fmt: skip


def compare(first: MetricSeries, *others: MetricSeries) -> pd.DataFrame:
    """Return the series below each other, with the metric's id; refuse what differs in definition.

    Raises DataError, naming the difference, for two metrics of different definition, two lengths of period, two
    currencies, platforms that count in ways of their own, and the two sides of a break. Of a number that grows with its
    period (`_grows`) also for single periods of different length.
    """
    for other in others:
        if (why := difference(first.metric, other.metric)) is not None:
            raise DataError(say("two different metrics are not compared: {difference}", difference=why))
        if first.grain != other.grain:
            raise DataError(
                say("periods of different length are not compared"), value=other.grain, choices=[first.grain]
            )
    whole = pd.concat([one.table for one in (first, *others) if len(one.table)] or [first.table], ignore_index=True)
    if first.grain == "period" and _grows(first.metric) and whole["of_days"].nunique() > 1:
        lengths = sorted(whole["of_days"].unique())
        raise DataError(
            say("periods of different length are not compared"), column="of_days", value=", ".join(map(str, lengths))
        )
    _refuse_apart(first.metric, whole)
    if "currency" in whole and whole["currency"].nunique() > 1:
        raise DataError(say("amounts in different currencies are not compared"), column="currency",
                        value=", ".join(sorted(whole["currency"].dropna().unique())))  # fmt: skip
    if "platform" in whole:
        for platform, part in whole.groupby("platform"):
            if part["stretch"].nunique() > 1:
                raise DataError(_broken(first, others, str(platform)), column="stretch", value=platform)
    whole.insert(0, "metric", first.metric.id)
    return whole


def _grows(metric: Metric) -> bool:
    """Return whether the number grows with its period: a total does, and so does what a customer does within it."""
    return metric.estimator.code == "total" or metric.id == "orders_per_customer"


def _refuse_apart(metric: Metric, whole: pd.DataFrame) -> None:
    for dimension in metric.apart:
        if dimension in whole and whole[dimension].nunique() > 1:
            said = say("each of them counts {counted} in a way of its own: not compared", counted=metric.counted)
            raise DataError(said, column=dimension, value=", ".join(sorted(whole[dimension].dropna().unique())))


def _broken(first: MetricSeries, others: tuple[MetricSeries, ...], platform: str) -> Sayable:
    breaks = pd.concat([one.breaks for one in (first, *others)])
    own = breaks[breaks["platform"] == platform]
    days = ", ".join(f"{day:%Y-%m-%d}" for day in own["date"].drop_duplicates()) or "?"
    return say("the platform changed what {name} means ({days}): the two sides are not compared", name=first.metric.name,
               days=Written(days))  # fmt: skip
