"""Which posts did worst, and why: the numbers say how far below the usual they lay, the register what went wrong."""

from __future__ import annotations

import pandas as pd

from fanops_utils import charts
from fanops_utils.metrics.wording import worded_frame
from fanops_utils.playbook import Finding, Section
from fanops_utils.sections import words
from fanops_utils.text import Day, Message, Percent, Sayable, Sentences, Written, say, say_n, term
from fanops_utils.workspace import Campaign

SHOWN = 3
METHOD = say(
    "Interactions per account reached, against the middle of the baseline's posts of the same account and format, or of the same "
    "format where these are fewer than ten. A fact about these posts, no test."
)
COLUMNS = {
    "day": term("Day", "column"), "format": term("Format", "column"), "interactions": term("Interactions", "column"),
    "reach": term("Reach", "column"), "ratio": term("Of the usual", "column"), "rank": term("Earlier posts as low", "column"),
    "cause": term("Cause", "column"),
}  # fmt: skip
ISSUES = {
    "issue": term("What went wrong", "column"), "cause": term("Root cause", "column"), "impact": term("What it cost", "column"),
}  # fmt: skip


def worst(posts: pd.DataFrame, campaign: Campaign) -> Section:
    """Return the posts furthest below the usual (`models.posts_against_usual`) with their causes, and what else went wrong."""
    rows = [
        {"issue": Written(one.issue), "cause": Written(one.cause), "impact": Written(one.impact)}
        for one in campaign.issues
    ]
    issues = charts.table(worded_frame(rows, columns=list(ISSUES), texts=ISSUES), columns=ISSUES,
                          caption=say("What went wrong, as the register has it"))  # fmt: skip
    listed = charts.table(_listed(posts, campaign), columns=COLUMNS, formats={"ratio": _share},
                          caption=say("The posts furthest below what their kind usually gets"))  # fmt: skip
    return Section.of(answer(posts, campaign), listed, issues)


def answer(posts: pd.DataFrame, campaign: Campaign) -> Finding:
    """Return how far below the usual the worst post lay, how many earlier ones lay as low, and whether its cause is written."""
    if posts.empty:
        why = term("no post of the live days with a known reach and ten of its kind before", "why there is no data")
        return Finding.nothing("worst", why)
    low, known = posts.iloc[0], _causes(campaign)
    told = {
        "format": words.posts_of(low["post_type"]),
        "day": Day.of(low["created_local"].date(), form="iso"), "share": _share(low["ratio"]),
    }  # fmt: skip
    return Finding(
        id="worst",
        title=say("Furthest below its kind: a post of {day} ({format}), with {share} of the usual", **told),
        text=Sentences.of(_luck(posts), _why(str(low["post_id"]), campaign, known)),
        n=len(posts),
        weight="row",
        method=METHOD,
        code="explained" if str(low["post_id"]) in known else "unexplained",
    )


def _luck(posts: pd.DataFrame) -> Message:
    return say_n(
        "Of {before} earlier posts of its kind {n} lay as low; the lowest of {posts} lies low by luck too.",
        "Of {before} earlier posts of its kind {n} lay as low; the lowest of {posts} lies low by luck too.",
        n=int(posts["as_low"].iloc[0]), before=int(posts["n"].iloc[0]), posts=len(posts),
    )  # fmt: skip


def _why(post: str, campaign: Campaign, known: dict[str, Sayable]) -> Sayable:
    if post in known:
        return say("Cause, as the register has it: {cause}.", cause=known[post])
    if campaign.issues:
        return say("The register names no cause for it.")
    return say(
        "No cause is written down: what went wrong, why, and what it cost belongs under “issues” in the register."
    )


def _causes(campaign: Campaign) -> dict[str, Sayable]:
    return {one.post: Written(one.cause) for one in campaign.issues if one.post is not None}


def _listed(posts: pd.DataFrame, campaign: Campaign) -> pd.DataFrame:
    known = _causes(campaign)
    rows = [
        {"day": Day.of(row["created_local"].date(), form="iso"), "format": words.posts_of(row["post_type"], first=True),
         "interactions": row["interactions"], "reach": row["reach"], "ratio": row["ratio"],
         "rank": term("{low} of {n}", "posts", low=int(row["as_low"]), n=int(row["n"])),
         "cause": known.get(str(row["post_id"]))}
        for row in posts.head(SHOWN).to_dict("records")
    ]  # fmt: skip
    return worded_frame(rows, columns=list(COLUMNS), texts=["cause"])


def _share(value: float) -> Percent:
    return Percent(float(value), 0)
