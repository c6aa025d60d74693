"""Slots and blocks: what was drawn is what is counted, whatever is in it; the arm before acts on; units promise too much."""

from __future__ import annotations

import ibis
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from fanops_utils.errors import DataError
from fanops_utils.experiments import Reason, read_out
from fanops_utils.experiments.effects.blocks import block_differences, compare_slots, settled_slots
from fanops_utils.experiments.effects.clusters import settled
from fanops_utils.experiments.intake.slots import slot_table
from fanops_utils.experiments.segments.cuts import choices, day_effects
from fanops_utils.experiments.segments.novelty import novelty
from fanops_utils.workspace import Experiment

START = pd.Timestamp("2026-08-03", tz="UTC")


def bot(**more: object) -> Experiment:
    plain = {
        "id": "bot", "title": "Bot", "hypothesis": "It is faster", "owner": "community", "unit": "question", "control": "people",
        "allocation": {"people": 0.5, "bot": 0.5}, "period": {"start": "2026-08-03", "end": "2026-08-30"},
        "design": "switchback", "cluster": "slot", "block": "day", "washout": 1,
        "metrics": [
            {"name": "minutes", "label": "Minutes", "kind": "mean", "role": "decision", "direction": "decrease"},
            {"name": "again", "label": "Again", "kind": "conversion", "role": "guardrail", "direction": "decrease"},
        ],
    }  # fmt: skip
    return Experiment.model_validate(plain | more)


def pairs(**more: object) -> Experiment:
    plain = {
        "id": "posts", "title": "Posts", "hypothesis": "Short is better", "owner": "content", "unit": "post", "control": "long",
        "allocation": {"long": 0.5, "short": 0.5}, "block": "pair",
        "metrics": [{"name": "rate", "label": "Rate", "kind": "ratio", "numerator": "acts", "denominator": "reach",
                     "role": "decision"}],
    }  # fmt: skip
    return Experiment.model_validate(plain | more)


def questions(seed: int, *, effect: float = 0.0, carried: float = 0.0, days: int = 28, each: int = 20) -> pd.DataFrame:
    """Return questions of a switchback whose slots of four hours hang together, hours and days too."""
    rng = np.random.default_rng(seed)
    first = rng.random((days, 1)) < 0.5
    on = np.where(np.arange(6) < 3, first, ~first).ravel().astype(float)
    before = np.concatenate([on[:1], on[:-1]])
    own = rng.normal(0, 2, 6 * days)
    for place in range(1, own.size):
        own[place] += 0.7 * own[place - 1]
    own += np.tile(3 * np.sin(np.arange(6)), days)
    of = np.repeat(np.arange(own.size), rng.poisson(each, own.size) + 1)
    mean = 40 + own[of] + effect * ((1 - carried) * on + carried * before)[of]
    times = START + pd.to_timedelta(np.floor(14_400 * (of + rng.random(of.size))), unit="s")
    return pd.DataFrame({
        "unit_key": [f"q{place}" for place in range(of.size)], "variant": np.where(on[of] > 0, "bot", "people"),
        "assigned_at": times, "slot": of, "day": of // 6, "minutes": mean + rng.normal(0, 15, of.size),
        "again": rng.binomial(1, 0.1, of.size),
    })  # fmt: skip


def posts(seed: int, *, effect: float = 0.0, count: int = 40) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    pair = np.repeat(np.arange(count), 2)
    treated = (np.tile([0, 1], count) == (rng.random(count) < 0.5)[pair]).astype(float)
    reach = rng.poisson(4_000, 2 * count)
    rate = (0.05 + effect * treated) * rng.lognormal(-0.045, 0.3, count)[pair] * rng.lognormal(-0.005, 0.1, 2 * count)
    return pd.DataFrame({
        "unit_key": [f"p{place}" for place in range(2 * count)], "variant": np.where(treated > 0, "short", "long"),
        "pair": pair, "reach": reach, "acts": rng.binomial(reach, rate),
    })  # fmt: skip


def test_a_ratio_of_pairs_is_sum_over_sum_as_the_register_says() -> None:
    units = posts(1, effect=0.01)
    (found,) = read_out(units, pairs()).comparisons
    wide = units.pivot_table(index="pair", columns="variant", values=["acts", "reach"])
    rate = {arm: wide["acts", arm].sum() / wide["reach", arm].sum() for arm in ("long", "short")}
    left = {arm: (wide["acts", arm] - rate[arm] * wide["reach", arm]) / wide["reach", arm].mean() for arm in rate}
    oracle = stats.ttest_1samp(left["short"] - left["long"] + rate["short"] - rate["long"], 0)
    assert (found.control_mean, found.treatment_mean) == pytest.approx((rate["long"], rate["short"]))
    assert (found.p_value, found.df, found.clusters) == pytest.approx((oracle.pvalue, 39, 40))
    assert (found.ci_lower, found.ci_upper) == pytest.approx(tuple(oracle.confidence_interval(0.95)))
    assert (found.n, found.test) == (80, "block_ratio_t")


