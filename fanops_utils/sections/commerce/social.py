"""What part of the sales does social bring? Several rules side by side, never added up."""

from __future__ import annotations

import pandas as pd

from fanops_utils import charts
from fanops_utils.charts.words import Words
from fanops_utils.playbook import Finding, Section
from fanops_utils.sections.commerce import names
from fanops_utils.text import Percent, Period, Sentences, Unit, say, say_n, term

CLAIMED = 0.52


def social(rules: pd.DataFrame, *, period: Period) -> Section:
    """Return what share of the orders of *period* each rule gives to social (*rules*: `metrics.social_rules`)."""
    about_social = rules[rules["rule"].isin(["channel", "link", "code", "survey"])]
    if about_social.empty:
        why = say("no order tells its channel, code or buyer's answer (exports: orders, site, partners, survey)")
        return Section.of(Finding.nothing("social", why))
    low, high = (about_social.sort_values("estimate").iloc[place] for place in (0, -1))
    told = {"low": Percent(low["estimate"]), "high": Percent(high["estimate"])}
    one = len(about_social) == 1
    referral = rules[rules["rule"] == "referral"]
    finding = Finding(
        id="social",
        weight="chapter",
        label=term("Social share of sales, highest rule", "label of a finding"),
        code="one_rule" if one else "rules",
        title=say("{high} of the orders pass by social, by the one rule there is, {period}", high=told["high"],
                  period=period) if one else
              say("{low} to {high} of the orders pass by social, depending on the rule, {period}", period=period, **told),
        verdict=say("{high} of the orders pass by social, by the one rule there is, {period}.", high=told["high"],
                    period=period) if one else
                say("{low} to {high} of the orders pass by social, depending on the rule, {period}.", period=period, **told),
        text=Sentences.of(
            say("The rule: {rule}.", rule=names.RULES[str(high["rule"])]) if one else
            say_n("{n} rule was applied. Lowest: {lowest}; highest: {highest}.", "{n} rules were applied. Lowest: "
                "{lowest}; highest: {highest}.", n=len(about_social),
                  lowest=names.RULES[str(low["rule"])], highest=names.RULES[str(high["rule"])]),
            say("No rule says what would have been bought without social.") if one else
            say("The rules see the same orders: they are read side by side and never added up. No rule says what would have "
                "been bought "
                "without social."),
            say("{share} of the orders come from members who were invited; the {claimed} in the plans is another brand's case, not "
                "checked.", share=Percent(referral.iloc[0]["estimate"]), claimed=Percent(CLAIMED)) if len(referral) else None,
        ),
        estimate=float(high["estimate"]), ci_lower=float(high["ci_lower"]), ci_upper=float(high["ci_upper"]),
        unit=Unit("share", term("of orders", "unit")), n=int(high["n"]),
        method=say("Shares of orders with intervals by customer; of the site's conversions by day; of answers by Wilson."),
    )  # fmt: skip
    chart = charts.intervals(
        rules.assign(rule=rules["rule"].map(names.RULES), own=rules["rule"].isin(list(about_social["rule"]))), label="rule",
        words=Words(
            title=say("Share of the orders, by rule"), subtitle=say("{period}, 95% intervals; orders of members are not "
                                                                    "social sales",
                                                                    period=period),
            axis=term("share of orders", "axis"), alt=finding.text,
            caption=say("n = customers, days or answers behind the rule; the rules overlap"),
        ),
    )  # fmt: skip
    return Section.of(finding, chart)
