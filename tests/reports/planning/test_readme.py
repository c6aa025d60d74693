"""README's table of notebooks: written from the notebooks, and up to date."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import ROOT
from reports.tiny import repository, source, write

from fanops_utils.errors import WorkspaceError
from fanops_utils.reports.planning.catalogue import catalogue
from fanops_utils.reports.planning.readme import END, START, table, with_table
from fanops_utils.reports.planning.readme import write as write_readme


def test_the_table_of_readme_is_that_of_the_notebooks() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert with_table(readme, catalogue(ROOT)) == readme, "python -m fanops_utils.reports.planning.readme"


def test_the_table_is_written_between_its_marks_topic_by_topic(tmp_path: Path) -> None:
    repository(tmp_path)
    write(tmp_path, "campaigns/late", source("1", title="Did it work?", topic="campaigns"))
    write(tmp_path, "research/early", source("1", title="Does it grow?", topic="market"))
    (tmp_path / "README.md").write_text(f"before\n{START}\nold\n{END}\nafter\n", encoding="utf-8")
    text = write_readme(tmp_path).read_text(encoding="utf-8")
    assert text == f"before\n{START}\n{table(catalogue(tmp_path))}\n{END}\nafter\n"
    assert text.splitlines()[2:6] == [
        "| Question | Notebook | Report |",
        "|---|---|---|",
        "| Does it grow? | `research/early` | whether it is so |",
        "| Did it work? | `campaigns/late` | whether it is so |",
    ]
    assert with_table(text, catalogue(tmp_path)) == text


@pytest.mark.parametrize("readme", ["", f"{START}\n", f"{END}\n{START}\n"])
def test_a_readme_without_its_marks_is_refused(readme: str) -> None:
    with pytest.raises(WorkspaceError, match="the marks around the table of notebooks are gone"):
        with_table(readme, [])
