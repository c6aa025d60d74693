"""Source notebooks as their files hold them."""

from __future__ import annotations

import json
from pathlib import Path

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_raw_cell
from reports.tiny import source, write

from fanops_utils.errors import PlanError
from fanops_utils.reports.planning.source import Cell, code_of, read_cells


def test_cells_are_read_as_nbformat_reads_them(tmp_path: Path) -> None:
    path = write(tmp_path, "a", source("1 +\\\n 2", "# 中文\n'é'"))
    read = nbformat.read(path, as_version=4).cells
    assert read_cells(path) == [
        Cell(cell.cell_type, cell.source, tuple(cell.metadata.get("tags", []))) for cell in read
    ]
    assert read_cells(path)[1].tags == ("parameters",)


MAKERS = {"code": new_code_cell, "markdown": new_markdown_cell, "raw": new_raw_cell}


@given(st.lists(st.tuples(st.sampled_from(sorted(MAKERS)), st.text(st.characters(exclude_categories=["Cs"])))))
def test_code_is_what_stands_in_code_cells(cells: list[tuple[str, str]]) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.ipynb"
        nbformat.write(new_notebook(cells=[MAKERS[kind](text) for kind, text in cells]), path)
        assert code_of(path) == [text for kind, text in cells if kind == "code"]


def test_a_source_may_be_one_text(tmp_path: Path) -> None:
    path = tmp_path / "a.ipynb"
    path.write_text(json.dumps({"cells": [{"cell_type": "code", "source": "a\nb"}]}), encoding="utf-8")
    assert read_cells(path) == [Cell("code", "a\nb")]


@pytest.mark.parametrize(
    "text", ["", "[]", "null", '{"worksheets": []}', '{"cells": 3}', '{"cells": [3]}', '{"cells": [{"source": "a"}]}']
)
def test_what_is_no_notebook_is_refused_with_a_way_out(tmp_path: Path, text: str) -> None:
    path = tmp_path / "old.ipynb"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(PlanError, match=r"old\.ipynb.*not in notebook format 4.*JupyterLab"):
        read_cells(path)


def test_a_notebook_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PlanError, match="cannot be read"):
        read_cells(tmp_path / "none.ipynb")
