"""A play looks before it speaks: the baseline is the catalogue's, the ledger and the calendar are told."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from conftest import BRAND, ROOT
from saying import values

from fanops_utils import metrics
from fanops_utils.metrics import Interval
from fanops_utils.playbook import Play
from fanops_utils.playbook.plays import role
from fanops_utils.sections import weighed
from fanops_utils.sections.expecting import expected
from fanops_utils.text import People, Points, say, speak
from fanops_utils.workspace import Workspace
from fanops_utils.workspace.registers.decision import Band

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


TEAM = """roles:
  - {id: head, name: {en: Head of social, zh-Hans: 社媒负责人}, called: [market lead]}
  - {id: local, name: Local lead, markets: [US], called: [market lead]}
  - {id: far, name: Far lead, markets: [DE], called: [content lead]}
"""


@pytest.mark.parametrize(
    ("owner", "market", "english", "chinese"),
    [("market lead", "US", "Local lead", "Local lead"), ("market lead", "DE", "Head of social", "社媒负责人"),
     ("Head of social", "US", "Head of social", "社媒负责人"), ("content lead", "US", "content lead", None),
     ("somebody", "US", "somebody", "somebody")],
)  # fmt: skip
def test_the_owner_is_the_role_of_the_team_that_reports_call_so(
    brand: Workspace, owner: str, market: str, english: str, chinese: str | None
) -> None:
    (brand.path / "team.yml").write_text(TEAM, encoding="utf-8")
    about = {"market": market}
    (one,) = weighed([play(owner=owner)], brand, report="market_analysis", about=about, on=ON, measure=lambda *_: RATE)
    assert speak(role(one.owner), "en") == english
    if chinese:
        assert speak(role(one.owner), "zh-Hans") == chinese


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
        ("review: 2026-10-20}", ("2026", "was due")),
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
    under_way = dict(getattr(same.action, "values", ()))
    assert ("day" in under_way) == more.startswith("review"), "what runs already is not begun a second time"
    agreed = date.fromisoformat(more[8:18]) if more.startswith("review") else date(2026, 11, 30)
    assert (same.review, other.review) == (agreed, date(2026, 11, 30)), "one play has one day of review, the ledger's"


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


def test_whether_the_thing_still_runs_and_what_it_takes_is_looked_at(demo: Workspace) -> None:
    name = next(iter(demo.campaigns))
    live = demo.campaign(name)
    metric = live.metric
    asked: list[tuple[Any, ...]] = []

    def at(day: date, **changes: Any) -> str:
        def measure(*question: Any) -> Interval:
            asked.append(question)
            return RATE

        about = {"campaign": name, "market": live.treated[0], "platform": live.platform}
        (one,) = weighed([play(metric_id=metric, **changes)], demo, report="campaign_retrospective", about=about, on=day,
                         measure=measure)  # fmt: skip
        return said(one)

    start, end = live.live.start, live.whole.end
    before, during, after = at(start - timedelta(days=1)), at(end), at(end + timedelta(days=1))
    assert ("starts" in before, "still runs" in during, "ended" in after) == (True, True, True)
    assert not any(word in before for word in ("still runs", "ended")) and "still runs" not in after
    assert asked[0][:3] == (metric, live.treated[0], live.platform), "where the campaign counts"
    assert "1,000" in at(end, cost=1000.0) and "no register" not in at(end, cost=1000.0)
    assert "no register" in at(end, band=Band(low=0.1, high=0.2)) and "no register" not in during


def test_what_is_expected_is_what_is_known_together_else_the_report_s_own() -> None:
    own, drawn = Interval(0.3, 0.1, 0.5, 28), Interval(0.12, 0.02, 0.22, 5)
    together, alone = expected(own, drawn), expected(own)
    assert together and alone
    assert (together.band.low, together.band.high, together.others) == (0.02, 0.22, 4)
    assert (alone.band.low, alone.band.high, alone.others) == (0.1, 0.5, 0)
    assert "own interval" in speak(alone.said(), "en") and "4 more" in speak(together.said(), "en")
    points = expected(own, relative=False)
    assert points and "against" not in speak(points.said(form=Points), "en"), "points say themselves what they are"
    assert all("against" in speak(one.said(), "en") for one in (together, alone)), "a change in percent says of what"
    nothing = Interval(0.3, float("nan"), float("nan"), 28)
    assert expected(nothing) is None and expected(None) is None, "nothing is made up"
    assert expected(nothing, drawn) == together


def test_a_number_of_a_cohort_says_whose_it_is_and_of_how_many(brand: Workspace) -> None:
    (brought,) = look(brand, play(metric_id="k_factor"), now=Interval(0.33, 0.15, 0.52, 33))
    per = metrics.metric("k_factor").per
    told = values(brought.note)
    assert (told["per"], told["n"]) == (per, People(33)), (
        "it is no number of the last 28 days: those are not old enough"
    )
    (looking_back,) = look(brand, play(metric_id="participation"))
    assert "per" not in values(looking_back.note)
