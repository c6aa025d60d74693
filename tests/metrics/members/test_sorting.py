"""Members sorted by rules: fifths, tags, places, matches, rewards, what they took up."""

from __future__ import annotations

from datetime import date, timedelta

import ibis
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fanops_utils import metrics
from fanops_utils.metrics.folds import habits_per_member
from fanops_utils.workspace.registers.segments import Segments, TagRule

AS_OF = date(2026, 10, 31)


def seen(**last: tuple[int, int]) -> pd.DataFrame:
    """Return active days of members: (days ago of the last one, how many days in a row before it)."""
    rows = [
        (key, pd.Timestamp(AS_OF) - pd.Timedelta(days=ago + back))
        for key, (ago, many) in last.items()
        for back in range(many)
    ]
    return pd.DataFrame(rows, columns=["member_key", "date_day"])


def members(keys: list[str], **columns: object) -> pd.DataFrame:
    frame = pd.DataFrame({"member_key": keys, "platform": "discord", "joined_on": pd.Timestamp("2026-01-01")})
    return frame.assign(**{"spend": np.nan, **columns})


def test_fifths_say_who_is_core_potential_and_silent() -> None:
    keys = [f"m{number}" for number in range(10)]
    days = seen(**{key: (number * 9, 10 - number) for number, key in enumerate(keys)})
    acts = pd.Series({key: 20 - 2 * number for number, key in enumerate(keys)})
    rows = metrics.rfme(members(keys), habits_per_member(days, as_of=AS_OF), acts, as_of=AS_OF).set_index("member_key")
    assert rows["r"].tolist() == [5, 5, 4, 4, 3, 3, 2, 2, 1, 1] == rows["f"].tolist() == rows["e"].tolist()
    assert rows["m"].isna().all(), "no linked shop is not no spend"
    assert rows["part"].astype(str).tolist() == ["core"] * 4 + ["potential"] * 3 + ["silent"] * 3


def test_spend_makes_a_quiet_member_core_but_no_silent_one() -> None:
    keys = [f"m{number}" for number in range(6)]
    days = seen(**dict.fromkeys(keys[:5], (3, 1)), m5=(80, 1))
    spend = [500.0, 10.0, 20.0, 0.0, np.nan, 900.0]
    found = metrics.rfme(
        members(keys, spend=spend), habits_per_member(days, as_of=AS_OF), pd.Series(dtype=int), as_of=AS_OF
    )
    rows = found.set_index("member_key")
    assert rows.loc["m0", "part"] == "core" and rows.loc["m3", "m"] == 1 and np.isnan(rows.loc["m4", "m"])
    assert rows.loc["m5", "m"] == 5 and rows.loc["m5", "part"] == "silent"


def test_fifths_are_those_of_the_own_platform() -> None:
    keys = [f"m{number}" for number in range(10)]
    days = seen(**{key: (0, number + 1) for number, key in enumerate(keys)})
    frame = members(keys).assign(platform=["discord"] * 5 + ["line"] * 5)
    found = metrics.rfme(frame, habits_per_member(days, as_of=AS_OF), pd.Series(dtype=int), as_of=AS_OF)
    assert found["f"].tolist() == [1, 2, 3, 4, 5] * 2


RULES = (
    TagRule(name="high_active", label="High-active", measure="active_days_28", at_least=8),
    TagRule(name="cooling_off", label="Cooling off", measure="pace", at_most=0.5),
    TagRule(name="customer", label="Customer", measure="spend", at_least=100),
)


def carried(days: pd.DataFrame, as_of: date) -> pd.DataFrame:
    fans = members(["a", "b", "c"])
    return metrics.tagged(fans, habits_per_member(days, as_of=as_of), RULES, as_of=as_of, spend={"a": 120.0, "b": 99.0})


def test_tags_follow_their_rules_and_changes_are_told() -> None:
    days = pd.concat([seen(a=(0, 10), b=(40, 12)), seen(b=(0, 1))])
    now, before = carried(days, AS_OF), carried(days, AS_OF - timedelta(days=40))
    assert set(map(tuple, now.to_numpy())) == {("a", "high_active"), ("a", "customer"), ("b", "cooling_off")}
    changes = metrics.tag_changes(before, now)
    assert set(map(tuple, changes.to_numpy())) == {
        ("a", "high_active", "got"), ("b", "cooling_off", "got"), ("b", "high_active", "lost"),
    }  # fmt: skip
    sizes = metrics.tag_sizes(now, changes, RULES, members=3).set_index("tag")
    assert sizes["members"].to_dict() == {"high_active": 1, "cooling_off": 1, "customer": 1}
    assert sizes.loc["high_active", ["got", "lost"]].tolist() == [1, 1]
    assert metrics.tag_changes(now, now).empty
    assert metrics.tagged(members([]), habits_per_member(days, as_of=AS_OF), (), as_of=AS_OF, spend={}).empty
    nobody = metrics.tagged(members([]), habits_per_member(days, as_of=AS_OF), RULES, as_of=AS_OF, spend={})
    asleep = now[now["tag"] == "none of these"]
    assert metrics.tag_changes(nobody, nobody).empty and metrics.tag_changes(asleep, asleep).empty
    assert set(metrics.tag_changes(now, nobody)["change"]) == {"lost"}


