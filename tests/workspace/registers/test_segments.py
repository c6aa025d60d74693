"""The rules of tiers and stages: which hold in which market, what is refused, and that members fall by them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from conftest import BRAND

from fanops_utils.errors import WorkspaceError
from fanops_utils.models import TierThresholds, rhythm_of, stages, tiers
from fanops_utils.workspace import Workspace
from fanops_utils.workspace.folder import TEMPLATE
from fanops_utils.workspace.registers.segments import Segments, StageRules, TierRules

AS_OF = date(2026, 10, 31)


def workspace(folder: Path, text: str) -> Workspace:
    (folder / "brand.yml").write_text(BRAND, encoding="utf-8")
    (folder / "segments.yml").write_text(text, encoding="utf-8")
    return Workspace(folder)


def test_without_a_file_the_defaults_hold_and_the_template_says_the_same(tmp_path: Path) -> None:
    (tmp_path / "brand.yml").write_text(BRAND, encoding="utf-8")
    missing = Workspace(tmp_path).segments
    assert (missing.tiers_in("US"), missing.stages_in("US")) == (TierRules(), StageRules())
    written = workspace(tmp_path, (TEMPLATE / "segments.yml").read_text(encoding="utf-8")).segments
    assert (written.tiers_in("US"), written.stages_in("US")) == (TierRules(), StageRules())
    assert TierThresholds.of(TierRules(), gap=28) == TierThresholds()


def test_a_market_goes_by_its_own_rules_and_the_others_by_those_of_all(tmp_path: Path) -> None:
    text = "tiers:\n  - {active_days: 5}\n  - {markets: [US], active_days: 2, high_value_spend: 90}\n"
    found = workspace(tmp_path, text).segments
    assert found.tiers_in("US").active_days == 2 and found.tiers_in("US").high_value_spend == 90
    assert found.tiers_in("DE").active_days == 5 and found.tiers_in("DE").high_value_spend is None
    assert found.stages_in("DE") == StageRules()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("tiers:\n  - {active_day: 5}\n", r"line 2.*active_day.*Did you mean 'active_days'"),
        ("tiers:\n  - {active_days: 9}\n", r"line 2"),
        ("tiers:\n  - {}\n  - {loyal_days: 9}\n", "everywhere"),
        ("stages:\n  - {markets: [US]}\n  - {markets: [US]}\n", "US"),
        ("stages:\n  - {silent: 2}\n", r"line 2"),
        ("stages:\n  - {markets: [UX]}\n", "Did you mean 'US'"),
    ],
)
def test_what_cannot_hold_is_refused_with_its_place(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(WorkspaceError, match=f"(?s){said}"):
        workspace(tmp_path, text).validate()


def test_members_fall_by_the_rules() -> None:
    members = pd.DataFrame({
        "member_key": ["a"], "joined_on": pd.to_datetime(["2026-01-01"]), "last_active": pd.to_datetime(["2026-10-30"]),
        "active_days_28": pd.array([5], dtype="Int64"),
    })  # fmt: skip
    for rules, tier in (
        (TierRules(), "active"),
        (TierRules(loyal_days=5), "loyal"),
        (TierRules(active_days=6), "ordinary"),
    ):
        found = tiers(members, thresholds=TierThresholds.of(rules, gap=28), as_of=AS_OF)
        assert found["tier"].tolist() == [tier]
    active = pd.DataFrame({"member_key": ["a"], "date_day": pd.to_datetime(["2026-09-21"])})
    patient = StageRules(at_risk=4, silent=5)
    for rule, stage in ((StageRules(), "at-risk"), (StageRules(lapsed_days=30), "lapsed"), (patient, "active")):
        found = stages(members, active, as_of=AS_OF, rhythm=rhythm_of(active, as_of=AS_OF), rules=rule)
        assert found["stage"].tolist() == [stage], "a pause of forty days, where three are usual"


def test_an_empty_register_names_no_market() -> None:
    assert Segments().markets == ()