def test_pairs_of_equal_reach_are_the_paired_t_test_of_their_rates() -> None:
    units = posts(1, effect=0.01).assign(reach=1_000.0)
    (found,) = read_out(units, pairs()).comparisons
    wide = units.assign(rate=units["acts"] / units["reach"]).pivot_table(index="pair", columns="variant", values="rate")
    oracle = stats.ttest_rel(wide["short"], wide["long"])
    assert (found.p_value, found.df) == pytest.approx((oracle.pvalue, 39))


def test_a_large_post_decides_a_ratio_of_sums_and_not_a_mean_of_ratios() -> None:
    units = posts(4, effect=0.0, count=60)
    units = units.astype({"acts": float, "reach": float})
    units.loc[units["variant"] == "short", "acts"] *= 0.9
    small = units["pair"] < 50
    units.loc[small & (units["variant"] == "short"), ["acts", "reach"]] = [30.0, 100.0]
    (found,) = read_out(units, pairs()).comparisons
    assert found.estimate < 0.15, "fifty small posts of 30 % weigh as much as they reach"
    assert found.lift is not None
    assert found.lift.ci_lower < found.estimate / found.control_mean < found.lift.ci_upper


def test_the_lift_within_blocks_allows_for_what_both_arms_of_a_block_share() -> None:
    (found,) = read_out(posts(2, effect=0.01, count=200), pairs()).comparisons
    assert found.lift is not None
    rng, wide = np.random.default_rng(3), posts(2, effect=0.01, count=200)
    parts = wide.pivot_table(index="pair", columns="variant", values=["acts", "reach"]).to_numpy()
    drawn = parts[rng.integers(0, 200, (4_000, 200))].sum(axis=1)  # acts long, acts short, reach long, reach short
    low, high = np.quantile(drawn[:, 1] / drawn[:, 3] / (drawn[:, 0] / drawn[:, 2]) - 1, [0.025, 0.975])
    assert (found.lift.ci_lower, found.lift.ci_upper) == pytest.approx((low, high), abs=0.01)


def test_without_blocks_slots_are_compared_by_their_means() -> None:
    units, plan = questions(1, effect=-4.0), bot(block=None, washout=0)
    found = read_out(units, plan).comparisons[0]
    means = units.groupby("slot").agg(minutes=("minutes", "mean"), variant=("variant", "first"))
    arms = [means.loc[means["variant"] == name, "minutes"] for name in ("bot", "people")]
    assert (found.p_value, found.clusters, found.df) == pytest.approx((stats.ttest_ind(*arms).pvalue, 168, 166))


@pytest.mark.parametrize("effect", [0.0, -4.0])
def test_within_days_the_error_is_kept_and_the_planted_effect_covered(effect: float) -> None:
    wrong, held, naive = 0, 0, 0
    for seed in range(200):
        units = questions(seed, effect=effect, carried=0.5, each=6)
        (one,) = compare_slots(slot_table(units, bot()), bot(metrics=[bot().metrics[0]]), alpha=0.05)
        wrong += one.p_value < 0.05
        held += one.ci_lower <= effect <= one.ci_upper
        arms = [units.loc[units["variant"] == name, "minutes"] for name in ("bot", "people")]
        naive += float(stats.ttest_ind(*arms).pvalue) < 0.05
    assert 181 <= held <= 198
    if effect == 0.0:
        assert 2 <= wrong <= 19
        assert naive > 19, "units one by one find what is not there"
    else:
        assert wrong > 120


def test_washout_takes_out_what_the_arm_before_still_does() -> None:
    read = {
        washout: np.mean([
            compare_slots(slot_table(questions(seed, effect=-6.0, carried=0.5), plan), plan, alpha=0.05)[0].estimate
            for seed in range(30)
        ])
        for washout in (0, 1) for plan in [bot(washout=washout)]
    }  # fmt: skip
    assert read[1] == pytest.approx(-6.0, abs=0.6)
    assert read[0] > -5.4, "the first slot after a change dilutes the effect"


