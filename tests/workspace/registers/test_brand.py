"""Slips in brand.yml, targets and mappings: each told once, at its own line, in words that say what to write."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import BRAND

from fanops_utils.data.sources.mapping.register import Mapping
from fanops_utils.errors import WorkspaceError
from fanops_utils.reports.planning.plan import Plan
from fanops_utils.workspace import Brand, read_register
from fanops_utils.workspace.kinds import KINDS
from fanops_utils.workspace.register import FORMS, Register
from fanops_utils.workspace.registers.target import Targets

TARGETS = """targets:
  - {id: voice, metric: share_of_voice, low: 0.05, high: 0.10}
  - {id: join, metric: participation, low: 0.15}
"""
MAPPING = """name: days
tables:
  account_daily:
    columns:
      account_id: No
      date_day: When
      reach: Seen
    constants: {platform: instagram}
"""


def refused(folder: Path, text: str, model: type[Register]) -> WorkspaceError:
    path = folder / "register.yml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(WorkspaceError) as refusal:
        read_register(path, model)
    return refusal.value


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("currency: USD", "currency: Dollar", 3, "'Dollar' is not written as it must be: three capital letters"),
        ("language: en,", "language: english,", 3, "'english'"),
        ("handle: demo_channel, market: US", "handle: demo_channel, market: UX", 8, "Did you mean 'US'?"),
        ("code: DE", "code: US", 4, "two markets"),
        ("[Rival]", "[Rival, demo brand]", 10, "'demo brand' is the brand itself"),
        ("[Rival]", "[Rival]\naliases: {Demo Brand: [Rival]}", 10, "'Rival' is the brand itself"),
        ("[Rival]", "[Rival]\nwarehouse: s3://anna:hidden@bucket/tables", 11, "no credentials"),
        ("[Rival]", "[Rival]\nwarehouse: s3://bucket/tables?secret_key=hidden", 11, "no credentials"),
    ],
)  # fmt: skip
def test_a_slip_in_the_brand_is_told_at_its_line(tmp_path: Path, old: str, new: str, line: int, words: str) -> None:
    error = refused(tmp_path, BRAND.replace(old, new, 1), Brand)
    assert error.line == line, error
    assert words in str(error)
    assert "also line" not in str(error) and "hidden" not in str(error)


def test_a_brand_as_people_write_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "brand.yml"
    path.write_text(
        BRAND.replace("language: de", "language: pt-BR") + "warehouse: s3://bucket/tables\n", encoding="utf-8"
    )
    assert read_register(path, Brand).markets[1].language == "pt-BR"


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("id: join", "id: voice", 3, "'voice'"),
        ("high: 0.10", "high: 0.01", 2, "below its start"),
    ],
)  # fmt: skip
def test_a_slip_in_the_targets_is_told_at_its_line(tmp_path: Path, old: str, new: str, line: int, words: str) -> None:
    error = refused(tmp_path, TARGETS.replace(old, new), Targets)
    assert (error.line, words in str(error)) == (line, True), error


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [("reach: Seen", "reech: Seen", 7), ("      account_id: No\n", "", 3), ("  account_daily:", "  account_dayly:", 3)],
)
def test_a_slip_in_a_mapping_is_told_at_its_line(tmp_path: Path, old: str, new: str, line: int) -> None:
    assert refused(tmp_path, MAPPING.replace(old, new), Mapping).line == line


def patterns(schema: Any) -> Iterator[str]:
    if isinstance(schema, dict):
        yield from [schema["pattern"]] if isinstance(schema.get("pattern"), str) else []
        schema = list(schema.values())
    for part in schema if isinstance(schema, list) else []:
        yield from patterns(part)


def test_every_pattern_of_a_register_is_told_in_words() -> None:
    models = [kind.model for kind in KINDS if kind.model] + [Mapping, Plan]
    asked = {one for model in models for one in patterns(model.model_json_schema())}
    assert asked and asked <= set(FORMS), asked - set(FORMS)
