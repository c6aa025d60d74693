"""Gates on what a sound test does not show: rules written late, units that are not, rounded shares, one level for all."""

from __future__ import annotations

from datetime import date
from typing import Any

import ibis
import numpy as np
import pandas as pd
import pytest
from pydantic import ValidationError

from fanops_utils.experiments import Gate, read_out, validity
from fanops_utils.experiments.gates.gate import Frozen, Nested
from fanops_utils.workspace import Experiment
from fanops_utils.workspace.frozen import fingerprint


def plan(**fields: Any) -> Experiment:
    base: dict[str, Any] = {
        "id": "push", "title": "Push", "hypothesis": "", "owner": "CRM", "unit": "fan", "control": "a",
        "allocation": {"a": 0.5, "b": 0.5},
        "metrics": [{"name": "spend", "label": "Spend", "kind": "mean", "role": "decision"}],
    }  # fmt: skip
    return Experiment.model_validate(base | fields)


def gate(units: pd.DataFrame, experiment: Experiment, code: str) -> Gate | None:
    """Return one gate, the same of a frame and of a table."""
    one, other = (
        next((gate for gate in validity(given, experiment) if gate.code == code), None)
        for given in (units, ibis.memtable(units))
    )
    assert one == other
    return one


def stores(stores: int, weeks: int, *, effect: float = 0.0, seed: int = 0) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    store = np.repeat(np.arange(stores), weeks)
    own = rng.normal(0, 5, stores)
    frame = pd.DataFrame({"unit_key": [f"r{n}" for n in range(store.size)], "store": store})
    frame["variant"] = np.where(store % 2, "b", "a")
    return frame.assign(spend=50 + own[store] + effect * (store % 2) + rng.normal(0, 1, store.size))


def test_a_column_that_repeats_within_one_arm_each_stops_a_test_without_cluster() -> None:
    units = stores(30, 4)
    found = gate(units, plan(), "nested")
    assert found is not None and (found.status, found.subject, found.seen) == ("FAIL", "store", Nested(30, 4.0))
    assert read_out(units, plan()).verdict == "invalid"
    clustered = read_out(units, plan(cluster="store"))
    assert clustered.verdict != "invalid" and clustered.comparisons[0].clusters == 30
    assert gate(units, plan(independent=["store"]), "nested") is None, "the register may say that they are no clusters"


def test_a_store_named_in_the_key_of_its_weeks_alone_is_found_too() -> None:
    weeks = stores(30, 4)
    for key in (
        weeks["store"].astype(str) + "-w" + (weeks.index % 4).astype(str),
        "w" + (weeks.index % 4).astype(str) + "_" + weeks["store"].astype(str),
    ):
        units = weeks.drop(columns="store").assign(unit_key=key)
        found = gate(units, plan(), "nested")
        assert found is not None and (found.status, found.subject, found.seen) == ("FAIL", "unit_key", Nested(30, 4.0))
        assert gate(units, plan(independent=["unit_key"]), "nested") is None
    rng = np.random.default_rng(4)
    drawn = weeks.drop(columns="store").assign(
        unit_key=[f"shop-{n % 9}-{n}" for n in range(120)], variant=rng.choice(["a", "b"], 120)
    )
    assert gate(drawn, plan(), "nested") is None, "parts of keys that cross arms are no clusters"


@pytest.mark.parametrize(
    "key",
    ["2026-10-{week:02d}_{store}", "S{store:03d}W{week:02d}", "acme:{store}:{week}:de", "上海{store}店第{week}周"],
)
def test_a_store_is_found_wherever_it_stands_in_the_key(key: str) -> None:
    weeks = stores(30, 4)
    named = [key.format(store=store, week=row % 4) for row, store in enumerate(weeks["store"])]
    found = gate(weeks.drop(columns="store").assign(unit_key=named), plan(), "nested")
    assert found is not None and found.seen == Nested(30, 4.0)
    arms = np.random.default_rng(8).choice(["a", "b"], 120)
    assert gate(weeks.drop(columns="store").assign(unit_key=named, variant=arms), plan(), "nested") is None


