"""Clocks and reviews of an audit, on both sides of their days."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from fanops_utils.data.protection.held import breach_clocks, market_laws, processor_reviews, request_clocks
from fanops_utils.workspace.registers.privacy import Breach, Privacy, Processor, Regulation, Request

ON = date(2026, 11, 2)
SIGNED = {"contract": True, "certificate": "ISO 27001"}


def request(received: int, answered: int | None = None) -> str:
    one = Request(kind="erase", received=ON - timedelta(days=received),
                  answered=None if answered is None else ON - timedelta(days=answered))  # fmt: skip
    return str(request_clocks(Privacy(requests=(one,)), on=ON)["state"].iloc[0])


def test_requests_have_thirty_days() -> None:
    assert request(30) == "open" and request(31) == "overdue"
    assert request(60, 30) == "in_time" and request(60, 29) == "late"
    assert request_clocks(Privacy(requests=(Request(kind="access", received=ON + timedelta(days=1)),)), on=ON).empty


@pytest.mark.parametrize(("noticed", "hours", "state"), [
    (10, 72.0, "in_time"), (10, 72.5, "late"), (3, None, "open"), (4, None, "overdue"),
])  # fmt: skip
def test_a_breach_has_72_hours(noticed: int, hours: float | None, state: str) -> None:
    one = Breach(noticed=ON - timedelta(days=noticed), what="list", hours_until_told=hours)
    assert breach_clocks(Privacy(breaches=(one,)), on=ON)["state"].tolist() == [state]


@pytest.mark.parametrize(("given", "code"), [
    ({}, "no_contract"), ({"contract": True}, "no_certificate"),
    ({**SIGNED, "certified_until": ON - timedelta(days=1), "reviewed": ON}, "certificate_expired"),
    ({**SIGNED, "certified_until": ON, "reviewed": ON - timedelta(days=365)}, "good"),
    ({**SIGNED, "certified_until": ON, "reviewed": ON - timedelta(days=366)}, "review_overdue"), (SIGNED, "review_overdue"),
])  # fmt: skip
def test_processors_are_judged_by_their_gravest_fault(given: dict[str, object], code: str) -> None:
    one = Processor(name="tool", purpose="mentions", **given)  # type: ignore[arg-type]
    assert processor_reviews(Privacy(processors=(one,)), on=ON)["code"].tolist() == [code]


def test_a_market_without_a_law_is_said() -> None:
    laws = tuple(Regulation(market=code, law="law", asks="erasure", checked=ON - timedelta(days=age))
                 for code, age in (("US", 365), ("DE", 366)))  # fmt: skip
    told = market_laws(Privacy(regulations=laws), ("US", "DE", "JP"), {"JP": 12}, on=ON)
    assert told[["market", "code"]].to_numpy().tolist() == [["US", "good"], ["DE", "old"], ["JP", "missing"]]
    assert told["people"].tolist() == [0, 0, 12]
