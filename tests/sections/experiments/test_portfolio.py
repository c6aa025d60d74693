"""What all experiments together say: planted truths found, null data left alone, nothing known said plainly."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from saying import sane, values
from shared_data import shared

from fanops_utils.charts import Chart
from fanops_utils.errors import DataError
from fanops_utils.experiments import lessons
from fanops_utils.experiments.portfolio.arm_tables import read_arms
from fanops_utils.experiments.portfolio.table import TESTS, of_arms, portfolio_table
from fanops_utils.playbook import Finding
from fanops_utils.sections.experiments import portfolio
from fanops_utils.text import Day, Number, Percent, Signed, Written, say, say_n


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
        section = portfolio.faults(periods)
        finding = sane(section.finding)
        assert (finding.severity, finding.code) == (("alert", "concentrated") if broken else ("info", "spread"))
        assert any(isinstance(part, Chart) for part in section.parts)
    where = values(finding.title)["where"]
    assert values(where) == {"first": Written("w100"), "last": Written("w102")}


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
    section = portfolio.soundness(empty, lessons.rates(empty))
    assert [finding.status for finding in section.findings] == ["no_data"]
    assert portfolio.follow_up(empty, empty).status == "no_data"
    assert [check.status for check in portfolio.checks(empty)] == ["FAIL"]
    assert portfolio.verdict((section,))[1] == "info"
    assert portfolio.plays((section,), owner="x", on=date(2026, 11, 1)) == ()


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
    assert sane(portfolio.faults(lessons.by_period(tests)).finding).severity == "alert"


def _table(*rows: dict[str, Any]) -> pd.DataFrame:
    plain = {
        "area": "onboarding", "when": "2026-08-03", "arms": 2, "units": 4_000, "valid": True, "finished": True,
        "verdict": "ship", "won": True, "p_value": 0.003, "lift": 0.08, "error": 0.02, "power": 0.9, "alpha": 0.05,
        "looks": 1, "looks_planned": 1, "follow_up": date(2026, 12, 1),
    }  # fmt: skip
    return portfolio_table([plain | {"test": str(place), "title": f"T{place}"} | row for place, row in enumerate(rows)])


RUNNING = {"verdict": "run_on", "finished": False, "won": False}
LOST = {"verdict": "do_not_ship", "won": False}


def test_a_running_experiment_is_neither_won_nor_lost() -> None:
    tests = _table({}, LOST, RUNNING)
    section = portfolio.soundness(tests, lessons.rates(tests))
    _, wins = map(sane, section.findings)
    told = values(wins.title)
    assert told["won"] == Number(1, 0)
    assert told["finished"] == say_n("{n} finished experiment", "{n} finished experiments", n=2)
    assert wins.estimate == pytest.approx(0.5)
    assert "1 is still running" in str(wins.text)
    only = _table(RUNNING)
    assert sane(portfolio.soundness(only, lessons.rates(only)).findings[1]).status == "no_data"


def test_an_area_stands_out_only_beyond_the_interval_of_every_other() -> None:
    many = [{"area": "push"}] * 12 + [LOST | {"area": "badge"}] * 12
    few = [{"area": "push"}] * 2 + [LOST | {"area": "badge"}] * 2
    for rows, code in ((many, "stands_out"), (few, "too_few")):
        tests = _table(*rows)
        finding = sane(portfolio.areas(lessons.by_area(tests, lessons.shrunk(tests))).finding)
        assert (finding.code, values(finding.title)["area"]) == (code, Written("push"))
    tests = _table({}, RUNNING | {"area": "", "lift": None, "error": None})
    finding = sane(portfolio.areas(lessons.by_area(tests, lessons.shrunk(tests))).finding)
    assert "area not named: none of 1 is valid and finished" in str(finding.text)


def test_looks_beyond_the_plan_are_said_with_what_they_cost() -> None:
    finding = sane(portfolio.peeking(lessons.peeking(_table({}, {"looks": 6, "looks_planned": 2}))))
    assert (finding.severity, finding.code) == ("watch", "peeked")
    _, worst, cost = finding.text.parts  # type: ignore[attr-defined]
    assert values(worst)["experiment"] == Written("T1")
    assert str(values(worst)["looks"]) == "6 looks"
    assert str(values(worst)["planned"]) == "2"
    assert str(values(cost)["peeked"]) == "15.5%"
    assert values(cost)["alpha"] == Percent(0.05)
    assert sane(portfolio.peeking(lessons.peeking(_table({}, {})))).code == "as_planned"
    unknown = _table({"looks": None, "looks_planned": None})
    assert sane(portfolio.peeking(lessons.peeking(unknown))).code == "unknown"


def test_weak_tests_are_counted_and_unknown_ones_are_not() -> None:
    def read(*rows: dict[str, Any]) -> Finding:
        tests = _table(*rows)
        return sane(portfolio.power(tests, lessons.peeking(tests)).finding)

    finding = read({}, {"power": 0.3}, {"power": 0.4}, {"power": None})
    assert (finding.severity, finding.code, finding.n) == ("watch", "too_small", 3)
    assert str(values(finding.text)["weak"]) == "2"
    assert read({"power": None}).code == "unknown"


def test_a_follow_up_is_due_overdue_to_come_or_missing() -> None:
    on = date(2026, 12, 3)

    def read(*rows: dict[str, Any], day: date | None = on) -> tuple[Finding, date | None]:
        tests = _table(*rows)
        due = lessons.follow_up_due(tests, on=day)
        return sane(portfolio.follow_up(due, tests)), portfolio.holds_until(tests, on=day)

    late, holds = read({})
    (sentence,) = late.text.parts  # type: ignore[attr-defined]
    assert (late.code, holds) == ("due", None)
    assert values(sentence) == {"experiment": Written("T0"), "day": Day.of(date(2026, 12, 1))}
    assert read({"follow_up": on})[0].code == "due"
    later, holds = read({"follow_up": date(2026, 12, 10)})
    assert (later.severity, later.code, holds) == ("good", "later", date(2026, 12, 9))
    assert values(later.text) == {"day": Day.of(date(2026, 12, 10))}
    missing, holds = read({"follow_up": None}, {"follow_up": date(2027, 1, 1)})
    assert (missing.severity, missing.code, holds) == ("watch", "unplanned", date(2026, 12, 31))
    assert read(LOST)[0].code == "none_shipped"
    assert read({}, day=None)[0].code == "later", "without a day nothing is due"


def test_what_could_not_be_opened_is_named() -> None:
    found = portfolio.checks(_table({}), unread=[("badge", say("the file of the source is not there"))])
    assert [(check.code, check.status) for check in found] == [("experiments", "REVIEW"), ("unread", "REVIEW")]
    assert values(found[1].name) == {"id": Written("badge")}


def test_luck_is_told_of_winners_alone() -> None:
    def read(*rows: dict[str, Any]) -> Finding:
        return sane(portfolio.luck(lessons.shrunk(_table(*rows))).finding)

    assert read({}).code == "unknown"
    assert read(LOST, LOST).code == "no_winner"
    won = read({"lift": 0.3}, {"lift": 0.1}, LOST | {"lift": 0.0})
    assert won.estimate is not None
    assert values(won.title) == {"raw": Signed(0.2), "drawn": Signed(won.estimate)}


def test_the_verdict_says_the_faults_where_they_lie_together_else_the_luck() -> None:
    on = date(2026, 7, 1)
    for broken, severity in ((0, "good"), (60, "alert")):
        read = of_arms(arms(broken=broken))
        answers = (
            portfolio.soundness(read.tests, lessons.rates(read.tests)), portfolio.faults(lessons.by_period(read.tests)),
            portfolio.luck(lessons.shrunk(read.tests, read.lifts)),
        )  # fmt: skip
        assert portfolio.verdict(answers)[1] == severity
        because = [play.because for play in portfolio.plays(answers, owner="lead", on=on)]
        assert ("faults" in because) == (broken > 0)
    assert {play.review for play in portfolio.plays(answers, owner="lead", on=on)} == {date(2026, 7, 31)}
