"""A file that holds what nobody foresaw is refused alone: its neighbours are loaded, and nothing of it is quoted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

import pytest
from export_reading import EXPORTS
from people import put

from fanops_utils.data.sources import registry
from fanops_utils.data.sources.shared.source import Source
from fanops_utils.data.table import Table
from fanops_utils.data.warehouse import Store, import_paths
from fanops_utils.data.warehouse.writing import intake
from fanops_utils.workspace import Workspace

T = "2026-05-01T10:00:00+00:00"
SECRET = "anna.berg@example.org"


def two(workspace: Workspace) -> None:
    put(workspace, "events", "events", [["a-1", T, "post", "1"]])
    put(workspace, "members", "members", [["a-1", T, "friend"]])


def statuses(workspace: Workspace) -> dict[str, str]:
    reports = import_paths(workspace, [workspace.raw])
    assert SECRET not in "".join(str(one.error) for one in reports)
    return {Path(one.file).name: one.status for one in reports}


@pytest.mark.parametrize("error", [KeyError(SECRET), RecursionError(), ValueError(SECRET), AssertionError(SECRET)])
def test_a_reader_that_stumbles(brand_workspace: Workspace, monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    two(brand_workspace)
    read = intake.read_export

    def stumbling(context: object, *given: object, **named: object) -> object:
        if "events" in context.export.label:  # type: ignore[attr-defined]
            raise error
        return read(context, *given, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(intake, "read_export", stumbling)
    assert statuses(brand_workspace) == {"events.csv": "refused", "members.csv": "loaded"}
    assert len(Store(brand_workspace).read("fans")) == 1
    assert Store(brand_workspace).read("member_events").empty


def test_rows_that_cannot_be_checked(brand_workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    two(brand_workspace)
    put(brand_workspace, "more", "events", [["b-2", T, "broken", "1"]])
    failures: Callable[..., object] = Table.failures

    def stumbling(table: Table, frame: object) -> object:
        if table.name == "member_events" and (frame["event_name"] == "broken").any():  # type: ignore[index]
            raise TypeError(SECRET)
        return failures(table, frame)

    monkeypatch.setattr(Table, "failures", stumbling)
    assert statuses(brand_workspace) == {"events.csv": "loaded", "members.csv": "loaded", "more.csv": "refused"}
    assert Store(brand_workspace).read("member_events")["event_name"].tolist() == ["post"]


def test_a_value_that_raises_in_any_source_takes_no_neighbour_along(
    brand_workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    reached = set()

    def raising(source: Source) -> Source:
        def parse(_sheet: object, _context: object) -> NoReturn:
            reached.add((source.name, source.report_type))
            raise ArithmeticError(SECRET)

        return replace(source, parse=parse)

    monkeypatch.setattr(registry, "SOURCES", tuple(map(raising, registry.SOURCES)))
    two(brand_workspace)
    reports = import_paths(brand_workspace, [EXPORTS, brand_workspace.raw])
    by_status = {status: [one for one in reports if one.status == status] for status in ("loaded", "refused")}
    assert {Path(one.file).name for one in by_status["loaded"]} >= {"events.csv", "members.csv"}
    assert len(reached) > 25
    assert SECRET not in "".join(str(one.error) for one in by_status["refused"])
