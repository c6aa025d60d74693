"""What a competitor benchmark says where rivals are clear, level and absent."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest
from saying import sane, values

from fanops_utils.models import AgainstBenchmark
from fanops_utils.sections import rivals
from fanops_utils.text import Period

PERIOD = Period.of(date(2025, 11, 1), date(2026, 10, 31))
NO_JUMPS = pd.DataFrame({"date_day": pd.to_datetime([]), "change": np.array([])})


def grown(brand: str, pace: float, **changes: Any) -> dict[str, Any]:
    told = {
        "brand": brand,
        "handle": brand,
        "code": "growing",
        "estimate": pace,
        "ci_lower": pace - 0.005,
        "ci_upper": pace + 0.005,
        "with_jumps": pace,
        "jumps": NO_JUMPS,
        "step": 28,
        "n": 12,
        "followers": 1e5,
        "rounding": 1.0,
        "shape": "steady",
        "at": None,
        "before": np.nan,
        "after": np.nan,
        "ceiling": np.nan,
        "reached": np.nan,
    }
    return told | changes


@pytest.mark.parametrize(
    ("ours", "code", "severity"),
    [(0.01, "behind", "watch"), (0.05, "level", "info"), (0.09, "ahead", "info"), (None, "unknown", "info")],
)
def test_growth_is_held_against_ours_where_ours_is_known(ours: float | None, code: str, severity: str) -> None:
    jump = pd.DataFrame({"date_day": pd.to_datetime(["2026-03-12"]), "change": [0.08]})
    rows = [
        grown("A", 0.05, jumps=jump),
        grown("B", 0.02, shape="break", at=pd.Timestamp("2026-02-01"), before=0.0, after=0.05),
        grown("C", 0.01, shape="ceiling", ceiling=240_000.0, reached=0.9),
        grown("D", 0.0, code="rounded"),
    ]
    table = pd.DataFrame([*rows, *([grown("us", ours)] if ours is not None else [])])
    section = rivals.growing(table, brand="us", platform="instagram", period=PERIOD)
    assert str(section.finding.title).startswith("A grows fastest"), "0.05 against 0.02 and 0.01"
    assert (section.finding.code, section.finding.severity, section.finding.estimate) == (code, severity, 0.05)
    sane(section)


def test_the_fastest_rival_is_named_only_where_the_difference_is_clear() -> None:
    near = pd.DataFrame([grown("A", 0.05), grown("B", 0.046)])
    section = rivals.growing(near, brand="us", platform="instagram", period=PERIOD)
    assert str(sane(section).title).startswith("Which rival grows fastest is not clear")
    alone = rivals.growing(near.iloc[:1], brand="us", platform="instagram", period=PERIOD)
    assert str(sane(alone).title).startswith("Followers of A")


def test_most_per_follower_is_a_tested_difference_and_missing_followers_are_named() -> None:
    columns = ["brand", "estimate", "ci_lower", "ci_upper", "n"]
    clear = pd.DataFrame([("A", 0.05, 0.04, 0.06, 90), ("B", 0.035, 0.03, 0.041, 90)], columns=columns)
    told = {"brand": "us", "platform": "instagram", "period": PERIOD}
    assert str(sane(rivals.response(clear, **told)).title).startswith("Most per follower: A"), "overlapping, yet apart"
    level = clear.assign(estimate=[0.05, 0.048])
    assert str(sane(rivals.response(level, **told)).title).startswith(
        "Which rival earns most per follower is not clear"
    )
    posts = pd.DataFrame({"brand": ["A"] * 12, "followers": np.nan})
    lacking = rivals.response(clear.assign(n=0), posts=posts, **told).finding
    assert lacking.status == "no_data"
    assert "12 posts" in str(lacking.title) + str(lacking.text)


def voices(**shares: tuple[float, float, float]) -> pd.DataFrame:
    rows = [(name, 300, 1000, *share, 52, 0.4, 0.6) for name, share in shares.items()]
    columns = ["brand", "hits", "n", "estimate", "ci_lower", "ci_upper", "weeks", "pair_lower", "pair_upper"]
    return pd.DataFrame(rows, columns=columns)


@pytest.mark.parametrize(
    ("pair", "code"), [((0.52, 0.58), "loudest"), ((0.41, 0.49), "quieter"), ((0.47, 0.55), "share")]
)
def test_an_order_of_voices_is_told_only_where_clear(pair: tuple[float, float], code: str) -> None:
    table = voices(us=(0.31, 0.29, 0.33), A=(0.3, 0.28, 0.32))
    table.loc[table["brand"] == "A", ["pair_lower", "pair_upper"]] = pair
    for market_share in (None, 0.25):
        section = rivals.voice(table, brand="us", market_share=market_share, period=PERIOD)
        assert section.finding.code == code
        sane(section)


@pytest.mark.parametrize(
    ("us", "code"), [((0.2, 0.18, 0.22), "more"), ((0.05, 0.04, 0.06), "less"), ((0.11, 0.09, 0.13), "level")]
)
def test_tone_is_compared_with_all_rivals(us: tuple[float, float, float], code: str) -> None:
    section = rivals.tone(voices(us=us, A=(0.1, 0.08, 0.12)), brand="us", period=PERIOD)
    assert section.finding.code == code and section.finding.severity == ("watch" if code == "more" else "info")
    sane(section)


def test_a_benchmark_that_does_not_compare_is_refused_and_one_that_does_is_judged() -> None:
    row = {
        "id": "B",
        "platform": "instagram",
        "statistic": "median",
        "denominator": "followers",
        "industry": "all",
        "value": 0.0047,
        "report": "A study",
        "edition": "2023",
    }
    for code in ("no_rate", "other_platform"):
        assert rivals.industry(AgainstBenchmark(code, row=row)).finding.status == "no_data"
    assert rivals.industry(AgainstBenchmark("none")).finding.status == "no_data"
    for code, severity in (("reached", "good"), ("missed", "watch"), ("unclear", "info")):
        section = rivals.industry(AgainstBenchmark(code, 1.6, 1.2, 2.0, 0.0075, 60, row))
        assert (section.finding.code, section.finding.severity) == (code, severity)
        sane(section)


def test_moves_and_standing_say_who_and_what() -> None:
    moves = pd.DataFrame(
        {
            "brand": ["A", "us"],
            "figure": ["posts", "mentions"],
            "value": [30.0, 10.0],
            "change": [1.2, 0.1],
            "swing": [0.4, 0.4],
            "judgment": ["up", "unclear"],
        }
    )
    moved = rivals.moved(moves, brand="us")
    assert (moved.finding.code, moved.finding.severity) == ("moved", "watch")
    quiet = rivals.moved(moves.assign(judgment="unclear"), brand="us")
    assert (quiet.finding.code, quiet.finding.severity) == ("quiet", "info")
    table = pd.DataFrame(
        {
            "brand": ["A", "A"],
            "figure": ["voice", "growth"],
            "own": 0.1,
            "own_lower": 0.09,
            "own_upper": 0.11,
            "theirs": 0.2,
            "their_lower": 0.19,
            "their_upper": 0.21,
            "verdict": ["behind", "level"],
        }
    )
    standing = rivals.standing(table)
    assert (standing.finding.code, standing.finding.severity) == ("behind", "watch")
    of_one = rivals.standing(table).finding.title
    of_many = rivals.standing(table.assign(verdict=["behind", "behind"])).finding.title
    assert ("figure" in values(of_one), "figure" in values(of_many)) == (True, False)
    two = table.assign(brand=["A", "B"])
    both = pd.concat([two.assign(figure="voice", verdict="ahead"), two.assign(figure="share", verdict="behind")])
    assert set(values(rivals.standing(both).finding.title)) == {"ahead", "behind"}
    mixed = both.assign(verdict=["ahead", "level", "behind", "behind"])
    assert "n" in values(rivals.standing(mixed).finding.title), "not ahead of all: counted"
    for section in (moved, quiet, standing):
        sane(section)
    asked = rivals.plays([moved, standing], owner="market lead", on=date(2026, 11, 1))
    assert [play.because for play in asked] == ["moved"]


def test_without_rivals_every_section_says_what_is_missing() -> None:
    none = pd.DataFrame(columns=["brand", "handle", "code", "estimate"])
    posts = pd.DataFrame(columns=["brand", "median", "quarter", "three_quarters", "weeks", "n", "estimate"])
    told = [
        rivals.growing(none, brand="us", platform="instagram", period=PERIOD),
        rivals.cadence(
            posts,
            pd.DataFrame(columns=["brand", "post_type", "share"]),
            brand="us",
            platform="instagram",
            period=PERIOD,
        ),
        rivals.response(posts, brand="us", platform="instagram", period=PERIOD),
        rivals.best_posts(pd.DataFrame(columns=["brand"]), pd.DataFrame(columns=["brand"]), brand="us", period=PERIOD),
        rivals.answers(pd.DataFrame(columns=["brand", "n"]), brand="us"),
        rivals.standing(pd.DataFrame()),
        rivals.moved(pd.DataFrame(), brand="us"),
    ]
    assert {section.finding.status for section in told} == {"no_data"}
    verdict, severity = rivals.verdict(told, market="United States")
    assert severity == "info" and str(verdict)
