"""Figures and plays name metrics by the ids of the catalogue: no id in the sections stands for nothing."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from conftest import ROOT

from fanops_utils.metrics.catalogue import METRICS

NAMING = {"metric": ("KeyNumber", "measured", "moved"), "metric_id": ("Play",)}


def named() -> Iterator[tuple[str, str]]:
    for path in sorted((ROOT / "fanops_utils" / "sections").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                for given in node.keywords:
                    if node.func.id in NAMING.get(given.arg or "", ()) and isinstance(given.value, ast.Constant):
                        yield path.name, str(given.value.value)


def test_every_id_stands_in_the_catalogue() -> None:
    found = list(named())
    assert len(found) > 30
    assert [pair for pair in found if pair[1] not in METRICS] == []
