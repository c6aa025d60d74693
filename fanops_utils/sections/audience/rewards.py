"""Who gets the rewards, and how many members can be recognised in the shop?"""

from __future__ import annotations

import pandas as pd

from fanops_utils import charts
from fanops_utils.metrics import Interval
from fanops_utils.playbook import Finding, Section
from fanops_utils.sections.audience.tiers import TIERS
from fanops_utils.text import People, Percent, Sentences, Span, Unit, say, term


def rewards(table: pd.DataFrame) -> Section:
    """Return how points fall on the tiers (*table*: `metrics.rewards_by` over tier)."""
    if table.empty or not int(table["rewarded"].sum()):
        return Section.of(Finding.nothing("rewards", say("no member was given points (export: points)")))
    total, got = int(table["members"].sum()), int(table["rewarded"].sum())
    never = Percent(1 - got / total)
    finding = Finding(
        id="rewards",
        label=term("Members never rewarded", "label of a finding"),
        code="shares",
        title=say("{share} of the members have never been given a point", share=never),
        text=Sentences.of(
            say(
                "{share} of the members have never been given a point; the plans ask for an equal chance.", share=never
            ),
            say("Who does more earns more: what matters is whether everybody can."),
        ),
        estimate=1 - got / total,
        unit=Unit("share", term("of members", "unit")),
        n=People(total),
        method=say("Points issued for anything, by the tier members are in now."),
    )
    columns = {
        "tier": term("Tier", "column"), "members": term("Members", "column"), "estimate": term("Ever rewarded", "column"),
        "share": term("Share of points", "column"),
    }  # fmt: skip
    shown = table.assign(tier=table["tier"].astype(str).map(TIERS))
    formats = dict.fromkeys(["estimate", "share"], Percent)
    caption = say("Points issued so far, by tier of today")
    return Section.of(finding, charts.table(shown, columns=columns, formats=formats, people="members", caption=caption))


def linked(rate: Interval) -> Section:
    """Return what part of the members is known in the shop (*rate*: `metrics.wilson` of those with a linked account)."""
    if not rate.n:
        return Section.of(Finding.nothing("linked", say("no members of this market")))
    share, interval = Percent(rate.estimate), Span.of(rate.ci_lower, rate.ci_upper)
    return Section.of(
        Finding(
            id="linked",
            label=term("Members known in the shop", "label of a finding"),
            code="rate",
            title=say("{share} of the members can be recognised in the shop", share=share),
            text=Sentences.of(
                say("{share} ({interval}) of the members have linked the shop's account; of the others no purchase is known.",
                    share=share, interval=interval),
                say("They are matched by pseudonyms alone, for this purpose alone."),
            ),
            estimate=rate.estimate, ci_lower=rate.ci_lower, ci_upper=rate.ci_upper,
            unit=Unit("share", term("of members", "unit")), n=People(rate.n),
            method=say("Members with a pseudonym of the shop, of all members; Wilson interval."),
        )
    )  # fmt: skip
