"""How a campaign was run, and whom to book again: what was kept, what was not, what nobody wrote down."""

from __future__ import annotations

import pandas as pd
from saying import sane

from fanops_utils.sections.campaigns import retrospective


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
