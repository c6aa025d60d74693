"""Decisions by the command: plays listed, taken up, closed; the ledger as it stands; refusals that help."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import forked_commands
import pytest
from conftest import BRAND

from fanops_utils.text import Signed, say
from fanops_utils.workspace import Workspace

PLAY = "market_analysis.US.hours"
Fanops = Callable[..., subprocess.CompletedProcess[str]]


def written(root: Path, plan: str, *plays: dict[str, Any]) -> None:
    """Write a run of *plan* whose one report has *plays*."""
    run = root / "reports" / "brand" / plan / "20261102T060000Z"
    run.mkdir(parents=True)
    job = {"notebook": "research/market_analysis", "parameters": {"market": "US"}, "market": "US", "status": "succeeded",
           "slug": "market_analysis-US", "plays": list(plays)}  # fmt: skip
    (run / "manifest.json").write_text(json.dumps({"jobs": [job]}), encoding="utf-8")


@pytest.fixture
def fanops(tmp_path: Path) -> Fanops:
    """The command in a repository with one brand and the reports of one run."""
    (tmp_path / "notebooks" / "plans").mkdir(parents=True)
    (tmp_path / "data" / "brand").mkdir(parents=True)
    (tmp_path / "data" / "brand" / "brand.yml").write_text(BRAND, encoding="utf-8")
    told = {
        "action": say("Test the hour: {gain}", gain=Signed(0.2)),
        "metric": say("Interactions"),
        "expected": say("more"),
    }
    play = {name: message.to_json() for name, message in told.items()}
    play |= {"owner": say("market lead").to_json(), "review": "2026-11-30", "because": "hours", "kind": "test",
             "metric_id": "engagement_rate_reach", "baseline": {"value": 0.06, "low": 0.05, "high": 0.07}}  # fmt: skip
    written(tmp_path, "weekly", play)

    def called(*words: str) -> subprocess.CompletedProcess[str]:
        done = forked_commands.fanops(*words, "-w", "brand", cwd=tmp_path)
        assert "Traceback" not in done.stderr, done.stderr
        return done

    return called


def test_a_play_is_taken_up_listed_and_closed(fanops: Fanops, tmp_path: Path) -> None:
    listed = json.loads(fanops("decide", "--json").stdout)["plays"]
    assert [one["id"] for one in listed] == [PLAY]
    done = fanops("decide", PLAY, "--owner", "Ana", "--note", "Cheap", "--on", "2026-11-02")
    assert done.returncode == 0 and "fanops decisions -w brand" in done.stderr, done.stderr
    current = forked_commands.fanops("decisions", "--json", cwd=tmp_path)
    assert len(json.loads(current.stdout)["decisions"]) == 1, "the brand named last is the current one"
    (one,) = Workspace(tmp_path / "data" / "brand").decisions
    assert (one.play, one.owner, one.kind, one.markets, one.note) == (PLAY, "Ana", "test", ("US",), "Cheap")
    assert (str(one.date), str(one.review), one.metric) == ("2026-11-02", "2026-11-30", "engagement_rate_reach")
    assert one.baseline is not None and one.baseline.low == 0.05
    assert json.loads(fanops("decide", "--json").stdout)["plays"] == [], "what was taken up waits for nobody"
    states = {
        day: json.loads(fanops("decisions", "--json", "--on", day).stdout)["decisions"][0]["state"]
        for day in ("2026-11-03", "2026-11-20", "2026-12-01")
    }
    assert list(states.values()) == ["open", "due", "overdue"]
    assert fanops("decide", PLAY, "--ended", "kept", "--outcome", "It held").returncode == 0
    (closed,) = Workspace(tmp_path / "data" / "brand").decisions
    assert (closed.ended, closed.outcome) == ("kept", "It held")
    assert json.loads(fanops("decisions", "--json", "--state", "reviewed").stdout)["decisions"][0]["id"] == PLAY


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (("decide", "market_analysis.US.hour"), PLAY),
        (("decide", PLAY, "--kind", "keeps"), "keep"),
        (("decide", PLAY, "--review", "2026-11-01", "--on", "2026-11-02"), "2026-11-01"),
        (("decide", PLAY, "--ended", "keep"), "kept"),
        (("decide", PLAY, "--ended", "kept"), "no open decision"),
        (("decide", PLAY, "--outcome", "x"), "--ended"),
        (("decide", PLAY, "--tested-by", "nothing"), "no such experiment"),
        (("decisions", "--state", "late"), "overdue"),
    ],
)
def test_what_makes_no_sense_is_refused_with_the_nearest_choice(
    fanops: Fanops, tmp_path: Path, words: tuple[str, ...], named: str
) -> None:
    done = fanops(*words)
    assert done.returncode == 2
    assert named in done.stderr
    assert not (tmp_path / "data" / "brand" / "decisions.yml").exists()
