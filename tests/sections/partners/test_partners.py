"""What the partner report asks for: by whom it is to be answered, which way money goes, and who waits for a tier."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest
from saying import values

from fanops_utils.charts import Table
from fanops_utils.playbook import Finding, Section
from fanops_utils.sections import partners
from fanops_utils.sections.partners.rebooked import REBOOK, WHY
from fanops_utils.sections.partners.words import named
from fanops_utils.text import Count, Listed, Message, Number, say
from fanops_utils.workspace.operations.partners import DUTIES, Partner

ON = date(2026, 11, 2)
LATE = pd.DataFrame({"partner": ["ana"], "n": [4], "late": [0]})


def answer(name: str, code: str) -> Section:
    return Section.of(Finding(id=name, code=code, title=say("It stands"), text=say("So it is."), severity="watch"))


def moves(**moved: int) -> pd.DataFrame:
    tiers = {1: "strategic", 0: "core", -1: "temporary"}
    return pd.DataFrame({
        "partner": list(moved), "periods": 2, "score": 70.0, "before": 68.0,
        "tier": [tiers[step] for step in moved.values()], "moved": list(moved.values()),
    })  # fmt: skip


@pytest.mark.parametrize("code", ["question", "sign"])
def test_partners_are_asked_by_name(code: str) -> None:
    (play,) = partners.plays((answer("authenticity", code),), owner="lead", on=ON, questioned=("zoe", "ana"))
    assert isinstance(play.action, Message)
    assert dict(play.action.values)["partners"] == Listed.of([named("ana"), named("zoe")])
    assert partners.plays((answer("authenticity", "none"),), owner="lead", on=ON, questioned=()) == ()


def test_what_was_overpaid_is_not_paid_once_more() -> None:
    over, under = (
        partners.plays((answer("settlement", code),), owner="lead", on=ON) for code in ("overpaid", "underpaid")
    )
    assert len(over) == len(under) == 1
    assert over[0].action != under[0].action
    assert partners.plays((answer("settlement", "settled"),), owner="lead", on=ON) == ()
    small = Section.of(replace(answer("settlement", "overpaid").finding, severity="info"))
    assert partners.plays((small,), owner="lead", on=ON) == (), "a few coins ask for nothing"


def test_settlements_that_cannot_be_checked_do_not_agree_with_the_shop() -> None:
    row = {"partner": "ana", "basis": "cps", "currency": "EUR", "periods": 2, "orders": 9, "orders_shop": 9, "returned": 0.0,
           "due": 30.0, "paid": 30.0, "difference": 0.0, "state": "settled"}  # fmt: skip
    unknown = row | {"partner": "bea", "orders_shop": 0, "due": np.nan, "difference": np.nan, "state": "unknown"}

    def told(*rows: dict[str, object]) -> tuple[str | None, object]:
        finding = partners.settlement(pd.DataFrame(rows)).finding
        return finding.code, dict(finding.title.values).get("n") if isinstance(finding.title, Message) else None

    assert told(row, row) == told(row, unknown | {"basis": "fee"}) == ("settled", None)
    assert told(row, unknown, unknown) == ("settled", Count(2)), "what cannot be checked is counted in the title"
    assert told(unknown) == ("unknown", None)


def test_nobody_moves_up_while_the_numbers_are_in_question() -> None:
    scores = pd.DataFrame({"effect": [1.0], "service": [1.0], "innovation": [np.nan]})
    table = moves(ana=1, bea=1, cem=-1)
    free = partners.scorecard(scores, table, LATE).finding
    held = partners.scorecard(scores, table, LATE, questioned=("ana", "cem")).finding
    assert isinstance(free.title, Message)
    assert isinstance(held.title, Message)
    assert [len(dict(one.title.values)["moves"].items) for one in (free, held)] == [3, 2], "a fall is not held back"
    assert (free.estimate, held.estimate) == (3.0, 2.0)
    alone = partners.scorecard(scores, moves(ana=1, bea=0), LATE, questioned=("ana",))
    assert alone.finding.code == "stay"


def test_whom_to_ask_first_is_who_is_in_question_then_who_is_paid_most() -> None:
    looked = dict.fromkeys(DUTIES, date(2026, 9, 1))
    known = [
        Partner(id=name, name=name, kind="creator", **(looked | {"labelling": None})) for name in ("ana", "bea", "zoe")
    ]
    known.append(Partner(id="cem", name="cem", kind="creator", **looked))
    fees = {"bea": 900.0, "ana": 100.0, "cem": 5000.0, "#9f": 50.0}
    found = partners.duties(known, ["ana", "bea", "cem", "zoe", "#9f"], fees=fees, questioned=["zoe"])
    assert isinstance(found.finding.about, Listed)
    order = [dict(one.values)["partner"] for one in found.finding.about.items if isinstance(one, Message)]
    assert order == [named("zoe"), named("bea"), named("ana")], "all was looked at of cem"
    (play,) = partners.plays((found,), owner="lead", on=ON)
    assert isinstance(play.action, Message) and dict(play.action.values)["first"] == found.finding.about
    kept = partners.duties(known[3:], ["cem"])
    assert kept.finding.about is None and partners.plays((kept,), owner="lead", on=ON) == ()


def valued_partners(*marks: str) -> pd.DataFrame:
    names = [f"p{number}" for number in range(len(marks))]
    return pd.DataFrame({"partner": names, "mark": marks, "estimate": 0.1, "ci_lower": 0.0, "ci_upper": 0.2, "n": 12})


def test_who_is_worth_the_fee_is_named_in_the_title_and_those_in_question_are_not() -> None:
    few = partners.value(valued_partners("above", "above", "average", "below"), left_out=0, questioned=["p1"]).finding
    assert isinstance(few.title, Message) and dict(few.title.values)["good"] == Listed.of([named("p0")])
    many = partners.value(valued_partners(*["above"] * 5, "below"), left_out=0).finding
    assert isinstance(many.title, Message)
    good = dict(many.title.values)["good"]
    assert isinstance(good, Listed) and good.items[:3] == Listed.of([named("p0"), named("p1"), named("p2")]).items
    assert len(good.items) == 4, "and how many more there are"
    none = partners.value(valued_partners("average", "below"), left_out=0).finding
    assert isinstance(none.title, Message) and "good" not in dict(none.title.values)


def test_who_is_booked_again_stands_with_its_reason_and_who_is_in_question_stays_open() -> None:
    again = pd.DataFrame({
        "partner": ["p0", "p1", "p2"], "deliveries": 12, "due": 4, "late": 1, "rating": 4.0, "estimate": [0.5, 0.4, -0.3],
        "ci_lower": 0.0, "ci_upper": 1.0, "rebook": ["yes", "yes", "no"], "why": ["more", "more", "less"],
    })  # fmt: skip
    section = partners.value(valued_partners("above", "above", "below"), left_out=0, questioned=["p1"], again=again)
    (table,) = (one for one in section.parts if isinstance(one, Table))
    assert [row[1] for row in table.rows] == [REBOOK["yes"], REBOOK["open"], REBOOK["no"]]
    assert [row[2] for row in table.rows] == [WHY["more"], WHY["question"], WHY["less"]]


def test_nobody_is_booked_again_or_sent_away_on_a_handful_of_deliveries_or_unlooked_at() -> None:
    again = pd.DataFrame({
        "partner": ["p0", "p1", "p2", "p3"], "deliveries": [4, 12, 12, 4], "due": 0, "late": 0, "rating": 4.0,
        "estimate": [0.5, 0.4, 0.3, -0.3], "ci_lower": [0.2, 0.1, 0.1, -0.5], "ci_upper": [0.9, 0.8, 0.7, -0.1],
        "rebook": ["yes", "yes", "yes", "no"], "why": ["more", "more", "more", "less"],
    })  # fmt: skip
    seen = Partner(id="p1", name="p1", kind="creator", background=ON, no_bought_volume=ON, labelling=ON)
    half = Partner(id="p2", name="p2", kind="creator", background=ON)
    marks = valued_partners("above", "above", "above", "below")
    section = partners.value(marks, left_out=0, again=again, known=[seen, half])
    (table,) = (one for one in section.parts if isinstance(one, Table))
    assert [row[1] for row in table.rows] == [REBOOK[one] for one in ("open", "yes", "open", "open")]
    assert [row[2] for row in table.rows] == [WHY[one] for one in ("seldom", "more", "unlooked", "seldom")]


def test_a_failed_gate_and_unchecked_labelling_stand_beside_the_answer() -> None:
    again = pd.DataFrame({
        "partner": ["p0", "p1", "p2"], "deliveries": 12, "due": 0, "late": 0, "rating": 4.0, "estimate": [0.5, 0.4, -0.3],
        "ci_lower": [0.2, 0.1, -0.5], "ci_upper": [0.9, 0.8, -0.1], "rebook": ["yes", "yes", "no"],
        "why": ["more", "more", "less"],
    })  # fmt: skip
    looked = {"kind": "creator", "background": ON, "no_bought_volume": ON}
    known = [
        Partner(id="p0", name="p0", failed=("honest",), labelling=ON, **looked),
        Partner(id="p1", name="p1", **looked),
    ]
    section = partners.value(valued_partners("above", "above", "below"), left_out=0, again=again, known=known)
    (table,) = (one for one in section.parts if isinstance(one, Table))
    assert [row[1] for row in table.rows] == [REBOOK[one] for one in ("barred", "yes", "no")]
    assert [row[2] for row in table.rows] == [WHY[one] for one in ("failed", "unlabelled", "less")]


def test_the_sign_that_questions_a_partner_stands_in_its_row() -> None:
    signs = pd.DataFrame({
        "partner": ["ana", "bea"], "growth": 0.0, "views": [0.1, -0.2], "likes": [9.25, 0.3], "comments": 0.05,
        "signs": [("likes",), ()], "state": ["sign", "none"],
    })  # fmt: skip
    (table,) = (one for one in partners.authenticity(signs).parts if isinstance(one, Table))
    assert Number(9.25, 1, sign=True) in table.rows[0] and Number(0.3, 1, sign=True) in table.rows[1]


def test_calm_is_only_claimed_of_the_signs_that_could_be_looked_at() -> None:
    watched = pd.DataFrame({"partner": ["ana"], "growth": 0.0, "views": np.nan, "likes": np.nan, "comments": np.nan,
                            "signs": [()], "state": ["none"]})  # fmt: skip
    one = partners.authenticity(watched).finding
    assert [values(one.title)[name] for name in ("seen", "all", "n")] == [Count(1), Count(4), Count(1)]
    whole = partners.authenticity(watched.assign(views=0.1, likes=0.1, comments=0.0)).finding
    assert "seen" not in values(whole.title)


DELIVERED = pd.DataFrame({"partner": ["a", "a", "b", "c"], "market": "US"})


@pytest.mark.parametrize(
    ("active", "code", "severity"), [(999, "below", "watch"), (1000, "inside", "good"), (5001, "above", "good")]
)
def test_ambassadors_are_counted_where_active_and_not_where_enrolled(active: int, code: str, severity: str) -> None:
    found = partners.ladder(DELIVERED, ambassadors=9000, active=active).finding
    assert (found.code, found.severity, found.estimate) == (code, severity, float(active))
    nobody = partners.ladder(DELIVERED, ambassadors=0, active=0)
    assert nobody.finding.status == "no_data" and len(nobody.parts) == 2, "who came back is shown all the same"


def test_partners_who_share_buyers_are_named_with_their_share() -> None:
    columns = ["first", "second", "buyers_first", "buyers_second", "both", "share"]
    pair = pd.DataFrame([("ana", "ben", 30, 20, 10, 0.25)], columns=columns)
    assert partners.overlap(pair).finding.estimate == 0.25
    assert partners.overlap(pair.iloc[:0]).finding.status == "no_data"


@pytest.mark.parametrize(("deliveries", "title"), [
    (16, "More per fee than the average of 3 partners: ana; less: chi"),
    (4, "Who stands out of 3 partners delivered too seldom to be named"),
])  # fmt: skip
def test_partners_that_stand_out_are_named_unless_they_delivered_seldom(deliveries: int, title: str) -> None:
    rows = [("ana", 0.9, 0.5, 1.3, deliveries, "above"), ("ben", 0.0, -0.2, 0.2, 16, "average"),
            ("chi", -0.4, -0.6, -0.2, deliveries, "below")]  # fmt: skip
    table = pd.DataFrame(rows, columns=["partner", "estimate", "ci_lower", "ci_upper", "n", "mark"])
    finding = partners.value(table, left_out=0).finding
    assert str(finding.title) == title
    assert ("too few to judge by" in str(finding.text)) == (deliveries == 4)
