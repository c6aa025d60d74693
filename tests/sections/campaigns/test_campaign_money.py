"""What a campaign says of money: lines, units, return, advertisements, pace, claims; nothing where nothing is known."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest
from campaign_briefs import brief as plain_brief
from market_worlds import world
from saying import sane, values

from fanops_utils import metrics, models
from fanops_utils.charts import Table
from fanops_utils.metrics import FullCost, Interval
from fanops_utils.models import Roi, pacing
from fanops_utils.models.reasons import NoAds, NoControl, NoUnits, Reason, Refused, SeveralCurrencies
from fanops_utils.sections.campaigns import money
from fanops_utils.sections.campaigns.money.ads import listed
from fanops_utils.sections.campaigns.money.pace import paced
from fanops_utils.sections.campaigns.money.paid_back import steps
from fanops_utils.text import Count, Money, Number, Percent, Signed, Written, say, speak
from fanops_utils.workspace import Campaign
from fanops_utils.workspace.register import Period

DAILY = world(np.random.default_rng(5), lift=0.3)
NO_ADS = pd.DataFrame({"spend": [], "currency": [], "date_day": pd.to_datetime([])})


def brief(**options: Any) -> Campaign:
    return plain_brief(**{"budget": [{"item": "content", "amount": 900}], "value_per_unit": 0.5, **options})


def paid(amount: float) -> list[dict[str, Any]]:
    return [{"date": "2026-04-14", "item": "content", "amount": amount}]


def line_table(campaign: Campaign) -> pd.DataFrame:
    planned = [(one.item, one.amount) for one in campaign.budget]
    return metrics.cost_lines(planned, [(one.item, one.amount) for one in campaign.payments])


@pytest.mark.parametrize(
    ("payments", "code", "severity", "estimate"),
    [([], "none_booked", "watch", 900), (paid(800), "within", "info", 800), (paid(1000), "overdrawn", "watch", 1000)],
)
def test_what_is_not_booked_is_not_zero(payments: list[Any], code: str, severity: str, estimate: float) -> None:
    campaign = brief(payments=payments)
    finding = sane(money.lines(line_table(campaign), campaign))
    assert (finding.code, finding.severity, finding.estimate) == (code, severity, estimate)


def test_a_line_over_its_plan_is_named_and_no_budget_is_no_line() -> None:
    campaign = brief(payments=paid(1000))
    assert values(sane(money.lines(line_table(campaign), campaign)).text)["items"].items == (Written("content"),)  # type: ignore[attr-defined]
    empty = brief(budget=[])
    assert sane(money.lines(line_table(empty), empty)).status == "no_data"


def test_a_line_says_why_it_differs_where_a_payment_notes_it() -> None:
    campaign = brief(payments=[{**paid(1000)[0], "note": "filmed twice"}])
    section = money.lines(line_table(campaign), campaign)
    assert sane(section).code == "overdrawn"
    (table,) = (part for part in section.parts if isinstance(part, Table))
    assert "filmed twice" in str(table.html("en"))
    silent = brief(payments=paid(1000))
    assert len(money.lines(line_table(silent), silent).finding.text.parts) == 3  # type: ignore[attr-defined]
    assert len(section.finding.text.parts) == 2, "who says why is not asked"  # type: ignore[attr-defined]


def test_a_cost_is_spread_over_what_is_known_of_units_and_orders() -> None:
    cost = FullCost(900, "USD", paid=False)
    whole = money.units(cost, None, brief(), orders=10, engaged=4500).finding
    assert values(whole.title)["money"] == Money(0.2, "USD")
    assert values(sane(money.units(cost, None, brief(), orders=10, engaged=np.nan)).title)["money"] == Money(90, "USD")
    assert money.units(cost, None, brief(), orders=0, engaged=np.nan).finding.status == "no_data"
    assert money.units(FullCost(0, "USD", paid=False), None, brief(), orders=9, engaged=9).finding.status == "no_data"


@pytest.mark.parametrize("rule", ["no_ads", "ads_in_line", "ads_added", "ads_in_other_currency"])
def test_what_is_in_the_cost_is_said(rule: Any) -> None:
    said = {booked: speak(money.contents(FullCost(9, "USD", booked, rule, 5, ("EUR",)))) for booked in (True, False)}
    assert said[True] != said[False]
    mixed = [FullCost(9, "USD", True, "ads_in_several_currencies", 5, named) for named in (("EUR", "USD"), ("EUR",))]
    assert speak(money.contents(mixed[0])) != speak(money.contents(mixed[1]))


def test_the_return_of_a_gain_is_its_value_over_its_cost() -> None:
    campaign = brief()
    found, cost = models.effect_or_reason(DAILY, campaign), metrics.full_cost(campaign, NO_ADS)
    assert found is not None
    roi = models.campaign_roi(found, campaign, cost)
    assert roi is not None and roi.told
    assert roi.interval.estimate == pytest.approx(found.extra.estimate * 0.5 / 900 - 1, rel=0.05)
    drawn = steps(roi, campaign, cost)
    assert drawn["amount"].iloc[-1] == pytest.approx(drawn["amount"].iloc[:-1].sum())
    assert models.campaign_roi(found, brief(value_per_unit=None), cost) is None
    finding = sane(money.paid_back(roi, cost, campaign, level=0.9))
    assert values(finding.text)["change"] == Signed(roi.interval.estimate)


def told(chance: float, reason: Reason | None = None, **options: Any) -> Roi:
    quantiles = pd.DataFrame(
        {"quantile": [0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95], "roi": [0.1] * 7, "extra": [1.0] * 7}
    )
    return Roi(reason, 900, Interval(0.1, -0.2, 0.4, 16), chance, np.nan, quantiles, 0.5, **options)


@pytest.mark.parametrize(
    ("chance", "code", "severity"),
    [
        (0.95, "paid", "good"),
        (0.9, "paid", "good"),
        (0.5, "open", "watch"),
        (0.09, "not_paid", "alert"),
        (0.0, "not_paid", "alert"),
    ],
)
def test_whether_it_paid_is_told_by_the_chance(chance: float, code: str, severity: str) -> None:
    finding = sane(money.paid_back(told(chance), FullCost(900, "USD", paid=True), brief(), level=0.9))
    assert (finding.code, finding.severity) == (code, severity)
    assert (finding.estimate, finding.ci_lower, finding.ci_upper) == (0.1, -0.2, 0.4)


def test_a_chance_near_its_ends_has_no_false_precision() -> None:
    cost = FullCost(900, "USD", paid=True)
    titles = [money.paid_back(told(one), cost, brief(), level=0.9).finding.title for one in (0.001, 0.03, 0.42, 0.999)]
    assert [str(values(one).get("odds", "")) for one in titles] == ["", "3", "42", "99"]


@pytest.mark.parametrize("reason", [NoControl(), NoUnits()])
def test_no_return_is_told_where_no_effect_is(reason: Reason) -> None:
    section = money.paid_back(told(0.5, reason), FullCost(900, "USD", paid=True), brief(), level=0.9)
    assert (sane(section).code, section.finding.estimate) == ("cannot_tell", None)
    assert steps(told(0.5, reason), brief(), FullCost(900, "USD", paid=True)).empty


def test_without_a_value_or_a_cost_nothing_is_said_of_a_return() -> None:
    for amount in (900.0, 0.0):
        section = money.paid_back(None, FullCost(amount, "USD", paid=True), brief(), level=0.9)
        assert sane(section).status == "no_data" and len(section.parts) == 1


def test_what_is_left_of_the_cost_beside_the_lines_are_advertisements() -> None:
    drawn = steps(told(0.5), brief(payments=paid(800)), FullCost(900, "USD", True, "ads_added", 100, ("USD",)))
    assert drawn["amount"].tolist() == pytest.approx([-800, -100, 990, 90])
    goods = money.paid_back(told(0.5, margin=0.4), FullCost(900, "USD", paid=True), brief(), level=0.9).finding
    assert values(goods.text)["margin"] == Percent(0.4, 0)


def bought(**options: Any) -> pd.DataFrame:
    facts = {"ad_group_name": "set", "ad_name": ["a"] * 20 + ["b"] * 20, "currency": "USD", "spend": 10.0,
             "date_day": list(pd.date_range("2026-04-13", periods=20)) * 2, "impressions": 1500, "link_clicks": 16,
             "engagements": 50, "conversions": [2.0] * 20 + [0.0] * 19 + [1.0],
             "conversions_value": [60.0] * 20 + [np.nan] * 19 + [9.0]}  # fmt: skip
    return pd.DataFrame(facts | options)


def shown(frame: pd.DataFrame) -> pd.DataFrame:
    costs, _ = models.ad_costs_or_reason(frame)
    assert costs is not None
    return listed(costs)


def test_advertisements_are_told_with_every_interval() -> None:
    finding = sane(money.ads(*models.ad_costs_or_reason(bought())))
    said = speak(finding.text)
    assert (finding.code, finding.estimate, finding.n) == ("known", 400, 40)
    assert "USD 0.20 (95% CI USD 0.19 to USD 0.21)" in said and "6.41% (" in said and "3.02 (" in said
    counts = values(finding.text)
    assert [counts[name] for name in ("more", "all", "less", "open")] == [Count(1), Count(2), Count(1), Count(0)]
    table = shown(bought())
    assert table["cpe"].tolist() == [0.2, 0.2]
    assert values(table["roas"].iloc[0])["value"] == Number(6.0, 2)


def test_what_the_ads_manager_does_not_tell_is_left_out_of_the_sentence() -> None:
    bare = bought().drop(columns=["engagements", "conversions_value"])
    assert len(sane(money.ads(*models.ad_costs_or_reason(bare))).text.parts) == 6  # type: ignore[attr-defined]
    assert shown(bare)["roas"].tolist() == [None, None]
    crowded = values(shown(bought(link_clicks=1))["rate"].iloc[0])
    assert crowded == {"value": Percent(2.0)}, "more orders than clicks are no share of them"


def test_an_advertisement_without_a_name_keeps_its_row() -> None:
    table = shown(bought(ad_name=["a"] * 20 + [None] * 20))
    assert [speak(name) for name in table["advertisement"]] == ["set, a", "set, unnamed"]
    assert table["spend"].tolist() == [200, 200]


def test_rows_that_credit_an_order_without_a_click_are_counted() -> None:
    finding = sane(money.ads(*models.ad_costs_or_reason(bought(link_clicks=[0] + [16] * 39))))
    assert (finding.code, finding.severity) == ("impossible_rows", "watch")


@pytest.mark.parametrize(
    "reason",
    [NoAds(), Refused(say("spend is not negative")), SeveralCurrencies(("EUR", "USD")), SeveralCurrencies(("EUR",))],
)
def test_why_no_advertisement_is_read_is_said(reason: Reason) -> None:
    assert sane(money.ads(None, reason)).status == "no_data"


APRIL = Period(start=date(2026, 4, 1), end=date(2026, 4, 30))


@pytest.mark.parametrize(
    ("per_day", "days", "code", "severity"),
    [(30.0, 15, "over", "watch"), (10.0, 15, "under", "info"), (20.0, 15, "on_pace", "info"), (30.0, 4, "cannot_tell", "info"),
     (20.0, 30, "on_pace", "info")],
)  # fmt: skip
def test_the_pace_is_told_with_what_will_be_spent(per_day: float, days: int, code: str, severity: str) -> None:
    spend = pd.DataFrame({"date_day": pd.date_range(APRIL.start, periods=days), "spend": per_day})
    found = pacing(spend, budget=600, period=APRIL, as_of=APRIL.start.replace(day=days))
    finding = sane(money.pace(found, "USD"))
    assert (finding.code, finding.severity, finding.n) == (code, severity, days)
    assert finding.estimate == pytest.approx(per_day * 30)
    assert len(paced(found)) == 3 * 30
    assert sane(money.pace(None, "USD")).code == "no_line"


def test_claims_that_are_not_extra_are_called_so() -> None:
    nothing = Interval(2.0, -10.0, 14.0, 9)
    table = metrics.side_by_side(100, code=10, counterfactual=nothing)
    finding = sane(money.claims(table, brief()))
    assert (finding.code, finding.severity) == ("not_extra", "watch")
    assert sane(money.claims(table.iloc[:0], brief())).status == "no_data"
    extra = metrics.side_by_side(
        100, code=10, survey=Interval(0.3, 0.2, 0.4, 40), counterfactual=Interval(9.0, 2.0, 14.0, 9)
    )
    told_of = sane(money.claims(extra, brief()))
    assert (told_of.code, told_of.severity) == ("claimed", "info")
    assert [values(told_of.title)[name] for name in ("low", "high")] == [Percent(0.1), Percent(0.3)]
    assert sane(money.claims(metrics.side_by_side(100, counterfactual=nothing), brief())).code == "no_rule"
