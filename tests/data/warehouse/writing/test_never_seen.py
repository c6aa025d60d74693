"""What is loaded and no report counts is said at import, and stands in the log for the reports to say."""

from __future__ import annotations

import pandas as pd
import pytest

from fanops_utils.data.warehouse import Store, import_paths
from fanops_utils.sections import data_checks
from fanops_utils.workspace import Workspace

MAPPING = """name: forum
tables:
  fans:
    columns: {member_key: id, joined_at: joined, market: country}
    constants: {platform: forum}
"""
POSTS = """name: posts
tables:
  posts:
    columns: {post_id: number, created_timestamp: when, post_message: text}
    constants: {platform: other, account_id: forum}
"""


@pytest.fixture
def workspace(brand_workspace: Workspace) -> Workspace:
    folder = brand_workspace.path / "mappings"
    folder.mkdir(exist_ok=True)
    (folder / "forum.yml").write_text(MAPPING, encoding="utf-8")
    (folder / "posts.yml").write_text(POSTS, encoding="utf-8")
    brand_workspace.raw.mkdir(exist_ok=True)
    return brand_workspace


def test_markets_that_brand_yml_does_not_know_and_posts_without_a_date(workspace: Workspace) -> None:
    fans = "id,joined,country\na,2026-01-01T10:00:00Z,US\nb,2026-01-01T10:00:00Z,USA\nc,2026-01-01T10:00:00Z,USA\n"
    posts = "number,when,text\n1,2026-01-01T10:00:00Z,first\n2,,second\n"
    (workspace.raw / "fans.csv").write_text(fans, encoding="utf-8")
    (workspace.raw / "posts.csv").write_text(posts, encoding="utf-8")
    reports = import_paths(workspace, [workspace.raw])
    said = " ".join(warning for one in reports for warning in one.warnings)
    assert "'USA' of 2 records" in said
    assert "1 post has no date" in said
    log = Store(workspace).read("import_log")
    assert (log["strange_markets"].sum(), log["undated_posts"].sum()) == (2, 1)
    assert {one.code for one in data_checks.quarantine(log)} == {"import", "strange_markets", "undated_posts"}


def test_brands_that_are_neither_ours_nor_a_competitor_are_named(workspace: Workspace) -> None:
    mapping = """name: talk
tables:
  mentions:
    columns: {mention_id: number, mentioned_at: when, brand: who}
    constants: {platform: other}
"""
    (workspace.path / "mappings" / "talk.yml").write_text(mapping, encoding="utf-8")
    lines = [f"{n},2026-01-01T10:00:00Z,{who}" for n, who in enumerate([workspace.brand.name, "Somebody", "Somebody"])]
    (workspace.raw / "talk.csv").write_text("\n".join(["number,when,who", *lines, ""]), encoding="utf-8")
    (report,) = import_paths(workspace, [workspace.raw])
    (said,) = [one for one in report.warnings if "aliases" in one]
    assert "'Somebody' of 2 mentions" in said and report.rows_loaded == 3


def test_a_log_of_before_says_nothing_of_it() -> None:
    log = pd.DataFrame({"rows_in": [10], "rows_quarantined": [0]}, dtype="Int64")
    assert [one.code for one in data_checks.quarantine(log)] == ["import"]
