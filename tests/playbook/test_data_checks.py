"""Each check of the data, both ways: it passes what is sound and names what is not."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
import pytest

from fanops_utils.playbook import Check, data_checks

TODAY = date(2026, 11, 15)


def posts(**columns: list[Any]) -> pd.DataFrame:
    """Return posts with the numbers given, null otherwise."""
    size = len(next(iter(columns.values())))
    names = ("impressions", "views", "reach", "likes", "comments", "shares", "saves", "engagements")
    blank: dict[str, list[Any]] = {name: [None] * size for name in names}
    return pd.DataFrame({name: pd.array(values, dtype="Int64") for name, values in (blank | columns).items()})


@pytest.mark.parametrize(
    ("as_of", "status"),
    [(date(2026, 11, 15), "PASS"), (date(2026, 11, 1), "PASS"), (date(2026, 10, 31), "REVIEW"), (None, "REVIEW")],
)
def test_data_are_fresh_for_fourteen_days(as_of: date | None, status: str) -> None:
    check = data_checks.freshness(as_of, today=TODAY)
    assert check.status == status
    assert as_of is None or str(as_of) in check.finding
    assert bool(check.action) == (status != "PASS"), "what is not well comes with what to do"


@pytest.mark.parametrize(("found", "status"), [(60, "PASS"), (59, "REVIEW"), (1, "REVIEW"), (0, "FAIL")])
def test_enough_is_the_number_wanted(found: int, status: str) -> None:
    check = data_checks.enough("Posts", found, least=60, what="Instagram posts")
    assert (check.name, check.status) == ("Posts", status)
    assert f"{found} Instagram posts" in check.finding


def test_complete_columns_pass_and_gaps_are_counted() -> None:
    full = posts(reach=[10] * 40, likes=[1] * 40)
    assert data_checks.completeness(full, ["reach", "likes"]).status == "PASS"
    few = posts(reach=[None, None, *[10] * 38], likes=[1] * 40)
    assert data_checks.completeness(few, ["reach", "likes"]).status == "PASS", "two of forty are five percent"
    many = posts(reach=[None, None, None, *[10] * 37], likes=[1] * 40)
    check = data_checks.completeness(many, ["reach", "likes"], name="Post metrics")
    assert (check.name, check.status) == ("Post metrics", "REVIEW")
    assert "reach 3 of 40" in check.finding
    assert "likes" not in check.finding
    assert check.action


def test_a_column_the_platform_does_not_export_is_no_gap() -> None:
    check = data_checks.completeness(posts(reach=[10, 10]), ["reach", "saves", "no such column"])
    assert check.status == "PASS"


def test_reach_above_the_times_shown_cannot_be() -> None:
    assert (
        data_checks.reach_is_plausible(
            posts(reach=[90, 100, None], impressions=[100, None, 5], views=[1, 100, None])
        ).status
        == "PASS"
    )
    wrong = data_checks.reach_is_plausible(
        posts(reach=[101, 50, 60], impressions=[100, None, None], views=[None, 49, 60])
    )
    assert wrong.status == "REVIEW"
    assert wrong.finding.startswith("2 ")
    assert data_checks.reach_is_plausible(posts(reach=[1])).status == "PASS", "not shown how often: nothing to compare"
    assert data_checks.reach_is_plausible(posts(reach=[])).status == "PASS"


def test_exported_interactions_are_held_against_their_parts() -> None:
    parts: dict[str, list[Any]] = {"likes": [8, 10], "comments": [1, 1], "shares": [1, 1]}
    equal = data_checks.interactions_add_up(posts(engagements=[10, 12], **parts))
    assert equal is not None
    assert equal.status == "PASS"
    more = data_checks.interactions_add_up(posts(engagements=[10, 15], **parts))
    assert more is not None
    assert more.status == "REVIEW"
    assert "1 of 2" in more.finding
    assert data_checks.interactions_add_up(posts(**parts)) is None, "nothing exported, nothing to check"
    assert data_checks.interactions_add_up(posts(likes=[])) is None


@pytest.mark.parametrize(
    ("sources", "status"),
    [
        (["proved"] * 19 + ["assumed"], "PASS"),
        (["proved", "export_offset", "declared", None], "PASS"),
        (["proved"] * 18 + ["assumed"] * 2, "REVIEW"),
        ([None, None], "REVIEW"),
        ([], "REVIEW"),
    ],
)
def test_times_are_proved_or_said_to_be_assumed(sources: list[str | None], status: str) -> None:
    frame = pd.DataFrame({"tz_source": pd.array(sources, dtype="string")})
    assert data_checks.times_are_proved(frame).status == status


@pytest.mark.parametrize(
    ("aside", "status"), [(0, "PASS"), (10, "PASS"), (11, "REVIEW"), (500, "REVIEW"), (501, "FAIL")]
)
def test_quarantine_is_judged_by_its_share(aside: int, status: str) -> None:
    log = pd.DataFrame({"rows_in": [4_000, 6_000], "rows_quarantined": [aside, 0]}).astype("Int64")
    check = data_checks.quarantine(log)
    assert check.status == status
    assert f"{aside} of 10,000" in check.finding


def test_nothing_imported_yet_is_said() -> None:
    check = data_checks.quarantine(pd.DataFrame({"rows_in": [], "rows_quarantined": []}, dtype="Int64"))
    assert check.status == "REVIEW"
    assert "fanops import" in check.action


def breaks(day: str = "2025-04-11", precision: str = "day") -> pd.DataFrame:
    row = {"platform": "instagram", "metric": "impressions", "date": pd.Timestamp(day), "precision": precision}
    return pd.DataFrame([{**row, "note": "renamed to views", "source": "the platform's help"}])


def spanning(start: date | None, end: date | None, *, platform: str = "instagram", **options: str) -> Check:
    return data_checks.no_break(breaks(**options), platforms=[platform], start=start, end=end)


@pytest.mark.parametrize(
    ("start", "end", "status"),
    [
        (date(2025, 1, 1), date(2025, 12, 31), "REVIEW"),
        (date(2025, 4, 10), date(2025, 4, 11), "REVIEW"),
        (date(2025, 1, 1), date(2025, 4, 10), "PASS"),
        (date(2025, 4, 11), date(2025, 12, 31), "PASS"),
        (None, date(2025, 12, 31), "REVIEW"),
        (date(2024, 1, 1), None, "REVIEW"),
        (None, None, "REVIEW"),
    ],
)
def test_a_change_of_definition_counts_inside_the_period(start: date | None, end: date | None, status: str) -> None:
    assert spanning(start, end).status == status


def test_a_change_of_definition_is_named_with_its_day() -> None:
    found = spanning(date(2025, 1, 1), date(2025, 12, 31)).finding
    assert all(word in found for word in ("instagram", "impressions", "2025-04-11", "renamed to views"))
    month = spanning(date(2025, 1, 1), date(2025, 12, 31), day="2025-04-01", precision="month").finding
    assert "April 2025" in month
    assert "2025-04-01" not in month, "the day is not known"


def test_a_change_on_another_platform_does_not_matter() -> None:
    assert spanning(date(2025, 1, 1), date(2025, 12, 31), platform="tiktok").status == "PASS"


@pytest.mark.parametrize(
    ("start", "end", "status"),
    [
        (date(2025, 4, 5), date(2025, 12, 31), "REVIEW"),
        (date(2025, 5, 1), date(2025, 12, 31), "PASS"),
        (date(2024, 1, 1), date(2025, 4, 5), "REVIEW"),
        (date(2024, 1, 1), date(2025, 3, 31), "PASS"),
    ],
)
def test_a_change_known_to_the_month_may_be_on_any_of_its_days(start: date, end: date, status: str) -> None:
    assert spanning(start, end, day="2025-04-01", precision="month").status == status
