"""Who wrote the mentions, and which of them the listening tool tags as about a campaign; no mention is added."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from fanops_utils.data.sample.draws import calendar
from fanops_utils.data.sample.worlds.outside.listening import NETWORKS
from fanops_utils.workspace import Campaign

if TYPE_CHECKING:
    from fanops_utils.data.sample.setting import Setting

AUTHORS = {"User": 0.88, "Press": 0.07, "Creator": 0.05}


@dataclass(frozen=True)
class VoiceTruth:
    """Posts about a campaign: the share that users and the press make of all posts about it, and who else is listed."""

    user_shares: tuple[tuple[str, float], ...] = (("spring_blend_br", 0.45),)
    press_share: float = 0.06
    repeated_share: float = 0.12  # of the tagged mentions: the brand's and its partners' own posts, listed once more


def voices(setting: Setting, mentions: pd.DataFrame) -> pd.DataFrame:
    """Return *mentions* with tag ("" = none) and author; of the mentions about a campaign's live days some are its own.

    As many are tagged as make the planted share of users among all posts about the campaign: its platform's posts, its
    partners' deliveries, and the tagged mentions on networks where the brand's own posts are known.
    """
    truth, rng = setting.truths.voices, setting.rng("voices")
    author = rng.choice(list(AUTHORS), len(mentions), p=list(AUTHORS.values())).astype(object)
    tag, luck = np.full(len(mentions), "", dtype=object), rng.random(len(mentions))
    for name, users in truth.user_shares:
        campaign = setting.workspace.campaigns.get(name)
        if campaign is None:
            continue
        near = _near(setting, campaign, mentions)
        chosen = np.flatnonzero(near & (luck < tagged_share(setting, campaign, users)))
        tag[chosen] = campaign.id
        again = truth.repeated_share
        of_users = (1 - again) * users / (users + truth.press_share)
        shares = (of_users, 1 - again - of_users, again / 2, again / 2)
        author[chosen] = rng.choice(["User", "Press", "Creator", "Brand"], len(chosen), p=shares)
    return mentions.assign(tag=tag, author=author)


def tagged_share(setting: Setting, campaign: Campaign, users: float) -> float:
    """Return the part of the brand's mentions that has to be tagged for *users* to be their share of all posts."""
    truths, weeks, scale = setting.truths, campaign.live.days / 7, setting.scale
    known = truths.posts.per_week * scale * weeks + truths.promotion.deliveries * len(campaign.partners)
    said = users + truths.voices.press_share
    wanted = said / (1 - said) * known / (1 - truths.voices.repeated_share)
    places = [setting.market(code) for code in campaign.treated]
    there = sum(place.mention_share * place.share_of_voice for place in places)
    there *= truths.listening.mentions * scale * campaign.live.days / len(calendar()) * (1 - NETWORKS["tiktok"])
    return min(1.0, wanted / there)


def _near(setting: Setting, campaign: Campaign, mentions: pd.DataFrame) -> np.ndarray:
    """Return which *mentions* name the brand in the campaign's markets and live days."""
    near = np.zeros(len(mentions), dtype=bool)
    for code in campaign.treated:
        own = (mentions["market"] == code) & (mentions["brand"] == setting.workspace.brand.name)
        day = mentions["time"].dt.tz_convert(setting.zone(code)).dt.date
        near |= (own & (day >= campaign.live.start) & (day <= campaign.live.end)).to_numpy()
    return near
