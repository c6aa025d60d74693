"""Is the audience growing? The follower count of the market, alone and against the other markets."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd

from fanops_utils import charts
from fanops_utils.charts.words import Words
from fanops_utils.metrics.multiple import sides_of
from fanops_utils.playbook import Finding, Section
from fanops_utils.sections import words
from fanops_utils.text import Message, Period, Sayable, Sentences, Signed, Span, Unit, say, say_n, term


def growth(
    table: pd.DataFrame,
    *,
    market: str,
    platform: str,
    period: Period,
    asked: str | None = None,
    gained: float | None = None,
) -> Section:
    """Return how fast the followers of *market* grow on *platform* (*table*: `metrics.growth_by` over market).

    *asked*: the platform the report is about. Where its files hold no totals, the answer says so first, with the new followers
    *gained* there in 28 days, and then what is known of *platform*.
    """
    finding = _finding(table, market=market, platform=words.platform(platform))
    if asked is not None and asked != platform:
        finding = _elsewhere(finding, asked=words.platform(asked), platform=words.platform(platform), gained=gained)
    shown = {"platform": words.platform(platform), "period": period}
    chart = charts.intervals(
        table[["market", "estimate", "ci_lower", "ci_upper", "n"]].assign(own=table["market"] == market),
        label="market",
        form=Signed,
        reference=0,
        reference_label=term("no growth", "line in a chart"),
        words=Words(
            title=say("Growth of the audience, market by market"),
            subtitle=say("Change of {platform} followers per 28 days, {period}, 95% intervals", **shown),
            axis=term("change per 28 days", "axis"),
            alt=finding.text,
            caption=say("Daily follower counts of {platform}; n = days seen", platform=words.platform(platform)),
        ),
    )
    return Section.of(finding, chart)


def _finding(table: pd.DataFrame, *, market: str, platform: Sayable) -> Finding:
    mine = table[table["market"] == market]
    if mine.empty:
        return Finding.nothing("growth", say("no daily follower counts of this market"))
    row = mine.iloc[0]
    if pd.isna(row["ci_lower"]):
        few = say_n("{n} day of follower counts, too few for an interval",
                    "{n} days of follower counts, too few for an interval", n=int(row["n"]))  # fmt: skip
        return Finding.nothing("growth", few)
    code = "shrinks" if row["ci_upper"] < 0 else "grows" if row["ci_lower"] > 0 else "unclear"
    interval = Span.of(row["ci_lower"], row["ci_upper"], form=Signed)
    told: dict[str, Any] = {"platform": platform, "change": Signed(row["estimate"])}
    changed = say("Followers changed by {change} per 28 days ({interval}).", change=told["change"], interval=interval)
    return Finding(
        id="growth",
        label=term("Growth of followers", "label of a finding"),
        code=code,
        title=_title(code, told),
        verdict=_verdict(code, {**told, "interval": interval}),
        text=Sentences.of(changed, _among(table, row)),
        severity="alert" if code == "shrinks" else "good" if code == "grows" else "watch",
        estimate=row["estimate"],
        ci_lower=row["ci_lower"],
        ci_upper=row["ci_upper"],
        unit=Unit("change", term("per 28 days", "unit")),
        n=int(row["n"]),
        method=say(
            "Mean daily change of the log follower count times 28, Newey-West interval. The count is net: gains and "
            "losses within a day are not seen."
        ),
    )


def _elsewhere(finding: Finding, *, asked: Sayable, platform: Sayable, gained: float | None) -> Finding:
    """Return the answer of a report on a platform without follower totals: what is known of it, then of another."""
    if not finding.ok or finding.estimate is None:
        return finding
    told: dict[str, Any] = {"asked": asked, "platform": platform, "change": Signed(finding.estimate)}
    without = say(
        "{asked} tells no follower totals; on {platform} followers changed by {change} per 28 days on average", **told
    )
    new = None
    if gained is not None and gained == gained:
        new = say_n("{asked} counts {n} new follower in 28 days; who left is not in its files.",
                    "{asked} counts {n} new followers in 28 days; who left is not in its files.",
                    n=int(gained), asked=asked)  # fmt: skip
    return replace(
        finding,
        title=without,
        verdict=say("{sentence}.", sentence=without),
        text=Sentences.of(new, finding.text),
        weight="row",
    )


def _title(code: str, told: dict[str, Any]) -> Message:
    if code == "grows":
        return say("The {platform} audience grows: {change} per 28 days on average", **told)
    if code == "shrinks":
        return say("The {platform} audience shrinks: {change} per 28 days on average", **told)
    return say("The {platform} audience does not clearly grow: {change} per 28 days on average", **told)


def _verdict(code: str, told: dict[str, Any]) -> Message:
    if code == "grows":
        return say("The {platform} audience grows: {change} per 28 days on average ({interval}).", **told)
    if code == "shrinks":
        return say("The {platform} audience shrinks: {change} per 28 days on average ({interval}).", **told)
    return say("The {platform} audience does not clearly grow: {change} per 28 days on average ({interval}).", **told)


def _among(table: pd.DataFrame, row: pd.Series) -> Message | None:
    """Return how many of the other markets grow faster or slower, told apart by their differences (read together)."""
    others = table[table["market"] != row["market"]].dropna(subset=["estimate"])
    if others.empty:
        return None
    sides = sides_of(row, others, level=0.95)
    faster, slower = int((sides < 0).sum()), int((sides > 0).sum())
    return say_n(
        "Against the one other market: {faster} clearly faster, {slower} clearly slower, {same} not to be told apart.",
        "Against the {n} other markets: {faster} clearly faster, {slower} clearly slower, {same} not to be told apart.",
        n=len(others),
        faster=faster,
        slower=slower,
        same=len(others) - faster - slower,
    )
