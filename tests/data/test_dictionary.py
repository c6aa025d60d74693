from __future__ import annotations

import re
from pathlib import Path

import pytest
from conftest import ROOT

from fanops_utils.data.dictionary import END, START, columns_table, dictionary, with_dictionary, write
from fanops_utils.data.schema import SYSTEM_TABLES, TABLES
from fanops_utils.data.sources.mapping.register import read_mapping
from fanops_utils.data.warehouse import Store, import_paths
from fanops_utils.errors import WorkspaceError
from fanops_utils.workspace import Workspace

README = (ROOT / "data" / "README.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"\(`(\w+)`\)[^\n]*\n\n```csv\n(.*?)```\n\n```yaml\n(.*?)```", README, re.DOTALL)
WORKED = ("member_events", "fans", "orders", "mentions", "referrals", "partners", "survey_answers")


def test_the_dictionary_in_the_readme_is_that_of_the_schema() -> None:
    assert with_dictionary(README) == README, "run: python -m fanops_utils.data.dictionary"


def test_every_column_stands_in_it_with_type_and_meaning() -> None:
    text = dictionary()
    for name, table in {**TABLES, **SYSTEM_TABLES}.items():
        assert f"### `{name}`: {table.description}" in text
    assert "| `member_key` * | text | no | pseudonym | pseudonym of a member" in text
    assert "| `completion_rate` | fraction | may be | metric |" in text
    assert "| `created_timestamp` | time (UTC) | no | transaction | time of the order" in text
    frame = columns_table()
    assert len(frame) == sum(len(table.columns) for table in (*TABLES.values(), *SYSTEM_TABLES.values()))
    assert frame["meaning"].str.len().gt(3).all()
    assert set(frame["type"]) == {"text", "whole number", "number", "fraction", "yes/no", "time (UTC)", "day"}


def test_writing_keeps_what_stands_around_it(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "README.md").write_text(f"before\n{START}\nold\n{END}\nafter\n", encoding="utf-8")
    text = write(tmp_path).read_text(encoding="utf-8")
    assert text.startswith(f"before\n{START}\n\n### Why")
    assert text.endswith(f"{END}\nafter\n")
    assert "\nold\n" not in text
    with pytest.raises(WorkspaceError, match="marks around the dictionary"):
        with_dictionary("no marks")


def test_there_is_a_worked_example_of_every_table_of_members() -> None:
    assert tuple(name for name, _, _ in EXAMPLES) == WORKED
    assert README.count("```yaml") == len(WORKED), "every YAML block of the document is tested"


@pytest.mark.parametrize(("table", "records", "mapping"), EXAMPLES, ids=WORKED)
def test_a_worked_example_works(brand_workspace: Workspace, table: str, records: str, mapping: str) -> None:
    (brand_workspace.path / "mappings").mkdir()
    register = brand_workspace.path / "mappings" / "example.yml"
    register.write_text(mapping, encoding="utf-8")
    assert set(read_mapping(register).tables) == {table}
    path = brand_workspace.raw / "example.csv"
    path.write_text(records, encoding="utf-8")
    (report,) = import_paths(brand_workspace, [path])
    assert (report.status, report.error) == ("loaded", "")
    assert report.rows_loaded == report.rows_in == len(records.strip().splitlines()) - 1
    frame = Store(brand_workspace).read(table)
    keys = [column for column in frame if column.endswith("_key")]
    assert all(frame[column].dropna().str.fullmatch("[0-9a-f]{32}").all() for column in keys)
    stored = frame.drop(columns="source_file").to_csv()
    assert not [word for word in ("anna@example.com", "lena.tea", "Ben B.") if word in stored]
