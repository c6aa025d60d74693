from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest
from campaign_briefs import brief
from market_worlds import world

from fanops_utils.models import mixed_effects, synthetic_effect
from fanops_utils.models.reasons import FewControls, NoTotals, TooEarly, ZeroDay
from fanops_utils.models.synthetic.mixing import Mixes

LIFTED = world(np.random.default_rng(6), lift=0.35)


def many(rng: np.random.Generator, *, markets: int = 24, days: int = 140, lift: float = 0.0) -> pd.DataFrame:
    """Return daily totals of markets of every size that move far together; BR has the lift in its live days."""
    names = ["BR", *(f"M{number:02d}" for number in range(1, markets))]
    common = np.cumsum(rng.normal(0, 0.05, (days, 2)), axis=0) @ rng.uniform(0.5, 1.5, (2, markets))
    common[:, 0] = common[:, 1:].mean(axis=1)
    logs = rng.uniform(5, 10, markets) + common + rng.normal(0, 0.02, (days, markets))
    logs[-28:, 0] += np.log1p(lift)
    index = pd.date_range(end="2026-05-10", periods=days, name="date_day")
    wide = pd.DataFrame(np.exp(logs), index=index, columns=names)
    return wide.reset_index().melt("date_day", var_name="market", value_name="value")


def test_on_many_markets_of_any_size_the_gates_open_and_the_lift_is_found() -> None:
    campaign = brief(controls=[f"M{number:02d}" for number in range(1, 24)])
    planted = mixed_effects(many(np.random.default_rng(1), lift=0.25), campaign)
    assert [one.method for one in planted.found] == ["synthetic control", "synthetic difference in differences"]
    for one in planted.found:
        assert one.trusted, one.failed
        assert one.interval.ci_lower < np.log(1.25) < one.interval.ci_upper
        assert one.interval.ci_lower > 0
        assert (one.rank, one.p_smallest) == (1, pytest.approx(1 / 24))
    null = mixed_effects(many(np.random.default_rng(2)), campaign)
    assert all(one.interval.ci_lower < 0 < one.interval.ci_upper for one in null.found)


def test_the_size_of_a_market_is_no_part_of_the_mix() -> None:
    small = LIFTED.assign(value=LIFTED["value"].where(LIFTED["market"] != "BR", LIFTED["value"] / 50))
    one, other = (synthetic_effect(daily, brief()) for daily in (LIFTED, small))
    assert one is not None
    assert other is not None
    assert other.estimate == pytest.approx(one.estimate, abs=1e-6)
    assert other.failed == one.failed
    own, far = (synthetic_effect(daily, brief(), intercept=False) for daily in (LIFTED, small))
    assert own is not None
    assert far is not None
    assert far.pre_fit > 10 * own.pre_fit, "without an intercept a small market has no mix"


def test_days_between_baseline_and_start_are_no_past_to_follow() -> None:
    campaign = brief(baseline={"start": "2026-02-09", "end": "2026-04-05"})
    loud = LIFTED["date_day"].between("2026-04-06", "2026-04-12") & (LIFTED["market"] == "BR")
    one, other = (
        synthetic_effect(daily, campaign)
        for daily in (LIFTED, LIFTED.assign(value=LIFTED["value"].where(~loud, LIFTED["value"] * 9)))
    )
    assert one is not None
    assert other is not None
    assert other.estimate == pytest.approx(one.estimate)


def test_what_cannot_be_mixed_says_why() -> None:
    assert mixed_effects(LIFTED.iloc[:0], brief()) == Mixes(reason=NoTotals())
    assert mixed_effects(LIFTED, brief(controls=["US"])).reason == FewControls(2)
    none = mixed_effects(LIFTED, brief(controls=[]))
    assert (none.found, none.n_controls) == ((), 0)
    left = mixed_effects(LIFTED[LIFTED["market"].isin(["BR", "US"])], brief())
    assert (left.found, left.n_controls) == ((), 1)
    early = mixed_effects(LIFTED, brief(), as_of=date(2026, 4, 15))
    assert isinstance(early.reason, TooEarly)
    assert (early.reason.days, early.reason.of) == (3, 28)
    zero = LIFTED.assign(value=LIFTED["value"].where(LIFTED["date_day"] != "2026-03-01", 0.0))
    assert mixed_effects(zero, brief()).reason == ZeroDay()


def test_a_zero_in_a_market_that_takes_no_part_does_not_matter() -> None:
    other = pd.DataFrame({"date_day": LIFTED["date_day"].unique(), "market": "ZZ", "value": 0.0})
    assert len(mixed_effects(pd.concat([LIFTED, other]), brief()).found) == 2


def test_a_running_campaign_is_mixed_on_the_days_seen() -> None:
    running = mixed_effects(LIFTED[LIFTED["date_day"] <= "2026-05-01"], brief())
    assert running.running
    assert running.found[0].path["after"].sum() == 19
