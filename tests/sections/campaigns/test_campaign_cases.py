"""The retrospective on worlds in which something is missing: a plain sentence, never an error."""

from __future__ import annotations

import json
import re
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest
from campaign_briefs import brief as plain_brief
from market_worlds import world

from fanops_utils import metrics, models
from fanops_utils.models.reasons import OneControl
from fanops_utils.playbook import Finding, Section, TrustPanel
from fanops_utils.sections.campaigns import money, retrospective
from fanops_utils.sections.campaigns.retrospective.checks import brief_checks
from fanops_utils.sections.campaigns.retrospective.closing.decided import state_of
from fanops_utils.sections.campaigns.retrospective.parts.places import markets, platforms, spilled
from fanops_utils.sections.campaigns.retrospective.targets import listed
from fanops_utils.workspace import Campaign
from fanops_utils.workspace.registers.decision import Decision


def brief(**options: Any) -> Campaign:
    money = {"budget": [{"item": "content", "amount": 900}], "value_per_unit": 0.5, "target_lift": 0.15}
    return plain_brief(**{**money, **options})


def sane(section: Section) -> Finding:
    """Return the answer of *section*, all of whose parts can be shown and carried."""
    for one in section.findings:
        assert not re.search(r"\b(nan|inf|None|NaT)\b|nan%", f"{one.title!s} {one.text!s}"), one
    json.dumps(section.to_json(), allow_nan=False)
    return section.finding


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
    roi = models.campaign_roi(found, campaign, cost)
    paid_back = money.paid_back(roi, cost, campaign, level=0.9)
    sane(paid_back)
    trust = TrustPanel.of(retrospective.checks(found, campaign))
    sure = retrospective.confidence(found, trust)
    verdict, _ = retrospective.verdict(found, campaign, paid_back=paid_back, confidence=sure, whole=cost)
    assert str(verdict).startswith(said), verdict
    assert not re.search(r"\b(nan|inf|None)\b|—", str(verdict))
    sane(retrospective.effect(found, campaign, level=0.9))
    sane(retrospective.chance(found, campaign))
    phases = retrospective.phases(models.phases_or_none(daily, campaign, **options), found, campaign, level=0.9)
    sane(phases)
    by_market = models.effects_by_market(daily, campaign, **options)
    beside = models.spillover(daily, campaign, **options)
    sane(retrospective.places(by_market, models.effects_by_platform({}, campaign), beside, campaign, level=0.9))
    reached = retrospective.against_targets(campaign, retrospective.measured(found, campaign))
    sane(retrospective.targets(reached, campaign))
    sane(retrospective.unknown(found, campaign, (phases, paid_back)))
    if name not in ("plain", "empty control"):
        assert paid_back.finding.estimate is None, "no return without a verdict"


def test_a_verdict_without_controls_is_never_more_than_suggestive() -> None:
    alone = brief(controls=[])
    found = models.effect_or_reason(DAILY, alone)
    _, severity = retrospective.verdict(found, alone)
    assert severity == "watch"
    assert retrospective.effect(found, alone, level=0.9).finding.code in ("no clear effect", "suggestive rise")


def test_chance_is_measured_on_windows_as_long_as_the_days_seen() -> None:
    found = models.effect_or_reason(DAILY[DAILY["date_day"] < "2026-04-25"], brief())
    assert "stretches of 12 days" in str(retrospective.chance(found, brief()).finding.text)
    whole = models.effect_or_reason(DAILY, brief())
    assert "stretches of 28 days" in str(retrospective.chance(whole, brief()).finding.text)


def test_a_phase_that_lies_below_is_said_to() -> None:
    def said(daily: pd.DataFrame) -> Finding:
        return sane(retrospective.phases(models.phases_or_none(daily, brief()), None, brief(), level=0.9))

    hurt, null = said(world(np.random.default_rng(5), lift=-0.3)), said(world(np.random.default_rng(4)))
    assert (hurt.code, hurt.severity) == ("below", "watch")
    assert (null.code, null.severity) == ("none", "info")


