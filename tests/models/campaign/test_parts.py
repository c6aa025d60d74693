"""A campaign taken apart: truth found in the part that has it, nothing in the others, and reasons where nothing is said."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from campaign_briefs import brief
from market_worlds import world

from fanops_utils import models
from fanops_utils.models.reasons import Refused

LIFTED = world(np.random.default_rng(3), lift=0.4)


def test_the_market_with_the_lift_is_found_and_the_other_is_not() -> None:
    table = models.effects_by_market(LIFTED, brief(treated=["BR", "US"], controls=["MX", "DE", "FR", "JP"])).set_index(
        "part"
    )
    assert table.loc["BR", "ci_lower"] > 0.15
    assert table.loc["US", "estimate"] < table.loc["BR", "ci_lower"]


def test_a_control_that_moved_is_seen_as_spillover() -> None:
    moved = LIFTED.copy()
    hit = (moved["market"] == "MX") & (moved["date_day"] >= "2026-04-13")
    moved.loc[hit, "value"] *= 1.6
    table = models.spillover(moved, brief()).set_index("part")
    assert table.loc["MX", "ci_lower"] > 0.2
    assert models.spillover(moved, brief(controls=["US", "MX"])).empty, "two controls cannot be held against each other"


def test_what_cannot_be_estimated_gives_its_reason() -> None:
    assert models.effect_or_reason(LIFTED.iloc[:0], brief()) is None
    negative = LIFTED.assign(value=LIFTED["value"].where(LIFTED.index != 5, -1.0))
    found = models.effect_or_reason(negative, brief())
    assert found is not None and found.verdict == "cannot tell"
    assert isinstance(found.reason, Refused)
    assert "negative" in str(found.reason.error)
    zero = LIFTED.assign(value=LIFTED["value"].where(LIFTED.index != 5, 0.0))
    assert models.effect_or_reason(zero, brief()).verdict == "worked"  # type: ignore[union-attr]


def test_phases_need_data_and_controls() -> None:
    assert list(models.phases_or_none(LIFTED, brief())["phase"]) == ["live", "afterwards"]
    assert models.phases_or_none(LIFTED.iloc[:0], brief()).empty
    assert models.phases_or_none(LIFTED, brief(controls=[])).empty
    assert models.phases_or_none(LIFTED[LIFTED["market"] != "BR"], brief()).empty


def posts(before: dict[str, tuple[int, int]], after: dict[str, tuple[int, int]]) -> pd.DataFrame:
    """Return twelve posts per format and side with the interactions and reach given."""
    rows = [(pd.Timestamp(day) + pd.Timedelta(hours=number), kind, top, base)
            for day, side in (("2026-03-01", before), ("2026-04-20", after))
            for kind, (top, base) in side.items() for number in range(12)]  # fmt: skip
    return pd.DataFrame(rows, columns=["created_local", "post_type", "engagements", "reach"])


def test_a_fall_that_is_all_mix_is_told_from_one_that_is_not() -> None:
    found = models.format_mix(
        posts({"video": (80, 1000), "image": (10, 500)}, {"video": (41, 500), "image": (22, 1000)}), brief()
    )
    assert found is not None
    assert found.before == pytest.approx(90 / 1500) and found.after == pytest.approx(63 / 1500)
    assert found.reversed, "each format rose, the whole fell"
    assert found.mix + found.rate == pytest.approx(found.change)
    assert not found.table["hidden"].any()
    assert models.format_mix(posts({"video": (80, 1000)}, {}), brief()) is None


def deliveries(**options: object) -> pd.DataFrame:
    rng = np.random.default_rng(1)
    rates = {"a": 0.08, "b": 0.05, "c": 0.05, "d": 0.05}
    frame = pd.DataFrame([(name, "micro", 10_000, int(10_000 * rate * rng.lognormal(0, 0.1)), 2, 100.0, "USD")
                          for name, rate in rates.items() for _ in range(5)],
                         columns=["partner_key", "tier", "reach", "engagements", "orders", "fee", "currency"])  # fmt: skip
    return frame.assign(**options)


def test_the_better_partner_leads_and_luck_is_drawn_out() -> None:
    table = models.partner_rates(deliveries())
    assert table["partner"].iloc[0] == "a" and table["p_best"].iloc[0] > 0.9
    assert (table["shrunk"] - table["shrunk"].mean()).abs().max() <= (
        table["estimate"] - table["estimate"].mean()
    ).abs().max()
    assert table["cost_each"].iloc[0] == pytest.approx(500 / table["engagements"].iloc[0])


def test_a_partner_without_a_tier_has_none() -> None:
    assert models.partner_rates(deliveries(tier=None))["tier"].tolist() == [""] * 4


def test_fees_in_several_currencies_are_not_compared() -> None:
    mixed = models.partner_rates(deliveries(currency=["USD", "EUR"] * 10))
    assert mixed["cost_each"].isna().all() and mixed["rank"].notna().all()
    assert models.partner_rates(deliveries().iloc[:0]).empty


def test_the_chance_of_a_part_is_where_its_interval_touches_zero() -> None:
    table = models.effects_by_market(LIFTED, brief(treated=["BR", "US"], controls=["MX", "DE", "FR", "JP"]))
    for row in table.to_dict("records"):
        assert (row["p_value"] < 0.1) == (row["ci_lower"] > 0 or row["ci_upper"] < 0)
    assert table["apart_p"].iloc[0] == pytest.approx(table["apart_p"].iloc[1]), "of two it is one comparison"
    assert table["apart_p"].iloc[0] < 0.05, "one was lifted, the other not"
    assert models.effects_by_market(LIFTED, brief())["apart_p"].isna().all()
    alike = world(np.random.default_rng(8))
    assert (
        models.effects_by_market(alike, brief(treated=["BR", "US"], controls=["MX", "DE", "FR", "JP"]))["apart_p"].iloc[
            0
        ]
        > 0.1
    )
