"""The worlds by the name of their truth: who makes the files of each, and which files change with it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fanops_utils.data.sample.formats import ads, ga4, lists, partners, survey
from fanops_utils.data.sample.worlds.channels import content, followers, live
from fanops_utils.data.sample.worlds.commerce import budget, loyalty, programme, subscriptions
from fanops_utils.data.sample.worlds.members import advocates, club, referral, satisfaction, talk
from fanops_utils.data.sample.worlds.outside import crisis, rivals

if TYPE_CHECKING:
    from fanops_utils.data.sample.formats.files import RawFile
    from fanops_utils.data.sample.setting import Setting


@dataclass(frozen=True)
class World:
    """One subject: the maker of its files, and patterns of every file that changes with its truth."""

    files: Callable[[Setting], list[RawFile]]
    writes: tuple[str, ...]


def _promoted(setting: Setting) -> list[RawFile]:
    return [*ads.ads_files(setting), *partners.partner_files(setting)]


# The referrals follow from the people; what has its own export per account is made in `build`.
WORLDS: dict[str, World] = {
    "club": World(club.club_files, (*club.WRITES, *loyalty.WRITES)),  # reviews and check-ins earn points
    "talk": World(talk.talk_files, talk.WRITES),
    "referral": World(referral.referral_files, referral.WRITES),
    "loyalty": World(loyalty.loyalty_files, loyalty.WRITES),
    "subscriptions": World(subscriptions.subscription_files, subscriptions.WRITES),
    "satisfaction": World(satisfaction.satisfaction_files, satisfaction.WRITES),
    "rivals": World(rivals.rival_files, rivals.WRITES),
    "content": World(content.content_files, content.WRITES),
    "crisis": World(crisis.crisis_files, crisis.WRITES),
    "budget": World(budget.budget_files, budget.WRITES),
    "followers": World(followers.follower_files, followers.WRITES),
    "live": World(live.live_files, live.WRITES),
    "programme": World(programme.programme_files, (*programme.SELLS_IN, "partners/deliveries.csv")),  # orders by code
    "promotion": World(_promoted, ("meta_ads/*", "partners/deliveries.csv", "listening/mentions.csv", "shopify/*")),
    "web": World(ga4.ga4_files, ("ga4/*",)),
    "survey": World(survey.survey_files, ("survey/after_order.csv",)),
    "trials": World(lists.trial_files, ("experiments/*",)),
}
# Truths that show in files which another world makes.
SHOWS_IN: dict[str, tuple[str, ...]] = {
    "advocates": advocates.WRITES,
    "voices": crisis.WRITES,
    "listening": (*crisis.WRITES, *satisfaction.WRITES, "community/messages.csv", "community/cases.csv"),
    "posts": ("instagram/*", *content.WRITES, *crisis.WRITES),
    "daily": ("instagram/*", "tiktok/*", "youtube/*", "ga4/*", *crisis.WRITES, *followers.WRITES),
}
