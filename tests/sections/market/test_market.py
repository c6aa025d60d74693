"""What a market analysis says when the data are clear, unclear and absent."""

from __future__ import annotations

from datetime import date
from typing import Literal

import numpy as np
import pandas as pd
import pytest
from saying import parts, sane, values

from fanops_utils import metrics
from fanops_utils.metrics import Interval
from fanops_utils.models import PostingTime
from fanops_utils.playbook import Section
from fanops_utils.sections import content, market, words
from fanops_utils.text import Count, Day, Number, Percent, Period, Written

BRAND = "Lumen Tea"
ON = date(2026, 10, 31)
PERIOD = Period.of(date(2025, 11, 1), ON)


def growth_frame(*rows: tuple[str, float, float, float]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["market", "estimate", "ci_lower", "ci_upper"])
    return frame.assign(n=363, n_missing=0, followers_last=1000.0)


def growth(frame: pd.DataFrame, *, platform: str = "tiktok") -> Section:
    return market.growth(frame, market="US", platform=platform, period=PERIOD)


@pytest.mark.parametrize(
    ("lower", "upper", "code", "severity"),
    [(0.01, 0.03, "grows", "good"), (-0.01, 0.03, "unclear", "watch"), (-0.03, -0.01, "shrinks", "alert")],
)
def test_growth_is_called_by_its_interval(lower: float, upper: float, code: str, severity: str) -> None:
    frame = growth_frame(("US", (lower + upper) / 2, lower, upper), ("DE", 0.1, 0.09, 0.11))
    found = sane(growth(frame, platform="instagram"))
    assert (found.id, found.code, found.severity) == ("growth", code, severity)
    assert (found.estimate, found.ci_lower, found.ci_upper, found.n) == ((lower + upper) / 2, lower, upper, 363)
    assert values(found.title)["platform"] == words.platform("instagram")


def test_growth_is_held_against_the_other_markets() -> None:
    frame = growth_frame(
        ("US", 0.02, 0.01, 0.03), ("BR", 0.05, 0.04, 0.06), ("DE", 0.0, -0.01, 0.005), ("FR", 0.02, 0.0, 0.04)
    )
    told = values(sane(growth(frame)).text)
    assert [told[name] for name in ("n", "faster", "slower", "same")] == [Count(3), Count(1), Count(1), Count(1)]


def test_growth_without_data_or_without_an_interval_is_not_made_up() -> None:
    assert sane(growth(growth_frame(), platform="")).status == "no_data"
    assert sane(growth(growth_frame(("DE", 0.1, 0.0, 0.2)))).status == "no_data"
    few = pd.DataFrame(
        {"date_day": pd.date_range("2026-05-01", periods=5), "followers_total": [10, 11, 12, 13, 14], "market": "US"}
    )
    found = sane(growth(metrics.growth_by(few, by="market")))
    assert found.status == "no_data", "five days do not say"


def formats_frame(*rows: tuple[str, float, float, int]) -> pd.DataFrame:
    """Return a by_group frame from (post_type, rate, half width, posts)."""
    frame = pd.DataFrame(rows, columns=["post_type", "estimate", "half", "n"])
    return frame.assign(
        n_posts=frame["n"],
        mean_interactions=10.0,
        mean_ci_lower=8.0,
        mean_ci_upper=12.0,
        ci_lower=frame["estimate"] - frame["half"],
        ci_upper=frame["estimate"] + frame["half"],
        shrunk=frame["estimate"],
        hidden=frame["n"] < 10,
        enough=frame["n"] >= 30,
    )


def formats(frame: pd.DataFrame, *, denominator: str = "reach") -> Section:
    every = Interval(0.03, 0.028, 0.032, 200)
    overall = metrics.EngagementRate(denominator, every, every, every, n_posts=200, n_used=200, n_dropped=0)
    return market.formats(frame, overall, platform="instagram", period=PERIOD)


def test_a_format_whose_interval_stands_apart_leads() -> None:
    frame = formats_frame(("image", 0.02, 0.002, 80), ("short_video", 0.04, 0.002, 90), ("carousel", 0.03, 0.002, 40))
    found = sane(formats(frame))
    assert (found.id, found.code, found.severity, found.estimate, found.n) == ("formats", "clear", "good", 0.04, 90)
    told = values(found.title)
    assert told["best"] == words.posts_of("short_video", first=True)
    assert told["times"] == Number(0.04 / 0.03, digits=1), "four to three: the next one, not the last"


