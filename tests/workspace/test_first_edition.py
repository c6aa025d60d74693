"""A workspace as the first edition wrote it (`first_edition/`: its registers, unchanged) opens, checks and runs."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import forked_commands
import pytest
from conftest import ROOT

from fanops_utils.data.sources.mapping.register import read_mapping
from fanops_utils.workspace import Workspace
from fanops_utils.workspace.frozen import changed_keys, fingerprint, frozen_copy

KEPT = Path(__file__).parent / "first_edition"


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository whose one brand is the one kept."""
    shutil.copytree(KEPT, tmp_path / "data" / "sample")
    shutil.copytree(ROOT / "data" / "reference", tmp_path / "data" / "reference")
    (tmp_path / "notebooks").symlink_to(ROOT / "notebooks", target_is_directory=True)
    return tmp_path


def fanops(root: Path, *words: str) -> str:
    environment = {**os.environ, "FANOPS_ROOT": str(root)}
    done = forked_commands.fanops(*words, "-w", "sample", cwd=root, environment=environment)
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


def test_its_registers_are_read_and_what_was_frozen_still_is() -> None:
    old = Workspace(KEPT)
    old.validate()
    assert (len(old.campaigns), len(old.experiments)) == (5, 9)
    assert {one.id: one.frozen_state() for one in old.campaigns.values()} == dict.fromkeys(old.campaigns, "frozen") | {
        "winter_warmup_fr": "unfrozen"
    }
    marks = {one.id: fingerprint(one, without=("frozen",)) for one in old.experiments.values()}
    moved = {one.id for one in old.experiments.values() if one.frozen not in (None, marks[one.id])}
    assert moved == {"daily_digest"}, "the one that was changed after it was frozen, in the first edition too"
    assert marks["daily_digest"] == "c81b0f3b3c2f1815"
    for one in old.experiments.values():
        if (copy := frozen_copy(KEPT / "experiments" / f"{one.id}.yml")) is not None:
            assert changed_keys(one, copy) == (("metrics",) if one.id in moved else ()), one.id
    assert [one for one in old.decisions if one.campaign], "decisions in a brief are read from there"
    for path in sorted((KEPT / "mappings").glob("*.yml")):
        assert read_mapping(path)


def test_what_it_lacks_is_as_by_default() -> None:
    old = Workspace(KEPT)
    assert (old.targets, old.crisis.incidents, old.segments.tiers) == ((), (), ())
    assert not any((KEPT / name).exists() for name in ("targets.yml", "decisions.yml", "segments.yml"))


def test_it_checks_and_a_report_runs(repository: Path) -> None:
    fanops(repository, "check")
    run = json.loads(fanops(repository, "run", "notebooks/campaigns/campaign_league.ipynb", "--json"))
    assert [job["status"] for job in run["jobs"]] in (["succeeded"], ["no_data"])
