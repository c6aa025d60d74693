from __future__ import annotations

from datetime import UTC, datetime

import pandas as pd
import pytest
from export_reading import BRAND, workspace

from fanops_utils.data.sources.files.reading import Export
from fanops_utils.data.sources.shared.owners import owners
from fanops_utils.data.sources.shared.source import Context
from fanops_utils.errors import ImportRefused

TWO = BRAND.replace(
    "accounts:\n", 'accounts:\n  - {platform: instagram, handle: demo_kr, id: "178414KR", market: KR}\n'
)


def context(brand: str = BRAND, account: str | None = None) -> Context:
    return Context(workspace(brand), Export("x.csv", ("raw", "x.csv"), b"", datetime(2026, 11, 1, tzinfo=UTC)), account)


def names(*values: str | None) -> pd.Series:
    return pd.Series(values, dtype="string")


def test_ids_stand_above_handles_and_case_does_not_matter() -> None:
    account, theirs = owners(
        context(TWO), "instagram", [names("178414KR", None, "999"), names("demo_brand", "DEMO_KR", "partner")]
    )
    assert account.tolist() == ["178414KR", "178414KR", "178414KR"]
    assert theirs.tolist() == [False, False, True]


def test_strangers_fall_to_the_most_frequent_account() -> None:
    account, theirs = owners(context(TWO), "instagram", [names("demo_kr", "demo_brand", "demo_brand", "partner")])
    assert account.tolist() == ["178414KR", "17841400000000001", "17841400000000001", "17841400000000001"]
    assert theirs.tolist() == [False, False, False, True]


def test_an_account_that_was_told_owns_the_name_seen_most_often() -> None:
    account, theirs = owners(context(account="demo_brand"), "instagram", [names("old_name", "old_name", "partner")])
    assert set(account) == {"17841400000000001"}
    assert theirs.tolist() == [False, False, True]


def test_a_file_that_names_nobody_belongs_to_the_only_account() -> None:
    account, theirs = owners(context(), "x", [names(None, None)])
    assert set(account) == {"demo_brand"}
    assert not theirs.any()


def test_a_file_of_strangers_is_refused() -> None:
    with pytest.raises(ImportRefused, match=r"names an account that brand\.yml does not: 'rival'"):
        owners(context(), "x", [names("rival")])
