"""Write the simulated brand: all raw files at once, and the truth beside them."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from fanops_utils.data.sample.formats.files import RawFile
from fanops_utils.data.sample.formats.meta import instagram_files
from fanops_utils.data.sample.formats.shopify import shopify_files
from fanops_utils.data.sample.formats.tiktok import tiktok_files
from fanops_utils.data.sample.formats.youtube import youtube_files
from fanops_utils.data.sample.setting import Setting
from fanops_utils.data.sample.truths import Truths, planted
from fanops_utils.data.sample.worlds.registry import WORLDS
from fanops_utils.errors import WorkspaceError
from fanops_utils.workspace import Workspace

TRUTH = "truth.json"
SMALLEST = 0.05  # smaller, and some lists would be empty


@dataclass(frozen=True)
class SampleSummary:
    """What was written: the raw files, their rows by kind, and where the planted truth lies."""

    files: list[Path]
    rows: dict[str, int]
    truth: Path


def write_sample(
    workspace: Workspace, *, seed: int = 20261122, scale: float = 1.0, truths: Truths | None = None
) -> SampleSummary:
    """Write the simulated brand's exports into `raw/` and what was planted into `truth.json`.

    The registers of the workspace say who takes part; *scale* shrinks the number of posts, orders, members, events,
    mentions and units, never the days; *truths* are what is planted. The same seed gives the same bytes; files that are
    as they should be are left alone, any others in `raw/` vanish: with another truth only the files of its world change.
    Raises WorkspaceError where *scale* is not in 0.05 .. 1, where `raw/` holds files of another origin, and where a
    register names what the simulated brand does not have.
    """
    if not SMALLEST <= scale <= 1:
        raise WorkspaceError(f"the scale of the sample lies between {SMALLEST} and 1", value=scale)
    planting = truths or Truths()
    truth, recipe = workspace.path / TRUTH, _recipe(workspace, planting, seed=seed, scale=scale)
    if not truth.is_file() and any(path.is_file() for path in workspace.raw.rglob("*")):
        hint = "Only the simulated brand's own raw files are ever replaced"
        raise WorkspaceError("raw files of another origin lie here", file=workspace.raw, hint=hint)
    known = _known(truth)
    if known.get("made_from") != recipe or not _intact(workspace.raw, known["files"]):
        known = _write(workspace, sample_files(workspace, seed=seed, scale=scale, truths=planting), recipe, planting)
    rows: dict[str, int] = {}
    for entry in known["files"].values():
        rows[entry["kind"]] = rows.get(entry["kind"], 0) + entry["rows"]
    return SampleSummary([workspace.raw / path for path in known["files"]], rows, truth)


def sample_files(workspace: Workspace, *, seed: int, scale: float = 1.0, truths: Truths | None = None) -> list[RawFile]:
    """Return every export file of the simulated brand, by path."""
    setting = Setting(workspace, seed, scale, truths or Truths())
    files: list[RawFile] = []
    for account in workspace.brand.accounts:
        match account.platform:
            case "instagram":
                files += instagram_files(setting, account)
            case "tiktok":
                files += tiktok_files(setting, account)
            case "youtube":
                files += youtube_files(setting, account)
            case "shopify":
                files += shopify_files(workspace, account, setting.sales)
    for world in WORLDS.values():
        files += world.files(setting)
    return sorted(files, key=lambda file: file.path)


def _write(workspace: Workspace, files: list[RawFile], recipe: dict[str, Any], truths: Truths) -> dict[str, Any]:
    """Write the truth, then the *files* that are not there as they should be; remove the others.

    The truth comes first: whatever stops this half-way, the next making sees that files are not what it says of them.
    """
    truth = {
        **planted(workspace, truths),
        "broken": {
            file.path: {"quarantined": file.quarantined, "duplicate": file.duplicate}
            for file in files
            if file.quarantined or file.duplicate
        },
        "made_from": recipe,
        "files": {file.path: {"kind": file.kind, "rows": file.rows, **_print(file)} for file in files},
    }
    with tempfile.TemporaryDirectory(prefix=".raw-", dir=workspace.path) as name:
        fresh = Path(name) / "fresh"
        fresh.write_text(json.dumps(truth, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        fresh.replace(workspace.path / TRUTH)
        for file in files:
            target = workspace.raw / file.path
            if not _as_it_should(target, truth["files"][file.path]):
                target.parent.mkdir(parents=True, exist_ok=True)
                fresh.write_bytes(file.content)
                os.utime(fresh, (file.exported.timestamp(), file.exported.timestamp()))
                fresh.replace(target)
    _clear(workspace.raw, truth["files"])
    return truth


def _clear(raw: Path, files: dict[str, Any]) -> None:
    """Remove from *raw* what is none of *files*, and folders that are empty then."""
    for path in sorted(raw.rglob("*"), reverse=True):
        if path.is_dir() and not path.is_symlink():
            if not any(path.iterdir()):
                path.rmdir()
        elif path.relative_to(raw).as_posix() not in files:
            path.unlink()


def _known(truth: Path) -> dict[str, Any]:
    try:
        return json.loads(truth.read_text(encoding="utf-8"))
    except (FileNotFoundError, json.JSONDecodeError):
        return {}


def _print(file: RawFile) -> dict[str, Any]:
    return {"sha256": hashlib.sha256(file.content).hexdigest(), "exported": int(file.exported.timestamp())}


def _intact(raw: Path, files: dict[str, dict[str, Any]]) -> bool:
    present = {path.relative_to(raw).as_posix(): path for path in raw.rglob("*") if path.is_file()}
    return present.keys() == files.keys() and all(_as_it_should(path, files[name]) for name, path in present.items())


def _as_it_should(path: Path, entry: dict[str, Any]) -> bool:
    """Return whether the file at *path* has the bytes and the time of *entry*."""
    return (
        path.is_file()
        and int(path.stat().st_mtime) == entry["exported"]
        and hashlib.sha256(path.read_bytes()).hexdigest() == entry["sha256"]
    )


def _recipe(workspace: Workspace, truths: Truths, *, seed: int, scale: float) -> dict[str, Any]:
    registers = [workspace.brand, *workspace.campaigns.values(), *workspace.experiments.values()]
    facts = "\n".join(register.model_dump_json() for register in registers)
    code = b"".join(path.read_bytes() for path in sorted(Path(__file__).parent.rglob("*.py")))
    return {
        "seed": seed,
        "scale": scale,
        "truths": hashlib.sha256(json.dumps(asdict(truths)).encode()).hexdigest(),
        "registers": hashlib.sha256(facts.encode()).hexdigest(),
        "generator": hashlib.sha256(code).hexdigest(),
        "versions": {"numpy": np.__version__, "pandas": pd.__version__},
    }
