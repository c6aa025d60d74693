"""Every question can be written for every engine that `engine:` names, and the page of engines names them all."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import pytest
from engine_questions import ASKED, Questions, catching
from engines_table import DIALECTS, NAMES, ROOT, compiles
from foreign_worlds import small_brand

from fanops_utils.workspace.registers.engine import EngineKind


@pytest.fixture(scope="module")
def questions(tmp_path_factory: pytest.TempPathFactory) -> Questions:
    ours = small_brand(tmp_path_factory.mktemp("ours"), seed=11)
    with catching() as found:
        for ask in ASKED.values():
            ask(ours)
    return found


@pytest.mark.parametrize("kind", [one for one in DIALECTS if one != "spark"])  # its compiler needs pyspark
def test_questions_of_every_kind_can_be_written(questions: Questions, kind: str) -> None:
    assert len(questions.asked) > 30
    assert [text for text, (expr, _) in questions.asked.items() if not compiles(expr, DIALECTS[kind])] == []


def test_the_page_tells_of_every_engine() -> None:
    page = (Path(ROOT) / "docs" / "engines.md").read_text(encoding="utf-8")
    assert set(DIALECTS) == set(NAMES) == set(get_args(EngineKind))
    assert [name for name in NAMES.values() if f"| {name} |" not in page] == []
