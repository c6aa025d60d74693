"""Aggregate-only mode: the same numbers, small cells left out, and no row of a person in anybody's hands."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import ibis
import numpy as np
import pandas as pd
import pytest

from fanops_utils.data import warehouse
from fanops_utils.errors import DataError
from fanops_utils.experiments import (
    Reason,
    Restricted,
    arm_counts,
    data_day,
    measures_of,
    open_rows,
    read_out,
    unit_count,
)
from fanops_utils.experiments.effects.inference import SUPPRESSED
from fanops_utils.experiments.intake.rows import SINGLE, moments_of, slots_of
from fanops_utils.experiments.segments.cuts import choices, day_effects, segment_effects
from fanops_utils.experiments.segments.spread import spread_effects, why_no_spread
from fanops_utils.workspace import Experiment, Workspace

EXPERIMENTS = (
    "welcome_message",
    "push_hour",
    "first_order_gift",
    "host_training",
    "daily_digest",
    "reply_bot",
    "badge_design",
)


@pytest.fixture
def store(demo: Workspace) -> warehouse.Store:
    return warehouse.Store(demo)


@pytest.fixture
def fetched(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[tuple[str, ...]]]:
    """The columns of every frame that leaves an engine during the test."""
    seen: list[tuple[str, ...]] = []
    for name in ("to_pandas", "execute", "to_pyarrow", "to_pylist"):
        plain = getattr(ibis.expr.types.Table, name, None)
        if plain is None:
            continue

        def spied(self: Any, *args: Any, _plain: Any = plain, **options: Any) -> Any:
            seen.append(tuple(self.columns))
            return _plain(self, *args, **options)

        monkeypatch.setattr(ibis.expr.types.Table, name, spied)
    yield seen


def design() -> Experiment:
    return Experiment.model_validate({
        "id": "welcome", "title": "Welcome", "hypothesis": "It helps", "owner": "community", "unit": "fan", "control": "a",
        "allocation": {"a": 0.5, "b": 0.5}, "segments": ["tier"],
        "metrics": [{"name": "spent", "label": "Spent", "kind": "mean", "role": "decision"},
                    {"name": "muted", "label": "Muted", "kind": "conversion", "role": "guardrail", "direction": "decrease"}],
    })  # fmt: skip


def members(*, rare: int = 4, muted: int = 40) -> pd.DataFrame:
    rng = np.random.default_rng(1)
    place = np.arange(2_000)
    tier = np.where(place < rare, "gold", np.array(["plain", "plain", "plain", "silver", "bronze"])[place // 2 % 5])
    return pd.DataFrame({
        "unit_key": [f"m{one}" for one in place], "variant": np.where(place % 2, "b", "a"), "tier": tier,
        "spent": rng.gamma(2.0, 3.0, place.size), "muted": (place < 2 * muted).astype(int),
    })  # fmt: skip


def restricted(frame: pd.DataFrame, *, least: int = 10) -> Restricted:
    return Restricted(ibis.memtable(frame), least)


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_totals_give_the_numbers_of_the_units(store: warehouse.Store, name: str) -> None:
    plan = store.workspace.experiment(name)
    frame, totals = open_rows(store, plan), open_rows(store, plan, see="aggregates")
    day = data_day(frame, plan)
    one, other = (read_out(units, plan, as_of=day) for units in (frame, totals))
    assert (one.verdict, one.winner, one.units, one.last_day) == (
        other.verdict,
        other.winner,
        other.units,
        other.last_day,
    )
    assert [(gate.key, gate.status) for gate in one.gates] == [(gate.key, gate.status) for gate in other.gates]
    for left, right in zip(one.comparisons, other.comparisons, strict=True):
        numbers = [(pair.estimate, pair.ci_lower, pair.ci_upper, pair.p_value, pair.n) for pair in (left, right)]
        assert numbers[0] == pytest.approx(numbers[1], rel=1e-9, abs=1e-12), left.metric
    pd.testing.assert_frame_equal(arm_counts(frame, plan), arm_counts(totals, plan))
    for cut in (segment_effects, day_effects):
        seen, told = cut(frame, plan, one), cut(totals, plan, other)
        assert len(seen) == len(told)
        if len(told):
            kept = told["estimate"].notna()
            assert kept.any()
            assert (told.get("cannot_tell", pd.Series(None, told.index))[~kept] == SUPPRESSED).all()
            columns = ["estimate", "ci_lower", "ci_upper", "standard_error", "n"]
            pd.testing.assert_frame_equal(
                seen.loc[kept, columns], told.loc[kept, columns], rtol=1e-9, check_dtype=False
            )


def test_no_key_leaves_the_engine(store: warehouse.Store, fetched: list[tuple[str, ...]]) -> None:
    for name in (*EXPERIMENTS, "caption_length"):
        plan = store.workspace.experiment(name)
        units = open_rows(store, plan, see="aggregates")
        found = read_out(units, plan)
        rng = np.random.default_rng(1)
        assert unit_count(units) == found.units
        frames = [arm_counts(units, plan), found.moments]
        frames += [cut(units, plan, found) for cut in (segment_effects, day_effects)]
        frames += [cut(units, plan, found, rng=rng) for cut in (choices, spread_effects)]
        assert not [frame for frame in frames if frame is not None and "unit_key" in frame.columns]
    assert fetched, "nothing was spied on"
    assert [columns for columns in fetched if "unit_key" in columns] == []
    open_rows(store, store.workspace.experiment("push_copy"))
    assert any("unit_key" in columns for columns in fetched), "the spy sees what rows would look like"


def test_the_notebook_holds_no_unit_when_it_may_see_totals_only(
    demo: Workspace, monkeypatch: pytest.MonkeyPatch, fetched: list[tuple[str, ...]]
) -> None:
    root = demo.path.parents[1]
    monkeypatch.setenv("FANOPS_ROOT", str(root))
    monkeypatch.chdir(root)
    book = json.loads((root / "notebooks" / "experiments" / "experiment_readout.ipynb").read_text(encoding="utf-8"))
    held: dict[str, Any] = {}
    for cell in book["cells"]:
        if cell["cell_type"] == "code":
            exec("".join(cell["source"]), held)
            if "parameters" in cell["metadata"].get("tags", []):
                held |= {"experiment": "first_order_gift", "see": "aggregates"}
    assert isinstance(held["units"], Restricted)
    frames = {name: value for name, value in held.items() if isinstance(value, pd.DataFrame)}
    assert {"arms", "by_segment", "days", "others", "moved"} <= set(frames)
    assert [name for name, frame in frames.items() if "unit_key" in frame.columns] == []
    assert [columns for columns in fetched if "unit_key" in columns] == []
    assert max(len(frame) for frame in frames.values()) < 200, "no frame has a row per unit"
    assert held["no_rows"] == Reason("rows_unseen")
    assert held["tails"].finding.code == "not_read"
    assert "bootstrap_t" not in set(held["others"]["choice"])
    assert "totals only, of 10 units or more" in [str(value) for _, value in held["result"].facts]


def test_a_small_segment_is_left_out_and_named_as_such() -> None:
    frame, plan = members(), design()
    units = restricted(frame)
    table = segment_effects(units, plan, read_out(units, plan)).set_index("segment")
    assert table.loc["gold", "cannot_tell"] == SUPPRESSED
    assert np.isnan(table.loc["gold", ["estimate", "control_mean", "treatment_mean"]].astype(float)).all()
    assert table.loc["gold", "n"] == 0
    seen = segment_effects(frame, plan, read_out(frame, plan)).set_index("segment")
    told = table.index[table["cannot_tell"].isna()]
    assert sorted(told) == ["plain", "silver"], "bronze goes with gold: the total of the arm would give it away"
    for name in told:
        assert table.loc[name, "estimate"] == pytest.approx(seen.loc[name, "estimate"], rel=1e-9)


@pytest.mark.parametrize("rare", [0, 4, 30])
def test_what_is_left_out_cannot_be_told_from_the_total_of_its_arm(rare: int) -> None:
    frame, plan = members(rare=rare), design()
    cells = moments_of(restricted(frame), plan, measures_of(plan), by=["tier"])
    hidden = cells[cells["metric"] == "spent"].groupby("variant")["suppressed"].sum()
    assert set(hidden) == {0 if rare in (0, 30) else 2}
    shown = cells[~cells["suppressed"]]
    assert (shown["units"] >= 10).all()


def test_a_share_of_few_members_is_not_told() -> None:
    plan = design()
    for muted, told in ((5, False), (40, True)):
        found = read_out(restricted(members(muted=muted)), plan)
        rail = next(one for one in found.comparisons if one.metric == "muted")
        assert (rail.cannot_tell is None) == told
        assert (rail.cannot_tell == SUPPRESSED) == (not told)
        decision = next(one for one in found.comparisons if one.metric == "spent")
        assert decision.cannot_tell is None


def test_what_needs_single_units_says_so() -> None:
    frame, plan = members(), design()
    units = restricted(frame)
    assert why_no_spread(units, plan) == Reason("rows_unseen")
    assert why_no_spread(frame, plan) is None
    rng = np.random.default_rng(1)
    assert "bootstrap" not in " ".join(choices(units, plan, read_out(units, plan), rng=rng)["choice"])
    assert "bootstrap" in " ".join(choices(frame, plan, read_out(frame, plan), rng=rng)["choice"])


def test_posts_are_single_units_and_stay_unseen(store: warehouse.Store) -> None:
    plan = store.workspace.experiment("caption_length")
    units = open_rows(store, plan, see="aggregates")
    assert isinstance(units, Restricted)
    assert slots_of(units, plan) is None
    found = read_out(units, plan)
    assert found.verdict == "stop"
    assert {one.cannot_tell for one in found.comparisons} == {SINGLE}
    assert all(np.isnan([one.estimate, one.control_mean, one.p_value]).all() for one in found.comparisons)
    assert day_effects(units, plan, found).empty
    assert choices(units, plan, found, rng=np.random.default_rng(1)).empty
    assert found.moments is not None
    assert found.moments["mean"].isna().all()


def test_days_of_few_units_are_left_out_of_a_switchback(store: warehouse.Store) -> None:
    plan = store.workspace.experiment("reply_bot")
    units = open_rows(store, plan, see="aggregates")
    assert isinstance(units, Restricted)
    found = read_out(units, plan)
    assert len(day_effects(units, plan, found)) == 28
    assert day_effects(replace(units, least=100_000), plan, found).empty


def test_another_way_of_seeing_is_refused(store: warehouse.Store) -> None:
    with pytest.raises(DataError, match="Did you mean 'aggregates'"):
        open_rows(store, store.workspace.experiment("push_copy"), see="aggregate")  # type: ignore[arg-type]


def test_a_table_without_restrictions_says_what_the_frame_says() -> None:
    frame, plan = members(), design()
    table = ibis.memtable(frame)
    one, other = (segment_effects(units, plan, read_out(units, plan)) for units in (frame, table))
    pd.testing.assert_frame_equal(one, other, rtol=1e-9)
