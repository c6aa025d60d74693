"""What part of the sales does social bring? Several rules side by side, never added up."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from fanops_utils import charts
from fanops_utils.charts.words import Words
from fanops_utils.playbook import Finding, Section
from fanops_utils.sections.commerce import names
from fanops_utils.text import Message, Percent, Period, Sentences, Unit, say, say_n, term

CLAIMED = 0.52
UNITS = {"survey": term("of the buyers who answered", "unit"), "link": term("of the site's conversions", "unit")}


def social(rules: pd.DataFrame, *, period: Period) -> Section:
    """Return what share of the orders of *period* each rule gives to social (*rules*: `metrics.social_rules`)."""
    about_social = rules[rules["rule"].isin(["channel", "link", "code", "survey"])]
    if about_social.empty:
        why = say("no order tells its channel, code or buyer's answer (exports: orders, site, partners, survey)")
        return Section.of(Finding.nothing("social", why))
    low, high = (about_social.sort_values("estimate").iloc[place] for place in (0, -1))
    told = {"low": Percent(low["estimate"]), "high": Percent(high["estimate"])}
    one = len(about_social) == 1
    title = _title(about_social, told, period)
    referral = rules[rules["rule"] == "referral"]
    finding = Finding(
        id="social",
        weight="chapter",
        label=term("Social share of sales, highest rule", "label of a finding"),
        code="one_rule" if one else "rules",
        title=title, verdict=say("{sentence}.", sentence=title),
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
        unit=Unit("share", UNITS.get(str(high["rule"]), term("of orders", "unit"))), n=int(high["n"]),
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


def _title(rules: pd.DataFrame, told: Mapping[str, Percent], period: Period) -> Message:
    """Return what the *rules* say of social, the lowest and the highest (*told*): of orders only where one of them counts these."""
    shares = {str(row["rule"]): Percent(row["estimate"]) for row in rules.to_dict("records")}
    if not {"channel", "code"} & set(shares):
        asked, linked = shares.get("survey"), shares.get("link")
        if asked is not None and linked is not None:
            return say("{linked} of the site's conversions come by social links, {asked} of the buyers who answered name social, "
                       "{period}; of the orders nothing else tells", linked=linked, asked=asked, period=period)  # fmt: skip
        if linked is not None:
            return say("{share} of the site's conversions come by social links, {period}; of the orders nothing else tells",
                       share=linked, period=period)  # fmt: skip
        return say("{share} of the buyers who answered name social, {period}; of the orders nothing else tells",
                   share=shares["survey"], period=period)  # fmt: skip
    if len(shares) == 1:
        return say(
            "{high} of the orders pass by social, by the one rule there is, {period}", high=told["high"], period=period
        )
    return say("{low} to {high} of the orders pass by social, depending on the rule, {period}", period=period, **told)
