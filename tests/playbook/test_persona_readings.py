"""What a persona report says of tiers, of those who slip away, and of who stays."""

from __future__ import annotations

import json
import re
from dataclasses import asdict
from datetime import date

import pandas as pd

from fanops_utils.metrics.intervals import wilson_frame
from fanops_utils.models import segment_shares
from fanops_utils.models.audience.segments import STAGES, TIERS
from fanops_utils.playbook import Finding
from fanops_utils.playbook.readings import personas


def sane(one: Finding) -> Finding:
    """Return *one*, which says no half-made number and can be carried as JSON."""
    assert not re.search(r"\b(nan|inf|None|NaT)\b", f"{one.title} {one.text}")
    json.dumps(asdict(one), allow_nan=False)
    return one


def tier_frame(*counts: int, active: int = 4) -> pd.DataFrame:
    """Return shares of high-value, loyal, active and ordinary members, loyal ones ten times as active."""
    names = [name for name, number in zip(TIERS, counts, strict=True) for _ in range(number)]
    frame = pd.DataFrame({"tier": pd.Categorical(names, categories=TIERS, ordered=True)})
    often = {name: active * (10 if name == "loyal" else 1) for name in TIERS}
    return segment_shares(frame.assign(active_days_28=frame["tier"].astype(str).map(often)), "tier")


def stage_frame(*counts: int) -> pd.DataFrame:
    names = [name for name, number in zip(STAGES, counts, strict=True) for _ in range(number)]
    return segment_shares(pd.DataFrame({"stage": pd.Categorical(names, categories=STAGES, ordered=True)}), "stage")


def kept_frame(*rows: tuple[str, int, int]) -> pd.DataFrame:
    """Return a retention frame from (way of joining, kept, mature members)."""
    frame = pd.DataFrame(rows, columns=["acquisition", "retained", "n"])
    bounds = wilson_frame(frame["retained"], frame["n"]).drop(columns="n")
    return pd.concat([frame, bounds], axis=1).assign(day=30, kind="unbounded", n_immature=5)


def test_the_top_tiers_are_sized_and_what_they_carry() -> None:
    said = sane(personas.tiers(tier_frame(0, 20, 30, 50)))
    assert (said.id, said.estimate, said.n) == ("tiers", 0.2, 100)
    carried = 20 * 40 / (20 * 40 + 80 * 4)
    assert f"{carried:.1%}" in said.title
    assert "20.0%" in said.title


def test_tiers_without_members_or_without_activity_are_not_made_up() -> None:
    assert personas.tiers(tier_frame(0, 0, 0, 0)).status == "no_data"
    sane(personas.tiers(tier_frame(0, 0, 0, 50, active=0)))


def test_members_at_risk_are_counted_with_an_interval() -> None:
    said = sane(personas.lifecycle(stage_frame(10, 60, 20, 10), gap=21))
    assert (said.id, said.severity, said.estimate, said.n) == ("lifecycle", "watch", 0.2, 100)
    assert said.ci_lower is not None
    assert said.ci_upper is not None
    assert said.ci_lower < 0.2 < said.ci_upper
    assert "21 days" in said.text
    assert sane(personas.lifecycle(stage_frame(10, 75, 10, 10), gap=21)).severity == "info"
    assert personas.lifecycle(stage_frame(0, 0, 0, 0), gap=28).status == "no_data"


def test_fewer_than_ten_members_are_not_counted_aloud() -> None:
    lifecycle, tiers = personas.lifecycle(stage_frame(10, 80, 7, 3), gap=21), personas.tiers(tier_frame(0, 7, 43, 50))
    for said in (lifecycle, tiers):
        assert not re.search(r"(?<![\d.,])(7|3) (of 100 )?(members|have)", said.text), said.text
        assert not re.search(r"(?<![\d.,])7\.00%", said.title), "nor can the count be worked out from a share"


def test_the_way_of_joining_that_keeps_fewest_is_named_when_below_all() -> None:
    said = sane(
        personas.staying(kept_frame(("organic", 500, 1000), ("giveaway", 140, 1000), ("search", 400, 1000)), day=30)
    )
    assert (said.id, said.severity, said.estimate, said.n) == ("staying", "watch", 0.14, 1000)
    assert "giveaway" in said.title
    assert "organic" in said.text


def test_a_way_of_joining_below_some_only_is_not_named() -> None:
    frame = kept_frame(("organic", 500, 1000), ("giveaway", 140, 1000), ("creator", 6, 30))
    assert frame.loc[2, "ci_lower"] < frame.loc[1, "ci_upper"]
    said = sane(personas.staying(frame, day=30))
    assert said.severity == "info"
    assert "giveaway" not in said.title


def test_ways_of_joining_with_few_members_are_left_out() -> None:
    said = sane(
        personas.staying(kept_frame(("organic", 500, 1000), ("giveaway", 140, 1000), ("creator", 0, 9)), day=30)
    )
    assert "giveaway" in said.title
    assert "creator" not in said.text
    assert personas.staying(kept_frame(("organic", 500, 1000), ("creator", 0, 9)), day=30).status == "no_data"
    assert personas.staying(kept_frame(("organic", 500, 1000)).iloc[:0], day=30).status == "no_data"


def test_plays_and_verdict_follow_what_is_to_be_watched() -> None:
    tiers, risk = personas.tiers(tier_frame(0, 20, 30, 50)), personas.lifecycle(stage_frame(10, 60, 20, 10), gap=21)
    stay = personas.staying(kept_frame(("organic", 500, 1000), ("giveaway", 140, 1000)), day=30)
    plays = personas.plays((tiers, risk, stay), owner="community", on=date(2026, 10, 31))
    assert {play.because for play in plays} == {"staying", "lifecycle"}
    assert {(play.owner, play.review) for play in plays} == {("community", date(2026, 11, 28))}
    said, severity = personas.verdict((tiers, risk, stay), market="Germany")
    assert severity == "watch"
    assert said.index("giveaway") < said.index("slipping")
    assert personas.plays((tiers,), owner="community", on=None) == ()
    nothing = (personas.tiers(tier_frame(0, 0, 0, 0)),)
    assert personas.plays(nothing, owner="community", on=None) == ()
    said, severity = personas.verdict(nothing, market="Germany")
    assert severity == "info"
    assert "Germany" in said
