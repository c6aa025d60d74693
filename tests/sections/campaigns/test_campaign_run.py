"""How a campaign was run, and whom to book again: what was kept, what was not, what nobody wrote down."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
import pytest
from saying import parts, sane, values

from fanops_utils.charts import Table
from fanops_utils.sections.campaigns import retrospective
from fanops_utils.sections.partners.rebooked import REBOOK, WHY
from fanops_utils.sections.partners.words import named
from fanops_utils.text import Listed
from fanops_utils.workspace.operations.partners import Partner


def late(n: int, missed: int) -> pd.DataFrame:
    return pd.DataFrame({"partner": ["Casa"], "n": [n], "late": [missed]})


def kept(n: int, day: int, signed: int) -> pd.DataFrame:
    return pd.DataFrame({"what": ["on_the_day", "within_a_day", "signed_off"], "hits": [day, n, signed], "n": [n] * 3})


def test_days_kept_and_missed_are_told_of_partners_and_posts() -> None:
    good = sane(retrospective.run(late(6, 1), kept(20, 19, 20)))
    assert (good.code, good.severity, good.n) == ("kept", "info", 6)
    assert good.estimate == 5 / 6
    slow = sane(retrospective.run(late(6, 5), kept(20, 19, 20)))
    assert (slow.code, slow.severity) == ("slipped", "watch")
    bare = sane(retrospective.run(late(6, 0), kept(20, 19, 12)))
    assert (bare.code, bare.severity) == ("unsigned", "watch")


def test_what_nobody_wrote_down_is_said_and_not_counted() -> None:
    posts = sane(retrospective.run(late(0, 0), kept(20, 19, 20)))
    assert (posts.code, posts.n) == ("kept", 20)
    partners = sane(retrospective.run(late(4, 0), kept(0, 0, 0)))
    assert (partners.code, partners.estimate) == ("kept", 1.0)
    assert sane(retrospective.run(late(0, 0), kept(0, 0, 0))).status == "no_data"


def test_whom_to_book_again_is_said_by_name_and_left_open_where_nothing_tells() -> None:
    columns = ["partner", "deliveries", "due", "late", "rating", "estimate", "ci_lower", "ci_upper", "rebook", "why"]
    nan = float("nan")
    again = pd.DataFrame(
        [("Casa", 4, 4, 1, 4.5, 0.4, 0.1, 0.8, "yes", "more"), ("Manha", 4, 0, 0, nan, -0.4, -0.6, -0.1, "no", "less"),
         ("#ab12", 1, 1, 1, 3.0, nan, nan, nan, "open", "few")],
        columns=columns,
    )  # fmt: skip
    ranked = pd.DataFrame({
        "rank": pd.array([pd.NA], dtype="Int64"), "partner": ["Casa"], "tier": ["micro"], "deliveries": [4], "estimate": [0.05],
        "shrunk": [float("nan")], "ci_lower": [float("nan")], "ci_upper": [float("nan")], "orders": [2.0], "cost_each": [0.4],
        "currency": ["USD"], "pulled": [float("nan")], "p_best": [float("nan")],
    })  # fmt: skip
    section = retrospective.partners(ranked, level=0.9, again=again)
    text = str(sane(section).text)
    assert "Book again, by what a fee brought: Casa." in text
    assert "Not again at this fee: Manha." in text
    assert len(section.parts) == len(retrospective.partners(ranked, level=0.9).parts) + 1
    undecided = retrospective.partners(ranked, level=0.9, again=again.assign(rebook="open"))
    assert len(sane(undecided).text.parts) == 2  # type: ignore[attr-defined]


DAY = date(2026, 2, 10)
LOOKED: dict[str, Any] = {"kind": "creator", "background": DAY, "no_bought_volume": DAY, "labelling": DAY}


@pytest.mark.parametrize(
    ("known", "rebook", "why"),
    [
        ([Partner(id="casa", name="Casa", **LOOKED)], "yes", "more"),
        ([Partner(id="casa", name="Casa do Cha", code="CASA10", **LOOKED)], "yes", "more"),  # by its code
        ([Partner(id="casa", name="Casa", **(LOOKED | {"labelling": None}))], "yes", "unlabelled"),
        ([Partner(id="casa", name="Casa", **(LOOKED | {"background": None}))], "open", "unlooked"),
        ([Partner(id="casa", name="Casa", **(LOOKED | {"no_bought_volume": None}))], "open", "unlooked"),
        ([Partner(id="casa", name="Casa", failed=("honest_reach",), **LOOKED)], "barred", "failed"),
        ([], "open", "unlooked"),  # in no register
    ],
)
def test_nobody_is_booked_again_whom_a_duty_or_a_gate_holds_back(known: list[Partner], rebook: str, why: str) -> None:
    again = pd.DataFrame({
        "partner": ["Casa"], "deliveries": 4, "due": 0, "late": 0, "rating": 4.5, "estimate": 0.4, "ci_lower": 0.1,
        "ci_upper": 0.8, "rebook": "yes", "why": "more",
    })  # fmt: skip
    nan = float("nan")
    ranked = pd.DataFrame({
        "rank": pd.array([pd.NA], dtype="Int64"), "partner": ["Casa"], "tier": ["micro"], "deliveries": [4], "estimate": [0.05],
        "shrunk": nan, "ci_lower": nan, "ci_upper": nan, "orders": 2.0, "cost_each": 0.4, "currency": "USD", "pulled": nan,
        "p_best": nan,
    })  # fmt: skip
    section = retrospective.partners(ranked, level=0.9, again=again, known=known, codes={"Casa": "CASA10"})
    table = next(one for one in section.parts if isinstance(one, Table) and len(one.rows[0]) == 8)
    assert table.rows[0][1:3] == (REBOOK[rebook], WHY[why])
    last = parts(sane(section).text)[-1]
    free = values(last)["partners"] == Listed.of([named("Casa")])
    plain = retrospective.partners(ranked, level=0.9, again=again)
    same = last == parts(sane(plain).text)[-1]
    assert same is (why == "more"), "the sentence of who is free to be booked is for nobody else"
    assert free is (why != "unlabelled"), "what is open of who is booked all the same stands with the name"
