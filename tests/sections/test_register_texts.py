"""Texts that a register gives in several languages are said in the reader's, through every frame they pass."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pytest
from campaign_briefs import brief
from market_worlds import world

from fanops_utils import metrics, models
from fanops_utils.charts import Chart
from fanops_utils.charts.columns import CODES
from fanops_utils.experiments import lessons, planning
from fanops_utils.experiments.designs.controls import Past
from fanops_utils.experiments.designs.design import Baseline
from fanops_utils.experiments.moments.measure import measures_of
from fanops_utils.experiments.portfolio.table import portfolio_table
from fanops_utils.playbook import Finding, Section
from fanops_utils.sections.campaigns import league, money, plan, retrospective
from fanops_utils.sections.experiments import plan as experiment_plan
from fanops_utils.sections.experiments import portfolio
from fanops_utils.text import read, speak
from fanops_utils.text.sentences.message import Worded
from fanops_utils.workspace import Campaign, Experiment
from fanops_utils.workspace.registers.decision import Decision

ON = date(2026, 11, 1)
NO_ADS = pd.DataFrame(columns=["spend", "currency"])


def both(name: str) -> dict[str, str]:
    """Return a text in two languages, English first; what it says is told from the language by its beginning."""
    return {"en": f"EN {name}", "zh-Hans": f"中文·{name}"}


@cache
def campaign() -> Campaign:
    """Return a campaign with every text that may be given per language given so."""
    days = ("2026-04-13", "2026-04-26"), ("2026-04-27", "2026-05-10")
    return brief(
        name=both("launch"), objective=both("talk"), owner=both("lead"), definition=both("counted"), target_lift=0.1,
        phases=[{"name": both(name), "goal": both(f"aim of {name}"), "kind": "live", "start": start, "end": end}
                for name, (start, end) in zip(("first half", "second half"), days, strict=True)],
        targets=[{"metric": "participation", "denominator": both("members"), "low": 0.2, "window": "EN first half"}],
        budget=[{"item": both("films"), "amount": 900}, {"item": both("prizes"), "amount": 100}], value_per_unit=0.5,
        payments=[{"date": "2026-04-13", "item": "EN films", "amount": 950}],
    )  # fmt: skip


DECISION = Decision.model_validate({
    "kind": "keep", "action": both("act"), "owner": both("lead"), "date": "2026-05-12", "review": "2026-06-01",
    "metric": both("metric"), "expected": both("more"), "outcome": both("came"), "campaign": "spring",
})  # fmt: skip
LATE = DECISION.model_copy(update={"outcome": None})


@cache
def design() -> Experiment:
    metric = {
        "name": "returned",
        "label": both("returned"),
        "kind": "conversion",
        "role": "decision",
        "smallest_effect": 0.02,
    }
    return Experiment.model_validate({
        "id": "new", "title": both("title"), "hypothesis": both("why"), "owner": both("lead"), "unit": both("fan"),
        "area": both("area"), "control": "a", "allocation": {"a": 0.5, "b": 0.5}, "metrics": [metric],
    })  # fmt: skip


@cache
def days() -> pd.DataFrame:
    return world(np.random.default_rng(5), lift=0.3)


@cache
def effect() -> Any:
    return models.effect_or_reason(days(), campaign(), level=0.9)


def standings() -> pd.DataFrame:
    briefs = {f"c{number}": campaign() for number in range(3)}
    return models.campaign_standings(dict.fromkeys(briefs, effect()), briefs, level=0.9)


def finished() -> pd.DataFrame:
    row = {
        "title": design().title, "area": design().area, "when": "2026-08-03", "arms": 2, "units": 4_000, "valid": True,
        "finished": True, "verdict": "ship", "won": True, "p_value": 0.003, "error": 0.02, "power": 0.4, "alpha": 0.05,
        "looks": 6, "looks_planned": 1, "follow_up": date(2026, 10, 1),
    }  # fmt: skip
    return portfolio_table([row | {"test": str(number), "lift": 0.05 + number / 100} for number in range(3)])


def past() -> dict[str, Past]:
    (metric,), (measure,) = design().metrics, measures_of(design())
    return {metric.name: Past(metric, measure, pd.DataFrame(), ("old",), 500, Baseline(metric.kind, 0.2, 0.4, 4_000))}


def of_campaign() -> dict[str, Callable[[], Section | Finding]]:
    """Return the sections that show texts of a campaign's register."""
    one, lines = campaign(), [(line.item, line.amount) for line in campaign().budget]
    booked = [(payment.item, payment.amount) for payment in one.payments]
    whole = metrics.full_cost(one, NO_ADS)
    roi = models.campaign_roi(effect(), one, whole)
    known = {"participation": metrics.Interval(0.3, 0.25, 0.35, 100)}
    return {
        "tally": lambda: league.tally(standings(), level=0.9),
        "ranking": lambda: league.ranking(standings(), level=0.9),
        "learnt": lambda: league.learnt([DECISION, LATE], {"spring": one}, on=ON),
        "brief": lambda: retrospective.brief(one),
        "phases": lambda: retrospective.phases(models.phases_or_none(days(), one), effect(), one, level=0.9),
        "targets": lambda: retrospective.targets(retrospective.against_targets(one, known), one),
        "lines": lambda: money.lines(metrics.cost_lines(lines, booked), one),
        "paid back": lambda: money.paid_back(roi, whole, one, level=0.9),
        "cost": lambda: retrospective.cost(effect(), one, whole=whole),
        "budget": lambda: plan.budget(metrics.budget_shares(one.categories()), one),
        "decided": lambda: retrospective.decided([DECISION, LATE], on=ON),
        "terms": lambda: retrospective.terms(one, level=0.9),
    }


