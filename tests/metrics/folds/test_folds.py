"""Every fold in the engine equals a plain computation in pandas, on random data, empty, one-row and daylight-saving days."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import ibis
import numpy as np
import pandas as pd
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from fanops_utils import metrics
from fanops_utils.data.schema import table
from fanops_utils.data.warehouse.days import Cut
from fanops_utils.errors import DataError
from fanops_utils.metrics import folds
from fanops_utils.metrics.folds import tables
from fanops_utils.models.audience.segments import activity_gap

ZONES = {"DE": "Europe/Berlin", "US": "America/New_York", "JP": "Asia/Tokyo"}
START = pd.Timestamp(
    "2026-03-27T00:00Z"
)  # the clocks of Berlin go forward on 29 March, those of New York did on the 8th
LIMITS = settings(max_examples=20, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
FEWER = settings(LIMITS, max_examples=8)
# Hours from START: many around the change of the clocks, some months away (and around the change back).
HOURS = st.integers(0, 100) | st.integers(0, 24 * 60) | st.integers(24 * 210, 24 * 214)
MEMBER, MARKET = st.sampled_from(list("abcdef")), st.sampled_from([*ZONES, None])
ACTS = st.lists(st.tuples(MEMBER, HOURS, st.sampled_from(["visit", "like", "buy"]), MARKET), max_size=40)


def engine_events(acts: list[tuple[Any, ...]]) -> ibis.Table:
    """Return *acts* as table member_events in an engine, their days cut there as an import cuts them."""
    frame = plain_moments(acts)
    con = ibis.duckdb.connect()
    con.create_table("acts", frame, schema=ibis.schema({
        "platform": "string", "member_key": "string", "event_timestamp": "timestamp('UTC')", "event_name": "string",
        "event_value": "float64", "market": "string"}))  # fmt: skip
    cut = Cut("event_timestamp", "market", ZONES)
    con.raw_sql(f"CREATE TABLE member_events AS {cut.applied('acts', list(frame))}")
    return con.table("member_events")


def plain_moments(acts: list[tuple[Any, ...]]) -> pd.DataFrame:
    frame = pd.DataFrame(acts, columns=["member_key", "hours", "event_name", "market"])
    stamps = pd.to_datetime([START + pd.Timedelta(hours=hours, minutes=17) for hours in frame["hours"]], utc=True)
    stamps = stamps.astype("datetime64[us, UTC]")
    return frame.drop(columns="hours").assign(
        platform="discord", event_timestamp=stamps, event_value=np.arange(len(frame)) * 1.0
    )[["platform", "member_key", "event_timestamp", "event_name", "event_value", "market"]]


def plain_events(acts: list[tuple[Any, ...]]) -> pd.DataFrame:
    """Return *acts* with the local day and hour as pandas has them."""
    frame = plain_moments(acts)
    local = [
        one.event_timestamp.tz_convert(ZONES.get(one.market, "UTC")).tz_localize(None) for one in frame.itertuples()
    ]
    local_times = pd.Series(pd.to_datetime(local), dtype="datetime64[us]", index=frame.index)
    minutes = (local_times.dt.hour * 60 + local_times.dt.minute).where(frame["market"].notna())
    return frame.assign(date_day=local_times.dt.normalize(), minute_of_day=minutes.astype("Int64"))


def assert_same(found: pd.DataFrame, expected: pd.DataFrame) -> None:
    assert_frame_equal(
        found.reset_index(drop=True), expected.reset_index(drop=True), check_dtype=False, check_index_type=False
    )


@LIMITS
@given(acts=ACTS)
def test_days_and_minutes_are_cut_as_pandas_cuts_them(acts: list[tuple[Any, ...]]) -> None:
    found = engine_events(acts).to_pandas().sort_values("event_value")
    expected = plain_events(acts)
    assert list(pd.to_datetime(found["date_day"])) == list(expected["date_day"])
    assert list(found["minute_of_day"].astype("Int64").fillna(-1)) == list(expected["minute_of_day"].fillna(-1))


@LIMITS
@given(acts=ACTS, grouped=st.booleans(), shift=st.integers(-2, 40), length=st.integers(0, 30))
def test_actives(acts: list[tuple[Any, ...]], grouped: bool, shift: int, length: int) -> None:
    by = "market" if grouped else None
    acts = [act for act in acts if act[3] is not None] if grouped else acts
    start = START.date() + timedelta(days=shift)
    end = start + timedelta(days=length)
    found = folds.actives(engine_events(acts), start=start, end=end, by=by)
    frame = plain_events(acts)
    rows = []
    inside = frame[
        (frame["date_day"] <= pd.Timestamp(end)) & (frame["date_day"] >= pd.Timestamp(start) - pd.Timedelta(days=28))
    ]
    for group in sorted(inside["market"].unique()) if by else [None]:
        own = frame[frame["market"] == group] if by else frame
        for day in pd.date_range(start, end):
            counts = [own[(own["date_day"] <= day) & (own["date_day"] > day - pd.Timedelta(days=n))]["member_key"].nunique()
                      for n in (1, 7, 28)]  # fmt: skip
            rows.append((*([group] if by else []), day, *counts))
    expected = pd.DataFrame(rows, columns=[*([by] if by else []), "date_day", "dau", "wau", "mau"])
    assert_same(found, expected)


@LIMITS
@given(acts=ACTS)
def test_gaps(acts: list[tuple[Any, ...]]) -> None:
    days = plain_events(acts)[["member_key", "date_day"]].drop_duplicates().sort_values(["member_key", "date_day"])
    gap = days.groupby("member_key")["date_day"].diff().dt.days.dropna().astype("int64")
    expected = gap.value_counts().sort_index().rename_axis("gap").rename("n").reset_index()
    assert_same(folds.gaps(engine_events(acts)), expected)


@LIMITS
@given(acts=ACTS, as_of=st.integers(0, 220))
def test_what_each_member_did(acts: list[tuple[Any, ...]], as_of: int) -> None:
    last = START.date() + timedelta(days=as_of)
    found = folds.per_member(engine_events(acts).rename(value="event_value"), as_of=last)
    frame = plain_events(acts)
    frame = frame[frame["date_day"] <= pd.Timestamp(last)]
    recent = frame[frame["date_day"] > pd.Timestamp(last) - pd.Timedelta(days=28)]
    expected = frame.groupby("member_key").agg(
        last_active=("date_day", "max"), active_days_total=("date_day", "nunique"), spend=("event_value", "sum")
    )
    expected.insert(1, "active_days_recent", recent.groupby("member_key")["date_day"].nunique())
    assert_same(found, expected.fillna({"active_days_recent": 0}).reset_index())


@LIMITS
@given(
    acts=ACTS,
    joined=st.dictionaries(MEMBER, st.integers(0, 70)),
    as_of=st.integers(0, 220),
    unit=st.sampled_from(["day", "week"]),
)
def test_the_cohort_triangle(acts: list[tuple[Any, ...]], joined: dict[str, int], as_of: int, unit: Any) -> None:
    first = START.tz_localize(None)
    fans = pd.DataFrame(
        {"member_key": list(joined), "date_day": [first + pd.Timedelta(days=n) for n in joined.values()]}
    )
    fans = fans.astype({"member_key": "object", "date_day": "datetime64[us]"})
    last, step = START.date() + timedelta(days=as_of), 1 if unit == "day" else 7
    members = ibis.memtable(fans, schema={"member_key": "string", "date_day": "date"})
    days = plain_events(acts)[["member_key", "date_day"]]
    table_of_days = ibis.memtable(days, schema={"member_key": "string", "date_day": "date"})
    found = folds.cohort_triangle(members, table_of_days, as_of=last, unit=unit, last=4)
    cells: dict[tuple[pd.Timestamp, int], list[int]] = {}
    for fan in fans.itertuples():
        own = days[(days["member_key"] == fan.member_key) & (days["date_day"] <= pd.Timestamp(last))]["date_day"]
        for age in range(5):
            begin = fan.date_day + pd.Timedelta(days=age * step)
            if begin + pd.Timedelta(days=step - 1) <= pd.Timestamp(last):
                cell = cells.setdefault((fan.date_day.to_period("M").to_timestamp(), age), [0, 0])
                cell[0] += 1
                cell[1] += bool(((own >= begin) & (own < begin + pd.Timedelta(days=step))).any())
    rows = [(cohort, age, *counts) for (cohort, age), counts in sorted(cells.items())]
    assert_same(found, pd.DataFrame(rows, columns=["cohort", "age", "n", "active"]))


@LIMITS
@given(acts=ACTS, hours=st.sampled_from([0, 5, 48, 4000]), grouped=st.booleans())
def test_the_funnel(acts: list[tuple[Any, ...]], hours: int, grouped: bool) -> None:
    acts = [act for act in acts if act[3] is not None] if grouped else acts
    by, steps, within = ("market" if grouped else None), ["visit", "like", "buy"], timedelta(hours=hours)
    found = folds.funnel(engine_events(acts), steps, within=within, by=by)
    frame, reached = plain_events(acts), {}
    for key, own in frame.groupby([by, "member_key"] if by else ["member_key"]):
        group, opened, at = key[0] if by else None, None, None
        for number, step in enumerate(steps, start=1):
            times = own[own["event_name"] == step]["event_timestamp"]
            times = times if at is None else times[(times >= at) & (times <= opened + within)]
            if times.empty:
                break
            at = times.min()
            opened = at if opened is None else opened
            reached[group, number] = reached.get((group, number), 0) + 1
    groups = sorted({group for group, _ in reached}) if by else [None]
    rows = [(*([group] if by else []), number, step, reached.get((group, number), 0))
            for group in groups for number, step in enumerate(steps, start=1)]  # fmt: skip
    assert_same(found, pd.DataFrame(rows, columns=[*([by] if by else []), "step", "name", "members"]))


@LIMITS
@given(acts=ACTS)
def test_hours_and_weekdays(acts: list[tuple[Any, ...]]) -> None:
    frame = plain_events(acts).dropna(subset=["minute_of_day"])
    found = folds.hour_by_weekday(engine_events(acts))
    assert len(found) == 168 and found["n"].sum() == len(frame)
    pairs = pd.Series(zip(frame["date_day"].dt.day_of_week, frame["minute_of_day"] // 60, strict=True))
    expected = pairs.value_counts().to_dict()
    assert {(one.weekday, one.hour): one.n for one in found.itertuples() if one.n} == expected


ORDER = st.tuples(MEMBER | st.none(), st.integers(0, 60), st.none() | st.integers(0, 9), st.booleans())


@LIMITS
@given(orders=st.lists(ORDER, max_size=30), length=st.integers(0, 60))
def test_orders_per_person(orders: list[tuple[Any, ...]], length: int) -> None:
    frame = pd.DataFrame(orders, columns=["customer_key", "date_day", "total", "gone"])
    first = START.tz_localize(None)
    frame["date_day"] = pd.to_datetime([first + pd.Timedelta(days=int(n)) for n in frame["date_day"]]).astype(
        "datetime64[us]"
    )
    frame["cancelled_at"] = pd.Series([first if gone else pd.NaT for gone in frame.pop("gone")], dtype="datetime64[us]")
    end = START.date() + timedelta(days=length)
    schema = {"customer_key": "string", "date_day": "date", "total": "float64", "cancelled_at": "timestamp"}
    found = folds.orders_per_person(ibis.memtable(frame, schema=schema), start=START.date(), end=end)
    kept = frame[
        frame["customer_key"].notna() & frame["cancelled_at"].isna() & (frame["date_day"] <= pd.Timestamp(end))
    ]
    each = kept.groupby("customer_key").agg(orders=("date_day", "size"), total=("total", "sum"))
    expected = each.groupby("orders").agg(people=("total", "size"), total=("total", "sum")).reset_index()
    assert_same(found, expected.astype({"orders": "int64"}))


INVITATION = st.tuples(MEMBER, MEMBER | st.none(), st.integers(0, 40), st.integers(0, 40) | st.none())


@LIMITS
@given(invitations=st.lists(INVITATION, max_size=25))
def test_the_forest_of_invitations(invitations: list[tuple[Any, ...]]) -> None:
    first = START.tz_localize(None)
    frame = pd.DataFrame(invitations, columns=["inviter_key", "invited_key", "sent", "after"])
    frame["invited_at"] = pd.to_datetime([first + pd.Timedelta(hours=int(n)) for n in frame["sent"]]).astype(
        "datetime64[us]"
    )
    joined = [sent + pd.Timedelta(hours=int(n)) if pd.notna(n) else pd.NaT
              for sent, n in zip(frame["invited_at"], frame["after"], strict=True)]  # fmt: skip
    frame["accepted_at"] = pd.Series(joined, dtype="datetime64[us]")
    frame = frame.drop(columns=["sent", "after"]).assign(date_day=frame["invited_at"].dt.normalize())
    schema = {"inviter_key": "string", "invited_key": "string", "invited_at": "timestamp", "accepted_at": "timestamp",
              "date_day": "date"}  # fmt: skip
    found = folds.invitation_forest(ibis.memtable(frame, schema=schema))
    parent: dict[str, str] = {}
    taken = frame[
        frame["accepted_at"].notna() & frame["invited_key"].notna() & (frame["invited_key"] != frame["inviter_key"])
    ]
    for one in taken.sort_values(["accepted_at", "invited_at", "inviter_key"]).itertuples():
        parent.setdefault(one.invited_key, one.inviter_key)
    people, generation = {*frame["inviter_key"], *parent}, {}
    for person in people:
        path = [person]
        while path[-1] in parent and parent[path[-1]] not in path:
            path.append(parent[path[-1]])
        if path[-1] not in parent:
            generation[person] = len(path) - 1
    sent = frame["inviter_key"].value_counts()
    rows = []
    for number in range(max(generation.values(), default=-1) + 1):
        level = [person for person, one in generation.items() if one == number]
        inviters = [person for person in level if person in sent.index]
        rows.append((number, len(level), len(inviters), int(sent.reindex(inviters).sum()),
                     sum(1 for child, one in parent.items() if one in level)))  # fmt: skip
    assert_same(found, pd.DataFrame(rows, columns=["generation", "people", "inviters", "sent", "joined"]))


@FEWER
@given(acts=ACTS, as_of=st.integers(0, 220), long=st.integers(1, 60))
def test_pauses_of_each_member(acts: list[tuple[Any, ...]], as_of: int, long: int) -> None:
    last = START.date() + timedelta(days=as_of)
    days = plain_events(acts)[["member_key", "date_day"]].drop_duplicates().sort_values(["member_key", "date_day"])
    days = days[days["date_day"] <= pd.Timestamp(last)]
    gap = days.groupby("member_key")["date_day"].diff().dt.days.astype(float)
    each = days.assign(log=np.log(gap), back_on=days["date_day"].where(gap >= long)).groupby("member_key")
    expected = each.agg(last_active=("date_day", "max"), pauses=("log", "count"), log_mean=("log", "mean"),
                        log_var=("log", "var"), back_on=("back_on", "max"))  # fmt: skip
    for given_as in (engine_events(acts), plain_events(acts)):
        assert_same(folds.pauses_per_member(given_as, as_of=last, long=long), expected.reset_index())
        habits = folds.habits_per_member(given_as, as_of=last)
        assert_same(
            habits[["member_key", "last_active", "pauses", "log_mean", "log_var"]],
            expected.drop(columns="back_on").reset_index(),
        )
        counts = days.groupby("member_key")["date_day"]
        assert habits["days_total"].tolist() == counts.size().tolist()
        assert habits["first_active"].tolist() == counts.min().tolist()
        for name, back in (("days_28", 28), ("days_91", 91)):
            recent = days[days["date_day"] > pd.Timestamp(last) - pd.Timedelta(days=back)].groupby("member_key").size()
            assert habits[name].tolist() == recent.reindex(habits["member_key"], fill_value=0).tolist()


@FEWER
@given(acts=ACTS)
def test_acts_of_each_member(acts: list[tuple[Any, ...]]) -> None:
    frame = plain_events(acts)
    named = pd.crosstab(frame["member_key"], frame["event_name"])
    known = frame.dropna(subset=["minute_of_day"])
    hours = pd.crosstab(known["member_key"], known["minute_of_day"].astype("int64") // 60).reindex(
        columns=range(24), fill_value=0
    )
    for by, expected in (("event_name", named), ("hour", hours)):
        found = folds.acts_per_member(engine_events(acts), by=by)
        assert found.index.tolist() == expected.index.tolist() and list(found) == list(expected)
        assert (found.to_numpy() == expected.to_numpy()).all()


STARTS = st.lists(st.tuples(MEMBER | st.none(), st.integers(-3, 40) | st.none()), max_size=12)


@FEWER
@given(acts=ACTS, starts=STARTS, first=st.integers(0, 9), length=st.integers(0, 40) | st.none())
def test_days_after_a_day_of_ones_own(
    acts: list[tuple[Any, ...]], starts: list[tuple[Any, ...]], first: int, length: int | None
) -> None:
    zero, last = START.tz_localize(None), None if length is None else first + length
    since = [pd.NaT if day is None else zero + pd.Timedelta(days=day) for _, day in starts]
    people = pd.DataFrame({"member_key": pd.Series([who for who, _ in starts], dtype="string"),
                           "since": pd.Series(since, dtype="datetime64[us]")})  # fmt: skip
    people.index = pd.RangeIndex(7, 7 + len(people))
    frame = plain_events(acts)
    expected = []
    for one in people.itertuples():
        own = (
            frame[frame["member_key"] == one.member_key]["date_day"].drop_duplicates()
            if pd.notna(one.member_key)
            else []
        )
        ages = [(day - one.since).days for day in own if pd.notna(one.since)]
        expected.append(sum(first <= age <= (10**6 if last is None else last) for age in ages))
    for given_as in (engine_events(acts), frame):
        found = folds.days_after(given_as, people, first=first, last=last)
        assert found.tolist() == expected and found.index.equals(people.index)


@FEWER
@given(acts=ACTS, shift=st.integers(-2, 40), length=st.integers(0, 200))
def test_days_within_a_period(acts: list[tuple[Any, ...]], shift: int, length: int) -> None:
    start = START.date() + timedelta(days=shift)
    end = start + timedelta(days=length)
    frame = plain_events(acts)
    inside = frame[frame["date_day"].between(pd.Timestamp(start), pd.Timestamp(end))]
    expected = inside.groupby("member_key")["date_day"].nunique().to_dict()
    for given_as in (engine_events(acts), frame):
        assert folds.days_within(given_as, start=start, end=end).to_dict() == expected


@settings(LIMITS, max_examples=4)
@given(acts=ACTS, rows=st.integers(1, 9))
def test_slices_change_nothing(acts: list[tuple[Any, ...]], rows: int) -> None:
    days, day = engine_events(acts).rename(value="event_value"), START.date() + timedelta(days=30)
    fans = days.group_by("member_key").agg(date_day=days.date_day.min())

    def everything() -> list[pd.DataFrame]:
        return [
            folds.actives(days, start=START.date(), end=day, by="market"), folds.gaps(days), folds.gaps(days, by="market"),
            folds.per_member(days, as_of=day), folds.pauses_per_member(days, as_of=day, long=3),
            folds.days_within(days, start=START.date(), end=day).reset_index(),
            folds.cohort_triangle(fans, days, as_of=day),
        ]  # fmt: skip

    whole = everything()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tables, "PER_SLICE", rows)
        for found, expected in zip(everything(), whole, strict=True):
            assert_same(found, expected)


def test_every_fold_is_held_to_plain_pandas() -> None:
    here = "".join(path.read_text(encoding="utf-8") for path in Path(__file__).parent.glob("test_*folds.py"))
    assert [name for name in folds.__all__ if f"folds.{name}(" not in here and name != "came_back"] == []
    assert "metrics.retention(" in here  # which asks came_back


@settings(LIMITS, max_examples=6)
@given(
    acts=ACTS,
    joined=st.dictionaries(MEMBER, st.integers(-3, 30), min_size=1),
    as_of=st.integers(0, 60),
    day=st.integers(1, 9),
)
def test_retention_activity_and_gaps_are_the_same_from_a_frame_and_in_the_engine(
    acts: list[tuple[Any, ...]], joined: dict[str, int], as_of: int, day: int
) -> None:
    days = engine_events(acts).rename(value="event_value")
    frame = days.to_pandas()
    frame = frame.assign(date_day=pd.to_datetime(frame["date_day"]).astype("datetime64[us]"))
    first, last = START.tz_localize(None), START.date() + timedelta(days=as_of)
    fans = pd.DataFrame({"member_key": list(joined), "acquisition": "organic",
                         "joined_on": [first + pd.Timedelta(days=n) for n in joined.values()]})  # fmt: skip
    fans = fans.astype({"joined_on": "datetime64[us]"})
    for kind in ("n_day", "unbounded"):
        both = [metrics.retention(fans, seen, day=day, kind=kind, as_of=last) for seen in (frame, days)]
        assert_frame_equal(*both)
    both = [metrics.member_activity(fans, seen, as_of=last) for seen in (frame, days)]
    assert_frame_equal(*both, check_dtype=False)
    for quantile in (0.5, 0.95, 1.0):
        assert activity_gap(frame, quantile=quantile, otherwise=9) == activity_gap(days, quantile=quantile, otherwise=9)
    plain = frame[["member_key", "date_day"]].drop_duplicates().sort_values(["member_key", "date_day"])
    between = pd.to_datetime(plain["date_day"]).groupby(plain["member_key"]).diff().dt.days.dropna()
    if len(between):
        assert activity_gap(days, quantile=0.7) == int(np.ceil(between.quantile(0.7)))


def test_empty_tables_fold_into_empty_frames() -> None:
    def empty(name: str) -> ibis.Table:
        frame = table(name).conform(pd.DataFrame(columns=list(table(name).columns)))
        import pyarrow as arrow

        return ibis.memtable(arrow.Table.from_pandas(frame, table(name).arrow_schema(frame), preserve_index=False))

    day = date(2026, 3, 29)
    assert folds.actives(empty("fan_day"), start=day, end=day).to_dict("records") == [
        {"date_day": pd.Timestamp(day), "dau": 0, "wau": 0, "mau": 0}
    ]
    assert folds.cohort_triangle(empty("fans"), empty("fan_day"), as_of=day).empty
    assert folds.funnel(empty("member_events"), ["visit", "buy"], within=timedelta(days=1))["members"].tolist() == [
        0,
        0,
    ]
    assert folds.pauses_per_member(empty("fan_day"), as_of=day, long=60).empty
    assert folds.days_within(empty("fan_day"), start=day, end=day).empty
    nobody = pd.DataFrame({"member_key": pd.Series(dtype="string"), "since": pd.Series(dtype="datetime64[us]")})
    assert folds.days_after(empty("fan_day"), nobody).empty
    assert folds.gaps(empty("fan_day")).empty and folds.per_member(empty("fan_day"), as_of=day).empty
    assert folds.hour_by_weekday(empty("orders"))["n"].sum() == 0
    assert folds.orders_per_person(empty("orders")).empty and folds.invitation_forest(empty("referrals")).empty


def test_what_a_fold_lacks_is_named() -> None:
    one = ibis.memtable(pd.DataFrame({"member_key": ["a"]}))
    with pytest.raises(DataError):
        folds.gaps(one)
    with pytest.raises(DataError):
        folds.funnel(engine_events([]), ["visit", "visit"], within=timedelta(days=1))
