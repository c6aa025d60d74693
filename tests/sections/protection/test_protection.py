"""What a privacy audit says of faults and of their absence."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd
import pytest
from saying import sane

from fanops_utils.data.privacy.inventory import read_inventory
from fanops_utils.data.protection.held import (
    breach_clocks,
    consent_ways,
    market_laws,
    processor_reviews,
    request_clocks,
)
from fanops_utils.data.protection.retention import OverAge
from fanops_utils.data.protection.scan import Finding as Seen
from fanops_utils.playbook import Finding, Section
from fanops_utils.sections import protection
from fanops_utils.sections.protection.conclusion import NAMED
from fanops_utils.sections.protection.inventory import BASES
from fanops_utils.text import Listed, Written
from fanops_utils.workspace.operations import Pattern, Team
from fanops_utils.workspace.operations.pattern import Line
from fanops_utils.workspace.operations.team import Role
from fanops_utils.workspace.registers.privacy import Breach, Consent, Privacy, Processor, Regulation, Request

ON = date(2026, 11, 2)


def test_traces_and_age() -> None:
    assert sane(protection.looks_personal([])).code == "clean"
    assert {sane(section).status for section in (protection.looks_personal(None), protection.over_age(None))} == {
        "no_data"
    }
    assert sane(protection.looks_personal([Seen("warehouse", "column", "e-mail", "a…@b")])).severity == "alert"
    one = OverAge("orders", 3650, 0, None, ON)
    assert sane(protection.over_age([one])).code == "good" and sane(protection.over_age([])).status == "no_data"
    assert sane(protection.over_age([OverAge("orders", 3650, 1, ON, ON)])).code == "old"
    assert sane(protection.pseudonyms("abc", inside=True, small=10)).severity == "alert"
    assert sane(protection.pseudonyms(None, inside=False, small=10)).code == "outside"


def test_inventory() -> None:
    held = pd.DataFrame({"class": ["pseudonym"], "purpose": ["count"], "basis": ["law"], "columns": [3], "tables": [1],
                         "rows": [9], "personal": [True]})  # fmt: skip
    assert (
        sane(protection.inventory(held, [])).code == "whole" and sane(protection.inventory(held, ["x"])).code == "gaps"
    )
    assert sane(protection.inventory(held.iloc[:0], [])).status == "no_data"


def test_requests_and_processors() -> None:
    empty = Privacy()
    nothing = protection.requests(request_clocks(empty, on=ON), breach_clocks(empty, on=ON), days=30)
    assert sane(nothing).status == "no_data"
    assert sane(protection.processors(processor_reviews(empty, on=ON))).status == "no_data"
    late = Privacy(
        requests=(Request(kind="erase", received=date(2026, 1, 1)),), processors=(Processor(name="a", purpose="b"),)
    )
    asked = protection.requests(request_clocks(late, on=ON), breach_clocks(late, on=ON), days=30)
    partners = protection.processors(processor_reviews(late, on=ON))
    assert sane(asked).code == "overdue" and sane(partners).severity == "alert"
    taken = protection.plays((asked, partners), owner="lead", on=ON)
    assert [play.because for play in taken] == ["requests", "processors"]
    assert protection.verdict((asked, partners), brand="Lumen Tea")[1] == "alert"


def test_every_basis_of_the_inventory_is_a_term() -> None:
    assert {one.basis for one in read_inventory().classes.values()} <= BASES.keys()


def test_a_consent_can_be_taken_back_and_that_is_tried_every_year() -> None:
    def code(withdrawn: str | None, tried: date | None) -> str:
        register = Privacy(consents=(Consent(purpose="mail", asked="form", withdrawn=withdrawn, tried=tried),))
        return sane(protection.consents(consent_ways(register, on=ON), withdrawals=1)).code

    assert code("link", ON - timedelta(days=365)) == "good" and code("link", ON - timedelta(days=366)) == "untried"
    assert (code("link", None), code(None, ON), code("link", ON + timedelta(days=1))) == (
        "untried",
        "no_way",
        "untried",
    )
    assert sane(protection.consents(consent_ways(Privacy(), on=ON), withdrawals=0)).status == "no_data"


def test_a_plan_is_ready_when_it_is_the_brands_own_and_every_step_has_an_owner() -> None:
    def code(defaults: bool, role: str | None) -> str:
        plan = Pattern(
            id="data_breach", kind="checklist", name="Breach", defaults=defaults, steps=(Line(do="stop it", role=role),)
        )
        return sane(protection.plans({"data_breach": plan}, team, wanted=("data_breach",))).code

    team = Team(roles=(Role(id="legal", name="Legal"),))
    assert (code(False, "legal"), code(True, "legal"), code(False, None), code(False, "gone")) == (
        "ready",
        "open",
        "open",
        "open",
    )
    assert sane(protection.plans({}, team, wanted=("data_breach",))).code == "open"


@pytest.mark.parametrize(("days", "state"), [(30, "in_time"), (31, "late")])
def test_requests_have_thirty_days(days: int, state: str) -> None:
    received = date(2026, 9, 1)
    one = Privacy(requests=(Request(kind="erase", received=received, answered=received + timedelta(days=days)),))
    assert request_clocks(one, on=ON)["state"].tolist() == [state]
    open_ = Privacy(requests=(Request(kind="erase", received=ON - timedelta(days=days)),))
    assert request_clocks(open_, on=ON)["state"].tolist() == ["open" if days == 30 else "overdue"]


@pytest.mark.parametrize(("hours", "state"), [(72, "in_time"), (72.5, "late")])
def test_an_authority_is_told_within_72_hours(hours: float, state: str) -> None:
    told = Privacy(breaches=(Breach(noticed=ON - timedelta(days=9), what="list", hours_until_told=hours),))
    assert breach_clocks(told, on=ON)["state"].tolist() == [state]
    open_ = [Privacy(breaches=(Breach(noticed=ON - timedelta(days=days), what="list"),)) for days in (3, 4)]
    assert [breach_clocks(one, on=ON)["state"].iloc[0] for one in open_] == ["open", "overdue"]


def test_processors_and_laws_are_looked_at_every_year_and_certificates_run_out() -> None:
    def processor(**said: object) -> str:
        one = Processor.model_validate(
            {"name": "a", "purpose": "b", "contract": True, "certificate": "c", "reviewed": ON, **said}
        )
        return str(processor_reviews(Privacy(processors=(one,)), on=ON)["code"].iloc[0])

    year, over = ON - timedelta(days=365), ON - timedelta(days=366)
    assert [processor(reviewed=one) for one in (year, over, None)] == ["good", "review_overdue", "review_overdue"]
    assert [processor(certified_until=one) for one in (ON, ON - timedelta(days=1))] == ["good", "certificate_expired"]
    assert (processor(certificate=""), processor(contract=False)) == ("no_certificate", "no_contract")
    laws = [
        Privacy(regulations=(Regulation(market="US", law="l", asks="a", checked=one),)) for one in (year, over, None)
    ]
    assert [market_laws(one, ("US",), {}, on=ON)["code"].iloc[0] for one in laws] == ["good", "old", "old"]
    assert market_laws(Privacy(), ("US",), {}, on=ON)["code"].tolist() == ["missing"]


@pytest.mark.parametrize("name", sorted(NAMED))
def test_a_play_names_what_is_open_where_the_finding_tells_it(name: str) -> None:
    about = Listed.of([Written("the one")])
    for told in (about, None):
        finding = Finding(id=name, title=Written("."), text=Written("."), code="open", severity="watch", about=told)
        (play,) = protection.plays([Section.of(finding)], owner="lead", on=ON)
        assert (about in dict(play.action.values).values()) == (told is not None)  # type: ignore[attr-defined]


def test_requests_that_wait_are_told_by_kind_and_day() -> None:
    asked = Privacy(requests=(Request(kind="erase", received=ON - timedelta(days=31)),))
    waiting = protection.requests(request_clocks(asked, on=ON), breach_clocks(asked, on=ON), days=30).finding
    assert waiting.about is not None and len(waiting.about.items) == 1  # type: ignore[attr-defined]
