"""What a privacy audit says of faults and of their absence."""

from __future__ import annotations

from datetime import date

import pandas as pd
from saying import sane

from fanops_utils.data.privacy.inventory import read_inventory
from fanops_utils.data.protection.held import breach_clocks, processor_reviews, request_clocks
from fanops_utils.data.protection.retention import OverAge
from fanops_utils.data.protection.scan import Finding as Seen
from fanops_utils.sections import protection
from fanops_utils.sections.protection.inventory import BASES
from fanops_utils.workspace.registers.privacy import Privacy, Processor, Request

ON = date(2026, 11, 2)


def test_traces_and_age() -> None:
    assert sane(protection.looks_personal([])).code == "clean"
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
