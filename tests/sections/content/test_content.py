"""What a content report says where the data are clear, unclear and absent."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest
import yaml
from saying import parts, sane, values

from fanops_utils import metrics, models
from fanops_utils.models import Fading, Ranking
from fanops_utils.playbook import Section
from fanops_utils.reports.beside.draft import draft_bytes
from fanops_utils.sections import content
from fanops_utils.sections.content.when import spans
from fanops_utils.text import Clock, Period, Range
from fanops_utils.workspace.registers.experiment import Experiment

PERIOD = Period.of(date(2025, 11, 1), date(2026, 10, 31))


def ranking(code: str = "best", cell: str = "content_type", *, few: bool = False) -> Ranking:
    table = pd.DataFrame(
        {
            cell: ["education", "emotion", "product"],
            "n": [40, 40, 3 if few else 40],
            "estimate": [0.1, 0.0, -0.08],
            "ci_lower": [0.05, -0.03, -0.12],
            "ci_upper": [0.15, 0.03, -0.04],
            "p_best": [0.97, 0.03, np.nan if few else 0.0],
            "rankable": [True, True, not few],
            "may_be_best": [True, code != "best", False],
            "mark": ["above", "average", "" if few else "below"],
        }
    )
    return Ranking(
        cell=cell, code=code, table=table, reach_slope=0.8, scatter=0.5, adjusted=("size",), n=120, n_dropped=2
    )  # type: ignore[arg-type]


def shown(equal: Ranking, posted: Ranking | None = None) -> Section:
    return content.ranked(equal, posted or replace(equal, code="set"), platform="instagram", period=PERIOD)


@pytest.mark.parametrize(("code", "told", "severity"), [("best", "clear", "good"), ("set", "open", "info")])
def test_a_kind_is_named_only_where_it_is_shown_to_be_best(code: str, told: str, severity: str) -> None:
    section = shown(ranking(code))
    assert (section.finding.code, section.finding.severity, section.finding.estimate) == (told, severity, 0.1)
    sane(section)


def test_what_goes_with_accounts_or_is_too_little_or_untagged_is_not_concluded() -> None:
    for code in ("few", "mixed_up"):
        assert shown(ranking(code)).finding.status == "no_data"
    empty = ranking("few")
    assert shown(replace(empty, table=empty.table.head(0))).finding.status == "no_data"


def test_too_few_posts_are_listed_apart() -> None:
    section = shown(ranking(few=True))
    sane(section)
    apart = [str(values(part)["names"]) for part in parts(section.finding.text) if "names" in values(part)]
    assert apart == ["Product"]


def fade(**changes: Any) -> Fading:
    told = {
        "median": 23.7,
        "ci_lower": 20.0,
        "ci_upper": 26.0,
        "under": np.nan,
        "n": 40,
        "n_under": 0,
        "share_at_72": 0.88,
        "n_at_72": 40,
        "n_without": 5,
    }
    return Fading(**(told | changes))


def test_half_lives_known_below_the_first_reading_and_not_at_all() -> None:
    known = content.fades(fade(), {"product": fade(), "emotion": fade(n=3, median=np.nan)})
    assert (known.finding.code, known.finding.estimate) == ("known", 23.7)
    under = content.fades(fade(median=np.nan, ci_lower=np.nan, ci_upper=np.nan, under=24.0, n_under=38), {})
    assert (under.finding.code, under.finding.estimate) == ("under", None)
    assert content.fades(fade(n=9), {}).finding.status == "no_data"
    for section in (known, under):
        sane(section)


def test_hours_as_spans() -> None:
    assert [str(one) for one in parts(spans((10, 11, 12, 20)))] == [
        str(Range.of(*ends, form=Clock)) for ends in ((10.0, 13.0), (20.0, 21.0))
    ]


def test_users_content_is_held_against_the_band_of_the_stage() -> None:
    table = metrics.origins(pd.DataFrame({"origin": ["UGC"] * 3 + ["OGC"] * 197}))
    for stage, code in (("start", "below"), ("running", "below")):
        section = content.makers(table, stage=stage, tagged=True)
        assert section.finding.code == code and section.finding.severity == "watch"
        sane(section)
    assert content.makers(table, stage="start", tagged=False).finding.status == "no_data"


def test_a_kind_of_stream_is_named_only_where_it_stands_out_among_all() -> None:
    rows = [(name, 8, 100.0, 0.5, 300.0, 1.0, 0.02, 0.01, 0.03) for name in "abcde"]
    columns = ["kind", "n", "viewers", "peak", "watch_seconds", "messages", "bought", "bought_lower", "bought_upper"]
    sessions = pd.DataFrame(rows, columns=columns).assign(enough=True)

    def said(lower: float) -> str:
        kinds = [("b", 0.5, lower), *((name, 0.05, -0.2) for name in "cde")]
        told = [(kind, "a", "viewers", gain, low, (1 + gain) ** 2 / (1 + low) - 1, 8) for kind, gain, low in kinds]
        compared = pd.DataFrame(told, columns=["kind", "against", "measure", "estimate", "ci_lower", "ci_upper", "n"])
        return sane(content.live(sessions, compared, period=PERIOD).finding).code

    assert said(0.01) == "measured", "clear by itself, not among four"
    assert said(0.25) == "apart"


def test_nothing_tagged_read_or_streamed_is_said_by_name() -> None:
    none = pd.DataFrame(columns=["title", "viewers", "peak_viewers", "average_watch_seconds", "messages", "orders"])
    empty = [
        content.live(metrics.live_sessions(none), metrics.live_compared(none), period=PERIOD),
        content.captions(pd.DataFrame()),
        content.combinations(pd.DataFrame()),
        content.fit(pd.DataFrame(columns=["platform", "post_type", "estimate", "n"]), period=PERIOD),
    ]
    assert {section.finding.status for section in empty} == {"no_data"}
    verdict, severity = content.verdict(empty, market="United States")
    assert severity == "info" and str(verdict)


def test_plays_answer_what_was_found() -> None:
    best = ranking("best")
    asked = content.plays([shown(best)], [best], owner="content lead", on=date(2026, 11, 1))
    assert [(play.because, play.code) for play in asked] == [("content_type", "repeat"), ("content_type", "less")]
    assert asked[0].band is not None and asked[0].band.low == pytest.approx(0.05)
    unclear = replace(ranking("set"), table=ranking("set").table.assign(mark="average"))
    assert [play.code for play in content.plays([shown(unclear)], [unclear], owner="x", on=None)] == ["test"]
    verdict, severity = content.verdict([shown(best)], market="United States")
    assert severity == "good" and str(verdict)


@pytest.mark.parametrize(("flags", "status"), [([None, None], "REVIEW"), ([True, False], "PASS")])
def test_boosted_posts_have_to_be_known(flags: list[bool | None], status: str) -> None:
    assert content.boosted(pd.DataFrame({"is_paid": pd.array(flags, dtype="boolean")})).status == status


def test_comparable_posts_leave_boosted_ones_out() -> None:
    moment = pd.Timestamp("2026-01-05T10:00Z")
    posts = pd.DataFrame(
        {
            "platform": "instagram",
            "account_id": "a",
            "is_paid": pd.array([True, False, None], dtype="boolean"),
            "created_timestamp": moment,
            "snapshot_at": moment + pd.Timedelta(days=9),
            "created_local": moment.tz_localize(None),
            "hour_local": 10.0,
            "series": ["x", None, "x"],
            "reach": [100, 100, np.nan],
            "views": [5, 5, 5],
            "impressions": np.nan,
        }
    )
    ready = models.comparable_posts(posts)
    assert ready["series"].tolist() == ["-", "x"] and ready["part"].tolist() == ["morning", "morning"]
    assert models.size_of(ready) == "views" and models.size_of(ready.head(0)) is None


def test_posts_without_anything_to_divide_by_keep_their_counts() -> None:
    posts = pd.DataFrame({"likes": [10.0, 20.0, 30.0], "comments": [1.0, None, 2.0], "reach": [np.nan] * 3})
    rate = metrics.engagement_rate(posts)
    told = sane(content.earned(rate, platform="instagram", period=PERIOD, posts=posts))
    assert (told.code, told.n, told.estimate) == ("counts", 3, None)
    assert str(values(told.title)["middle"]) == "20"
    assert sane(content.earned(rate, platform="instagram", period=PERIOD, posts=posts.iloc[:0])).status == "no_data"


def test_words_are_shown_only_past_their_gate_and_topics_are_counted() -> None:
    posts = pd.DataFrame(
        {"topic": ["tea", "tea", None], "topic_by": ["tag", "words", None], "post_message": ["a", "b", "c"]}
    )
    few = models.WordGroups(
        "few", pd.DataFrame(columns=["group", "words", "n", "share", "coherence"]), pd.Series([pd.NA] * 3), np.nan, 0, 3
    )
    nothing = ranking("few", "words")
    found = sane(content.talked_of(posts, few, nothing))
    assert (found.code, found.n) == ("few", 3) and found.estimate == pytest.approx(2 / 3)
    assert len(content.talked_of(posts, few, nothing).parts) == 1
    table = pd.DataFrame({"group": [0], "words": [("tea", "cup")], "n": [2], "share": [0.7], "coherence": [0.5]})
    read = models.WordGroups("read", table, pd.Series([0, 0, pd.NA]), 0.1, 8, 3)
    assert len(content.talked_of(posts, read, nothing).parts) == 2
    untold = posts.assign(topic=None, topic_by=None)
    assert sane(content.talked_of(untold, few, nothing)).code == "untold"
    assert sane(content.talked_of(posts.iloc[:0], few, nothing)).status == "no_data"


def claimed(code: str = "claimed", per_arm: int | None = 171) -> models.PostingTime:
    table = pd.DataFrame({"hour": [12, 19], "effect": [0.1, 0.3], "n": [40, 60]})
    at = np.arange(24)
    curve = pd.DataFrame({"hour": at, "effect": 0.1, "ci_lower": 0.0, "ci_upper": 0.2, "n": 9, "supported": True})
    return models.PostingTime(
        code=code, hours=(12, 13), gain=0.25, gain_lower=0.15, gain_upper=0.35, p_value=0.01, curve=curve, naive=table,
        naive_hour=19, per_arm=per_arm, n=200, n_dropped=4,
    )  # type: ignore[arg-type]  # fmt: skip


def test_a_claimed_hour_hands_over_a_test_that_the_plan_of_an_experiment_reads() -> None:
    draft = content.hour_draft(claimed(), market="US", owner="lead", rate=0.05, denominator="reach")
    assert draft is not None
    told = yaml.safe_load(draft_bytes(draft.to_json(), "zh-Hans"))
    read = Experiment.model_validate(told)
    assert (read.id, read.market, read.planned_units, read.block) == ("posting_hour_us", "US", 342, "pair")
    (metric,) = read.metrics
    assert metric.smallest_effect == pytest.approx(0.01) and metric.role == "decision"
    assert content.when(claimed(), period=PERIOD, test=draft).handouts == (draft,)
    for none in (claimed("unclear"), claimed(per_arm=None)):
        assert content.hour_draft(none, market="US", owner="lead", rate=0.05, denominator="reach") is None
