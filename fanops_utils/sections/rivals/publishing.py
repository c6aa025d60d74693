"""What do rivals publish, what does it earn, and what do their best posts share?"""

from __future__ import annotations

from typing import Any

import pandas as pd

from fanops_utils import charts
from fanops_utils.charts.words import Words
from fanops_utils.metrics.multiple import side_of_all
from fanops_utils.playbook import Finding, Section
from fanops_utils.sections import words
from fanops_utils.text import (
    Message,
    Number,
    Percent,
    Period,
    Range,
    Sayable,
    Sentences,
    Span,
    Unit,
    Written,
    say,
    say_n,
    term,
)


def cadence(table: pd.DataFrame, shares: pd.DataFrame, *, brand: str, platform: str, period: Period) -> Section:
    """Return how often each brand posts and in which formats (`models.cadence`, `models.format_shares`)."""
    known = table[table["n"] > 0].dropna(subset=["median"])
    rivals = known[known["brand"] != brand]
    if rivals.empty:
        why = say(
            "no post of a rival on {platform}: map a listening tool's file to watched_posts",
            platform=words.platform(platform),
        )
        return Section.of(Finding.nothing("cadence", why))
    most = rivals.sort_values("median", ascending=False).iloc[0]
    ours = known[known["brand"] == brand]
    told: dict[str, Any] = {"rival": Written(str(most["brand"])), "posts": Number(most["median"], digits=1)}
    quarters = Range.of(most["quarter"], most["three_quarters"], form=_number)
    if len(ours):
        title = say(
            "{rival} posts {posts} times in a usual week, we {own}",
            own=Number(ours.iloc[0]["median"], digits=1),
            **told,
        )
    else:
        title = say("{rival} posts {posts} times in a usual week", **told)
    finding = Finding(
        id="cadence",
        code="compared" if len(ours) else "rivals",
        title=title,
        label=term("Posts a week", "label of a finding"),
        text=Sentences.of(say("Half of its weeks lie within {quarters} posts.", quarters=quarters)),
        estimate=most["median"],
        unit=Unit("number", term("posts a week", "unit")),
        n=int(most["n"]),
        weight="row",
        method=say(
            "Whole weeks between a brand's first and last post, a week without a post as zero; median and middle half."
        ),
    )
    label = [Written(str(name)) for name in shares["brand"]]
    parts = [words.posts_of(str(name), first=True) for name in shares["post_type"]]
    stacked = charts.stacked_shares(
        shares.assign(
            label=pd.Series(label, index=shares.index, dtype=object),
            part=pd.Series(parts, index=shares.index, dtype=object),
        ),
        label="label",
        part="part",
        value="share",
        words=Words(
            title=say("Formats by brand"),
            subtitle=say("Share of the posts, {period}", period=period),
            alt=finding.text,
            axis=term("share of posts", "axis"),
            caption=say("Posts on {platform}", platform=words.platform(platform)),
        ),
    )
    return Section.of(finding, stacked, _often(known))


def _often(known: pd.DataFrame) -> charts.Table:
    columns = {
        "brand": term("Brand", "column"),
        "n": term("Posts", "column"),
        "median": term("Posts a week, median", "column"),
        "quarter": term("Middle half from", "column"),
        "three_quarters": term("to", "column, upper end"),
    }
    return charts.table(known, columns=columns, caption=say("How often each brand posts"))


def response(
    table: pd.DataFrame, *, brand: str, platform: str, period: Period, posts: pd.DataFrame | None = None
) -> Section:
    """Return what a post earns per follower (`models.response`); *posts* tell, where nothing is known, what they lack."""
    known = table[table["n"] >= 10].dropna(subset=["estimate"])
    rivals = known[known["brand"] != brand]
    place = words.platform(platform)
    if rivals.empty:
        return Section.of(Finding.nothing("response", _no_response(posts, brand, place)))
    best = rivals.sort_values("estimate", ascending=False).iloc[0]
    ours = known[known["brand"] == brand]
    told: dict[str, Any] = {
        "rival": Written(str(best["brand"])),
        "value": Percent(best["estimate"]),
        "interval": Span.of(best["ci_lower"], best["ci_upper"]),
    }
    title = _most(best, rivals.drop(index=best.name), told)
    own = (
        say(
            "{brand}: {value} ({interval}).",
            brand=Written(brand),
            value=Percent(ours.iloc[0]["estimate"]),
            interval=Span.of(ours.iloc[0]["ci_lower"], ours.iloc[0]["ci_upper"]),
        )
        if len(ours)
        else say(
            "Ours cannot stand beside it: our followers on {platform} are in no file, and a rate by reach is another figure.",
            platform=place,
        )
    )
    finding = Finding(
        id="response",
        code="compared" if len(ours) else "rivals",
        title=title,
        label=term("Interactions per follower", "label of a finding"),
        text=Sentences.of(say("{rival}: {value} ({interval}).", **told), own),
        estimate=best["estimate"],
        ci_lower=best["ci_lower"],
        ci_upper=best["ci_upper"],
        unit=Unit("share", term("interactions per follower", "unit")),
        n=int(best["n"]),
        weight="chapter",
        method=say(
            "Likes, comments and shares of a post over the followers at its publication; median of the posts, bootstrap. "
            "Saves are seen of nobody else and left out."
        ),
    )
    label = pd.Series([Written(str(name)) for name in known["brand"]], index=known.index, dtype=object)
    chart = charts.intervals(
        known.assign(label=label).sort_values("estimate", ascending=False),
        label="label",
        words=Words(
            title=say("Interactions per follower of the post in the middle"),
            alt=finding.text,
            subtitle=say("95% intervals, {period}", period=period),
            axis=term("interactions per follower", "axis"),
            caption=say("Posts on {platform}; n = posts", platform=place),
        ),
    )
    return Section.of(finding, chart)


def _most(best: pd.Series, others: pd.DataFrame, told: dict[str, Any]) -> Message:
    """Return who earns most per follower, only where the difference to each other rival is clear."""
    if others.empty:
        return say("{rival} earns {value} per follower with the post in the middle", **told)
    if side_of_all(best, others) > 0:
        return say("Most per follower: {rival}, {value} for the post in the middle", **told)
    return say("Which rival earns most per follower is not clear; first is {rival} with {value}", **told)


def _no_response(posts: pd.DataFrame | None, brand: str, place: Sayable) -> Sayable:
    theirs = posts[posts["brand"] != brand] if posts is not None else pd.DataFrame()
    if len(theirs) and not theirs["followers"].notna().any():
        return say_n(
            "{n} post of rivals on {platform}, without the followers at the time: map followers of watched_posts",
            "{n} posts of rivals on {platform}, without the followers at the time: map followers of watched_posts",
            n=len(theirs),
            platform=place,
        )
    return say("no rival has ten posts with followers and interactions on {platform}", platform=place)


def _number(value: float) -> Number:
    return Number(value, digits=1)
