"""What lists to act on and persona cards say: never more than was seen, and nothing of few people."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest
from conftest import ROOT
from saying import sane, values

from fanops_utils import metrics
from fanops_utils.charts.tables import Table
from fanops_utils.metrics import Interval
from fanops_utils.models import Leaving, NextBest, TooFewLeavers, TooLittleTaken, steady_state
from fanops_utils.playbook.handouts import Listing
from fanops_utils.sections import audience
from fanops_utils.sections.audience.lifecycle import LOTS
from fanops_utils.text import Count, Percent, Written, speak
from fanops_utils.workspace import Workspace
from fanops_utils.workspace.registers.segments import Action, TagRule

AS_OF = date(2026, 10, 31)


def model(n: int, *, slope: float = 1.0, lift: float = 3.0, judged: int = 800, seen: float = 0.2) -> Leaving:
    chance = np.linspace(0.6, 0.01, n) if n else np.zeros(0)
    people = pd.DataFrame(
        {
            "member_key": [f"m{k}" for k in range(n)],
            "chance": chance,
            "gap": 3,
            "own_days": 2.0,
            "tenure": 90,
            "days_28": 6,
        }
    )
    deciles = pd.DataFrame(
        {"decile": range(1, 11), "expected": np.linspace(0, 0.6, 10), "seen": np.linspace(0, 0.6, 10), "n": 80}
    )
    span = lambda middle, half: Interval(middle, middle - half, middle + half, judged)  # noqa: E731
    return Leaving(
        28, people, span(slope, 0.05), span(lift, 0.5), 0.2, seen, judged, deciles if judged else deciles.iloc[:0]
    )


def told(found: Leaving | TooFewLeavers) -> audience.Section:  # type: ignore[name-defined]
    return audience.leaving(found, market="DE", currency="EUR", spend={"m0": 12.0})


def test_the_list_of_those_about_to_leave_is_the_top_tenth_by_lot() -> None:
    answer = told(model(200))
    found = sane(answer)
    assert (found.code, found.severity, found.n) == ("told", "watch", 200)
    (listed,) = [one for one in answer.handouts if isinstance(one, Listing)]
    assert listed.private and len(listed.rows) == 20
    assert {row[1] for row in listed.rows} == set(LOTS.values())
    assert [row[:2] for row in listed.rows] == [row[:2] for row in told(model(200)).handouts[0].rows]  # type: ignore[attr-defined]
    (play,) = audience.plays((answer,), owner="community", on=AS_OF)
    assert (play.because, play.kind) == ("leaving", "test")


@pytest.mark.parametrize(
    ("found", "code", "listed"),
    [
        (model(200, slope=0.6), "rough", True),
        (model(200, seen=0.4), "rough", True),
        (model(200, lift=1.2), "told", False),
        (model(200, judged=0), "unproved", False),
    ],
)
def test_chances_that_did_not_keep_their_word_are_not_told_as_shares(found: Leaving, code: str, listed: bool) -> None:
    answer = told(found)
    assert sane(answer).code == code and bool(answer.handouts) is listed
    assert (sane(answer).estimate is None) == (code != "told")
    assert bool(audience.plays((answer,), owner="community", on=AS_OF)) is listed


def test_too_few_to_learn_from_or_to_tell_of_is_said() -> None:
    assert sane(told(TooFewLeavers(1, 4))).status == sane(told(model(7))).status == "no_data"
    assert not told(model(0)).handouts


def cards() -> pd.DataFrame:
    rows = [("loyal", 40, 0.5, 0.2, (12, 20, 21), "organic", 1.2), ("ordinary", 955, 0.5, 0.8, (), "", np.nan)]
    return pd.DataFrame(rows, columns=["tier", "members", "active_share", "spend_share", "busy", "way", "lift"]).assign(
        own_hours=True
    )


APART = pd.DataFrame(
    [
        ("loyal", "topic", "price", 20, 0.5, 0.1, 2.5, 0.001, True),
        ("loyal", "way", "search", 20, 0.5, 0.4, 1.2, 0.2, False),
    ],
    columns=["group", "kind", "item", "members", "share", "others", "lift", "p", "clear"],
)


def test_cards_name_what_stands_out_and_what_is_assumed() -> None:
    action = Action(
        segment="loyal", now="n", do="Invite", channel="group", metric="participation", tested_by="badge_design"
    )
    answer = audience.personas(cards(), APART, members=995, as_of=AS_OF, actions=(action,))
    assert sane(answer).code == "cards"
    (table,) = [part for part in answer.parts if isinstance(part, Table)]
    assert len(table.columns) == 3 and all(len(row) == 3 for row in table.rows)
    said = [cell for row in table.rows for cell in row if cell is not None]
    assert Count(40) in said and Written("badge design") in said
    badge = Workspace(ROOT / "data" / "sample").experiments["badge_design"]
    named = audience.personas(
        cards(), APART, members=995, as_of=AS_OF, actions=(action,), tests={"badge_design": badge}
    )
    (table,) = [part for part in named.parts if isinstance(part, Table)]
    assert "新版忠诚徽章" in {speak(cell, "zh-Hans") for row in table.rows for cell in row if cell is not None}
    lifts = [values(cell) for row in table.rows for cell in row if "what" in values(cell)]
    assert [one["what"] for one in lifts] == [Written("price")], "what may be chance is not on a card"


def test_a_tier_of_few_is_not_given_away_by_the_other_cards() -> None:
    answer = audience.personas(cards(), APART, members=1000, as_of=AS_OF)
    (table,) = [part for part in answer.parts if isinstance(part, Table)]
    assert len(table.columns) == 2, "five members are left over: the smaller card is withheld too"
    assert audience.personas(cards().iloc[:0], APART, members=5, as_of=AS_OF).finding.status == "no_data"


def offers(personal: bool) -> NextBest:
    pairs = pd.DataFrame([("topic:price", 40, "product:Mug", 0.4)], columns=["item", "takers", "following", "likeness"])
    people = pd.DataFrame({"person": [f"m{k}" for k in range(30)], "place": 1, "item": "product:Mug"})
    return NextBest(personal, 0.5, 0.3, Interval(0.2, 0.1, 0.3, 200), 200, 1, pairs, people)


def test_offers_are_for_the_members_of_the_market_alone() -> None:
    answer = audience.offering(offers(True), members={f"m{k}" for k in range(12)})
    assert sane(answer).code == "personal" and len(answer.handouts[0].rows) == 12  # type: ignore[attr-defined]
    assert sane(audience.offering(offers(False), members=set())).code == "popular"
    assert not audience.offering(offers(True), members={"m1"}).handouts, "nobody is listed among fewer than ten"
    assert sane(audience.offering(TooLittleTaken(2, 9), members=set())).status == "no_data"


def test_tags_hide_small_counts_and_list_changes() -> None:
    rules = (TagRule(name="active", label="Active", measure="active_days_28", at_least=8),)
    moved = pd.DataFrame(
        {"member_key": [f"m{k}" for k in range(14)], "tag": "active", "change": ["got"] * 11 + ["lost"] * 3}
    )
    sizes = pd.DataFrame({"tag": ["active"], "members": [40], "share": [0.4], "got": [11], "lost": [3]})
    answer = audience.tags(sizes, moved, rules, members=100)
    (table,) = [part for part in answer.parts if isinstance(part, Table)]
    assert table.rows[0][3:] == (Count(11), Written("<10")) and len(answer.handouts[0].rows) == 14  # type: ignore[attr-defined]
    few = audience.tags(sizes.assign(got=2, lost=0), moved.head(2), rules, members=100)
    assert sane(few).n is None and not few.handouts
    assert sane(audience.tags(sizes, moved, (), members=100)).status == "no_data"
    asks = TagRule(name="customer", label="Customer", measure="spend", at_least=100)
    both = pd.concat([sizes, sizes.assign(tag="customer", members=0)])
    rest = audience.tags(both, moved, (asks, *rules), members=100, spend=False)
    (table,) = [part for part in rest.parts if isinstance(part, Table)]
    assert len(table.rows) == 1, "a tag that asks for spend is not said to be nobody's where none is known"
    assert sane(audience.tags(both[1:], moved, (asks,), members=100, spend=False)).status == "no_data"


def test_places_needs_parts_and_matches_say_what_they_lack() -> None:
    nobody = pd.DataFrame({"member_key": [], "how": [], "score": [], "again": []})
    assert sane(audience.places(nobody, pd.DataFrame(), lately=182)).status == "no_data"
    assert sane(audience.needs(pd.DataFrame({"member_key": [], "item": []}))).status == "no_data"
    empty = pd.DataFrame(
        {"part": pd.Categorical([], categories=metrics.members.sorting.PARTS), "spend": [], "acts": []}
    )  # type: ignore[attr-defined]
    assert sane(audience.parts(empty)).status == "no_data"
    assert sane(audience.linked(pd.DataFrame(columns=["channel", "people", "matched", "estimate"]))).status == "no_data"
    assert sane(audience.tier_moves(pd.DataFrame(), before=None)).status == "no_data"


def test_needs_name_a_first_one_only_where_it_lies_apart() -> None:
    rows = pd.DataFrame(
        {"member_key": [f"m{k}" for k in range(100)] * 2, "item": ["price"] * 100 + ["taste"] * 20 + ["size"] * 80}
    )
    assert sane(audience.needs(rows)).code == "apart"
    assert (
        sane(audience.needs(rows.assign(item=["price"] * 50 + ["taste"] * 50 + ["size"] * 100), asked=True)).code
        == "apart"
    )
    assert sane(audience.needs(rows.assign(item=["price"] * 100 + ["taste"] * 95 + ["size"] * 5))).code == "alike"


def test_the_long_run_stands_beside_the_movement() -> None:
    rows = [("active", "active", 80), ("active", "silent", 20), ("silent", "active", 10), ("silent", "silent", 90)]
    moves = pd.DataFrame(rows, columns=["origin", "target", "members"])
    moves = moves.assign(n=100, share=moves["members"] / 100)
    lasting = steady_state(moves, ["active", "silent"], rng=np.random.default_rng(1))
    text = values(sane(audience.moving(moves, lasting, before=AS_OF)).text)
    assert text["now"] == Percent(0.45, 0)
