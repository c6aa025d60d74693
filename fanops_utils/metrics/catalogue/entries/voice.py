"""What is said of the brand elsewhere, and who says it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd

from fanops_utils.metrics.catalogue.asked import Asked
from fanops_utils.metrics.catalogue.entries import words
from fanops_utils.metrics.catalogue.entries.posts import own_posts
from fanops_utils.metrics.catalogue.estimates import BALANCE, SHARE, TOTAL
from fanops_utils.metrics.catalogue.metric import Metric
from fanops_utils.metrics.catalogue.moments import shares, totals
from fanops_utils.text import term

BY = ["date_day", "market", "platform"]


def _ours(asked: Asked) -> Any:
    rows = asked.within(asked.rows("mentions"))
    return rows.filter(rows.brand == asked.store.workspace.brand.name)


def _counted(tone: str | None = None) -> Callable[[Asked], pd.DataFrame]:
    def pieces(asked: Asked) -> pd.DataFrame:
        rows = _ours(asked)
        return totals(rows, by=BY) if tone is None else totals(rows, (rows.sentiment == tone).cast("int64"), by=BY)

    return pieces


def _voice(asked: Asked) -> pd.DataFrame:
    brand = asked.store.workspace.brand
    rows = asked.within(asked.rows("mentions"))
    rows = rows.filter(rows.brand.isin([brand.name, *brand.competitors]))
    return shares(rows, rows.brand == brand.name, by=BY)


def _tone(tone: str) -> Callable[[Asked], pd.DataFrame]:
    def pieces(asked: Asked) -> pd.DataFrame:
        rows = _ours(asked)
        return shares(rows, rows.sentiment == tone, by=BY)

    return pieces


def _net(asked: Asked) -> pd.DataFrame:
    rows = _ours(asked).filter(lambda t: t.sentiment.notnull())
    plus, minus = (shares(rows, rows.sentiment == tone, by=BY) for tone in ("positive", "negative"))
    both = plus.merge(minus.drop(columns="base").rename(columns={"top": "minus"}), on=BY)
    named = both.rename(columns={"top": "plus", "base": "n"})
    return named.assign(weight=named["n"], weight2=named["n"])


def _users(asked: Asked) -> pd.DataFrame:
    """Return user posts among all that was published: own posts, deliveries of partners, mentions by users and press."""
    spoken = _ours(asked).filter(lambda t: t.origin.isin(["UGC", "PGC"]))
    own = own_posts(asked)
    delivered = asked.within(asked.rows("partners"))
    user = own.origin.fill_null("OGC") == "UGC"
    paid = delivered.mutate(user=False)  # what partners deliver is no user's own
    parts = [shares(spoken, spoken.origin == "UGC", by=BY), shares(own, user, by=BY), shares(paid, paid.user, by=BY)]
    if parts[0].empty and not any(part["top"].sum() for part in parts):
        return parts[0]  # nobody listened: that users made nothing is not known
    filled = [part for part in parts if len(part)] or parts[:1]
    return pd.concat(filled, ignore_index=True).groupby(BY, dropna=False, as_index=False)[["top", "base"]].sum()


METRICS = (
    Metric("mentions", "voice", term("Mentions", "metric"),
           term("How often the listening tool found the brand named; what it does not see is not counted", "metric"),
           words.MENTIONS, TOTAL, words.COUNT, ("mentions.mention_id",), _counted(), gaps="zero", direction="neither",
           aliases=("brand mentions",)),
    Metric("negative_mentions", "voice", term("Negative mentions", "metric"),
           term("Mentions that the listening tool labels negative", "metric"), words.NEGATIVE, TOTAL, words.COUNT,
           ("mentions.sentiment",), _counted("negative"), gaps="zero", direction="down"),
    Metric("share_of_voice", "voice", term("Share of voice", "metric"),
           term("The brand's part of all mentions of it and the competitors that brand.yml lists; another list gives another "
                "number", "metric"), words.MENTIONS, SHARE, words.SHARE, ("mentions.brand",), _voice,
           per=term("mentions of the brand and its listed competitors", "counted"), aliases=("sov",)),
    Metric("negative_share", "voice", term("Negative share of mentions", "metric"),
           term("What part of the mentions whose tone is known is negative, by the tool's label", "metric"),
           words.NEGATIVE, SHARE, words.SHARE,
           ("mentions.sentiment",), _tone("negative"), per=words.LABELLED, direction="down"),
    Metric("positive_share", "voice", term("Positive share of mentions", "metric"),
           term("What part of the mentions whose tone is known is positive, by the tool's label", "metric"),
           words.POSITIVE, SHARE, words.SHARE,
           ("mentions.sentiment",), _tone("positive"), per=words.LABELLED),
    Metric("net_sentiment", "voice", term("Net sentiment", "metric"),
           term("Positive less negative mentions, over those whose tone is known", "metric"), words.POSITIVE, BALANCE,
           words.POINTS, ("mentions.sentiment",), _net, per=words.LABELLED, less=words.NEGATIVE),
    Metric("ugc_share", "voice", term("UGC share", "metric"),
           term("What part of all that is published about the brand users made of their own accord; where the tool does not say "
                "who wrote, it is left out", "metric"), term("posts by users about the brand", "counted"), SHARE,
                words.SHARE,
           ("mentions.origin", "posts.origin", "partners.deliverable_id"), _users,
           per=term("own posts, posts of partners, posts by users and press", "counted"), aliases=("ugc share of output",)),
)  # fmt: skip
