"""What reports ask of members stays in the engine: no row per act, message or booking is handed over, no question grows so."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from ibis.backends.duckdb import Backend

from fanops_utils.data.warehouse import Store, row_frame
from fanops_utils.workspace import Workspace

BENCHMARKS = Path(__file__).parents[3] / "benchmarks"
DAYS, MEMBERS = 30_000, 529  # 57 active days each, 5 messages, 4 bookings, 2 invitations
MOST = 2.5 * MEMBERS
LONG = "groups of behaviour"  # searches for groups, which has nothing to do with it
BY_DAY = {
    "size, quality and leaving": 730 * 28,
    "talk by week": 364 * 7,
}  # a row per day and days until the next, at most


@pytest.fixture(scope="module")
def benchmark(tmp_path_factory: pytest.TempPathFactory) -> tuple[Store, dict[str, Callable[[], Any]]]:
    """A small population of the benchmark of 20 million fan days, and its questions to members and what they do."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(BENCHMARKS))
        import fan_days
        from population import make

        store = Store(Workspace(make(tmp_path_factory.mktemp("people") / "brand", DAYS, monthly=False).path))
        questions = {**fan_days.of_helpers(store), "hours_of": fan_days.of_members(store)["hours_of"]}
    for name in ("fan_days", "population", "event_files", "events", "plain", "common"):
        sys.modules.pop(name, None)
    return store, questions


@pytest.fixture
def handed(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The rows of every table that the engine hands over from now on."""
    rows: list[int] = []

    def counting(name: str) -> None:
        ask = getattr(Backend, name)

        def asked(self: Backend, *given: Any, **more: Any) -> Any:
            found = ask(self, *given, **more)
            rows.append(len(found) if hasattr(found, "__len__") else 1)
            return found

        monkeypatch.setattr(Backend, name, asked)

    for name in ("execute", "to_pyarrow"):
        counting(name)
    return rows


def test_no_question_takes_more_rows_than_there_are_members_and_invitations(
    benchmark: tuple[Store, dict[str, Callable[[], Any]]], handed: list[int]
) -> None:
    store, questions = benchmark
    assert store.table("fan_day").count().execute() > 50 * MEMBERS
    assert store.table("fans").count().execute() == MEMBERS
    most = {}
    for name in questions.keys() - {LONG}:
        handed.clear()
        questions[name]()
        assert handed, name
        most[name] = max(handed)
    assert {name: rows for name, rows in most.items() if rows > BY_DAY.get(name, MOST)} == {}
    assert max(most.values()) >= MEMBERS, "what has a row per member is counted"


def test_rows_of_acts_would_be_seen(benchmark: tuple[Store, Any], handed: list[int]) -> None:
    row_frame(benchmark[0], "member_events", columns=["member_key"], event_name="check_in")
    assert max(handed) > MOST
