"""What to do about the answers of a commerce report."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from fanops_utils.playbook import Finding, Play, Section
from fanops_utils.text import Money, Written, say
from fanops_utils.workspace.registers.decision import Baseline

SOON, LATER = timedelta(days=28), timedelta(days=90)


def plays(answers: Iterable[Section], *, owner: str, on: date | None) -> tuple[Play, ...]:
    """Return what to do about *answers*, to be reviewed 28 or 90 days after *on*."""
    found = {answer.finding.id: answer.finding for answer in answers}
    codes = {name: finding.code for name, finding in found.items()}
    soon: dict[str, Any] = {"owner": owner, "review": on + SOON if on else None}
    later: dict[str, Any] = {"owner": owner, "review": on + LATER if on else None}
    asked = []
    if codes.get("offers") == "gain":
        asked.append(_repeat_the_coupon(found["offers"], soon))
    if codes.get("offers") in ("unclear", "loss"):
        asked.append(_stop_the_coupon(soon))
    if codes.get("offers") == "no_holdout":
        asked.append(_hold_out(soon))
    if codes.get("sale") in ("unclear", "loss"):
        asked.append(_no_more_sales(later))
    if codes.get("repurchase") == "below":
        asked.append(_bring_back(found["repurchase"].estimate, later))
    if codes.get("trials") == "source_leads":
        asked.append(_more_of_the_source(later))
    if codes.get("renewal") == "below_case":
        asked.append(_ask_who_leaves(later))
    if "paying_back" in found and found["paying_back"].about is not None:
        asked.append(_pay_by_sale(found["paying_back"], later))
    elif codes.get("paying_back") == "costs":
        asked.append(_spend_less(later))
    return tuple(asked)


def _repeat_the_coupon(gained: Finding, taken: dict[str, Any]) -> Play:
    currency = gained.unit.currency if gained.unit else ""
    gain = Money(gained.estimate or 0.0, currency, sign=True)
    return Play(
        because="offers", code="repeat", kind="keep",
        action=say("Send coupon “{name}” again (it brought {gain} a person); hold out a tenth of the customers at random",
                   name=gained.about or Written("-"), gain=gain),
        metric=say("Net revenue per person sent to"), expected=say("as before, measured against who is held out"), **taken,
    )  # fmt: skip


def _stop_the_coupon(taken: dict[str, Any]) -> Play:
    return Play(
        because="offers", code="stop", kind="stop",
        action=say("Do not repeat this coupon as it is; send a smaller one to half of the customers and hold out the other half"),
        metric=say("Net revenue per person sent to"), expected=say("clearly above zero, or it ends"), **taken,
    )  # fmt: skip


def _hold_out(taken: dict[str, Any]) -> Play:
    return Play(
        because="offers", code="hold_out", kind="test",
        action=say("Hold out a tenth to a half of the customers, drawn by lot, from the next coupon, and record who they are"),
        metric=say("Net revenue per person sent to"), expected=say("not known before it is measured"), **taken,
    )  # fmt: skip


def _no_more_sales(taken: dict[str, Any]) -> Play:
    return Play(
        because="sale", kind="test", metric_id="orders",
        action=say("Before the next flash sale, leave one market or half of the customers out, and judge it 28 days after it"),
        metric=say("Orders of the sale and the 28 days after it"), expected=say("clearly above zero, or it ends"), **taken,
    )  # fmt: skip


def _bring_back(rate: float | None, taken: dict[str, Any]) -> Play:
    return Play(
        because="repurchase", kind="test", metric_id="repurchase_rate_90d",
        baseline=Baseline(value=rate) if rate is not None else None,
        action=say("Write to a random half of new customers six weeks after the first order with what fits it; compare the halves"),
        metric=say("New customers who buy again within 90 days"), expected=say("measured against the half left alone"), **taken,
    )  # fmt: skip


def _more_of_the_source(taken: dict[str, Any]) -> Play:
    return Play(
        because="trials", kind="test",
        action=say("Give members a trial to pass on for a quarter, and see whether those trials are still paid for as often"),
        metric=say("Trials that were paid for"), expected=say("at most the level of today's referrals"), **taken,
    )  # fmt: skip


def _ask_who_leaves(taken: dict[str, Any]) -> Play:
    return Play(
        because="renewal",
        action=say("Ask everybody who cancels for one reason, and list the three most frequent"),
        metric=say("Terms renewed"), expected=say("not known before the reasons are"), **taken,
    )  # fmt: skip


def _pay_by_sale(dear: Finding, taken: dict[str, Any]) -> Play:
    return Play(
        because="paying_back", code="pay_by_sale", kind="test",
        action=say("Offer to pay by sale instead of a fee, for half of the next orders drawn by lot: {channel}",
                   channel=dear.about or Written("-")),
        metric=say("What a new customer costs there, against what they bring in a year"),
        expected=say("at least as much brought as spent"), **taken,
    )  # fmt: skip


def _spend_less(taken: dict[str, Any]) -> Play:
    return Play(
        because="paying_back", code="spend_less", kind="test",
        action=say("Halve spending on new customers in every second month, drawn by lot, and compare how many come"),
        metric=say("New customers, and what each costs"), expected=say("as many new customers for less"), **taken,
    )  # fmt: skip
