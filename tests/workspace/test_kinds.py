"""The table of register kinds and the table of platforms: what reads, checks and writes registers goes by them."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import pytest
from conftest import BRAND

from fanops_utils.data.sources.mapping.register import read_mapping
from fanops_utils.data.sources.registry import SOURCES
from fanops_utils.errors import WorkspaceError
from fanops_utils.reports.planning.plan import read_plan
from fanops_utils.workspace import Workspace, init_workspace, read_register
from fanops_utils.workspace.kinds import CAMPAIGN, KEYS, KINDS, MAPPING, PATTERN, PLAN
from fanops_utils.workspace.opening import TEMPLATE
from fanops_utils.workspace.platforms import PLATFORMS, PlatformId, platforms_with_posts

READ_ABOVE = {MAPPING.id: read_mapping, PLAN.id: read_plan}


def test_every_example_belongs_to_a_kind_and_is_valid(tmp_path: Path) -> None:
    written = init_workspace(tmp_path / "mine")
    examples = {name for kind in KINDS for name in (kind.example, *kind.defaults) if name}
    assert {path.relative_to(tmp_path / "mine").as_posix() for path in written} == examples
    assert {path.relative_to(TEMPLATE).as_posix() for path in TEMPLATE.rglob("*.yml")} == examples
    for kind in KINDS:
        for path in kind.paths(tmp_path / "mine"):
            assert read_register(path, kind.model) if kind.model else READ_ABOVE[kind.id](path)
            assert path.read_text(encoding="utf-8").startswith("# ")
    Workspace(tmp_path / "mine").validate()


def test_a_key_names_what_the_workspace_has(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    (tmp_path / "brand.yml").write_text(BRAND, encoding="utf-8")
    assert KEYS == ("market", "campaign", "experiment")
    assert {key: workspace.names_of(key) for key in KEYS} == {
        "market": workspace.markets, "campaign": (), "experiment": (),
    }  # fmt: skip
    assert workspace.look_up("market", "US") == workspace.market("US")
    with pytest.raises(WorkspaceError, match="unknown campaign"):
        workspace.look_up("campaign", "spring")
    assert workspace.registers(CAMPAIGN) == workspace.campaigns == {}


def test_an_example_never_counts_but_is_checked(tmp_path: Path) -> None:
    init_workspace(tmp_path / "mine")
    workspace = Workspace(tmp_path / "mine")
    assert workspace.names_of("campaign") == workspace.names_of("experiment") == ()
    assert "example" not in workspace.registers(PATTERN) and len(workspace.registers(PATTERN)) == len(PATTERN.defaults)
    assert workspace.campaign("example").id == "example"  # named, it is read
    example = tmp_path / "mine" / "campaigns" / "example.yml"
    example.write_text(example.read_text(encoding="utf-8").replace("owner:", "ownr:"), encoding="utf-8")
    with pytest.raises(WorkspaceError, match=r"unknown key 'ownr'. Did you mean 'owner'"):
        Workspace(tmp_path / "mine").validate()


def test_platforms_are_declared_once() -> None:
    assert tuple(PLATFORMS) == get_args(PlatformId)
    assert {platform for source in SOURCES for platform in source.platforms} <= set(PLATFORMS)
    for one in PLATFORMS.values():
        assert one.name and one.name_zh


def test_what_brings_posts_is_a_platform_with_posts() -> None:
    bringing = {"instagram.content", "facebook.content", "tiktok.content", "youtube.table", "x.content",
                "linkedin.page_posts", "xiaohongshu.notes", "douyin.works", "wechat.videos"}  # fmt: skip
    named = {p for source in SOURCES if f"{source.name}.{source.report_type}" in bringing for p in source.platforms}
    assert len(named) == len(bringing)
    assert named <= set(platforms_with_posts())