def test_the_notes_reach_the_section_on_what_cannot_be_told() -> None:
    campaign = brief(controls=["US"])
    found = models.effect_or_reason(DAILY, campaign)
    assert found is not None and OneControl("US") in found.notes
    assert "only control market" in str(retrospective.unknown(found, campaign, ()).finding.text)


def test_a_brief_that_was_changed_is_an_alarm() -> None:
    agreed = brief()
    frozen = agreed.model_copy(update={"frozen": agreed.brief_hash()})
    assert sane(retrospective.brief(frozen)).severity == "good"
    moved = frozen.model_copy(update={"target_lift": 0.05})
    assert sane(retrospective.brief(moved)).severity == "alert"
    assert brief_checks(None, moved)[0].status == "FAIL"
    assert sane(retrospective.brief(agreed)).severity == "watch"


def test_targets_are_told_in_three_words() -> None:
    campaign = brief(targets=[
        {"metric": "engagements", "low": 0.1, "denominator": "what would have happened anyway"},
        {"metric": "UGC share", "low": 0.3, "denominator": "all posts"},
        {"metric": "social share of sales", "low": 0.5, "denominator": "all orders"},
    ])  # fmt: skip
    claims = metrics.side_by_side(100, code=10)
    known = retrospective.measured(models.effect_or_reason(DAILY, campaign), campaign, claims=claims)
    table = retrospective.against_targets(campaign, known)
    assert table["verdict"].tolist() == ["hit", "cannot tell", "miss"]
    assert table["change"].tolist() == [True, False, False]
    said = sane(retrospective.targets(table, campaign))
    assert (said.code, said.severity, said.n) == ("missed", "watch", 3)
    assert str(said.title) == "Of 3 targets: 1 hit, 1 missed, 1 cannot be told"
    assert "UGC share (all posts): 30.0% or more asked, not measured" in str(said.text)
    rows = listed(table, campaign)
    assert str(rows["seen"].iloc[1]) == "not measured"
    assert [str(one) for one in rows["of_target"]] == [f"{known['engagements'].estimate / 0.1:.0%}", "None", "20%"]


def output(*, users: int) -> pd.DataFrame:
    rows = [("x", "mention", "UGC", True)] * users + [("instagram", "own", "OGC", True)] * 18
    return pd.DataFrame(rows, columns=["platform", "kind", "origin", "listed"])


def test_a_target_for_other_days_is_not_met_by_the_live_ones() -> None:
    phases = [{"name": "follow-up", "kind": "follow-up", "start": "2026-05-11", "end": "2026-05-24", "goal": "Stay"}]
    said = {"metric": "UGC share", "low": 0.3, "denominator": "all posts"}
    windows = [said, {**said, "window": "campaign"}, {**said, "window": "follow-up"}]
    heard = metrics.voices(output(users=42)).users

    def verdicts(**options: Any) -> list[str]:
        campaign = brief(targets=windows[: 3 if options else 2], target_lift=None, **options)
        known = retrospective.measured(None, campaign, users=heard)
        return retrospective.against_targets(campaign, known)["verdict"].tolist()

    assert verdicts(phases=phases) == ["hit", "cannot tell", "cannot tell"]
    assert verdicts() == ["hit", "hit"], "without phases the campaign is its live days"


def test_what_users_published_is_measured_only_where_somebody_listened() -> None:
    campaign = brief(targets=[{"metric": "UGC share", "low": 0.3, "denominator": "all posts about the campaign"}])
    known = retrospective.measured(None, campaign, users=metrics.voices(output(users=42)).users)
    assert retrospective.against_targets(campaign, known)["verdict"].iloc[-1] == "hit"
    assert retrospective.measured(None, campaign, users=metrics.voices(output(users=0)).users) == {}


LATE = Decision(kind="stop", action="No fee", owner="lead", date=date(2026, 1, 1), review=date(2026, 2, 1))
DONE = Decision(kind="keep", action="Repeat", owner="lead", date=date(2026, 1, 1), outcome="It held")