@settings(max_examples=40)
@given(st.lists(st.booleans(), min_size=1, max_size=40), st.integers(0, 4), st.integers(1, 8))
def test_washout_leaves_the_start_of_every_run_out(on: list[bool], washout: int, length: int) -> None:
    variant = pd.Series(np.where(on, "b", "a"))
    kept = settled(variant, washout=washout)
    run = 0
    for place in range(len(on)):
        run = run + 1 if place and on[place] == on[place - 1] else 1
        first = on[: place + 1] == [on[0]] * (place + 1)
        assert kept[place] == (run > washout or first)
    within = settled(variant, pd.Series(np.arange(len(on)) // length), washout=washout)
    assert not (within & ~kept & ~(variant == variant[0]).cummin()).any()
    assert not within[(np.arange(len(on)) % length) < washout].any(), "the start of a block goes, whatever its arm"


@pytest.mark.parametrize(("plan", "units"), [(bot(), questions(4, effect=-3.0)), (pairs(), posts(4, effect=0.01))])
def test_a_table_gives_the_slots_of_the_frame(plan: Experiment, units: pd.DataFrame) -> None:
    gaps = units.copy()
    column = plan.metrics[0].columns[0]
    gaps[column] = gaps[column].astype(float).where(gaps.index % 11 > 0)
    plan = plan.model_copy(
        update={"metrics": (plan.metrics[0].model_copy(update={"missing": "drop"}), *plan.metrics[1:])}
    )
    frame, table = slot_table(gaps, plan), slot_table(ibis.memtable(gaps), plan)
    pd.testing.assert_frame_equal(frame, table, check_dtype=False, rtol=1e-9)
    one, other = (compare_slots(slots, plan, alpha=0.05) for slots in (frame, table))
    assert [two.estimate for two in other] == pytest.approx([two.estimate for two in one], rel=1e-9)
    assert one[0].missing == int(gaps[column].isna().sum())


def test_units_without_slot_or_block_are_refused() -> None:
    units = questions(1)
    with pytest.raises(DataError, match="no slot or block"):
        slot_table(units.assign(day=units["day"].astype("Int64").mask(units["slot"] == 3)), bot())
    with pytest.raises(DataError, match="no such column"):
        slot_table(units.drop(columns="day"), bot())


def test_too_few_blocks_give_no_test_and_say_so() -> None:
    found = read_out(questions(1, days=4), bot()).comparisons[0]
    assert found.cannot_tell == Reason("few_blocks", n=4, least=5)
    assert np.isnan(found.p_value)


def test_slots_in_two_arms_make_it_invalid() -> None:
    units = questions(1)
    units.loc[0, "variant"] = "bot" if units.loc[0, "variant"] == "people" else "people"
    found = read_out(units, bot())
    assert found.verdict == "invalid"
    assert "one_arm_per_cluster" in {gate.code for gate in found.gates if gate.stops}


def test_blocks_are_days_of_their_own_and_show_a_trend_only_where_there_is_one() -> None:
    plan, shown = bot(), 0
    for seed in range(60):
        units = questions(seed, effect=-4.0, each=5)
        shown += novelty(day_effects(units, plan, read_out(units, plan))).p_value < 0.05
    assert shown <= 10
    units = questions(1, effect=-4.0)
    units["minutes"] -= np.where(units["variant"] == "bot", units["day"] * 1.0, 0.0)
    days = day_effects(units, plan, read_out(units, plan))
    assert len(days) == 28
    assert novelty(days).per_day == pytest.approx(-1.0, abs=0.3)
    assert novelty(days).p_value < 0.001


def test_other_counts_are_shown_beside_the_registered_one() -> None:
    units, plan = questions(2, effect=-4.0, carried=0.5), bot()
    table = choices(units, plan, read_out(units, plan), rng=np.random.default_rng(1)).set_index("choice")
    assert table.loc["as_registered", "registered"]
    assert table["registered"].sum() == 1
    width = table["ci_upper"] - table["ci_lower"]
    assert width["every_unit"] < 0.75 * width["as_registered"]
    assert table.loc["by_lot", "p_value"] < 0.01
    assert np.isnan(table.loc["by_lot", "estimate"])


def test_a_ratio_within_blocks_is_sum_over_sum_in_the_readings_too() -> None:
    rng = np.random.default_rng(5)
    rows = [
        {"unit_key": f"{pair}-{place}", "pair": pair, "variant": ("long", "short")[place % 2], "reach": reach,
         "acts": float(rng.binomial(reach, share)), "assigned_at": START + pd.Timedelta(days=pair)}
        for pair in range(12)
        for place, (reach, share) in enumerate([(20, 0.5), (20, 0.5), (2_000, 0.05), (3_000, 0.06)])
    ]  # fmt: skip
    units = pd.DataFrame(rows)
    shown = block_differences(slot_table(units, pairs()), pairs(), "rate", "short")
    summed = units.groupby(["pair", "variant"])[["acts", "reach"]].sum()
    wanted = (summed["acts"] / summed["reach"]).unstack().eval("short - long")
    assert shown["estimate"].tolist() == pytest.approx(wanted.tolist())
    means = pairs(metrics=[{"name": "acts", "label": "Acts", "kind": "mean", "role": "decision"}])
    of_means = block_differences(slot_table(units, means), means, "acts", "short")
    plain = units.groupby(["pair", "variant"])["acts"].mean().unstack().eval("short - long")
    assert of_means["estimate"].tolist() == pytest.approx(plain.tolist())


def test_a_block_with_one_arm_is_not_compared() -> None:
    units, plan = questions(3), bot()
    first = units[(units["day"] > 0) | (units["variant"] == "bot")]
    found = compare_slots(slot_table(first, plan), plan, alpha=0.05)[0]
    assert found.clusters == 27
    assert len(block_differences(slot_table(first, plan), plan, "minutes", "bot")) == 27
    assert block_differences(slot_table(units, bot(block=None)), bot(block=None), "minutes", "bot").empty
    assert settled_slots(slot_table(units, plan), plan).sum() == 28 * 4