def test_formats_that_are_not_told_apart_are_no_ranking() -> None:
    found = sane(formats(formats_frame(("image", 0.03, 0.008, 80), ("short_video", 0.04, 0.008, 90))))
    assert (found.code, found.severity) == ("unclear", "info")
    assert "times" not in values(found.title)


def test_a_lead_over_the_second_only_is_no_lead() -> None:
    """The third, of few posts, was drawn to the mean, but its interval still covers the first."""
    frame = formats_frame(("short_video", 0.04, 0.002, 90), ("image", 0.03, 0.002, 80), ("carousel", 0.035, 0.02, 12))
    frame["shrunk"] = [0.04, 0.03, 0.028]
    answer = formats(frame)
    assert sane(answer).code == "unclear"
    assert not market.plays((answer,), owner="lead", on=ON)


def test_a_format_of_fewer_than_ten_posts_never_leads() -> None:
    frame = formats_frame(("image", 0.03, 0.002, 80), ("short_video", 0.09, 0.001, 9), ("carousel", 0.02, 0.002, 30))
    found = sane(formats(frame))
    assert found.estimate == 0.03
    assert words.posts_of("short_video", first=True) not in values(found.title).values()
    assert parts(values(found.text)["formats"]) == (words.posts_of("short_video"),), "what is not ranked is named"
    assert Percent(0.09) not in values(found.text).values(), "but its number is not"


def test_one_format_alone_is_not_compared() -> None:
    found = sane(formats(formats_frame(("image", 0.03, 0.002, 80)), denominator="views"))
    assert (found.code, found.severity, found.estimate) == ("alone", "info", 0.03)


def test_without_posts_no_format_is_named() -> None:
    assert sane(formats(formats_frame(("image", 0.03, 0.002, 9)))).status == "no_data"
    empty = pd.DataFrame({name: pd.array([], dtype="Float64") for name in ("reach", "likes", "engagements")})
    frame = metrics.by_group(empty.assign(post_type=pd.array([], dtype="string")), "post_type", denominator="reach")
    assert sane(formats(frame)).status == "no_data"


def hours(code: Literal["claimed", "unclear"] = "claimed") -> Section:
    """Return when posts do best: between 12 and 14, or at no hour that is shown to be better."""
    at = np.arange(24)
    curve = pd.DataFrame({"hour": at, "effect": 0.1, "ci_lower": 0.0, "ci_upper": 0.2, "n": 9, "supported": True})
    table = pd.DataFrame({"hour": [9, 19], "effect": [-0.1, 0.3], "n": [40, 60]})
    timing = PostingTime(
        code=code, hours=(12, 13) if code == "claimed" else (), gain=0.25, gain_lower=0.15, gain_upper=0.35, p_value=0.01,
        curve=curve, naive=table, naive_hour=19, per_arm=171, n=200, n_dropped=4,
    )  # fmt: skip
    return content.when(timing, period=PERIOD)


def voice_frame(ours: int, rivals: int) -> pd.DataFrame:
    brands = [BRAND] * ours + ["Verdant Leaf"] * rivals + ["Kettle & Co"] * 10
    return metrics.share_of_voice(pd.DataFrame({"brand": brands}), brand=BRAND)


def test_share_of_voice_names_brand_rank_and_rival() -> None:
    found = sane(market.voice(voice_frame(30, 60), brand=BRAND))
    assert (found.id, found.estimate, found.n) == ("voice", 0.3, 100)
    told = values(found.text)
    assert (told["brand"], told["rank"], told["brands"]) == (Written(BRAND), Count(2), Count(3))
    assert (told["rival"], told["share"]) == (Written("Verdant Leaf"), Percent(0.3))
    nobody = metrics.share_of_voice(pd.DataFrame({"brand": pd.array([], dtype="string")}), brand=BRAND)
    assert sane(market.voice(nobody, brand=BRAND)).status == "no_data"


def weeks(negatives: list[int], *, labelled: bool = True, usual: int = 50) -> pd.DataFrame:
    """Return weekly_negative of weeks with so many negatives among *usual* others."""
    rows = []
    for week, bad in enumerate(negatives):
        day = pd.Timestamp("2026-01-05") + pd.Timedelta(weeks=week)
        rows += [
            (day + pd.Timedelta(days=number % 7), "negative" if number < bad else "neutral")
            for number in range(bad + usual)
        ]
    frame = pd.DataFrame(rows, columns=["date_day", "sentiment"])
    label = frame["sentiment"] if labelled else pd.Series(None, index=frame.index, dtype="string")
    return metrics.weekly_negative(frame.assign(brand=BRAND, sentiment=label), brand=BRAND)


