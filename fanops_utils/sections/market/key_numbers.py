"""The figures at the head of a market analysis."""

from __future__ import annotations

from collections.abc import Mapping

from fanops_utils.metrics import Change
from fanops_utils.playbook import KeyNumbers, Section
from fanops_utils.sections import words
from fanops_utils.sections.key_numbers import measured, moved
from fanops_utils.text import Count, Percent, term


def key_numbers(changes: Mapping[str, Change], *, voice: Section, followers_on: str = "") -> KeyNumbers:
    """Return the strip: followers, interactions, views, mentions and their tone (`metrics.market_changes`), share of voice.

    *followers_on*: the platform that tells follower totals, which need not be the one the report is about.
    """
    return KeyNumbers.of(
        moved(
            "followers",
            term("Followers", "key number"),
            changes,
            Count,
            metric="followers",
            stock=True,
            note=words.platform(followers_on) if followers_on else None,
        ),
        moved("engagements", term("Interactions in 28 days", "key number"), changes, Count, metric="engagements"),
        moved("views", term("Views in 28 days", "key number"), changes, Count, metric="views"),
        moved("mentions", term("Mentions in 28 days", "key number"), changes, Count, metric="mentions"),
        moved("negative", term("Negative mentions", "key number"), changes, Percent, metric="negative_share"),
        measured(voice, term("Share of voice", "key number"), metric="share_of_voice"),
    )
