"""What do posts earn? The rate of interactions with its definition, and three averages that are not the same."""

from __future__ import annotations

from typing import Any

import pandas as pd

from fanops_utils.metrics import EngagementRate, interactions
from fanops_utils.playbook import Finding, Section
from fanops_utils.sections import words
from fanops_utils.sections.market.content.format_charts import averages
from fanops_utils.text import Count, Percent, Period, Sentences, Span, Unit, say, term


def earned(rate: EngagementRate, *, platform: str, period: Period, posts: pd.DataFrame | None = None) -> Section:
    """Return what posts earn (`metrics.engagement_rate`): all posts pooled, the mean and the median post beside it.

    Where nothing is known to divide by, the counts of *posts* are told, and what is missing.
    """
    pooled = rate.pooled
    if not pooled.n:
        if posts is not None and len(counts := interactions(posts).dropna()):
            return Section.of(_counts(counts, rate.denominator, platform, period))
        why = say(
            "no post on {platform} has interactions and {per}",
            platform=words.platform(platform),
            per=words.column(rate.denominator),
        )
        return Section.of(Finding.nothing("earned", why))
    told: dict[str, Any] = {
        "rate": words.rate(rate.denominator),
        "value": Percent(pooled.estimate),
        "n": pooled.n,
        "period": period,
    }
    span = Span.of(pooled.ci_lower, pooled.ci_upper)
    finding = Finding(
        id="earned",
        code="measured",
        title=say("Posts earn {value} {rate}", **told),
        verdict=say("Posts earn {value} {rate} ({interval}).", interval=span, **told),
        label=term("Engagement rate", "label of a finding"),
        text=Sentences.of(
            say("{value} ({interval}) over {n} posts, {period}: all posts pooled.", interval=span, **told),
            say(
                "Mean of the posts {mean}, post in the middle {median}: compare a figure only with one averaged alike.",
                mean=Percent(rate.mean_of_posts.estimate),
                median=Percent(rate.median.estimate),
            ),
        ),
        estimate=pooled.estimate,
        ci_lower=pooled.ci_lower,
        ci_upper=pooled.ci_upper,
        unit=Unit("share", words.rate(rate.denominator)),
        n=pooled.n,
        method=say(
            "Likes, comments, shares and saves, or the platform's own total, divided by {per}; delta method.",
            per=words.column(rate.denominator),
        ),
    )
    return Section.of(finding, averages(rate))


def _counts(counts: pd.Series, denominator: str, platform: str, period: Period) -> Finding:
    """Return what the posts count where no file says how many people, or views, that is of."""
    told: dict[str, Any] = {"middle": Count(float(counts.median())), "per": words.column(denominator)}
    return Finding(
        id="earned",
        code="counts",
        title=say("A post in the middle has {middle} interactions; a rate needs {per}", **told),
        label=term("Engagement rate", "label of a finding"),
        text=Sentences.of(
            say(
                "{all} interactions on {n} posts on {platform}, {period}.",
                all=Count(float(counts.sum())),
                n=len(counts),
                platform=words.platform(platform),
                period=period,
            ),
            say("No rate is given: {per} is in no file. Export the posts with it, or map it.", per=told["per"]),
        ),
        weight="row",
        n=len(counts),
        method=say("Likes, comments, shares and saves, or the platform's own total."),
    )
