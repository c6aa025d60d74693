"""Can the campaigns be compared at all: enough of them, briefs frozen, one metric?"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from fanops_utils.models.campaign.league import FEWEST
from fanops_utils.playbook import Check
from fanops_utils.sections import words
from fanops_utils.text import Listed, say, say_n, term
from fanops_utils.workspace import Campaign


def checks(table: pd.DataFrame, campaigns: Mapping[str, Campaign]) -> list[Check]:
    """Return whether there are enough campaigns with a verdict, whether their briefs stand, and on what they are measured."""
    return [_enough(int(table["rank"].notna().sum())), *_frozen(campaigns), *_metrics(campaigns)]


def _enough(known: int) -> Check:
    enough = known >= FEWEST
    return Check(
        code="campaigns",
        name=term("Campaigns", "check"),
        status="PASS" if enough else "REVIEW",
        finding=say_n("{n} campaign with a verdict", "{n} campaigns with a verdict", n=known),
        action=None if enough else say("Read the ranking as a list"),
    )


def _frozen(campaigns: Mapping[str, Campaign]) -> list[Check]:
    loose = [one.name for one in campaigns.values() if one.frozen_state() != "frozen"]
    if not loose:
        return []
    return [
        Check(
            code="frozen_briefs",
            name=term("Frozen briefs", "check"),
            status="REVIEW",
            finding=say("not frozen, or changed since: {campaigns}", campaigns=Listed.of(loose)),
            action=say("Their goals may have moved"),
        )
    ]


def _metrics(campaigns: Mapping[str, Campaign]) -> list[Check]:
    measured = sorted({(one.metric, one.platform) for one in campaigns.values()})
    if len(measured) < 2:
        return []
    each = (
        term(
            "{units} on {platform}", "metric of a campaign", units=words.unit(metric), platform=words.platform(platform)
        )
        for metric, platform in measured
    )
    return [
        Check(
            code="metrics",
            name=term("Metrics", "check"),
            status="REVIEW",
            finding=say("compared across {metrics}", metrics=Listed.of(each)),
            action=say("An effect on one is not worth one on another"),
        )
    ]