def tone(frame: pd.DataFrame) -> Section:
    return market.tone(frame, brand=BRAND, period=PERIOD)


USUAL = [4, 5, 3, 6, 4, 5, 4, 5, 3, 4, 6, 5]
WORST = Day("2026-03-30")


def test_a_steady_tone_is_good() -> None:
    found = sane(tone(weeks([*USUAL, 4, 5])))
    assert (found.id, found.code, found.severity) == ("tone", "steady", "good")
    assert found.estimate == pytest.approx(63 / (63 + 14 * 50))


def test_a_recent_alarm_is_an_alert_and_an_old_one_to_be_watched() -> None:
    recent = sane(tone(weeks([*USUAL, 40, 4])))
    assert (recent.code, recent.severity) == ("jumped", "alert")
    assert values(recent.title)["week"] == WORST
    assert recent.estimate is not None
    assert recent.estimate > 7
    asked = market.plays((tone(weeks([*USUAL, 40, 4])),), owner="lead", on=ON)
    assert [play.because for play in asked] == ["tone"]
    answer = tone(weeks([*USUAL, 40, *USUAL]))
    old = sane(answer)
    assert old.severity == "info", "nobody acts on a week months ago"
    assert (values(old.text)["n"], values(old.text)["seen"]) == (Count(1), Count(40))
    assert market.plays((answer,), owner="lead", on=ON) == (), "nobody waits for an answer any more"


def test_a_jump_after_weeks_without_any_criticism_is_read_too() -> None:
    table = weeks([0] * 12 + [25])
    assert table["alarm"].any()
    found = sane(tone(table))
    assert (found.code, found.severity) == ("appeared", "alert")
    assert values(found.title)["week"] == WORST


def test_a_tone_that_cannot_be_judged_is_not_called_steady() -> None:
    assert sane(tone(weeks([4] * 14).iloc[:0])).status == "no_data"
    assert sane(tone(weeks([4] * 14, labelled=False))).status == "no_data", "mentions without a label say nothing"
    assert sane(tone(weeks([4, 5, 40]))).status == "no_data", "three weeks have no usual range to stand out from"


def test_plays_answer_what_the_findings_ask_for() -> None:
    shrinks = growth(growth_frame(("US", -0.02, -0.03, -0.01)))
    lead = formats(formats_frame(("image", 0.02, 0.002, 80), ("short_video", 0.04, 0.002, 90)))
    nothing = tone(weeks([4] * 14).iloc[:0])
    plays = market.plays((shrinks, lead, hours(), nothing), owner="lead", on=ON)
    assert {play.because for play in plays} == {"growth", "formats", "hours"}
    assert {(play.owner, play.review) for play in plays} == {("lead", date(2026, 11, 28))}
    assert {play.review for play in market.plays((shrinks,), owner="lead", on=None)} == {None}
    (test,) = [play for play in plays if play.because == "hours"]
    assert (test.kind, test.review) == ("test", date(2026, 11, 28)) and test.band is not None
    fine = growth(growth_frame(("US", 0.02, 0.01, 0.03)))
    assert market.plays((fine, nothing), owner="lead", on=None) == ()


def test_the_verdict_is_as_grave_as_the_gravest_finding() -> None:
    fine = growth(growth_frame(("US", 0.02, 0.01, 0.03)))
    alarm = tone(weeks([*USUAL, 40, 4]))
    told, severity = market.verdict((fine, hours(), alarm), market="United States")
    assert severity == "alert"
    assert values(parts(told)[0])["sentence"] == fine.finding.title
    assert parts(told)[1:] == (fine.finding.text, alarm.finding.verdict)
    assert market.verdict((fine,), market="United States")[1] == "good"
    told, severity = market.verdict((tone(weeks([4] * 14).iloc[:0]),), market="United States")
    assert severity == "info"
    assert values(told)["market"] == Written("United States")


def test_a_steady_tone_comes_last_in_the_verdict() -> None:
    steady, lead = tone(weeks([*USUAL, 4, 5])), hours("unclear")
    told, _ = market.verdict((steady, lead), market="United States")
    assert values(parts(told)[0])["sentence"] == lead.finding.title
    assert parts(told)[1:] == (lead.finding.text, steady.finding.verdict)
