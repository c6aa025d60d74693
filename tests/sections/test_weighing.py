"""A play looks before it speaks: the baseline is the catalogue's, the ledger and the calendar are told."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from conftest import BRAND, ROOT

from fanops_utils.metrics import Interval
from fanops_utils.playbook import Play
from fanops_utils.sections import weighed
from fanops_utils.text import say, speak
from fanops_utils.workspace import Workspace

ON = date(2026, 11, 2)
RATE = Interval(0.05, 0.04, 0.06, 30)


def play(**changes: Any) -> Play:
    told: dict[str, Any] = {
        "action": say("Move one weekly post"), "metric": say("Interactions per reach"), "expected": say("not known"),
        "owner": "market lead", "review": date(2026, 11, 30), "because": "formats", "metric_id": "engagement_rate_reach",
    }  # fmt: skip
    return Play(**(told | changes))


def look(workspace: Workspace, *plays: Play, now: Interval | None = RATE, on: date | None = ON) -> tuple[Play, ...]:
    return weighed(plays, workspace, report="market_analysis", about={"market": "US"}, on=on, measure=lambda *_: now)


@pytest.fixture
def brand(tmp_path: Path) -> Workspace:
    (tmp_path / "brand.yml").write_text(BRAND, encoding="utf-8")
    return Workspace(tmp_path)


def said(one: Play) -> str:
    return speak(one.note, "en") if one.note else ""


def test_the_baseline_is_measured_as_its_review_will_be(brand: Workspace) -> None:
    asked: list[tuple[Any, ...]] = []

    def measure(*question: Any) -> Interval:
        asked.append(question)
        return RATE

    about = {"market": "US"}
    (one,) = weighed([play()], brand, report="market_analysis", about=about, on=ON, measure=measure)
    assert asked == [("engagement_rate_reach", "US", None, date(2026, 10, 5), date(2026, 11, 1))]
    assert one.baseline and (one.baseline.value, one.baseline.low, one.baseline.high) == (0.05, 0.04, 0.06)
    assert "5.00%" in said(one) and "4.00%" in said(one)
    (count,) = look(brand, play(metric_id="orders"), now=Interval(80, 80, 80, 80))
    assert count.baseline and (count.baseline.value, count.baseline.low) == (80, None), (
        "a complete count has no interval"
    )


def test_what_is_not_known_is_not_made_up(brand: Workspace) -> None:
    (unknown,) = look(brand, play(), now=None)
    (own,) = look(brand, play(metric_id="converted"))
    (none,) = look(brand, play(metric_id=None))
    assert [one.baseline for one in (unknown, own, none)] == [None] * 3 and not any(map(said, (unknown, own, none)))
    assert look(brand, play(), on=None) == (play(),), "without a day there are no last 28 days"


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ("review: 2026-11-20}", ("2026", "wait for its review")),
        ("ended: stopped, outcome: it fell}", ("stopped", "it fell")),
        ("ended: kept}", ("kept",)),
        ("outcome: nobody knows}", ("nobody knows",)),
    ],
)
def test_what_the_ledger_says_of_the_same_play_is_told(brand: Workspace, more: str, told: tuple[str, ...]) -> None:
    head = "decisions:\n  - {kind: change, action: Move it, owner: Ana, date: 2026-10-01, play: market_analysis.US.formats, "
    (brand.path / "decisions.yml").write_text(head + more, encoding="utf-8")
    same, other = look(brand, play(), play(because="hours"))
    assert all(word in said(same) for word in told)
    assert not any(word in said(other) for word in told)


def test_days_that_are_no_usual_ones_are_named(brand: Workspace) -> None:
    rows = """moments:
  - {id: sale, name: Black Friday, date: 2026-11-27}
  - {id: fair, name: Fair, date: 2026-11-28, markets: [DE]}
  - {id: past, name: Halloween, date: 2026-10-31}
  - {id: later, name: Christmas, date: 2026-12-25}
"""
    (brand.path / "calendar.yml").write_text(rows, encoding="utf-8")
    (one,) = look(brand, play())
    assert "Black Friday" in said(one) and not any(name in said(one) for name in ("Fair", "Halloween", "Christmas"))
    (process,) = look(brand, play(metric_id=None))
    assert not said(process), "what counts nothing is coloured by nothing"


def test_notebooks_name_themselves_as_the_ledger_does() -> None:
    for path in sorted((ROOT / "notebooks").glob("*/*.ipynb")):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        code = "\n".join("".join(cell["source"]) for cell in cells)
        if "weighed(" in code:
            assert f'report="{path.stem}"' in code, path.name
