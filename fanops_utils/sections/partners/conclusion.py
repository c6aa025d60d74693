"""What the partner report concludes: verdict, key numbers, plays."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, timedelta
from typing import Any

import pandas as pd

from fanops_utils.playbook import Finding, KeyNumber, KeyNumbers, Play, Section, Severity
from fanops_utils.playbook.findings import RANK
from fanops_utils.sections.key_numbers import measured
from fanops_utils.sections.partners.words import named
from fanops_utils.text import Count, Listed, Money, Percent, Sayable, Sentences, say, term

ORDER = ("authenticity", "price", "settlement", "value", "scorecard", "sales", "choice")
REVIEW_AFTER = timedelta(days=90)


def verdict(answers: Iterable[Section]) -> tuple[Sayable, Severity]:
    """Return the title and two sentences of the report, the most urgent first, and the severity of the gravest answer."""
    told = {one.id: one for answer in answers for one in answer.findings if one.ok}
    if not told:
        return say("There are no deliveries of partners yet."), "info"
    chosen = sorted((told[name] for name in ORDER if name in told), key=_urgency)[:3] or list(told.values())[:1]
    severity = min((one.severity for one in told.values()), key=lambda level: RANK[level])
    first, *others = chosen
    title = say("{sentence}.", sentence=first.title)
    return Sentences.of(title, first.text, *(one.verdict for one in others)), severity


def key_numbers(deliveries: pd.DataFrame, *, currency: str, sales: Section, duties: Section) -> KeyNumbers:
    """Return the strip: partners, deliveries, fees in the main *currency*, orders under codes, duties looked at."""
    if deliveries.empty:
        return KeyNumbers()
    paid = deliveries.loc[deliveries["currency"] == currency, "fee"].sum()
    return KeyNumbers.of(
        KeyNumber(
            id="partners", label=term("Partners", "key number"), value=Count(float(deliveries["partner"].nunique()))
        ),
        KeyNumber(
            id="deliveries",
            metric="partner_deliveries",
            label=term("Deliveries", "key number"),
            value=Count(float(len(deliveries))),
        ),
        KeyNumber(
            id="fees", metric="partner_fees", label=term("Fees", "key number"), value=Money(float(paid), currency)
        )
        if currency
        else None,
        measured(sales, term("Orders under codes", "key number")),
        KeyNumber(id="duties", label=term("Duties looked at", "key number"), value=Percent(duties.finding.estimate))
        if duties.finding.ok and duties.finding.estimate is not None
        else None,
    )


def plays(
    answers: Iterable[Section], *, owner: str, on: date | None, questioned: Collection[str] = ()
) -> tuple[Play, ...]:
    """Return what to do about *answers*, to be reviewed in 90 days.

    *questioned*: partners whose numbers show a sign of having been bought; they are asked by name.
    """
    told = {one.id: one for answer in answers for one in answer.findings if one.ok}
    taken: dict[str, Any] = {"owner": owner, "review": on + REVIEW_AFTER if on else None}
    asked: list[Play] = []
    if questioned and "authenticity" in told and told["authenticity"].code in ("question", "sign"):
        asked.append(_ask(questioned, taken))
    for name, codes, make in (
        ("settlement", ("overpaid", "underpaid"), _settle),
        ("price", ("dear",), _bargain),
        ("scorecard", ("moves",), _move),
        ("duties", ("open",), _look),
        ("choice", ("test", "go"), _choose),
    ):
        if name in told and told[name].code in codes and not (name == "settlement" and told[name].severity == "info"):
            asked.append(make(told[name], taken))
    return tuple(asked)


def _urgency(finding: Finding) -> tuple[int, int]:
    return RANK[finding.severity], ORDER.index(finding.id)


def _ask(questioned: Collection[str], taken: dict[str, Any]) -> Play:
    return Play(
        because="authenticity",
        action=say(
            "Ask {partners} for their own statistics of the days in question, before the next fee",
            partners=Listed.of(named(one) for one in sorted(questioned)),
        ),
        metric=say("Partners whose numbers ask for a question"),
        expected=say("each question answered"),
        **taken,
    )


def _settle(finding: Finding, taken: dict[str, Any]) -> Play:
    return Play(
        because="settlement",
        action=say(
            "Take back from {partners} what was overpaid with the next statement; take returned orders back every month",
            partners=finding.about or term("whoever was overpaid", "whom it concerns"),
        )
        if finding.code == "overpaid"
        else say(
            "Pay {partners} what is still owed with the next statement; take returned orders back every month",
            partners=finding.about or term("whoever was underpaid", "whom it concerns"),
        ),
        metric=say("Settlements that do not agree"),
        expected=say("down to none"),
        **taken,
    )


def _bargain(finding: Finding, taken: dict[str, Any]) -> Play:
    return Play(
        because="price",
        action=say(
            "Ask {partners} what the higher fee buys; renew at the usual fee for the size, or agree on sales",
            partners=finding.about or term("the dear partners", "whom to ask"),
        ),
        metric=say("Fee per delivery against the usual"),
        expected=say("inside what others of the size ask"),
        **taken,
    )


def _move(finding: Finding, taken: dict[str, Any]) -> Play:
    return Play(
        because="scorecard",
        action=say(
            "Carry it out: {moves}; tell each partner its scores and what they rest on",
            moves=finding.about or term("the changes of tier", "what to carry out"),
        ),
        metric=say("Score of the partner"),
        expected=say("stays beyond the border for another quarter"),
        **taken,
    )


def _look(finding: Finding, taken: dict[str, Any]) -> Play:
    return Play(
        because="duties",
        action=say(
            "Ask for the open duties in this order, and write the day into partners.yml: {first}; then the others of the table",
            first=finding.about,
        )
        if finding.about
        else say("Look at the open duties and write the day into partners.yml"),
        metric=say("Duties looked at"),
        expected=say("all of them"),
        note=say("First those whose numbers are in question, then those who are paid most."),
        **taken,
    )


def _choose(finding: Finding, taken: dict[str, Any]) -> Play:
    return Play(
        because="choice",
        kind="test" if finding.code == "test" else "change",
        metric_id="partner_cpe",
        action=say(
            "Give a trial delivery to each before a frame contract: {candidates}",
            candidates=finding.about or term("those not told apart", "whom to choose"),
        )
        if finding.code == "test"
        else say(
            "Agree on duties, contact and figures with {candidate}",
            candidate=finding.about or term("the first of the list", "whom to choose"),
        ),
        metric=say("Interactions per fee of the trial"),
        expected=say("above the average partner"),
        **taken,
    )
