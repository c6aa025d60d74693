"""A play of the sample taken up by `fanops decide` comes out of the next run kept, changed or stopped, as was planted."""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import forked_commands
import pytest

from fanops_utils import metrics
from fanops_utils.data import warehouse
from fanops_utils.playbook import Play
from fanops_utils.reports.running.standing import standing_of
from fanops_utils.sections import weighed
from fanops_utils.text import say
from fanops_utils.workspace import Workspace
from fanops_utils.workspace.registers.decision import Band

CRISIS = date(2026, 3, 9)  # its first day in Germany, as the sample's world of listening plants it
PLAY = Play(
    action=say("Answer in public"), metric=say("Negative share"), expected=say("down"), owner="Lead", review=None,
    because="tone", metric_id="negative_share", band=Band(low=-0.9, high=-0.3),
)  # fmt: skip
# What comes of it, the play, the day it is taken up, how many days later it is reviewed.
PLANTED: tuple[tuple[str, Play, date, int], ...] = (
    ("kept", replace(PLAY, code="after"), CRISIS + timedelta(days=10), 60),  # the crisis passes
    ("stop", replace(PLAY, code="before"), CRISIS - timedelta(days=1), 20),  # it comes
    ("change", replace(PLAY, because="formats", metric_id="engagement_rate_reach", band=Band(low=0.4, high=0.6)),
     date(2026, 6, 1), 60),  # nothing is planted: far from as much as was hoped for
)  # fmt: skip


@pytest.fixture
def brand(demo: Workspace, tmp_path: Path) -> Workspace:
    """The sample's registers in a repository of their own, over its warehouse."""
    folder = tmp_path / "data" / "sample"
    shutil.copytree(demo.path, folder, ignore=shutil.ignore_patterns("raw", "warehouse", "targets.yml"))
    (folder / "warehouse").symlink_to(demo.warehouse, target_is_directory=True)
    (folder / "decisions.yml").write_text("decisions: []\n", encoding="utf-8")
    (tmp_path / "notebooks" / "plans").mkdir(parents=True)
    return Workspace(folder)


def report_of(brand: Workspace, plays: list[dict[str, Any]]) -> None:
    """Write the run whose report asks for *plays*."""
    run = brand.path.parents[1] / "reports" / "sample" / "weekly" / "20261102T060000Z"
    run.mkdir(parents=True)
    job = {"notebook": "research/market_analysis", "parameters": {"market": "DE"}, "market": "DE", "status": "succeeded",
           "slug": "market_analysis-DE", "plays": plays}  # fmt: skip
    (run / "manifest.json").write_text(json.dumps({"jobs": [job]}), encoding="utf-8")


def decide(brand: Workspace, play: str, *, on: date, review: date) -> None:
    root = brand.path.parents[1]
    words = ["decide", play, "-w", "sample", "--on", str(on), "--review", str(review)]
    done = forked_commands.fanops(*words, cwd=root, environment={**os.environ, "FANOPS_ROOT": str(root)})
    assert done.returncode == 0, done.stderr


def test_what_was_decided_is_kept_changed_and_stopped_as_planted(brand: Workspace) -> None:
    about = {"market": "DE"}
    asked = [
        weighed([play], brand, report="market_analysis", about=about, on=on)[0].to_json() for _, play, on, _ in PLANTED
    ]
    assert all(one["baseline"]["low"] is not None for one in asked), "each play knows where its metric stands"
    report_of(brand, asked)
    measure = metrics.lookup(warehouse.Store(brand))
    for ruling, play, on, days in PLANTED:
        name = ".".join(part for part in ("market_analysis.DE", play.because, play.code) if part)
        review = on + timedelta(days=days)
        decide(brand, name, on=on, review=review)
        taken = Workspace(brand.path)
        (early,) = (one for one in standing_of([], taken, on=on, lookup=measure)["decisions"] if one["play"] == name)
        assert "ruling" not in early, "not before its day"
        (due,) = (one for one in standing_of([], taken, on=review, lookup=measure)["decisions"] if one["play"] == name)
        assert (due["ruling"], due["strength"], due["standing"]) == (ruling, "trend", "due"), due
