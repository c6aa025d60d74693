"""Sizes are put side by side only where they count the same thing at the same time, and growth needs dated points."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from fanops_utils import models
from fanops_utils.data import outside

ROOT = Path(__file__).parents[3]


def sizes(*rows: tuple[str, str, float, str, str]) -> pd.DataFrame:
    """Return rows of platform, region, figure, measure, as_of."""
    frame = pd.DataFrame(rows, columns=["platform", "region", "figure", "measure", "as_of"])
    return frame.assign(unit="million")


def test_a_platform_that_is_strong_here_has_a_quotient_above_one() -> None:
    table = models.location_quotients(sizes(
        ("instagram", "DE", 60, "ad reach", "2025-01"), ("tiktok", "DE", 20, "ad reach", "2025-01"),
        ("instagram", "FR", 20, "ad reach", "2025-01"), ("tiktok", "FR", 20, "ad reach", "2025-01"),
    )).set_index(["region", "platform"])  # fmt: skip
    assert table.loc[("DE", "instagram"), "quotient"] == pytest.approx((60 / 80) / (80 / 120))
    assert table.loc[("FR", "tiktok"), "quotient"] == pytest.approx((20 / 40) / (40 / 120))
    assert set(table["markets"]) == {2}


def test_what_counts_another_thing_or_another_time_is_not_compared() -> None:
    other = sizes(
        ("instagram", "DE", 60, "ad reach", "2025-01"), ("tiktok", "DE", 20, "users", "2025-01"),
        ("instagram", "FR", 20, "ad reach", "2025-01"), ("tiktok", "FR", 20, "ad reach", "2024-01"),
    )  # fmt: skip
    assert models.location_quotients(other).empty
    survey = other.assign(unit="% of adults", measure="survey", as_of="2025")
    assert models.location_quotients(survey).empty


def test_a_market_that_lacks_a_platform_is_left_out_and_no_hole_is_filled() -> None:
    rows = [(p, r, 10.0, "ad reach", "2025-01") for p in ("a", "b", "c") for r in ("DE", "FR")]
    table = models.location_quotients(sizes(*rows, ("a", "US", 99.0, "ad reach", "2025-01")))
    assert set(table["region"]) == {"DE", "FR"} and table["quotient"].eq(1).all()


def test_growth_is_compound_and_asks_for_three_points_over_a_year() -> None:
    rows = [
        ("tiktok", "EU", figure, "mau", day) for figure, day in ((100, "2023-H1"), (110, "2023-H2"), (121, "2025-H1"))
    ]
    two_points = [("x", "EU", 5.0, "mau", "2024"), ("x", "EU", 6.0, "mau", "2025")]
    (told,) = models.size_growth(sizes(*rows, *two_points)).to_dict("records")
    assert told["platform"] == "tiktok" and told["points"] == 3
    assert told["per_year"] == pytest.approx(0.1, abs=0.001)
    assert models.size_growth(sizes(*rows[:2], ("tiktok", "EU", 121.0, "mau", "2023-11"))).empty


def test_the_rows_that_ship_can_be_compared_and_grow() -> None:
    shipped = outside.platform_sizes(root=ROOT)
    assert {"DE", "FR", "BR"} <= set(models.location_quotients(shipped)["region"])
    assert models.size_growth(shipped)["per_year"].between(-0.5, 0.5).all()


PEOPLE = pd.DataFrame({"market": ["DE", "FR"], "people": [80e6, 60e6]})


def test_penetration_is_of_inhabitants_and_beside_the_markets_together() -> None:
    table = models.penetration(
        sizes(
            ("instagram", "DE", 40, "ad reach", "2025-01"), ("instagram", "FR", 45, "ad reach", "2025-01"),
            ("tiktok", "DE", 20, "ad reach", "2025-01"), ("x", "US", 9, "ad reach", "2025-01"),
        ), PEOPLE, adults={"DE": 64e6},
    ).set_index(["region", "platform", "of"])  # fmt: skip
    assert table.loc[("DE", "instagram", "inhabitants"), "share"] == pytest.approx(0.5)
    assert table.loc[("DE", "instagram", "inhabitants"), "quotient"] == pytest.approx(0.5 / (85 / 140))
    assert table.loc[("DE", "instagram", "adults"), "share"] == pytest.approx(40 / 64)
    assert pd.isna(table.loc[("DE", "tiktok", "inhabitants"), "quotient"]), "no other market has it"
    assert "US" not in table.index.get_level_values("region"), "nobody knows how many live there"


def test_a_survey_is_its_own_share_and_what_is_not_defined_is_not_compared() -> None:
    survey = sizes(("youtube", "DE", 84, "ever use (survey)", "2025")).assign(unit="% of adults")
    (told,) = models.penetration(survey, PEOPLE).to_dict("records")
    assert (told["share"], told["of"]) == (pytest.approx(0.84), "adults_asked") and pd.isna(told["quotient"])
    vague = sizes(("x", "DE", 8, "users (not defined)", "2025"), ("x", "FR", 6, "users (not defined)", "2025"))
    assert models.penetration(vague, PEOPLE)["quotient"].isna().all()
    assert models.penetration(vague.iloc[:0], PEOPLE).empty


def test_shipped_inhabitants_are_sourced_and_give_shares_below_all() -> None:
    people = outside.populations(root=ROOT)
    assert people["standing"].isin(["primary", "second-hand"]).all() and people["people"].between(1e6, 2e9).all()
    shares = models.penetration(outside.platform_sizes(root=ROOT), people)
    assert {"DE", "FR", "BR", "US", "MX", "JP"} <= set(shares["region"])
    assert shares["share"].between(0, 1).all()
