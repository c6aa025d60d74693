"""What a market analysis says when the data are clear, unclear and absent."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, replace
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest

from fanops_utils import metrics
from fanops_utils.metrics import Interval
from fanops_utils.models import HourEffect
from fanops_utils.playbook import Finding
from fanops_utils.playbook.readings import market

BRAND = "Lumen Tea"


def sane(one: Finding) -> Finding:
    """Return *one*, which says no half-made number and can be carried as JSON."""
    assert not re.search(r"\b(nan|inf|None|NaT)\b", f"{one.title} {one.text}")
    json.dumps(asdict(one), allow_nan=False)
    return one


def growth_frame(*rows: tuple[str, float, float, float]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["market", "estimate", "ci_lower", "ci_upper"])
    return frame.assign(n=363, n_missing=0, followers_last=1000.0)


@pytest.mark.parametrize(
    ("lower", "upper", "severity"), [(0.01, 0.03, "good"), (-0.01, 0.03, "watch"), (-0.03, -0.01, "alert")]
)
def test_growth_is_called_by_its_interval(lower: float, upper: float, severity: str) -> None:
    frame = growth_frame(("US", (lower + upper) / 2, lower, upper), ("DE", 0.1, 0.09, 0.11))
    said = sane(market.growth(frame, market="US", platform="instagram"))
    assert (said.id, said.severity) == ("growth", severity)
    assert (said.estimate, said.ci_lower, said.ci_upper, said.n) == ((lower + upper) / 2, lower, upper, 363)
    assert "Instagram" in said.title


def test_growth_is_held_against_the_other_markets() -> None:
    frame = growth_frame(
        ("US", 0.02, 0.01, 0.03), ("BR", 0.05, 0.04, 0.06), ("DE", 0.0, -0.01, 0.005), ("FR", 0.02, 0.0, 0.04)
    )
    text = sane(market.growth(frame, market="US", platform="tiktok")).text
    assert re.search(r"3 other markets.* 1 .*faster.* 1 .*slower", text)


def test_growth_without_data_or_without_an_interval_is_not_made_up() -> None:
    assert market.growth(growth_frame(), market="US", platform="tiktok").status == "no_data"
    assert market.growth(growth_frame(("DE", 0.1, 0.0, 0.2)), market="US", platform="tiktok").status == "no_data"
    few = pd.DataFrame(
        {"date_day": pd.date_range("2026-05-01", periods=5), "followers_total": [10, 11, 12, 13, 14], "market": "US"}
    )
    said = sane(market.growth(metrics.growth_by(few, by="market"), market="US", platform="tiktok"))
    assert said.severity not in ("good", "alert"), "five days do not say"


def formats_frame(*rows: tuple[str, float, float, int]) -> pd.DataFrame:
    """Return a by_group frame from (post_type, rate, half width, posts)."""
    frame = pd.DataFrame(rows, columns=["post_type", "estimate", "half", "n"])
    return frame.assign(
        n_posts=frame["n"],
        ci_lower=frame["estimate"] - frame["half"],
        ci_upper=frame["estimate"] + frame["half"],
        shrunk=frame["estimate"],
        hidden=frame["n"] < 10,
        enough=frame["n"] >= 30,
    )


def test_a_format_whose_interval_stands_apart_leads() -> None:
    frame = formats_frame(("image", 0.02, 0.002, 80), ("short_video", 0.04, 0.002, 90), ("carousel", 0.03, 0.002, 40))
    said = sane(market.formats(frame, denominator="reach"))
    assert (said.id, said.severity, said.estimate, said.n) == ("formats", "good", 0.04, 90)
    assert "short videos" in said.title.lower()
    assert "1.3" in said.title, "four to three: the next one, not the last"


def test_formats_whose_intervals_overlap_are_no_ranking() -> None:
    said = sane(
        market.formats(formats_frame(("image", 0.03, 0.006, 80), ("short_video", 0.04, 0.006, 90)), denominator="reach")
    )
    assert said.severity == "info"
    assert not re.search(r"\btimes\b", said.title)
    assert "overlap" in said.text


def test_a_lead_over_the_second_only_is_no_lead() -> None:
    """The third, of few posts, was drawn to the mean, but its interval still covers the first."""
    frame = formats_frame(("short_video", 0.04, 0.002, 90), ("image", 0.03, 0.002, 80), ("carousel", 0.035, 0.02, 12))
    frame["shrunk"] = [0.04, 0.03, 0.028]
    said = sane(market.formats(frame, denominator="reach"))
    assert said.severity != "good"
    assert not market.plays((said,), owner="lead", on=date(2026, 10, 31))


def test_a_format_of_fewer_than_ten_posts_never_leads() -> None:
    frame = formats_frame(("image", 0.03, 0.002, 80), ("short_video", 0.09, 0.001, 9), ("carousel", 0.02, 0.002, 30))
    said = sane(market.formats(frame, denominator="reach"))
    assert said.estimate == 0.03
    assert "short videos" not in said.title.lower()
    assert "short videos" in said.text.lower(), "what is not ranked is named"
    assert "9.0" not in said.text, "but its number is not"


def test_one_format_alone_is_not_compared() -> None:
    said = sane(market.formats(formats_frame(("image", 0.03, 0.002, 80)), denominator="views"))
    assert (said.severity, said.estimate) == ("info", 0.03)


def test_without_posts_no_format_is_named() -> None:
    assert market.formats(formats_frame(("image", 0.03, 0.002, 9)), denominator="reach").status == "no_data"
    empty = pd.DataFrame({name: pd.array([], dtype="Float64") for name in ("reach", "likes", "engagements")})
    frame = metrics.by_group(empty.assign(post_type=pd.array([], dtype="string")), "post_type", denominator="reach")
    assert market.formats(frame, denominator="reach").status == "no_data"


def hour(best: float = 12.5, *, naive: int = 19, p_value: float = 1e-6, **options: Any) -> HourEffect:
    table = pd.DataFrame({"hour": [9, naive], "effect": [-0.1, 0.3], "n": [40, 60]})
    found = HourEffect(
        enough=True, best_hour=Interval(best, best - 0.5, best + 0.5, 200), gain=Interval(0.25, 0.15, 0.35, 200),
        p_value=p_value, supported=True, curve=pd.DataFrame(), naive=table, dispersion=0.1, n=200, n_dropped=4,
    )  # fmt: skip
    return replace(found, **options)


def test_the_best_hour_is_named_and_the_plain_table_warned_of() -> None:
    said = sane(market.hours(hour()))
    assert (said.id, said.severity) == ("hours", "good")
    assert (said.estimate, said.ci_lower, said.ci_upper, said.n) == (0.25, 0.15, 0.35, 200)
    assert "12:30" in said.title
    assert "12:00 to 13:00" in said.text
    assert "19:00" in said.text
    agreeing = sane(market.hours(hour(naive=12)))
    assert len(agreeing.text) < len(said.text), "where both agree there is no warning"


@pytest.mark.parametrize(("best", "naive"), [(0.3, 23), (23.7, 0), (23.9, 1)])
def test_hours_on_both_sides_of_midnight_are_near(best: float, naive: int) -> None:
    near, far = market.hours(hour(best, naive=naive)), market.hours(hour(best, naive=12))
    assert len(near.text) < len(far.text)


def test_an_hour_that_chance_explains_is_not_recommended() -> None:
    said = sane(market.hours(hour(p_value=0.3)))
    assert (said.severity, said.estimate) == ("info", None)
    assert "12:30" not in said.title
    assert not market.plays((said,), owner="lead", on=None)


def test_an_hour_hardly_posted_at_is_said_to_be_untested() -> None:
    assert len(market.hours(hour(supported=False)).text) > len(market.hours(hour()).text)


def test_too_few_posts_name_no_hour() -> None:
    said = sane(market.hours(hour(enough=False, best_hour=None, gain=None, p_value=np.nan, n=41)))
    assert said.status == "no_data"
    assert "41" in said.title


def voice_frame(ours: int, rivals: int) -> pd.DataFrame:
    brands = [BRAND] * ours + ["Verdant Leaf"] * rivals + ["Kettle & Co"] * 10
    return metrics.share_of_voice(pd.DataFrame({"brand": brands}), brand=BRAND)


def test_share_of_voice_names_brand_rank_and_rival() -> None:
    said = sane(market.voice(voice_frame(30, 60), brand=BRAND))
    assert (said.id, said.estimate, said.n) == ("voice", 0.3, 100)
    assert said.ci_lower is not None
    assert said.ci_upper is not None
    assert said.ci_lower < 0.3 < said.ci_upper
    assert "rank 2 of 3" in said.text
    assert "Verdant Leaf" in said.text
    nobody = metrics.share_of_voice(pd.DataFrame({"brand": pd.array([], dtype="string")}), brand=BRAND)
    assert market.voice(nobody, brand=BRAND).status == "no_data"


def weeks(negatives: list[int], *, labelled: bool = True, usual: int = 50) -> pd.DataFrame:
    """Return weekly_negative of weeks with so many negatives among *usual* others."""
    rows = []
    for week, bad in enumerate(negatives):
        day = pd.Timestamp("2026-01-05") + pd.Timedelta(weeks=week)
        rows += [
            (day + pd.Timedelta(days=number % 7), "negative" if number < bad else "neutral")
            for number in range(bad + usual)
        ]
    frame = pd.DataFrame(rows, columns=["mentioned_at", "sentiment"])
    label = frame["sentiment"] if labelled else pd.Series(None, index=frame.index, dtype="string")
    return metrics.weekly_negative(frame.assign(brand=BRAND, sentiment=label), brand=BRAND)


def test_a_steady_tone_is_good() -> None:
    said = sane(market.tone(weeks([4, 5, 3, 6, 4, 5, 4, 5, 3, 4, 6, 5, 4, 5])))
    assert (said.id, said.severity) == ("tone", "good")
    assert said.estimate == pytest.approx(63 / (63 + 14 * 50))


def test_a_recent_alarm_is_an_alert_and_an_old_one_to_be_watched() -> None:
    usual = [4, 5, 3, 6, 4, 5, 4, 5, 3, 4, 6, 5]
    recent = sane(market.tone(weeks([*usual, 40, 4])))
    assert recent.severity == "alert"
    assert "2026-03-30" in recent.title
    assert recent.estimate is not None
    assert recent.estimate > 7
    old = sane(market.tone(weeks([*usual, 40, *usual])))
    assert old.severity == "watch"
    assert "1 week" in old.text
    assert [play.because for play in market.plays((old,), owner="lead", on=date(2026, 10, 31))] == ["tone"]


def test_a_jump_after_weeks_without_any_criticism_is_read_too() -> None:
    found = weeks([0] * 12 + [25])
    assert found["alarm"].any()
    said = sane(market.tone(found))
    assert said.severity == "alert"
    assert "2026-03-30" in said.title


def test_a_tone_that_cannot_be_judged_is_not_called_steady() -> None:
    assert market.tone(weeks([4] * 14).iloc[:0]).status == "no_data"
    assert market.tone(weeks([4] * 14, labelled=False)).status == "no_data", "mentions without a label say nothing"
    short = market.tone(weeks([4, 5, 40]))
    assert short.severity != "good", "three weeks have no usual range to stand out from"


def test_plays_answer_what_the_findings_ask_for() -> None:
    grow = market.growth(growth_frame(("US", -0.02, -0.03, -0.01)), market="US", platform="tiktok")
    lead = market.formats(
        formats_frame(("image", 0.02, 0.002, 80), ("short_video", 0.04, 0.002, 90)), denominator="reach"
    )
    nothing = market.tone(weeks([4] * 14).iloc[:0])
    plays = market.plays((grow, lead, market.hours(hour()), nothing), owner="lead", on=date(2026, 10, 31))
    assert {play.because for play in plays} == {"growth", "formats", "hours"}
    assert {(play.owner, play.review) for play in plays} == {("lead", date(2026, 11, 28))}
    fine = market.growth(growth_frame(("US", 0.02, 0.01, 0.03)), market="US", platform="tiktok")
    assert market.plays((fine, nothing), owner="lead", on=None) == ()


def test_the_verdict_is_as_grave_as_the_gravest_finding() -> None:
    fine = market.growth(growth_frame(("US", 0.02, 0.01, 0.03)), market="US", platform="tiktok")
    alarm = market.tone(weeks([4, 5, 3, 6, 4, 5, 4, 5, 3, 4, 6, 5, 40, 4]))
    said, severity = market.verdict((fine, market.hours(hour()), alarm), market="United States")
    assert severity == "alert"
    assert "2026-03-30" in said
    assert "95% CI" in said
    assert market.verdict((fine,), market="United States")[1] == "good"
    nothing, severity = market.verdict((market.tone(alarm_free()),), market="United States")
    assert severity == "info"
    assert "United States" in nothing


def alarm_free() -> pd.DataFrame:
    return weeks([4] * 14).iloc[:0]