def of_experiment() -> dict[str, Callable[[], Section | Finding]]:
    """Return the sections that show texts of an experiment's register."""
    sizes, done = planning.sizes(past(), design()), finished()
    looked, drawn = lessons.peeking(done), lessons.shrunk(done)
    return {
        "soundness": lambda: portfolio.soundness(done, lessons.rates(done)),
        "luck": lambda: portfolio.luck(drawn),
        "areas": lambda: portfolio.areas(lessons.by_area(done, drawn)),
        "power": lambda: portfolio.power(done, looked),
        "peeking": lambda: portfolio.peeking(looked),
        "follow-up": lambda: portfolio.follow_up(lessons.follow_up_due(done, on=ON), done),
        "size": lambda: experiment_plan.size(sizes, design()),
        "freezing": lambda: experiment_plan.freezing(design(), units=0),
        "untestable": lambda: experiment_plan.untestable(sizes, past(), design(), weeks=1),
    }


def said(answer: Section | Finding, language: str) -> list[str]:
    """Return everything *answer* says in *language*: its page, its drawings, every cell of the data behind them."""
    parts = answer.parts if isinstance(answer, Section) else (answer,)
    cells = [cell for part in parts if isinstance(part, Chart) for row in part.to_json()["rows"] for cell in row]
    return [
        str(answer.html(language)),
        *(speak(read(cell), language) for cell in cells if isinstance(cell, dict | str)),
    ]


CAMPAIGN = (
    "tally",
    "ranking",
    "learnt",
    "brief",
    "phases",
    "targets",
    "lines",
    "paid back",
    "cost",
    "budget",
    "decided",
    "terms",
)
EXPERIMENT = ("soundness", "luck", "areas", "power", "peeking", "follow-up", "size", "freezing", "untestable")


@pytest.mark.parametrize("name", CAMPAIGN + EXPERIMENT)
def test_what_a_register_says_is_said_in_the_reader_s_language(name: str) -> None:
    answer = (of_campaign() if name in CAMPAIGN else of_experiment())[name]()
    english, chinese = said(answer, "en"), said(answer, "zh-Hans")
    assert any("EN " in text for text in english), "the section shows a text of the register"
    assert not any("中文" in text for text in english)
    assert not [text for text in chinese if "EN " in text]
    assert any("中文" in text for text in chinese)


def test_a_plain_text_finds_the_one_with_its_languages() -> None:
    line, other = Worded(both("films")), Worded(both("prizes"))
    table = metrics.cost_lines([(line, 1.0), (other, 2.0)], [("EN films", 3.0), ("EN more", 1.0)])
    assert table["item"].tolist() == ["EN films", "EN prizes", "EN more"]
    assert [isinstance(item, Worded) for item in table["item"]] == [True, True, False]
    assert table["over"].tolist() == [True, False, True]
    mixed = pd.concat([finished(), finished().assign(area="EN area")], ignore_index=True)
    (area,) = lessons.by_area(mixed, lessons.shrunk(mixed))["area"]
    assert isinstance(area, Worded), "an area is one, in however many registers its languages stand"


def test_codes_in_the_data_behind_a_chart_are_said_in_words() -> None:
    known = {"participation": metrics.Interval(0.3, 0.25, 0.35, 100)}
    answers = (
        retrospective.effect(effect(), campaign(), level=0.9),
        retrospective.targets(retrospective.against_targets(campaign(), known), campaign()),
    )
    for answer in answers:
        (chart,) = (part for part in answer.parts if isinstance(part, Chart))
        coded = [place for place, name in enumerate(chart.data.columns) if name in CODES]
        assert coded
        assert all(isinstance(row[place], dict) for row in chart.to_json()["rows"] for place in coded)
