"""The simulated trials: what is planted is what they are drawn with, arm by arm and outcome by outcome."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from trial_truths import expected, named, unbent

from fanops_utils.data.sample.setting import Setting
from fanops_utils.data.sample.trials.truths import TRIALS, SwitchTruth, TrialTruth
from fanops_utils.data.sample.trials.units import trial_units
from fanops_utils.experiments import data_day, read_out
from fanops_utils.experiments.effects.clusters import icc
from fanops_utils.workspace import Workspace, open_workspace

SEEDS = range(16)
FAR = 4.1  # standard errors of sixteen draws: one in a thousand by chance
LOSSLESS = [name for name, truth in TRIALS.items() if not (isinstance(truth, TrialTruth) and truth.lost_share)]


@pytest.fixture(scope="module")
def workspace() -> Workspace:
    return open_workspace("sample")


@pytest.mark.parametrize("name", LOSSLESS)
def test_every_outcome_is_drawn_with_its_planted_mean_and_effect(workspace: Workspace, name: str) -> None:
    plan, truth = unbent(workspace.experiment(name)), TRIALS[name]
    plan = plan.model_copy(update={"covariates": ()})
    found: dict[tuple[str, str], list[float]] = {}
    for seed in SEEDS:
        units = named(trial_units(Setting(workspace, seed, 0.5), name))
        read = read_out(
            units, plan.model_copy(update={"srm_gate": 1e-12, "missing": "drop"}), as_of=data_day(units, plan)
        )
        for one in read.comparisons:
            gap = one.estimate - expected(units, plan, truth, one.metric, one.treatment)
            found.setdefault((one.metric, one.treatment), []).append(gap)
            found.setdefault((one.metric, plan.control), []).append(
                one.control_mean - truth.outcomes[one.metric].control
            )
    assert {metric for metric, _ in found} == set(truth.outcomes)
    for what, gaps in found.items():
        apart = np.array(gaps)
        assert abs(apart.mean()) < FAR * apart.std(ddof=1) / np.sqrt(apart.size), what


def test_the_arms_of_a_trial_may_have_effects_of_their_own(workspace: Workspace) -> None:
    plan, truth = workspace.experiment("push_hour"), TRIALS["push_hour"]
    assert isinstance(truth, TrialTruth)
    effects = {arm: expected(pd.DataFrame(), plan, truth, "opened", arm) for arm in plan.treatments}
    assert max(effects, key=lambda arm: effects[arm]) == "at_12"
    assert sum(effect > 0 for effect in effects.values()) == 1, "one hour is better, the others are not"


def test_a_switchback_gives_each_arm_half_of_every_day(workspace: Workspace) -> None:
    truth = TRIALS["reply_bot"]
    assert isinstance(truth, SwitchTruth)
    units = trial_units(Setting(workspace, 1), "reply_bot")
    slots = units.groupby(["slot_day", "slot"])["group"].agg(["nunique", "first"]).reset_index()
    assert (slots["nunique"] == 1).all()
    halves = slots.assign(half=(slots["slot"] - 1) % truth.slots >= truth.slots // 2)
    assert (halves.groupby(["slot_day", "half"])["first"].nunique() == 1).all()
    assert (halves.groupby("slot_day")["first"].nunique() == 2).all()
    local = units["assigned"].dt.tz_convert(workspace.market("US").time_zone)
    assert ((local.dt.hour // 4) == (units["slot"] - 1) % truth.slots).all()


def test_slots_in_a_row_resemble_each_other(workspace: Workspace) -> None:
    near = []
    for seed in range(5):
        units = trial_units(Setting(workspace, seed, 20.0), "reply_bot")
        mean = units.groupby("slot")["reply_minutes"].mean()
        hour = pd.Series((mean.index - 1) % 6, mean.index)
        arm = units.groupby("slot")["group"].first()
        rest = mean - mean.groupby([hour, arm]).transform("mean")
        near.append(rest.autocorr(1))
        assert icc(units["reply_minutes"], units["slot"]) > 0.005
    assert np.mean(near) > 0.3


def test_each_pair_of_posts_holds_both_arms(workspace: Workspace) -> None:
    units = trial_units(Setting(workspace, 1), "caption_length")
    pairs = units.groupby("pair")["group"]
    assert (pairs.nunique() == 2).all()
    assert (pairs.size() == 2).all()
    first = units.sort_values("assigned").groupby("pair")["group"].first()
    assert 0.3 < (first == "short").mean() < 0.7, "which of the two is treated is drawn"
