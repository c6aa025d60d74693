"""Who published about a campaign: how much of it came from users, and who the others were."""

from __future__ import annotations

import numpy as np
import pandas as pd

from fanops_utils import charts
from fanops_utils.charts.words import Words
from fanops_utils.metrics import Voices
from fanops_utils.playbook import Finding, Section
from fanops_utils.sections import words
from fanops_utils.text import Listed, Message, Percent, Sayable, Sentences, Span, Unit, say, say_n, term
from fanops_utils.workspace import Campaign

UNHEARD = term(
    "no mention of the live days carries the campaign as tag, so what users published is unknown "
    "(export: mentions, with their tags)",
    "why there is no data",
)
UNDERSTATED = say(
    "The brand's posts on other subjects are counted too, so the users' share is, if anything, understated."
)


def spoke(found: Voices, campaign: Campaign) -> Section:
    """Return the share of users in what was published about *campaign* in its live days, drawn beside all others."""
    finding = answer(found, campaign)
    drawn = Words(
        title=say("Who made what was published about it"),
        subtitle=say("Share of all posts about it in the live days; 95% intervals"),
        axis=term("share of the posts", "axis"),
        alt=finding.title,
        caption=say("Each post counts once, whatever its reach"),
    )
    return Section.of(finding, charts.intervals(rows(found), label="label", words=drawn))


def answer(found: Voices, campaign: Campaign) -> Finding:
    """Return the share of users, and what was left out."""
    if not np.isfinite(found.users.estimate):
        return Finding.nothing("voices", UNHEARD)
    one = found.users
    return Finding(
        id="voices",
        title=say("Users made {share} of what was published about it", share=Percent(one.estimate)),
        text=Sentences.of(_users(found), _others(found), _unknown(found), _left_out(found), UNDERSTATED),
        estimate=one.estimate,
        ci_lower=one.ci_lower,
        ci_upper=one.ci_upper,
        unit=Unit("share", term("of posts", "unit")),
        n=one.n,
        method=say(
            "Own posts of {markets}, deliveries of partners, mentions of others tagged with the campaign; 95%, Wilson.",
            markets=Listed.of(campaign.treated),
        ),
        code="known",
    )


def _users(found: Voices) -> Message:
    one = found.users
    return say_n(
        "Of {n} post on {platforms} in the live days, {users} came from users: {share} ({interval}).",
        "Of {n} posts on {platforms} in the live days, {users} came from users: {share} ({interval}).",
        n=one.n,
        platforms=_platforms(found.platforms),
        users=_posts(found)["UGC"],
        share=Percent(one.estimate),
        interval=Span.of(one.ci_lower, one.ci_upper),
    )


def _others(found: Voices) -> Message:
    posts = _posts(found)
    return say(
        "The brand published {brand}, partners {partners}, press and professionals {press}.",
        brand=posts["OGC"],
        partners=posts["KOL"],
        press=posts["PGC"],
    )


def _unknown(found: Voices) -> Message | None:
    if not found.unknown:
        return None
    return say_n(
        "{n} mention names no kind of author; the interval allows for either.",
        "{n} mentions name no kind of author; the interval allows for either.",
        n=found.unknown,
    )


def _left_out(found: Voices) -> Message | None:
    if not found.left_out:
        return None
    return say(
        "{platforms}: left out with all posts, for the brand's own of those days are in no file.",
        platforms=_platforms(found.left_out),
    )


def _posts(found: Voices) -> dict[str, int]:
    return {str(row["origin"]): int(row["posts"]) for row in found.table.to_dict("records")}


def _platforms(names: tuple[str, ...]) -> Listed:
    return Listed.of((words.platform(name) for name in names), how="and")


def rows(found: Voices) -> pd.DataFrame:
    """Return who made how many posts as rows to be drawn: label, estimate, ci_lower, ci_upper; may be empty."""
    table = found.table
    labels = [_label(str(row["origin"]), int(row["posts"])) for row in table.to_dict("records")]
    return table.assign(label=pd.Series(labels, index=table.index, dtype=object))[
        ["label", "estimate", "ci_lower", "ci_upper"]
    ]


def _label(origin: str, posts: int) -> Sayable:
    match origin:
        case "UGC":
            return say_n("Users: {n} post", "Users: {n} posts", n=posts)
        case "OGC":
            return say_n("The brand: {n} post", "The brand: {n} posts", n=posts)
        case "KOL":
            return say_n("Partners: {n} post", "Partners: {n} posts", n=posts)
    return say_n("Press and professionals: {n} post", "Press and professionals: {n} posts", n=posts)
