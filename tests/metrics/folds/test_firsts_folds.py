"""First days, first runs and rows taken value by value are those of plain pandas, from a frame and in the engine."""

from __future__ import annotations

from typing import Any

import ibis
import pandas as pd
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from fanops_utils.errors import DataError
from fanops_utils.metrics import folds
from fanops_utils.metrics.folds import tables
from fanops_utils.metrics.members import growing
from fanops_utils.models.audience import community

LIMITS = settings(max_examples=12, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
NAMES = ["sign_up", "attend", "review"]
FIRST = pd.Timestamp("2026-03-27")  # the clocks of Europe go forward on the 29th
ACTS = st.lists(
    st.tuples(st.sampled_from(["tea", "walk", None]), st.sampled_from("abc"), st.sampled_from([*NAMES, "visit"]),
              st.integers(0, 6)), max_size=25)  # fmt: skip


def frame_of(acts: list[tuple[Any, ...]]) -> pd.DataFrame:
    frame = pd.DataFrame(acts, columns=["subject", "member_key", "event_name", "date_day"])
    days = [FIRST + pd.Timedelta(days=int(day)) for day in frame["date_day"]]
    return frame.assign(date_day=pd.Series(days, index=frame.index, dtype="datetime64[us]"))


def in_engine(frame: pd.DataFrame) -> ibis.Table:
    kinds = {"date_day": "date", "cost": "float64"}
    schema = ibis.schema({name: kinds.get(name, "string") for name in frame})
    return ibis.memtable(frame.astype(object).where(frame.notna(), None), schema=schema)


@LIMITS
@given(acts=ACTS, sliced=st.booleans())
def test_first_days_and_runs(acts: list[tuple[Any, ...]], sliced: bool) -> None:
    frame = frame_of(acts)
    firsts: dict[tuple[str, str], list[Any]] = {}
    runs: dict[tuple[str, str], tuple[pd.Timestamp, int]] = {}
    for key, own in frame.dropna(subset=["subject"]).groupby(["subject", "member_key"]):
        days = {name: own.loc[own["event_name"] == name, "date_day"].min() for name in NAMES}
        if any(pd.notna(day) for day in days.values()):
            firsts[key] = list(days.values())
        seen, held = set(own["date_day"]), 0
        while own["date_day"].min() + pd.Timedelta(days=held) in seen:
            held += 1
        runs[key] = (own["date_day"].min(), held)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tables, "PER_SLICE", 3 if sliced else 10**6)
        for given_as in (frame, in_engine(frame)):
            found = folds.first_days(given_as, NAMES)
            assert list(zip(found["subject"], found["member_key"], strict=True)) == sorted(firsts)
            wanted = pd.DataFrame([firsts[key] for key in sorted(firsts)], columns=NAMES, dtype="datetime64[us]")
            assert_frame_equal(found[NAMES], wanted)
            kept = folds.first_runs(given_as)
            keys = zip(kept["subject"], kept["member_key"], strict=True)
            assert dict(zip(keys, zip(kept["first"], kept["held"], strict=True), strict=True)) == runs


OFFERS = st.lists(st.tuples(st.sampled_from(["a", "b", None]), st.sampled_from("xyz"), st.integers(0, 5)), max_size=12)


@LIMITS
@given(rows=OFFERS)
def test_rows_value_by_value(rows: list[tuple[Any, ...]]) -> None:
    frame = pd.DataFrame(rows, columns=["offer", "person_key", "date_day"])
    days = [FIRST + pd.Timedelta(days=int(day)) for day in frame["date_day"]]
    frame = frame.assign(date_day=pd.Series(days, index=frame.index, dtype="datetime64[us]"), cost=1.5)
    columns = ["date_day", "person_key", "cost"]
    wanted = {name: part.sort_values(columns)[columns].to_numpy().tolist() for name, part in frame.groupby("offer")}
    for given_as in (frame.sort_values(["date_day", "person_key"]), in_engine(frame)):
        found = dict(folds.by_value(given_as, "offer", "person_key", "cost"))
        assert list(found) == sorted(wanted)
        assert {name: part[columns].to_numpy().tolist() for name, part in found.items()} == wanted