def test_overdue_decisions_are_said_on_the_day_they_are() -> None:
    said = sane(retrospective.decided((LATE, DONE), on=date(2026, 3, 1)))
    assert (said.code, said.severity, said.estimate) == ("overdue", "watch", 2)
    assert [state_of(one, on=date(2026, 3, 1)) for one in (LATE, DONE)] == ["overdue", "reviewed"]
    assert sane(retrospective.decided((LATE, DONE), on=date(2026, 2, 1))).code == "in_time"
    assert sane(retrospective.decided((), on=None)).code == "none"


def test_what_shaped_the_result_is_told_or_asked_for_and_nobody_judges_their_own_work() -> None:
    told = {"decision": "Two partners, not five", "by": "Lead", "evidence": "the last launch", "next_time": "Three"}
    written, open_ = (
        retrospective.decided((), on=None, campaign=brief(**more)) for more in ({"turning_point": told}, {})
    )
    assert told["evidence"] in str(sane(written).text)
    assert told["evidence"] not in str(sane(open_).text)
    assert written.finding.text != open_.finding.text
    led = {who: [check.status for check in brief_checks(None, brief(led_by=who)) if check.code == "led_by"]
           for who in ("Analyst", brief().owner, None)}  # fmt: skip
    assert led == {"Analyst": ["PASS"], brief().owner: ["REVIEW"], None: []}
    later = brief(led_by="Analyst", turning_point=told)
    assert later.brief_hash() == brief().brief_hash(), "written after the campaign, so the brief is the one agreed"


def test_the_report_holds_until_the_next_decision_is_due() -> None:
    assert retrospective.holds_until((LATE, DONE), on=date(2026, 1, 15)) == date(2026, 2, 1)
    assert retrospective.holds_until((LATE, DONE), on=date(2026, 3, 1)) is None, "overdue it is, and stays"


def parts_of(p_values: dict[str, float], **more: float) -> pd.DataFrame:
    """Return parts that each rise by a fifth, with a p-value of their own; the interval alone excludes zero below .1."""
    rows = [(name, 0.2, 0.2 * (p - 0.1), 0.4, 8, p, "worked", "") for name, p in p_values.items()]
    columns = ["part", "estimate", "ci_lower", "ci_upper", "n", "p_value", "verdict", "reason"]
    return pd.DataFrame(rows, columns=columns).assign(**more)


def test_what_moved_stands_out_among_all_parts_not_by_itself() -> None:
    chance = {"US": 0.06, "MX": 0.4, "DE": 0.07, "FR": 0.9, "JP": 0.5}
    assert spilled(parts_of(chance), level=0.9).code == "still", "one in ten of five is no find"
    found = spilled(parts_of(chance | {"US": 0.004}), level=0.9)
    assert (found.code, "US" in str(found.title), "DE" in str(found.title)) == ("moved", True, False)
    posts = {("tiktok", "views"): 0.06, ("youtube", "views"): 0.06, ("x", "views"): 0.7}
    assert platforms(parts_of(posts), brief(), level=0.9).code == "still"
    assert platforms(parts_of(posts | {("x", "views"): 0.01}), brief(), level=0.9).code == "moved"


def test_treated_markets_differ_only_where_their_difference_is_clear() -> None:
    both = brief(treated=["BR", "AR"])
    one_sided = parts_of({"BR": 0.01, "AR": 0.6}, apart_p=0.3)
    assert markets(one_sided, both, level=0.9).code == "alike", "clear and unclear are not yet different"
    assert markets(parts_of({"BR": 0.01, "AR": 0.6}, apart_p=0.08), both, level=0.9).code == "apart"
    three = parts_of({"BR": 0.01, "AR": 0.6, "CL": 0.5}, apart_p=0.08)
    assert markets(three, brief(treated=["BR", "AR", "CL"]), level=0.9).code == "alike"
