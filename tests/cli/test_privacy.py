"""`fanops privacy` as people and machines call it."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from people import put
from reports.tiny import repository

from fanops_utils.cli import answer
from fanops_utils.data.warehouse import import_paths
from fanops_utils.workspace import Workspace, open_workspace

ANNA, BEN = "LC-000017", "LC-000170"
T = "2026-05-01T10:00:00+00:00"


@pytest.fixture
def brand(tmp_path: Path) -> Workspace:
    repository(tmp_path / "repo")
    workspace = open_workspace("brand", root=tmp_path / "repo")
    workspace.raw.mkdir(exist_ok=True)
    put(workspace, "events", "events", [[ANNA, T, "post", "1"], [BEN, T, "post", "2"]])
    import_paths(workspace, [workspace.raw])
    page = tmp_path / "repo" / "reports" / "brand" / "weekly" / "1" / "index.html"
    page.parent.mkdir(parents=True)
    page.write_text(f"<p>{ANNA}</p>")
    return workspace


@dataclass(frozen=True)
class Done:
    returncode: int
    stdout: str
    stderr: str


Fanops = Callable[..., Done]


@pytest.fixture
def fanops(brand: Workspace, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Fanops:
    """Call fanops in this process, from inside the repository of the brand, with nobody at the keyboard."""
    monkeypatch.delenv("FANOPS_ROOT", raising=False)
    monkeypatch.chdir(brand.path.parents[1])

    def called(*words: object) -> Done:
        monkeypatch.setattr(sys, "argv", ["fanops", "privacy", *map(str, words), "-w", "brand"])
        monkeypatch.setattr(sys, "stdin", io.StringIO())
        with pytest.raises(SystemExit) as ended:
            answer()
        told = capsys.readouterr()
        return Done(int(ended.value.code or 0), told.out, told.err)

    return called


def test_from_the_audit_to_the_last_trace(fanops: Fanops, brand: Workspace, tmp_path: Path) -> None:
    audit = fanops("audit", "--json")
    assert audit.returncode == 1
    assert [(one["kind"], one["file"], one["value"]) for one in json.loads(audit.stdout)] == [
        ("raw id", "reports/brand/weekly/1/index.html", "L***17")
    ]
    export = fanops("export", "--subject", ANNA, "--to", tmp_path / "anna.zip", "--json")
    assert (export.returncode, json.loads(export.stdout)["tables"]) == (0, {"fan_day": 1, "member_events": 1})
    erase = fanops("erase", "--subject", ANNA, "--yes", "--json")
    told = json.loads(erase.stdout)
    assert (erase.returncode, told["verified"], told["left"]) == (0, True, [])
    assert told["mended"] == ["weekly/1/index.html"]
    assert "A search of the whole workspace finds nothing" in erase.stderr
    assert "fanops publish ADDRESS --warehouse -w brand" in erase.stderr, "what was sent keeps the person"
    assert erase.stderr.count("…") == 4, "each stage is told as it begins"
    assert ANNA not in erase.stdout + erase.stderr
    nobody = fanops("erase", "--subject", "LC-999999", "--yes")
    assert (nobody.returncode, "publish" in nobody.stderr) == (0, False)
    assert fanops("audit").returncode == 0
    again = fanops("export", "--subject", ANNA, "--to", tmp_path / "again.zip")
    assert (again.returncode, "Nothing is held" in again.stderr) == (0, True)


def test_without_a_yes_nobody_is_erased(fanops: Fanops, brand: Workspace) -> None:
    done = fanops("erase", "--subject", ANNA)
    assert done.returncode == 130
    assert ANNA in (brand.raw / "events.csv").read_text()


def test_what_cannot_be_done_is_refused_in_plain_words(fanops: Fanops, brand: Workspace) -> None:
    (brand.path / "notes.md").write_text(f"{ANNA} wrote to us")
    done = fanops("erase", "--subject", ANNA, "--yes", "--json")
    assert done.returncode == 2
    assert "notes.md: a register or note that names the person" in json.loads(done.stdout)["error"]
    for place in (brand.path / "a.zip", "anna.zip", "./out/../anna", "notebooks/anna.zip"):
        inside = fanops("export", "--subject", ANNA, "--to", place)
        assert (inside.returncode, "outside the repository" in inside.stderr) == (2, True), place
    assert not [*brand.path.parents[1].rglob("anna*")]


def test_retention_lists_and_then_removes(fanops: Fanops) -> None:
    listed = fanops("retention", "--as-of", "2030-01-01", "--json")
    assert {one["table"]: one["rows"] for one in json.loads(listed.stdout) if one["rows"]} == {
        "fan_day": 2,
        "member_events": 2,
    }
    removed = fanops("retention", "--as-of", "2030-01-01", "--erase")
    assert (removed.returncode, "4 removed" in removed.stderr) == (0, True)
    assert "0 over age" in fanops("retention", "--as-of", "2030-01-01").stderr
