"""Why something cannot be told, in words: a phrase that goes on after "cannot be told:"."""

from __future__ import annotations

from collections.abc import Callable

from fanops_utils.experiments.reasons import Reason, ReasonCode
from fanops_utils.text import Sayable, in_words, say, say_n

PHRASES: dict[ReasonCode, Callable[[Reason], Sayable]] = {
    "small_cell": lambda _: say("there are too few units to show it"),
    "single_units": lambda _: say("single units are compared here, and only totals may be seen"),
    "rows_unseen": lambda _: say("a quantile is the value of single units, and only totals may be seen"),
    "few_units": lambda why: say_n(
        "the arm “{arm}” has {n} unit with an outcome, and two are needed",
        "the arm “{arm}” has {n} units with an outcome, and two are needed", n=why.n, arm=in_words(why.name),
    ),
    "few_clusters": lambda why: say_n(
        "{n} cluster in one arm cannot show how much clusters differ by themselves; {least} are needed, six are better",
        "{n} clusters in one arm cannot show how much clusters differ by themselves; {least} are needed, six are better",
        n=why.n, least=why.least,
    ),
    "few_clusters_in_all": lambda why: say_n(
        "there is {n} cluster in the two arms, and the register wants {least}",
        "there are {n} clusters in the two arms, and the register wants {least}", n=why.n, least=why.least,
    ),
    "few_allocations": lambda why: say(
        "{n} and {other} clusters can be assigned in so few ways that no result would be a surprise", n=why.n, other=why.other
    ),
    "uneven_clusters": lambda why: say(
        "{n} against {other} clusters are too uneven to be read from totals: the clusters themselves are needed", n=why.n,
        other=why.other,
    ),
    "few_nonzero": lambda why: say_n(
        "{n} unit in the smaller arm has a value other than zero; a mean needs {least}, so read the share of units that have one",
        "{n} units in the smaller arm have a value other than zero; a mean needs {least}, so read the share of units that have one",
        n=why.n, least=why.least,
    ),
    "skewed_totals": lambda why: say(
        "few units carry most of the value, the arms are unequal ({n} and {other} units), and totals alone cannot allow for that",
        n=why.n, other=why.other,
    ),
    "one_unit": lambda _: say("without one unit it would be open"),
    "few_carry": lambda _: say(
        "a handful of units makes most of the spread, and totals do not tell whether chance put them into one arm"
    ),
    "one_unit_rules": lambda _: say("one unit makes most of the spread of the metric, so its mean says nothing of the others"),
    "few_slots": lambda why: say(
        "{n} and {other} slots in the two arms are too few: {least} are needed, four in each", n=why.n, other=why.other,
        least=why.least,
    ),
    "few_blocks": lambda why: say_n(
        "{n} block holds both arms, and {least} are needed", "{n} blocks hold both arms, and {least} are needed",
        n=why.n, least=why.least,
    ),
    "few_days": lambda why: say_n(
        "{n} day has an effect, and a trend needs {least}", "{n} days have an effect, and a trend needs {least}",
        n=why.n, least=why.least,
    ),
    "few_values": lambda why: say_n(
        "an arm has {n} value, and {least} are needed", "an arm has {n} values, and {least} are needed",
        n=why.n, least=why.least,
    ),
    "no_control": lambda why: say("no unit of the control “{arm}” is in it", arm=in_words(why.name)),
    "zero_denominator": lambda _: say("an arm's denominator adds up to zero"),
    "no_variation": lambda _: say("no arm varies, yet they differ"),
    "nothing_varies": lambda _: say("nothing varies"),
    "control_not_positive": lambda _: say("the control's mean is not above zero"),
    "control_may_be_zero": lambda _: say("the control's mean may be zero"),
    "no_mean_or_count": lambda _: say("the experiment has no metric that is a mean or a count"),
    "together": lambda _: say("units of one cluster, slot or block are not independent, and their quantiles have no interval"),
}  # fmt: skip


def because(why: Reason) -> Sayable:
    """Return *why* something cannot be told."""
    return PHRASES[why.code](why)
