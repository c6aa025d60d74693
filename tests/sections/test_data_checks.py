"""Each check of the data, both ways: it passes what is sound and names what is not."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pandas as pd
import pytest
from saying import parts, values

from fanops_utils.playbook import Check
from fanops_utils.sections import data_checks
from fanops_utils.text import Count, Day, Percent, Written, say_n, term

ON = date(2026, 11, 15)


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
    check = data_checks.freshness(as_of, on=ON)
    assert (check.code, check.status) == ("freshness", status)
    assert as_of is None or values(check.finding)["day"] == Day.of(as_of)
    assert (check.action is not None) == (status != "PASS"), "what is not well comes with what to do"


@pytest.mark.parametrize(("newest", "back"), [(date(2026, 11, 14), True), (date(2026, 3, 11), False), (None, False)])
def test_a_report_asked_to_stop_early_looks_back_and_misses_nothing(newest: date | None, back: bool) -> None:
    check = data_checks.freshness(date(2026, 3, 11), on=ON, newest=newest)
    assert (check.code, check.status) == ("freshness", "REVIEW")
    assert ("newest" in values(check.finding)) == back


@pytest.mark.parametrize("as_of", [date(2026, 11, 15), date(2026, 11, 1)])
def test_fresh_data_hold_until_the_day_before_they_are_stale(as_of: date) -> None:
    last = data_checks.holds_until(as_of, on=ON)
    assert last is not None
    assert data_checks.freshness(as_of, on=last) == data_checks.freshness(as_of, on=ON)
    assert data_checks.freshness(as_of, on=last + timedelta(days=1)).status == "REVIEW"


def test_stale_and_undated_data_hold_for_as_long_as_they_stay() -> None:
    old = date(2026, 10, 31)
    assert data_checks.holds_until(old, on=ON) is None
    assert data_checks.freshness(old, on=ON) == data_checks.freshness(old, on=ON + timedelta(days=300))
    assert data_checks.holds_until(None, on=ON) is None


@pytest.mark.parametrize(("seen", "status"), [(60, "PASS"), (59, "REVIEW"), (1, "REVIEW"), (0, "FAIL")])
def test_enough_is_the_number_wanted(seen: int, status: str) -> None:
    check = data_checks.enough("posts", seen, least=60)
    assert (check.code, check.status) == ("posts", status)
    amount = check.finding if status == "PASS" else values(check.finding)["amount"]
    assert amount.count == seen  # type: ignore[attr-defined]


def test_enough_of_something_else_is_named_by_who_asks() -> None:
    orders = say_n("{n} order", "{n} orders", n=3)
    check = data_checks.enough("orders", 3, least=2, name=term("Orders", "check"), amount=orders)
    assert (check.code, check.status, check.finding) == ("orders", "PASS", orders)


def test_complete_columns_pass_and_gaps_are_counted() -> None:
    full = posts(reach=[10] * 40, likes=[1] * 40)
    assert data_checks.completeness(full, ["reach", "likes"]).status == "PASS"
    few = posts(reach=[None, None, *[10] * 38], likes=[1] * 40)
    assert data_checks.completeness(few, ["reach", "likes"]).status == "PASS", "two of forty are five percent"
    many = posts(reach=[None, None, None, *[10] * 37], likes=[1] * 40)
    check = data_checks.completeness(many, ["reach", "likes"], code="post_metrics")
    assert (check.code, check.status) == ("post_metrics", "REVIEW")
    (gap,) = parts(values(check.finding)["columns"])
    assert (values(gap)["missing"], values(gap)["rows"]) == (Count(3), Count(40)), "the column with the gap alone"
    assert check.action is not None


def test_a_column_the_platform_does_not_export_is_no_gap() -> None:
    assert data_checks.completeness(posts(reach=[None]), ["reach"]).status == "REVIEW", "nothing is not complete"
    check = data_checks.completeness(posts(reach=[10, 10]), ["reach", "saves", "no such column"])
    assert check.status == "PASS"


def test_reach_above_the_times_shown_cannot_be() -> None:
    fine = data_checks.reach_is_plausible(
        posts(reach=[90, 100, None], impressions=[100, None, 5], views=[1, 100, None])
    )
    assert fine is not None and fine.status == "PASS"
    wrong = data_checks.reach_is_plausible(
        posts(reach=[101, 50, 60], impressions=[100, None, None], views=[None, 49, 60])
    )
    assert wrong is not None and wrong.status == "REVIEW"
    assert values(wrong.finding)["n"] == Count(2)
    assert data_checks.reach_is_plausible(posts(reach=[1])) is None, "not shown how often: nothing to compare"
    assert data_checks.reach_is_plausible(posts(reach=[])) is None
    bare = posts(reach=[1, 2]).astype({"impressions": object, "views": object})
    assert data_checks.reach_is_plausible(bare.where(bare.notna(), None)) is None, "a mapping that has neither column"


def test_exported_interactions_are_held_against_their_parts() -> None:
    parts: dict[str, list[Any]] = {"likes": [8, 10], "comments": [1, 1], "shares": [1, 1]}
    equal = data_checks.interactions_add_up(posts(engagements=[10, 12], **parts))
    assert equal is not None
    assert equal.status == "PASS"
    more = data_checks.interactions_add_up(posts(engagements=[10, 15], **parts))
    assert more is not None
    assert more.status == "REVIEW"
    assert (values(more.finding)["equal"], values(more.finding)["total"]) == (Count(1), Count(2))
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
    check = data_checks.times_are_proved(frame)
    assert check.status == status
    if "assumed" in sources:
        proved = 0.95 if status == "PASS" else 0.1
        assert values(check.finding)["share"] == Percent(pytest.approx(proved))


@pytest.mark.parametrize(
    ("aside", "status"), [(0, "PASS"), (10, "PASS"), (11, "REVIEW"), (500, "REVIEW"), (501, "FAIL")]
)
def test_quarantine_is_judged_by_its_share(aside: int, status: str) -> None:
    log = pd.DataFrame({"rows_in": [4_000, 6_000], "rows_quarantined": [aside, 0]}).astype("Int64")
    (check,) = data_checks.quarantine(log)
    assert check.status == status
    assert (values(check.finding)["aside"], values(check.finding)["rows"]) == (Count(aside), Count(10_000))


def test_nothing_imported_yet_is_said() -> None:
    (check,) = data_checks.quarantine(pd.DataFrame({"rows_in": [], "rows_quarantined": []}, dtype="Int64"))
    assert check.status == "REVIEW"
    assert check.action is not None
    assert "fanops import" in str(check.action)


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
    (change,) = parts(spanning(date(2025, 1, 1), date(2025, 12, 31)).finding)
    assert values(change)["when"] == Day("2025-04-11")
    assert values(change)["note"] == Written("renamed to views", "en")
    (month,) = parts(spanning(date(2025, 1, 1), date(2025, 12, 31), day="2025-04-01", precision="month").finding)
    assert values(month)["when"] == Day("2025-04-01", "month"), "the day is not known"


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


def test_what_was_loaded_and_no_report_counts_is_told() -> None:
    log = pd.DataFrame(
        {"rows_in": [900, 100], "rows_quarantined": [0, 0], "strange_markets": [40, 2], "undated_posts": [0, 500]},
        dtype="Int64",
    )
    found = {one.code: one for one in data_checks.quarantine(log)}
    assert {code: one.status for code, one in found.items()} == {
        "import": "PASS", "strange_markets": "REVIEW", "undated_posts": "REVIEW",
    }  # fmt: skip
    assert "42" in str(found["strange_markets"].finding)
    assert "500" in str(found["undated_posts"].finding)
