"""Erases, kept imports and rebuilds killed at any moment: the next command leaves a sound state, and nobody who was erased."""

from __future__ import annotations

import os
import random
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from import_process import erase_someone, keep_and_load, make_again, start
from people import as_csv, everything, load, put

from fanops_utils.data.protection.erasing import erase
from fanops_utils.data.warehouse import Store, import_kept, rebuild
from fanops_utils.workspace import Workspace

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="processes are forked and killed")
SEEDS = range(60) if os.environ.get("FANOPS_SLOW") else range(1)
ANNA, BEN = "LC-000017", "LC-000170"
T = "2026-05-01T10:00:00+00:00"
DAY = date(2026, 5, 2)


@pytest.fixture
def workspace(brand_workspace: Workspace, tmp_path: Path) -> Workspace:
    rows = [[who, f"2026-05-01T10:{minute:02}:00+00:00", "post", ""] for minute in range(50) for who in (ANNA, BEN)]
    put(brand_workspace, "events", "events", rows)
    put(brand_workspace, "members", "members", [[ANNA, T, "search"], [BEN, T, f"invited by {ANNA}"]], form="xlsx")
    put(
        brand_workspace,
        "orders",
        "orders",
        [["o1", ANNA, T, "10", ""], ["o2", BEN, T, "20", f"for @{ANNA}!"]],
        form="zip",
    )
    load(brand_workspace)
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "later.csv").write_bytes(
        as_csv(["Member", "When", "What", "Worth"], [[ANNA, T, "buy", ""], [BEN, T, "buy", ""]])
    )
    return brand_workspace


def killed(seed: int, work: Callable[..., Any], *args: Any) -> None:
    """Start *work* and kill it at a moment of its own, by chance, once it has begun to change files."""
    chance = random.Random(seed)
    folder = args[0]
    before = _listing(folder)
    process = start(work, *args)
    while process.is_alive() and _listing(folder) == before:
        process.join(0.001)
    process.join(chance.uniform(0, 0.25))
    process.kill()
    process.join()


def _listing(folder: Path) -> set[tuple[str, int]]:
    found = set()
    for path in folder.rglob("*"):
        try:
            found.add((str(path), path.stat().st_mtime_ns))
        except OSError:
            continue
    return found


def hidden_files(workspace: Workspace) -> set[str]:
    return {path.name for path in workspace.path.rglob(".*") if path.name not in (".lock", ".originals.json")}


def of_ben(workspace: Workspace) -> list[int]:
    store = Store(workspace)
    return [len(store.read(name)) for name in ("member_events", "fans", "orders")]


@pytest.mark.parametrize("seed", SEEDS)
def test_an_erase_is_completed_by_the_next(workspace: Workspace, seed: int) -> None:
    killed(seed, erase_someone, workspace.path, ANNA)
    done = erase(workspace, [ANNA])
    assert done.left == []
    assert ANNA.encode() not in everything(workspace.path).replace(BEN.encode(), b"")
    assert of_ben(workspace) == [50, 1, 1]
    assert hidden_files(workspace) == set()
    load(workspace)
    assert of_ben(workspace) == [50, 1, 1], "the edited files bring nobody back"


@pytest.mark.parametrize("seed", SEEDS)
def test_an_import_that_keeps_its_file_keeps_it_once(workspace: Workspace, tmp_path: Path, seed: int) -> None:
    killed(seed, keep_and_load, workspace.path, tmp_path / "outside")
    import_kept(workspace, [tmp_path / "outside"], on=DAY)
    assert of_ben(workspace) == [102, 2, 2]
    assert [path.name for path in workspace.raw.rglob("later*")] == ["later.csv"]
    assert hidden_files(workspace) == set()


@pytest.mark.parametrize("seed", SEEDS)
def test_a_rebuild_leaves_the_old_warehouse_or_the_new(workspace: Workspace, seed: int) -> None:
    killed(seed, make_again, workspace.path)
    assert of_ben(workspace) == [100, 2, 2], "what is read meanwhile is whole"
    assert erase(workspace, [ANNA]).left == []
    assert ANNA.encode() not in everything(workspace.path).replace(BEN.encode(), b"")
    assert hidden_files(workspace) == set()
    rebuild(workspace)
    assert of_ben(workspace) == [50, 1, 1]