def test_tags_that_cannot_be_are_refused() -> None:
    with pytest.raises(ValueError, match="at_least"):
        TagRule(name="x", label="x", measure="spend")
    with pytest.raises(ValueError, match="below"):
        TagRule(name="x", label="x", measure="spend", at_least=2, at_most=1)
    with pytest.raises(ValueError, match="twice"):
        Segments(tags=(RULES[0], RULES[0]))
    apart = Segments(
        tags=(
            TagRule(**{**RULES[0].model_dump(), "markets": ("DE",)}),
            TagRule(**{**RULES[0].model_dump(), "markets": ("US",)}),
        )
    )
    assert len(apart.tags_in("DE")) == len(apart.tags_in("US")) == 1 and not apart.tags_in("JP")


def candidates(size: int) -> pd.DataFrame:
    rng = np.random.default_rng(size)
    spend = np.where(rng.random(size) < 0.5, np.nan, rng.gamma(2, 40, size))
    keys = [f"m{number}" for number in range(size)]
    return pd.DataFrame(
        {"member_key": keys, "days_91": rng.integers(0, 60, size), "acts": rng.poisson(9, size), "spend": spend}
    )


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 150), st.integers(1, 60), st.integers(0, 40))
def test_places_are_fair(size: int, seats: int, were: int) -> None:
    people = candidates(size)
    came = set(people["member_key"].head(were))
    got = metrics.fair_places(people, came, seats=seats, name="tasting")
    able = set(people.loc[people["days_91"] > 0, "member_key"])
    assert got["member_key"].is_unique and set(got["member_key"]) <= able
    assert len(got) == min(seats, len(able))
    if set(got["member_key"]) & came:
        assert able - came <= set(got["member_key"]), "who came lately gets a place only once all others have one"
    assert (
        got.equals(metrics.fair_places(people.sample(frac=1, random_state=1), came, seats=seats, name="tasting"))
        or size == 0
    )


def test_some_places_go_by_lot_whatever_the_score() -> None:
    people = candidates(400)
    got = [metrics.fair_places(people, set(), seats=30, name=f"event {number}") for number in range(40)]
    assert all((one["how"] == "score").sum() == 21 for one in got)
    lots = pd.concat([one[one["how"] == "lot"] for one in got])
    assert lots["member_key"].nunique() > 150, "the lot reaches many"
    assert lots["score"].mean() == pytest.approx(0.47, abs=0.06), "and does not look at the score"
    shares = metrics.places_by(got[0], people.assign(tier=np.where(people["days_91"] > 30, "loyal", "active")), "tier")
    assert shares["share"].sum() == pytest.approx(1) and shares["places"].sum() == 30


def test_matches_count_each_person_once() -> None:
    fans = pd.DataFrame({"member_key": ["a", "b", "c"], "customer_key": ["x", None, "y"]})
    keys = {
        "shop": pd.Series(["x", "x", "z", None]),
        "points": pd.Series(["a", "b"]),
        "nothing": pd.Series([], dtype=str),
    }
    rows = metrics.match_rates(fans, keys, visits={"events": (10, 4), "none": (0, 0)}).set_index("channel")
    assert rows[["people", "matched"]].to_numpy().tolist() == [[3, 1], [2, 2], [10, 4]]
    assert rows.loc["events", "estimate"] == 0.4 and rows["ci_lower"].lt(rows["estimate"]).all()
    assert metrics.match_rates(fans.iloc[:0], keys, visits={"events": (10, 0)}).empty, (
        "nobody to match is not nobody matched"
    )
    held = pd.DataFrame({"activity_id": ["t1", "t2", "t3"], "attended": pd.array([5, 1, None], dtype="Int64")})
    came = pd.DataFrame({"member_key": ["a", "a", "b", "q", "a", "b"], "subject": ["t1", "t1", "t1", "t1", "t3", "t2"]})
    assert metrics.visits_known(held, came, fans) == (6, 3)


