"""What is said of tastes, outlook, sizes, moments and cases: where they are told, and where they are not."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest
from conftest import ROOT
from saying import sane, values

from fanops_utils import models
from fanops_utils.charts import Table
from fanops_utils.data import outside
from fanops_utils.playbook import Section
from fanops_utils.sections import market
from fanops_utils.sections.market.outside.standing import STANDINGS
from fanops_utils.text import Period, Written

PERIOD = Period.of(date(2025, 11, 1), date(2026, 10, 31))
ON = date(2026, 11, 2)


def local(*rows: tuple[str, int, float, str]) -> Section:
    frame = pd.DataFrame(rows, columns=["topic", "n", "estimate", "mark"])
    around = {"ci_lower": frame["estimate"] - 0.05, "ci_upper": frame["estimate"] + 0.05}
    habits = models.interaction_habits(pd.DataFrame({"market": ["JP"], "likes": [1]}), market="JP")
    return market.local(frame.assign(**around, own=0.1, everywhere=0.0, markets=5), habits, period=PERIOD)


@pytest.mark.parametrize(
    ("mark", "code", "severity"),
    [("more", "more", "good"), ("less", "less", "info"), ("", "as_elsewhere", "info")],
)
def test_a_taste_is_named_only_where_it_is_marked(mark: str, code: str, severity: str) -> None:
    found = sane(local(("tea", 40, 0.3, mark), ("cups", 50, 0.0, "")))
    assert (found.code, found.severity, found.estimate) == (code, severity, 0.3)


def test_without_topics_no_taste_is_told() -> None:
    nothing = pd.DataFrame(columns=["topic", "n", "estimate", "mark"])
    assert sane(market.local(nothing, pd.DataFrame(columns=["kind", "here"]), period=PERIOD)).status == "no_data"


def test_the_outlook_names_its_span_and_how_it_did_before() -> None:
    rng = np.random.default_rng(1)
    index = pd.date_range("2024-11-04", periods=104, freq="W-MON")
    weeks = {"followers": pd.Series(1000 * np.exp(np.cumsum(rng.normal(0.003, 0.01, 104))), index=index)}
    found = sane(market.outlook(models.outlook(weeks, stocks=frozenset({"followers"})), weeks))
    assert found.code == "told" and found.estimate is not None
    assert found.ci_lower is not None and found.ci_upper is not None
    assert found.ci_lower < found.estimate < found.ci_upper
    short = {"followers": weeks["followers"].iloc[:6]}
    assert sane(market.outlook(models.outlook(short), short)).status == "no_data"


def scale(code: str) -> Section:
    sizes = outside.platform_sizes(root=ROOT)
    told: dict[str, Any] = {"quotients": models.location_quotients(sizes), "growth": models.size_growth(sizes)}
    return market.scale(sizes, market=code, regions=outside.regions_of(code), **told)


def test_sizes_are_told_with_their_source_and_against_markets_that_compare() -> None:
    compared, alone = scale("DE"), scale("JP")
    assert len(compared.parts) > len(alone.parts), "no other market has Japan's figures"
    table = next(one for one in compared.parts if isinstance(one, Table))
    assert STANDINGS["second-hand"] in [cell for row in table.rows for cell in row]
    assert sane(alone).n == 3


def test_moments_and_holidays_stand_together_by_their_day() -> None:
    moments = outside.commercial_moments(root=ROOT)
    free = outside.public_holidays(["BR"], start=ON, end=date(2027, 1, 31))
    found = sane(market.ahead(moments, free, market="BR", on=ON))
    assert found.code == "ahead" and found.n >= len(free) > 2
    assert values(found.title)["moment"] == Written("All Souls' Day", "en")
    nothing = outside.public_holidays([], start=ON, end=ON)
    assert sane(market.ahead(moments, nothing, market="XX", on=ON)).status == "no_data"
    assert sane(market.ahead(moments, free, market="BR", on=None)).status == "no_data"


def test_cases_of_the_plans_are_claims_and_no_target() -> None:
    found = sane(market.cases(outside.plan_cases(root=ROOT)))
    assert (found.code, found.n) == ("claims", 12)
    assert sane(market.cases(outside.plan_cases(root=ROOT).iloc[:0])).status == "no_data"
