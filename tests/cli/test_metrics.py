"""`fanops metrics` as people and machines call it."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import pytest
from metric_worlds import orders, store

from fanops_utils import cli
from fanops_utils.metrics.catalogue import METRICS


def answer(monkeypatch: pytest.MonkeyPatch, *words: object) -> int:
    monkeypatch.setattr(sys, "argv", ["fanops", "metrics", *map(str, words)])
    with pytest.raises(SystemExit) as left:
        cli.answer()
    return int(left.value.code or 0)


def test_all_are_listed_with_and_without_the_verb(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for words in (("--json",), ("list", "--json"), ("--json", "list"), ("--json", "--language", "en", "list")):
        assert answer(monkeypatch, *words) == 0
        assert [one["id"] for one in json.loads(capsys.readouterr().out)] == list(METRICS)


def test_a_subject_is_told_once(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert answer(monkeypatch, "list") == 0
    lines = capsys.readouterr().err.splitlines()
    heads = [line for line in lines if not line.startswith((" ", "Next"))]
    assert len(heads) == len(set(heads)) == len({one.subject for one in METRICS.values()})
    assert sum(line.startswith("    ") for line in lines) == len(METRICS)


def test_search_finds_some_or_says_so(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert answer(monkeypatch, "search", "retention", "rolling", "--json") == 0
    assert {one["id"] for one in json.loads(capsys.readouterr().out)} >= {"retention_rolling_d7"}
    assert answer(monkeypatch, "search", "xyzzy", "--json") == 1
    assert json.loads(capsys.readouterr().out) == []


def test_one_is_shown_with_its_values(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    raw = orders(np.random.default_rng(1), 60)
    store(tmp_path, orders=raw)
    assert answer(monkeypatch, "show", "orders", "-w", tmp_path, "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert told["denominator"] is None and told["sources"] == ["orders.order_id"]
    assert sum(row["estimate"] for row in told["values"]) == raw["cancelled_at"].isna().sum()
    assert answer(monkeypatch, "show", "orders", "-w", tmp_path) == 0
    assert "about" not in capsys.readouterr().err, "a count has no interval"
    assert answer(monkeypatch, "show", "orders") == 0
    assert "orders.order_id" in capsys.readouterr().err


def test_an_unknown_one_is_refused_with_the_nearest(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert answer(monkeypatch, "show", "order") == 2
    assert "'orders'" in capsys.readouterr().err


def test_a_language_nobody_wrote_is_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for words in (("--language", "de"), ("list", "--language", "de"), ("--language", "de", "list")):
        assert answer(monkeypatch, *words) == 2, words
        assert "'de'" in capsys.readouterr().err
    assert answer(monkeypatch, "--language", "zh-hans", "list") == 0
    assert "\u7c89\u4e1d" in capsys.readouterr().err
