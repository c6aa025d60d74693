"""How far effects scatter by chance: what controls add to few windows, and days wilder than the past."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from fanops_utils.models.campaign.spread import (
    PRIOR_WINDOWS,
    elsewhere,
    freedom,
    moderated,
    restlessness,
    scatter,
    widened,
)
from fanops_utils.models.simulation.hard_campaigns import readings, verdicts
from fanops_utils.models.simulation.hard_worlds import WORLDS, hard_markets


@pytest.mark.parametrize(("treated", "controls"), [(1, 3), (1, 10), (3, 5)])
def test_what_controls_did_tells_how_a_gap_of_so_many_markets_scatters(treated: int, controls: int) -> None:
    rng = np.random.default_rng(8)
    past = rng.normal(size=(4_000, 30, controls))
    gap = rng.normal(size=(4_000, 30, treated)).mean(axis=-1) - np.median(past, axis=-1)
    assert elsewhere(past, treated=treated).mean() == pytest.approx(np.square(gap).mean(), rel=0.15)


def test_too_few_controls_or_windows_add_nothing() -> None:
    for shape in ((6, 2), (0, 5)):
        beside = elsewhere(np.ones(shape), treated=1)
        assert np.isnan(beside)
        assert (float(moderated(0.3, 4.0, beside)), freedom(4.0, beside)) == (0.3, 4.0)


def test_the_moderated_spread_lies_between_its_own_and_the_controls() -> None:
    for own, beside in ((0.1, 0.3), (0.3, 0.1)):
        found = float(moderated(own, 5.0, beside**2))
        assert min(own, beside) < found < max(own, beside)
    assert freedom(5.0, 0.09) == 5.0 + PRIOR_WINDOWS


def test_a_lasting_move_is_no_restlessness_and_wilder_days_are() -> None:
    days = np.random.default_rng(9).normal(size=(28, 5))
    assert restlessness(days + np.arange(5)) == pytest.approx(restlessness(days), rel=0.1)
    assert restlessness(2.5 * days) == pytest.approx(2.5 * restlessness(days))
    gap = np.where(np.arange(28)[:, None] == 3, np.nan, days)
    assert restlessness(gap) == pytest.approx(restlessness(np.delete(days, 3, axis=0)))


def test_the_width_grows_with_the_changes_scatter_and_calm_days_take_some_of_it_back() -> None:
    wild, calm, usual = np.array([2.0]), np.array([0.5]), np.array([1.0])
    assert widened(calm, 1.0, usual, 1.0) == widened(np.zeros(1), 1.0, usual, 1.0) == 1
    assert 1 < widened(wild, 1.0, calm, 1.0)[0] < widened(wild, 1.0, usual, 1.0)[0] < widened(wild, 1.0, wild, 1.0)[0]
    assert scatter(np.array([0.0, 0.01, -0.01, 0.02, 5.0])) < 0.02, "one of five may go its own way"


@pytest.mark.parametrize("controls", [3, 10])
def test_a_market_that_drifts_alone_is_not_excused_by_calm_controls(controls: int) -> None:
    rng, calm = np.random.default_rng(12), replace(WORLDS["easy"], own_walk=(0.01, 0.01))
    logs = hard_markets(calm, campaigns=800, treated=1, controls=controls, before=180, live=28, wild=1.0, rng=rng)
    logs[..., 0] += np.cumsum(rng.normal(0, np.sqrt(0.03**2 - 0.01**2), logs.shape[:2]), axis=1)
    said = verdicts(readings(logs, treated=1, live=28), level=0.9)
    assert (said != 0).mean() <= 0.14, "twelve in a hundred, and what 800 campaigns leave to chance"
