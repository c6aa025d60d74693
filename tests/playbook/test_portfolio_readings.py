"""What all experiments together say: planted truths found, null data left alone, nothing known said plainly."""

from __future__ import annotations

import json
import re
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from shared_data import shared

from fanops_utils.errors import DataError
from fanops_utils.experiments import lessons
from fanops_utils.experiments.portfolio.arm_tables import read_arms
from fanops_utils.experiments.portfolio.table import TESTS, of_arms, portfolio_table
from fanops_utils.playbook import Finding
from fanops_utils.playbook.readings import portfolio


def sane(one: Finding) -> Finding:
    assert not re.search(r"\b(nan|inf|None|NaT)\b", f"{one.title} {one.text}"), one
    json.dumps(asdict(one), allow_nan=False)
    return one


def arms(*, tests: int = 400, sd: float = 0.0, broken: int = 0, seed: int = 2) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    number = np.repeat(np.arange(tests), 2)
    rate = 0.1 * np.exp(rng.normal(0, sd, 2 * tests)) if sd else np.full(2 * tests, 0.1)
    total = rng.binomial(4000, 0.5, tests)
    units = np.column_stack([total, 4000 - total]).ravel()
    units[: 2 * broken : 2] += 600
    when = np.char.add("w", (100 + number // 20).astype(str))
    return pd.DataFrame({"test": number.astype(str), "when": when, "units": units, "hits": rng.binomial(units, rate)})


def test_luck_is_taken_away_where_there_is_nothing_else_and_kept_where_there_is() -> None:
    for sd, low, high in ((0.0, -0.1, 0.35), (0.3, 0.7, 1.0)):
        table = arms(sd=sd)
        read = of_arms(table)
        tests, found = read.tests, lessons.shrunk(read.tests, read.lifts)
        assert low <= found["shrunk"].mean() / found["lift"].mean() <= high
        assert (tests["won"].mean() > 0.3) == (sd > 0)


def test_faults_in_one_stretch_are_found_and_none_are_invented() -> None:
    for broken in (0, 60):
        periods = lessons.by_period(of_arms(arms(broken=broken)).tests)
        said = sane(portfolio.faults(periods))
        assert (said.severity == "alert") == (broken > 0)
    assert "w100" in said.title
    assert "w102" in said.title


def test_a_table_of_arms_that_cannot_be_is_refused_with_its_row(tmp_path: Path) -> None:
    names = {"test": "test", "units": "units", "hits": "hits", "when": "when"}
    path = tmp_path / "arms.csv"
    arms(tests=3).assign(hits=[1, 9999, 1, 1, 1, 1]).to_csv(path, index=False)
    with pytest.raises(DataError, match="3"):
        read_arms(path, **names)
    with pytest.raises(DataError, match="no such file"):
        read_arms(tmp_path / "none.csv", **names)
    with pytest.raises(DataError):
        read_arms(path, **(names | {"hits": "clicks"}))


def test_an_empty_portfolio_says_there_is_no_data() -> None:
    empty = pd.DataFrame(columns=TESTS)
    assert portfolio.validity(empty, lessons.rates(empty)).status == "no_data"
    assert portfolio.follow_up(empty, empty, on=date(2026, 11, 1)).status == "no_data"
    assert [one.status for one in portfolio.checks(empty)] == ["FAIL"]


def test_the_archive_s_faults_lie_where_they_were_reported() -> None:
    names = {"test": "clickability_test_id", "units": "impressions", "hits": "clicks", "when": "test_week"}
    table = read_arms(shared("upworthy_headlines") / "upworthy_shared.csv.gz", **names)
    tests = of_arms(table).tests
    assert len(tests) == 2491
    assert (~tests["valid"]).mean() == pytest.approx(0.190, abs=5e-4)
    inside = tests["when"].between("201326", "201402")
    assert (~tests["valid"])[inside].mean() > 0.7
    assert (~tests["valid"])[~inside].mean() < 0.05
    plain, left = (tests.loc[tests["valid"], name].lt(0.05).sum() for name in ("p_value", "p_adjusted"))
    assert 0 < left < plain
    assert sane(portfolio.faults(lessons.by_period(tests))).severity == "alert"


def _table(*rows: dict[str, Any]) -> pd.DataFrame:
    plain = {
        "area": "onboarding", "when": "2026-08-03", "arms": 2, "units": 4_000, "valid": True, "finished": True,
        "verdict": "ship", "won": True, "p_value": 0.003, "lift": 0.08, "error": 0.02, "power": 0.9, "alpha": 0.05,
        "looks": 1, "looks_planned": 1, "follow_up": date(2026, 12, 1),
    }  # fmt: skip
    return portfolio_table([plain | {"test": str(place), "title": f"T{place}"} | row for place, row in enumerate(rows)])


RUNNING = {"verdict": "inconclusive: run on", "finished": False, "won": False}
LOST = {"verdict": "do not ship", "won": False}


def test_a_running_experiment_is_neither_won_nor_lost() -> None:
    tests = _table({}, LOST, RUNNING)
    said = sane(portfolio.wins(tests, lessons.rates(tests)))
    assert said.title == "1 of 2 finished experiments won"
    assert said.estimate == pytest.approx(0.5)
    assert "1 is still running" in said.text
    only = _table(RUNNING)
    assert sane(portfolio.wins(only, lessons.rates(only))).status == "no_data"


def test_an_area_stands_out_only_beyond_the_interval_of_every_other() -> None:
    many = [{"area": "push"}] * 12 + [LOST | {"area": "badge"}] * 12
    few = [{"area": "push"}] * 2 + [LOST | {"area": "badge"}] * 2
    for rows, said in ((many, "More is won in push than elsewhere"), (few, "too few to say")):
        tests = _table(*rows)
        assert said in sane(portfolio.areas(lessons.by_area(tests, lessons.shrunk(tests)))).title
    tests = _table({}, RUNNING | {"area": "push", "lift": None, "error": None})
    said = sane(portfolio.areas(lessons.by_area(tests, lessons.shrunk(tests))))
    assert "push: none of 1 is valid and finished" in said.text


def test_looks_beyond_the_plan_are_said_with_what_they_cost() -> None:
    said = sane(portfolio.peeking(lessons.peeking(_table({}, {"looks": 6, "looks_planned": 2}))))
    assert said.severity == "watch"
    assert "T1: 6 looks, 2 planned" in said.text
    assert "15.5% of the time, not 5.00%" in said.text
    assert sane(portfolio.peeking(lessons.peeking(_table({}, {})))).severity == "good"
    unknown = _table({"looks": None, "looks_planned": None})
    assert "not known" in sane(portfolio.peeking(lessons.peeking(unknown))).title


def test_weak_tests_are_counted_and_unknown_ones_are_not() -> None:
    said = sane(portfolio.power(_table({}, {"power": 0.3}, {"power": 0.4}, {"power": None})))
    assert (said.severity, said.n) == ("watch", 3)
    assert said.text.startswith("2 of 3")
    assert "not known" in sane(portfolio.power(_table({"power": None}))).title


def test_a_follow_up_is_due_overdue_to_come_or_missing() -> None:
    def said(*rows: dict[str, Any]) -> Finding:
        tests, today = _table(*rows), date(2026, 12, 3)
        return sane(portfolio.follow_up(lessons.follow_up_due(tests, on=today), tests, on=today))

    assert said({}).text == "T0: due 2026-12-01, 2 days ago."
    assert "today" in said({"follow_up": date(2026, 12, 3)}).text
    later = said({"follow_up": date(2026, 12, 10)})
    assert (later.severity, later.text) == ("good", "The next is due 2026-12-10, in 7 days.")
    missing = said({"follow_up": None}, {"follow_up": date(2027, 1, 1)})
    assert missing.title == "1 shipped experiment has no follow-up planned"
    assert said(LOST).text == "No experiment was shipped."


def test_what_could_not_be_opened_is_named() -> None:
    found = portfolio.checks(_table({}), unread=[("badge", "units.csv: the file of the source is not there")])
    assert [(one.name, one.status) for one in found] == [("Experiments", "REVIEW"), ("Experiment badge", "REVIEW")]