def test_a_gap_or_a_store_that_changed_arms_hides_no_stores() -> None:
    gap = stores(30, 8)
    gap["store"] = gap["store"].astype(float).where(gap.index != 3)
    moved = stores(30, 8)
    moved.loc[(moved["store"] == 6) & (moved.index % 2 == 0), "variant"] = "b"
    for units in (gap, moved):
        found = gate(units, plan(), "nested")
        assert found is not None and (found.subject, found.n) == ("store", 30)
    mixed = moved.assign(variant=np.where((moved["store"] % 5 == 0) & (moved.index % 2 == 0), "b", moved["variant"]))
    mixed.loc[(mixed["store"] % 5 == 0) & (mixed.index % 2 == 1), "variant"] = "a"
    assert gate(mixed, plan(), "nested") is None, "a fifth of the stores in both arms: the rows were not drawn by store"
    amounts = moved.assign(store=moved["store"] + 0.5)
    assert gate(amounts, plan(), "nested") is None, "what is no whole number names nothing"


@pytest.mark.parametrize("seed", range(4))
def test_keys_of_units_drawn_one_by_one_give_no_clusters_away(seed: int) -> None:
    rng = np.random.default_rng(seed)
    arms = rng.choice(["a", "b"], 900, p=[0.5, 0.5] if seed % 2 else [0.9, 0.1])
    shapes = (
        [rng.bytes(8).hex() for _ in range(900)], [f"{city}-{n}" for n, city in enumerate(rng.choice(["SH", "BJ"], 900))],
        [f"u{n // 3}-{n % 3}" for n in range(900)], [str(n) for n in range(900)],
        [f"{arm}{n}" for n, arm in enumerate(arms)], [f"{arm}_{n % 7}_{n}" for n, arm in enumerate(arms)],
    )  # fmt: skip
    for keys in shapes:
        assert gate(pd.DataFrame({"unit_key": keys, "variant": arms, "spend": 1.0}), plan(), "nested") is None


def test_columns_that_cross_arms_or_name_the_arm_are_no_clusters() -> None:
    units = stores(30, 40)
    rng = np.random.default_rng(1)
    drawn = units.assign(variant=rng.choice(["a", "b"], len(units)), city=rng.integers(0, 200, len(units)).astype(str))
    named = drawn.assign(offer=drawn["variant"].map({"a": "none", "b": "ten off"}), source="shop")
    assert gate(named, plan(), "nested") is None
    few = units.groupby("store").head(2)[:6]
    assert gate(few, plan(), "nested") is None, "three pairs may lie in one arm each by chance"