REWARDS = st.lists(
    st.tuples(st.integers(0, 3), st.sampled_from(["EUR", None]), st.none() | st.integers(0, 9)), max_size=12
)


@LIMITS
@given(rows=REWARDS)
def test_rewards_of_invitations_by_day(rows: list[tuple[Any, ...]]) -> None:
    frame = pd.DataFrame(rows, columns=["date_day", "currency", "reward"]).astype({"reward": "float64"})
    frame["date_day"] = pd.Series(
        [FIRST + pd.Timedelta(days=int(day)) for day in frame["date_day"]], dtype="datetime64[us]"
    )
    schema = ibis.schema({"date_day": "date", "currency": "string", "reward": "float64"})
    found = folds.rewards_by_day(ibis.memtable(frame.astype(object).where(frame.notna(), None), schema=schema))
    paid = frame.dropna(subset=["reward"]).groupby(["date_day", "currency"], dropna=False)["reward"].sum()
    assert list(zip(found["date_day"], found["currency"].fillna(""), found["reward"], strict=True)) == [
        (day, "" if pd.isna(currency) else currency, reward) for (day, currency), reward in paid.items()
    ]


@LIMITS
@given(acts=ACTS)
def test_streaks_and_the_loop_of_events_are_the_same_from_a_frame_and_in_the_engine(
    acts: list[tuple[Any, ...]],
) -> None:
    frame = frame_of(acts)
    orders = frame[frame["event_name"] == "visit"]
    both = [community.streaks(given_as, length=3) for given_as in (frame, in_engine(frame))]
    assert_frame_equal(*both, check_dtype=False)
    held, until = both[0], frame["date_day"].max()
    assert set(held["held"]) <= {1, 2, 3} and not held.loc[held["held"] == 3, "broke"].any()
    for one in held[held["broke"]].itertuples():
        own = frame[(frame["subject"] == one.subject) & (frame["member_key"] == one.member_key)]["date_day"]
        after = own.min() + pd.Timedelta(days=one.held)
        assert after not in set(own) and after <= until
    loops = [growing.event_loop(events, bought, as_of=FIRST + pd.Timedelta(days=9), within=2)
             for events, bought in ((frame, orders), (in_engine(frame), in_engine(orders)))]  # fmt: skip
    assert_frame_equal(*loops)
    signed = frame[(frame["event_name"] == "sign_up") & frame["subject"].notna()]
    assert loops[0]["members"].iloc[0] == len(signed[["subject", "member_key"]].drop_duplicates())
    assert loops[0]["members"].is_monotonic_decreasing


def test_the_loop_counts_steps_of_one_activity_in_their_order() -> None:
    frame = frame_of([("tea", "a", "sign_up", 0), ("tea", "a", "attend", 1), ("tea", "a", "review", 2), ("tea", "a", "visit", 3),
                      ("tea", "b", "sign_up", 0), ("walk", "b", "attend", 1), ("tea", "c", "attend", 0), ("tea", "c", "sign_up", 1),
                      ("walk", "c", "sign_up", 6)])  # fmt: skip
    bought = frame[frame["event_name"] == "visit"]
    found = growing.event_loop(in_engine(frame), in_engine(bought), as_of=FIRST + pd.Timedelta(days=7), within=3)
    assert found["members"].tolist() == [3, 1, 1, 1]


def test_what_they_lack_is_named() -> None:
    lacking = ibis.memtable(pd.DataFrame({"member_key": ["a"]}))
    for ask in (
        folds.first_runs,
        lambda table: folds.first_days(table, NAMES),
        lambda table: list(folds.by_value(table, "offer")),
    ):
        with pytest.raises(DataError):
            ask(lacking)
