"""Who wrote the mentions, and which of them the listening tool tags as about a campaign; no mention is added."""

from __future__ import annotations

import numpy as np
import pandas as pd

from fanops_utils.data.sample.draws import calendar, stream
from fanops_utils.data.sample.listening import NETWORKS
from fanops_utils.data.sample.truth import LISTENING, POSTS, PROMOTION, VOICES, market_truth
from fanops_utils.workspace import Campaign, Workspace

AUTHORS = {"User": 0.88, "Press": 0.07, "Creator": 0.05}


def voices(workspace: Workspace, mentions: pd.DataFrame, *, seed: int, scale: float) -> pd.DataFrame:
    """Return *mentions* with tag ("" = none) and author; of the mentions about a campaign's live days some are its own.

    As many are tagged as make the planted share of users among all posts about the campaign: its platform's posts, its
    partners' deliveries, and the tagged mentions on networks where the brand's own posts are known.
    """
    rng = stream(seed, "voices")
    author = rng.choice(list(AUTHORS), len(mentions), p=list(AUTHORS.values())).astype(object)
    tag, luck = np.full(len(mentions), "", dtype=object), rng.random(len(mentions))
    for name, users in VOICES.user_shares:
        campaign = workspace.campaigns.get(name)
        if campaign is None:
            continue
        near = _near(workspace, campaign, mentions)
        chosen = np.flatnonzero(near & (luck < tagged_share(campaign, users, scale=scale)))
        tag[chosen] = campaign.id
        again = VOICES.repeated_share
        of_users = (1 - again) * users / (users + VOICES.press_share)
        shares = (of_users, 1 - again - of_users, again / 2, again / 2)
        author[chosen] = rng.choice(["User", "Press", "Creator", "Brand"], len(chosen), p=shares)
    return mentions.assign(tag=tag, author=author)


def tagged_share(campaign: Campaign, users: float, *, scale: float) -> float:
    """Return the part of the brand's mentions that has to be tagged for *users* to be their share of all posts."""
    weeks = campaign.live.days / 7
    known = POSTS.per_week * scale * weeks + PROMOTION.deliveries * len(campaign.partners)
    wanted = (users + VOICES.press_share) / (1 - users - VOICES.press_share) * known / (1 - VOICES.repeated_share)
    there = sum(market_truth(code).mention_share * market_truth(code).share_of_voice for code in campaign.treated)
    there *= LISTENING.mentions * scale * campaign.live.days / len(calendar()) * (1 - NETWORKS["tiktok"])
    return min(1.0, wanted / there)


def _near(workspace: Workspace, campaign: Campaign, mentions: pd.DataFrame) -> np.ndarray:
    """Return which *mentions* name the brand in the campaign's markets and live days."""
    near = np.zeros(len(mentions), dtype=bool)
    for code in campaign.treated:
        own = (mentions["market"] == code) & (mentions["brand"] == workspace.brand.name)
        day = mentions["time"].dt.tz_convert(workspace.market(code).time_zone).dt.date
        near |= (own & (day >= campaign.live.start) & (day <= campaign.live.end)).to_numpy()
    return near
