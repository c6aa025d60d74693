"""The first screen of a commerce report: its verdict and its figures."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from fanops_utils.metrics import Change
from fanops_utils.playbook import KeyNumbers, Section, Severity
from fanops_utils.playbook.findings import RANK
from fanops_utils.sections.key_numbers import measured, moved
from fanops_utils.text import Count, Money, Percent, Sayable, Sentences, say, term

ORDER = (
    "repurchase",
    "offers",
    "sale",
    "value",
    "renewal",
    "trials",
    "social",
    "plans",
    "paying_back",
    "winning",
    "points",
    "partners",
)


def verdict(answers: Iterable[Section], *, market: str) -> tuple[Sayable, Severity]:
    """Return the title and a few sentences on *market* (its name), and the severity of the gravest of *answers*."""
    told = [answer for answer in answers if answer.finding.ok and answer.finding.verdict]
    if not told:
        return say("There is nothing on sales in {market} in the data.", market=market), "info"
    first, *others = (answer.finding for answer in sorted(told, key=_urgency))
    title = say("{sentence}.", sentence=first.title)
    return Sentences.of(title, first.text, *(one.verdict for one in others[:2])), first.severity


def leading(answers: Iterable[Section]) -> Section | None:
    """Return the answer that the title of the report is taken from; None where none has data."""
    told = [answer for answer in answers if answer.finding.ok and answer.finding.verdict]
    return min(told, key=_urgency, default=None)


def _urgency(answer: Section) -> tuple[int, int]:
    name = answer.finding.id
    return RANK[answer.finding.severity], ORDER.index(name) if name in ORDER else len(ORDER)


def key_numbers(
    changes: Mapping[str, Change],
    *,
    currency: str,
    within: int,
    repurchase: Section,
    value: Section,
    trials: Section,
    plans: Section,
) -> KeyNumbers:
    """Return the strip: orders and revenue of 28 days (`metrics.shop_changes`), buying again, value, trials, subscribers."""
    return KeyNumbers.of(
        moved(
            "revenue",
            term("Revenue in 28 days, less refunds", "key number"),
            changes,
            lambda amount: Money(amount, currency),
        ),
        moved("orders", term("Orders in 28 days", "key number"), changes, Count, metric="orders"),
        moved(
            "returning",
            term("Orders of returning customers, of all in 28 days", "key number"),
            changes,
            Percent,
            metric="returning_order_share",
        ),
        measured(repurchase, term("Buy again within {within} days", "key number", within=within)),
        measured(value, term("Expected revenue of a customer, next year", "key number")),
        measured(trials, term("Of all finished trials, paid for", "key number"))
        or measured(plans, term("Of all who ever ordered, subscribe", "key number")),
    )