def dated(first: str = "2026-05-04") -> pd.DataFrame:
    rng = np.random.default_rng(3)
    frame = pd.DataFrame({"unit_key": [f"u{n}" for n in range(400)], "variant": ["a", "b"] * 200})
    day = pd.Timestamp(first) + pd.to_timedelta(np.arange(400) // 40, "D")
    return frame.assign(spend=rng.gamma(2, 2, 400) + 8 * (frame["variant"] == "b"), assigned_at=day)


def test_a_register_never_frozen_is_reviewed_first_of_all() -> None:
    found = read_out(dated(), plan())
    assert (found.gates[0].code, found.gates[0].status, found.verdict) == ("register_frozen", "REVIEW", "ship")


def test_rules_frozen_after_the_first_unit_name_no_winner() -> None:
    base = plan()
    kept = base.model_copy(update={"frozen": fingerprint(base), "frozen_on": date(2026, 5, 4)})
    assert read_out(dated(), kept).gates[0].status == "PASS"
    assert read_out(dated(), kept).verdict == "ship"
    late = kept.model_copy(update={"frozen_on": date(2026, 5, 12)})
    found = read_out(dated(), late)
    assert found.gates[0].status == "FAIL" and found.gates[0].seen == Frozen(date(2026, 5, 12), date(2026, 5, 4))
    assert (found.verdict, found.winner, found.rules[0].code) == ("stop", None, "frozen_late")
    assert found.comparisons, "the arms can be compared all the same"


def test_an_edit_after_freezing_is_seen_and_the_day_of_freezing_is_none() -> None:
    base = plan()
    kept = base.model_copy(update={"frozen": fingerprint(base), "frozen_on": date(2026, 5, 1)})
    assert not kept.is_changed
    edited = kept.model_copy(update={"allocation": {"a": 0.4, "b": 0.6}})
    assert edited.is_changed
    assert validity(dated(), edited)[0].status == "REVIEW"


@pytest.mark.parametrize(
    ("shares", "status"), [({"a": 0.33, "b": 0.33, "c": 0.34}, "REVIEW"), ({"a": 1, "b": 1, "c": 1}, "PASS")]
)
def test_thirds_may_be_rounded(shares: dict[str, float], status: str) -> None:
    size = 64_000
    units = pd.DataFrame(
        {"unit_key": np.arange(size).astype(str), "variant": np.array(["a", "b", "c"])[np.arange(size) % 3]}
    )
    units["spend"] = np.arange(size) % 7.0
    found = gate(units, plan(allocation=shares), "sample_ratio")
    assert found is not None and found.status == status
    lost = units.drop(index=units.index[units["variant"] == "c"][:1_500])
    found = gate(lost, plan(allocation=shares), "sample_ratio")
    assert found is not None and found.status == "FAIL", "units that are lost are no rounding"


def test_the_level_of_the_sample_ratio_is_the_one_that_acts() -> None:
    found = gate(dated(), plan(), "sample_ratio")
    assert found is not None and found.level == pytest.approx(0.01 / 2), "units per arm, and units per arm and day"
    undated = gate(dated().drop(columns="assigned_at"), plan(), "sample_ratio")
    assert undated is not None and undated.level == 0.01


def test_all_gates_together_stop_sound_tests_no_more_often_than_the_register_says() -> None:
    rng, stopped, size, rounds = np.random.default_rng(5), 0, 600, 250
    experiment = plan(
        metrics=[{"name": "spend", "label": "Spend", "kind": "mean", "role": "decision", "missing": "drop"}], srm_gate=0.1,
    )  # fmt: skip
    frame = pd.DataFrame({"unit_key": np.arange(size).astype(str), "market": np.array(["FR", "JP", "TH"])[np.arange(size) % 3],
                          "spend": np.arange(size) % 9.0})  # fmt: skip
    for _ in range(rounds):
        units = frame.assign(variant=rng.choice(["a", "b"], size), spend=frame["spend"].where(rng.random(size) < 0.9))
        stopped += any(one.stops for one in validity(units, experiment))
    assert stopped <= 0.1 * rounds + 2.6 * np.sqrt(0.09 * rounds)


def test_a_smallest_effect_in_another_unit_is_asked_about() -> None:
    size = 2_000
    units = pd.DataFrame({"unit_key": np.arange(size).astype(str), "variant": ["a", "b"] * (size // 2)})
    units["bought"] = (np.arange(size) % 20 < 1).astype(float)

    def asked(effect: Any) -> list[str]:
        metric = {
            "name": "bought",
            "label": "Bought",
            "kind": "conversion",
            "role": "decision",
            "smallest_effect": effect,
        }
        return [one.code for one in read_out(units, plan(metrics=[metric])).gates if one.code == "scale"]

    assert asked(0.5) == ["scale"], "half of all fans, where one in twenty buys"
    assert asked("1 pp") == asked(0.01) == []
    with pytest.raises(ValidationError):
        asked(1)
    with pytest.raises(ValidationError):
        asked("5 %")


def test_sizes_and_shares_are_read_with_their_unit_and_old_registers_keep_their_fingerprint() -> None:
    metric = {
        "name": "spend",
        "label": "Spend",
        "kind": "mean",
        "role": "decision",
        "unit": "USD",
        "smallest_effect": "2 USD",
    }
    assert plan(metrics=[metric]).metrics[0].smallest_effect == 2.0
    assert plan(allocation={"a": "1/3", "b": "2/3"}).allocation == pytest.approx({"a": 1 / 3, "b": 2 / 3})
    with pytest.raises(ValidationError):
        plan(allocation={"a": 0.5, "b": 0.4})
    assert fingerprint(plan(allocation={"a": 0.5, "b": 0.5})) == fingerprint(plan(allocation={"a": "0.5", "b": "0.5"}))
    assert fingerprint(plan()) == fingerprint(plan(frozen_on="2026-05-01", average="cluster", independent=[]))
