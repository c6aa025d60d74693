"""A plan is frozen by the command: once, visibly, and never over another plan."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import forked_commands
import pytest
from conftest import BRAND

from fanops_utils.workspace import Experiment
from fanops_utils.workspace.frozen import fingerprint
from fanops_utils.workspace.register import read_register

REGISTER = """id: badge
title: An experiment
hypothesis: New is better
owner: Lead
unit: fan
control: old
allocation: {old: 0.5, new: 0.5}
metrics:
  - {name: converted, label: Converted, kind: conversion, role: decision}
"""
Freeze = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def register(tmp_path: Path) -> Path:
    """A repository with one brand and the register of one experiment."""
    path = tmp_path / "data" / "brand" / "experiments" / "badge.yml"
    path.parent.mkdir(parents=True)
    (tmp_path / "notebooks" / "plans").mkdir(parents=True)
    path.write_text(REGISTER, encoding="utf-8")
    (tmp_path / "data" / "brand" / "brand.yml").write_text(BRAND, encoding="utf-8")
    return path


@pytest.fixture
def freeze(tmp_path: Path, register: Path) -> Freeze:
    def called(*words: str) -> subprocess.CompletedProcess[str]:
        done = forked_commands.fanops("freeze", *words, "-w", "brand", cwd=tmp_path)
        assert "Traceback" not in done.stderr, done.stderr
        return done

    return called


def test_it_writes_the_fingerprint_once_and_says_what_comes_next(freeze: Freeze, register: Path) -> None:
    done = freeze("badge", "--json")
    told = json.loads(done.stdout)
    written = read_register(register, Experiment)
    assert (done.returncode, told["new"], told["units"]) == (0, True, 0)
    assert told["frozen"] == written.frozen == fingerprint(written, without=("frozen",))
    assert written.frozen_on is not None, "the day is written with it: rules frozen after the first unit name no winner"
    assert register.with_name("badge.frozen.json").is_file()
    assert done.stderr.splitlines()[-1].startswith("Next: ")
    text = register.read_bytes()
    again = freeze("badge", "--json")
    assert (again.returncode, json.loads(again.stdout)["new"]) == (0, False)
    assert register.read_bytes() == text
    assert again.stderr.splitlines()[-1].startswith("Next: fanops run")


def test_it_refuses_another_plan_an_unknown_experiment_and_a_file_of_another_name(
    freeze: Freeze, register: Path
) -> None:
    assert freeze("badge").returncode == 0
    register.write_text(
        register.read_text(encoding="utf-8").replace("New is better", "Old is better"), encoding="utf-8"
    )
    text = register.read_bytes()
    changed = freeze("badge")
    assert (changed.returncode, register.read_bytes()) == (2, text)
    assert "frozen with other content" in changed.stderr
    unknown = freeze("bagde")
    assert unknown.returncode == 2
    assert "badge" in unknown.stderr
    register.rename(register.with_name("other.yml"))
    named = freeze("badge")
    assert named.returncode == 2
    assert "badge.yml" in named.stderr
