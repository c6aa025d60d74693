"""What is shown of the formats of posts: the chart of their rates, their table, and the three averages of one rate."""

from __future__ import annotations

import pandas as pd

from fanops_utils import charts
from fanops_utils.charts.words import Words
from fanops_utils.metrics import EngagementRate
from fanops_utils.playbook import Finding
from fanops_utils.sections import words
from fanops_utils.text import Count, Message, Percent, Period, say, term

MEASURES: dict[str, Message] = {
    "mean of posts": term("mean of the posts", "average"),
    "pooled": term("all posts pooled", "average"),
    "median post": term("post in the middle", "average"),
}


def chart(
    ordered: pd.DataFrame, overall: EngagementRate, finding: Finding, *, platform: str, period: Period
) -> charts.Chart:
    """Return the rate of each format with at least ten posts, beside that of all posts."""
    seen = ordered[~ordered["hidden"].astype(bool)]
    rate = words.rate(overall.denominator)
    return charts.intervals(
        seen[["label", "estimate", "ci_lower", "ci_upper", "n"]],
        label="label",
        reference=overall.pooled.estimate,
        reference_label=term("all posts", "line in a chart"),
        words=Words(
            title=say("Attention by format: {rate}", rate=rate),
            subtitle=say("Pooled over the posts of a format, 95% intervals, {period}", period=period),
            axis=rate,
            alt=finding.text,
            caption=say("Posts on {platform}; n = posts; grey below 30", platform=words.platform(platform)),
        ),
    )


def by_format(ordered: pd.DataFrame, *, denominator: str) -> charts.Table:
    """Return the formats in their order, with mean and rate."""
    rate = words.rate(denominator)
    columns = {
        "label": term("Format", "column"),
        "n_posts": term("Posts", "column"),
        "mean_interactions": term("Interactions per post, mean", "column"),
        "mean_ci_lower": term("95% from", "column"),
        "mean_ci_upper": term("to", "column, upper end"),
        "estimate": term("Rate: {rate}", "column", rate=rate),
        "shrunk": term("Rate, luck taken out", "column"),
    }
    caption = say("Formats by their rate with luck taken out; those with fewer than ten posts stand last, unranked")
    mean = dict.fromkeys(["mean_interactions", "mean_ci_lower", "mean_ci_upper"], Count)
    rates = dict.fromkeys(["estimate", "shrunk"], Percent)
    return charts.table(ordered, columns=columns, formats={**mean, **rates}, caption=caption)


def averages(overall: EngagementRate) -> charts.Table:
    """Return the three averages of all posts beside each other."""
    columns = {
        "measure": term("Average", "column"),
        "estimate": term("Rate: {rate}", "column", rate=words.rate(overall.denominator)),
        "ci_lower": term("95% from", "column"),
        "ci_upper": term("to", "column, upper end"),
        "n": term("Posts", "column"),
    }
    table = overall.table.assign(measure=overall.table["measure"].map(MEASURES))
    caption = say("One rate, three averages: never compare one with another")
    rates = dict.fromkeys(["estimate", "ci_lower", "ci_upper"], Percent)
    return charts.table(table, columns=columns, formats=rates, caption=caption)