def test_rewards_are_told_of_those_who_could_earn_them() -> None:
    keys = [f"m{number}" for number in range(40)]
    days = seen(**{key: (0, 6 if number < 30 else 2) for number, key in enumerate(keys)})
    fans = pd.DataFrame(
        {"member_key": keys, "market": ["DE"] * 20 + ["US"] * 20, "joined_on": pd.Timestamp("2026-09-01")}
    )
    points = pd.DataFrame({"member_key": keys[:12], "kind": "issued", "points": 10.0})
    rows = metrics.rewards_beside(fans, days, points, as_of=AS_OF)
    all_of_them = rows[rows["column"] == "eligible"].iloc[0]
    assert (all_of_them["members"], all_of_them["rewarded"]) == (30, 12)
    by_market = rows[rows["column"] == "market"].set_index("value")
    assert by_market["members"].to_dict() == {"DE": 20, "US": 10} and by_market["rewarded"].to_dict() == {
        "DE": 12,
        "US": 0,
    }
    assert metrics.rewards_beside(fans.iloc[:0], days, points, as_of=AS_OF).empty


def test_what_was_taken_up_is_told_once_with_its_first_day() -> None:
    day = pd.to_datetime(["2026-01-02", "2026-01-01", "2026-01-03"])
    said = ibis.memtable(
        pd.DataFrame({"member_key": ["a", "a", "b"], "topic": ["taste", "taste", None], "date_day": day})
    )
    came = ibis.memtable(pd.DataFrame({"member_key": ["a", "q"], "subject": ["t1", "t1"], "date_day": day[:2]}))
    held = ibis.memtable(pd.DataFrame({"activity_id": ["t1"], "kind": ["tasting"]}))
    orders = ibis.memtable(pd.DataFrame({"order_id": ["1", "2"], "customer_key": ["x", "z"], "date_day": day[:2]}))
    lines = ibis.memtable(pd.DataFrame({"order_id": ["1", "2"], "title": ["Matcha", "Mug"]}))
    fans = ibis.memtable(pd.DataFrame({"member_key": ["a", "b"], "customer_key": [None, "x"], "market": ["DE", "US"]}))
    found = metrics.things_taken(fans, said, came, held, orders, lines)
    told = {(row.member_key, row.kind, row.item, str(row.date_day.date())) for row in found.itertuples()}
    assert told == {
        ("a", "topic", "taste", "2026-01-01"), ("a", "activity", "tasting", "2026-01-02"), ("b", "product", "Matcha", "2026-01-02"),
        ("q", "activity", "tasting", "2026-01-01"),
    }  # fmt: skip


def test_countries_of_followers_stand_beside_those_of_orders() -> None:
    rows = [("us", "total", "all", np.nan, 300.0), ("us", "country", "United States", 0.8, np.nan),
            ("us", "country", "Mexico", 0.2, np.nan),
            ("mx", "total", "all", np.nan, 100.0), ("mx", "country", "Mexico", 1.0, np.nan),
            ("us", "gender_age", "25-34 women", 0.4, np.nan), ("all", "gender_age", "25-34 women", 0.2, np.nan)]  # fmt: skip
    snapshot = pd.DataFrame(rows, columns=["account_id", "dimension", "segment", "share", "count"])
    snapshot = snapshot.assign(platform="instagram", snapshot_at=pd.Timestamp("2026-10-01", tz="UTC"))
    found = metrics.places_against_orders(
        snapshot, pd.Series({"US": 30, "MX": 60, "DE": 10}), names={"US": "United States", "MX": "Mexico", "DE": "Germany"},
        accounts=frozenset({"us", "mx"}),
    ).set_index("place")  # fmt: skip
    assert found.loc["United States", ["share", "orders_share"]].tolist() == pytest.approx([0.6, 0.3])
    assert found.loc["Mexico", ["share", "orders_share"]].tolist() == pytest.approx([0.4, 0.6])
    assert np.isnan(found.loc["Germany", "share"]) and found.loc["Germany", "orders"] == 10
    coded = snapshot.assign(segment=snapshot["segment"].replace({"United States": "US"}).where(
        snapshot["account_id"] == "us", snapshot["segment"]))  # fmt: skip
    again = metrics.places_against_orders(
        coded, pd.Series({"US": 30, "MX": 60, "DE": 10}), names={"US": "United States", "MX": "Mexico", "DE": "Germany"},
        accounts=frozenset({"us", "mx"}),
    ).set_index("place")  # fmt: skip
    assert again["share"].to_dict() == pytest.approx(found["share"].to_dict(), nan_ok=True), "a code is no second place"
    own = metrics.composition(snapshot[snapshot["account_id"] == "us"], dimension="gender_age")
    assert metrics.against_base(snapshot, own, dimension="gender_age")["times"].tolist() == [2.0]
    assert metrics.against_base(snapshot[snapshot["account_id"] == "us"], own, dimension="gender_age").empty
