"""Every section of the campaign reports on worlds in which something is missing: a plain sentence, never an error."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, replace
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest
from campaign_briefs import brief as plain_brief
from market_worlds import world

from fanops_utils import metrics, models
from fanops_utils.playbook import Finding, TrustPanel, readings
from fanops_utils.playbook.checks import Check
from fanops_utils.workspace import Campaign
from fanops_utils.workspace.decision import Decision


def brief(**options: Any) -> Campaign:
    money = {"budget": [{"item": "content", "amount": 900}], "value_per_unit": 0.5, "target_lift": 0.15}
    return plain_brief(**{**money, **options})


def sane(one: Finding) -> Finding:
    assert not re.search(r"\b(nan|inf|None|NaT)\b|nan%", f"{one.title} {one.text}"), one
    json.dumps(asdict(one), allow_nan=False, default=str)
    return one


DAILY = world(np.random.default_rng(5), lift=0.3)
NO_ADS = pd.DataFrame({"spend": [], "currency": [], "date_day": pd.to_datetime([])})
BREAK = pd.DataFrame({"platform": ["instagram"], "metric": ["engagements"], "date": [pd.Timestamp("2026-04-20")],
                      "precision": ["day"], "note": ["renamed"], "source": ["help page"]})  # fmt: skip
CASES = {
    "plain": (DAILY, brief(), {}, "It worked"),
    "no control": (DAILY, brief(controls=[]), {}, "Without a control nothing is proved"),
    "one control": (DAILY, brief(controls=["US"]), {}, ""),
    "still running": (DAILY[DAILY["date_day"] < "2026-04-25"], brief(), {}, "It cannot be told"),
    "just started": (DAILY[DAILY["date_day"] < "2026-04-15"], brief(), {}, "It cannot be told"),
    "rename break": (DAILY, brief(), {"breaks": BREAK}, "It cannot be told"),
    "empty market": (DAILY[DAILY["market"] != "BR"], brief(), {}, "It cannot be told"),
    "empty control": (DAILY[DAILY["market"] != "US"], brief(), {}, "It worked"),
    "no data": (DAILY.iloc[:0], brief(), {}, "There is no data"),
}


@pytest.mark.parametrize("name", CASES)
def test_every_case_gets_a_sentence(name: str) -> None:
    daily, campaign, options, said = CASES[name]
    found = models.effect_or_reason(daily, campaign, **options)
    cost = metrics.full_cost(campaign, NO_ADS)
    roi = readings.campaign_money.roi_of(found, campaign, cost)
    paid_back = sane(readings.campaign_money.paid_back(roi, cost, level=0.9))
    trust = TrustPanel.of(readings.campaign.checks(found, campaign), readings.campaign_brief.checks(found, campaign))
    sure = readings.campaign_close.confidence(found, trust)
    verdict, _ = readings.campaign.verdict(found, campaign, paid_back=paid_back, confidence=sure, whole=cost)
    assert verdict.startswith(said), verdict
    assert not re.search(r"\b(nan|inf|None)\b", verdict)
    phases = sane(readings.campaign_parts.phases(models.phases_or_none(daily, campaign, **options)))
    sane(readings.campaign_parts.markets(models.effects_by_market(daily, campaign, **options), campaign))
    sane(readings.campaign_parts.spilled(models.spillover(daily, campaign, **options)))
    reached = readings.campaign_brief.against_targets(campaign, readings.campaign_brief.measured(found, campaign))
    sane(readings.campaign_brief.targets(reached))
    sane(readings.campaign_close.unknown(found, campaign, (phases, paid_back)))
    readings.campaign_money.steps(roi, campaign, cost)
    if name not in ("plain", "one control", "empty control"):
        assert paid_back.estimate is None, "no return without a verdict"
        assert "chance" not in verdict


def test_a_verdict_without_controls_is_never_more_than_suggestive() -> None:
    verdict, severity = readings.campaign.verdict(
        models.effect_or_reason(DAILY, brief(controls=[])), brief(controls=[])
    )
    assert severity == "watch" and not verdict.startswith(("It worked", "It hurt"))


def test_chance_is_measured_on_windows_as_long_as_the_days_seen() -> None:
    found = models.effect_or_reason(DAILY[DAILY["date_day"] < "2026-04-25"], brief())
    assert "past windows of 12 days" in readings.campaign.chance(found, brief()).text
    whole = models.effect_or_reason(DAILY, brief())
    assert "past windows of 28 days" in readings.campaign.chance(whole, brief()).text


def test_a_phase_that_lies_below_is_said_to() -> None:
    hurt = world(np.random.default_rng(5), lift=-0.3)
    said = sane(readings.campaign_parts.phases(models.phases_or_none(hurt, brief())))
    assert (said.title, said.severity) == ("Below what would have happened anyway: live", "watch")
    null = sane(readings.campaign_parts.phases(models.phases_or_none(world(np.random.default_rng(4)), brief())))
    assert (null.title, null.severity) == ("No phase stands out, up or down", "info")


def test_the_notes_reach_the_section_on_what_cannot_be_told() -> None:
    campaign = brief(controls=["US"])
    found = models.effect_or_reason(DAILY, campaign)
    assert "only control market" in readings.campaign_close.unknown(found, campaign, ()).text


def test_a_brief_that_was_changed_is_an_alarm() -> None:
    agreed = brief()
    frozen = agreed.model_copy(update={"frozen": agreed.brief_hash()})
    assert readings.campaign_brief.brief(frozen).severity == "good"
    moved = frozen.model_copy(update={"target_lift": 0.05})
    assert readings.campaign_brief.brief(moved).severity == "alert"
    assert readings.campaign_brief.checks(None, moved)[0].status == "FAIL"
    assert readings.campaign_brief.brief(agreed).severity == "watch"


def test_targets_are_told_in_three_words() -> None:
    campaign = brief(targets=[
        {"metric": "engagements", "low": 0.1, "denominator": "what would have happened anyway"},
        {"metric": "UGC share", "low": 0.3, "denominator": "all posts"},
        {"metric": "social share of sales", "low": 0.5, "denominator": "all orders"},
    ])  # fmt: skip
    claims = metrics.side_by_side(100, denominator="orders", code=10)
    known = readings.campaign_brief.measured(models.effect_or_reason(DAILY, campaign), campaign, claims=claims)
    table = readings.campaign_brief.against_targets(campaign, known)
    assert table["verdict"].tolist() == ["hit", "cannot tell", "miss"]
    assert readings.campaign_brief.targets(table).title == "Of 3 targets: 1 hit, 1 missed, 1 cannot be told"
    assert "UGC share (all posts): 30.0% asked, not measured" in readings.campaign_brief.targets(table).text
    assert readings.campaign_brief.listed_targets(table)["found"].iloc[1] == "not measured"


def output(*, users: int, unknown: int = 0, elsewhere: int = 0) -> pd.DataFrame:
    rows = [("x", "mention", "UGC", True)] * users + [("instagram", "own", "OGC", True)] * 18
    rows += [("x", "mention", None, True)] * unknown + [("tiktok", "own", "OGC", False)] * elsewhere
    return pd.DataFrame(rows, columns=["platform", "kind", "origin", "listed"])


def test_the_users_share_is_told_with_what_was_left_out() -> None:
    campaign = brief(targets=[{"metric": "UGC share", "low": 0.3, "denominator": "all posts about the campaign"}])
    heard = metrics.voices(output(users=42, unknown=1, elsewhere=3))
    said = sane(readings.campaign_voices.voices(heard, campaign))
    assert said.title == "Users made 70.0% of what was published about it"
    assert "Of 61 posts on Instagram and X in the live days users published 42" in said.text
    assert "1 mention names no kind of author" in said.text and "TikTok: left out with all posts" in said.text
    assert readings.campaign_voices.voice_rows(heard)["label"].iloc[0] == "users: 42 posts"
    known = readings.campaign_brief.measured(None, campaign, users=heard.users)
    assert readings.campaign_brief.against_targets(campaign, known)["verdict"].iloc[-1] == "hit"


def test_a_target_for_other_days_is_not_met_by_the_live_ones() -> None:
    phases = [{"name": "follow-up", "kind": "follow-up", "start": "2026-05-11", "end": "2026-05-24", "goal": "Stay"}]
    said = {"metric": "UGC share", "low": 0.3, "denominator": "all posts"}
    windows = [said, {**said, "window": "campaign"}, {**said, "window": "follow-up"}]
    heard = metrics.voices(output(users=42)).users

    def verdicts(**options: Any) -> list[str]:
        campaign = brief(targets=windows[: 3 if options else 2], target_lift=None, **options)
        known = readings.campaign_brief.measured(None, campaign, users=heard)
        return readings.campaign_brief.against_targets(campaign, known)["verdict"].tolist()

    assert verdicts(phases=phases) == ["hit", "cannot tell", "cannot tell"]
    assert verdicts() == ["hit", "hit"], "without phases the campaign is its live days"


def test_where_nobody_listened_the_target_stays_unmeasured() -> None:
    campaign = brief(targets=[{"metric": "UGC share", "low": 0.3, "denominator": "all posts about the campaign"}])
    silent = metrics.voices(output(users=0))
    assert sane(readings.campaign_voices.voices(silent, campaign)).status == "no_data"
    assert readings.campaign_voices.voice_rows(silent).empty
    assert readings.campaign_brief.measured(None, campaign, users=silent.users) == {}


def bought(**options: Any) -> pd.DataFrame:
    facts = {"advertisement": ["a"] * 20 + ["b"] * 20, "date_day": list(pd.date_range("2026-04-13", periods=20)) * 2,
             "currency": "USD", "spend": 10.0, "impressions": 1500, "link_clicks": 16, "engagements": 50,
             "conversions": [2.0] * 20 + [0.0] * 19 + [1.0], "conversions_value": [60.0] * 20 + [np.nan] * 19 + [9.0]}  # fmt: skip
    return pd.DataFrame(facts | options)


def test_advertisements_are_told_with_every_interval() -> None:
    costs, why = models.ad_costs_or_reason(bought(), "advertisement")
    said = sane(readings.campaign_money.ads(costs, why))
    assert "USD 0.20 per interaction (USD 0.19 to USD 0.21)" in said.text
    assert "Of the clicks 6.41% (" in said.text and "Credited value per unit of spend (ROAS): 3.02 (" in said.text
    assert "Credited with more than they cost: 1 of 2 advertisements; with less: 1; for 0" in said.text
    assert "No row credits a conversion without a click." in said.text
    table = readings.campaign_money.ad_table(costs).set_index("advertisement")
    assert table.loc["a", "cpe"] == 0.2
    assert re.fullmatch(r"6\.00 \(\d\.\d\d to \d\.\d\d\)", table.loc["a", "roas"])
    assert readings.campaign_money.ad_table(None).empty


def test_what_the_ads_manager_does_not_tell_is_left_out_of_the_sentence() -> None:
    bare = bought().drop(columns=["engagements", "conversions_value"])
    costs, why = models.ad_costs_or_reason(bare, "advertisement")
    said = sane(readings.campaign_money.ads(costs, why))
    assert "interaction" not in said.text and "ROAS" not in said.text
    assert readings.campaign_money.ad_table(costs)["roas"].tolist() == ["", ""]
    crowded, _ = models.ad_costs_or_reason(bought(link_clicks=1), "advertisement")
    assert crowded is not None
    shown = readings.campaign_money.ad_table(crowded).set_index("advertisement")["rate"]
    assert shown["a"] == "200% (no interval)", "more orders than clicks are no share of them"


def test_claims_that_are_not_extra_are_called_so() -> None:
    nothing = metrics.Interval(2.0, -10.0, 14.0, 9)
    table = metrics.side_by_side(100, denominator="100 orders", code=10, counterfactual=nothing)
    found = sane(readings.campaign_money.claims(table))
    assert "not shown" in found.title and found.severity == "watch"
    assert sane(readings.campaign_money.claims(table.iloc[:0])).status == "no_data"


def test_the_return_of_a_gain_is_its_value_over_its_cost() -> None:
    campaign = brief()
    found, cost = models.effect_or_reason(DAILY, campaign), metrics.full_cost(campaign, NO_ADS)
    assert found is not None
    roi = readings.campaign_money.roi_of(found, campaign, cost)
    assert roi is not None and roi.told
    assert roi.interval.estimate == pytest.approx(found.extra.estimate * 0.5 / 900 - 1, rel=0.05)
    steps = readings.campaign_money.steps(roi, campaign, cost)
    assert steps["amount"].iloc[-1] == pytest.approx(steps["amount"].iloc[:-1].sum())
    assert readings.campaign_money.roi_of(found, brief(value_per_unit=None), cost) is None


def test_people_are_hidden_below_ten_and_told_above() -> None:
    fans = pd.DataFrame({"member_key": range(40), "joined_on": pd.Timestamp("2026-04-20")})
    days = pd.DataFrame({"member_key": range(40), "date_day": pd.Timestamp("2026-04-28")})
    live = brief().live
    assert (
        "brought new members"
        in sane(readings.campaign_people.audience(metrics.campaign_audience(fans, days, live=live))).title
    )
    few = metrics.campaign_audience(fans.head(5), days.head(5), live=live)
    assert "Fewer than ten" in sane(readings.campaign_people.audience(few)).title
    assert readings.campaign_people.audience(few.assign(active=0)).status == "no_data"
    assert readings.campaign_people.stayed(None).status == "no_data"
    stayed = metrics.stayed(fans, days, live=live, as_of=date(2026, 7, 1))
    assert "100%" in sane(readings.campaign_people.stayed(stayed)).text


def test_a_worse_tone_is_an_alarm() -> None:
    def row(window: str, negatives: int) -> tuple[object, ...]:
        return window, date(2026, 4, 13), date(2026, 5, 10), 200, 0, 7.1, negatives

    frame = pd.DataFrame([row("baseline", 10), row("live", 60), row("four weeks after", 12)],
                         columns=["window", "start", "end", "mentions", "unlabelled", "per_day", "negatives"])  # fmt: skip
    table = frame.join(metrics.intervals.wilson_frame(frame["negatives"], frame["mentions"]))
    assert sane(readings.campaign_people.tone(table, brief())).severity == "alert"
    assert readings.campaign_people.tone(table.assign(n=3), brief()).status == "no_data"


def test_the_league_ranks_only_finished_campaigns_and_three_of_them() -> None:
    lifts = {"one": 0.0, "two": 0.3, "three": 0.1}
    campaigns = {name: brief(id=name, name=name) for name in lifts}
    found = {name: models.effect_or_reason(world(np.random.default_rng(place), lift=lift), campaigns[name])
             for place, (name, lift) in enumerate(lifts.items())}  # fmt: skip
    table = readings.campaign_league.standings(found, campaigns, level=0.9)
    assert table["name"].iloc[0] == "two"
    assert table["shrunk"].max() <= table["estimate"].max() and table["shrunk"].min() >= table["estimate"].min()
    assert "two" in sane(readings.campaign_league.ranking(table, level=0.9)).text
    running = {**found, "two": replace(found["two"], running=True)}  # type: ignore[type-var]
    few = readings.campaign_league.standings(running, campaigns, level=0.9)
    assert few["name"].iloc[-1] == "two" and few["shrunk"].isna().all()
    assert "3 are needed" in sane(readings.campaign_league.ranking(few, level=0.9)).title
    none = readings.campaign_league.standings({}, campaigns, level=0.9)
    assert readings.campaign_league.tally(none).status == "no_data"
    assert isinstance(readings.campaign_league.checks(none, campaigns)[0], Check)
    assert readings.campaign_league.tally(readings.campaign_league.standings({}, {}, level=0.9)).status == "no_data"


def test_few_placebo_windows_weigh_on_a_campaign_s_place() -> None:
    daily = world(np.random.default_rng(1), lift=0.3)
    found = models.effect_or_reason(daily, brief())
    assert found is not None and found.placebo_time is not None
    table = readings.campaign_league.standings({"one": found}, {"one": brief()}, level=0.9)
    half = 1.6449 * table["spread"].iloc[0]
    assert half == pytest.approx(found.log_effect.ci_upper - found.log_effect.estimate, rel=1e-4)
    assert table["spread"].iloc[0] > found.placebo_time.spread, "t, not normal: the spread itself is uncertain"
    wide = replace(found, level=0.95, log_effect=replace(
        found.log_effect, ci_lower=found.log_effect.estimate - found.placebo_time.half_width(0.95),
        ci_upper=found.log_effect.estimate + found.placebo_time.half_width(0.95)))  # fmt: skip
    other = readings.campaign_league.standings({"one": wide}, {"one": brief()}, level=0.95)
    assert other["spread"].iloc[0] == pytest.approx(table["spread"].iloc[0], rel=0.1)


def test_the_league_is_shown_with_places_intervals_and_what_came_of_decisions() -> None:
    lifts = {"one": 0.0, "two": 0.3, "three": 0.1}
    campaigns = {name: brief(id=name, name=name.capitalize()) for name in lifts}
    found = {name: models.effect_or_reason(world(np.random.default_rng(place), lift=lift), campaigns[name])
             for place, (name, lift) in enumerate(lifts.items())}  # fmt: skip
    table = readings.campaign_league.standings(found, {**campaigns, "new": brief(id="new", name="New")}, level=0.9)
    shown = readings.campaign_league.listed(table)
    assert shown["place"].tolist() == ["1", "2", "3", ""]
    assert shown["start"].iloc[0] == "Apr 2026"
    assert re.fullmatch(r"\+\d+\.\d% to \+\d+\.\d%", shown["interval"].iloc[0])
    assert (shown["interval"].iloc[-1], shown["verdict"].iloc[-1]) == ("", "no data")
    late = Decision(
        kind="stop", action="No fee", owner="lead", date=date(2026, 1, 1), review=date(2026, 2, 1), campaign="two"
    )
    done = Decision(kind="keep", action="Repeat", owner="lead", date=date(2026, 1, 1), outcome="It held")
    ledger = readings.campaign_league.ledger((late, done), campaigns, on=date(2026, 3, 1))
    assert ledger["campaign"].tolist() == ["Two", ""]
    assert ledger["decision"].tolist() == ["Stop: No fee", "Keep: Repeat"]
    assert ledger["state"].tolist() == ["overdue, review 2026-02-01", "reviewed"]


def test_overdue_decisions_come_back_as_plays() -> None:
    late = Decision(kind="stop", action="No fee", owner="lead", date=date(2026, 1, 1), review=date(2026, 2, 1))
    done = Decision(kind="keep", action="Repeat", owner="lead", date=date(2026, 1, 1), outcome="It held")
    learnt = sane(readings.campaign_league.learnt((late, done), on=date(2026, 3, 1)))
    assert learnt.title.startswith("1 of 2") and "Overdue since 2026-02-01" in learnt.text
    (play,) = readings.campaign_league.plays((late, done), owner="x", on=date(2026, 3, 1))
    assert play.owner == "lead" and "No fee" in play.action
    assert sane(readings.campaign_close.decided((late, done), on=date(2026, 3, 1))).severity == "watch"
    assert readings.campaign_close.ledger((late, done), on=date(2026, 3, 1))["state"].tolist() == [
        "overdue",
        "reviewed",
    ]
