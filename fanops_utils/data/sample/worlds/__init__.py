"""The worlds of the simulated brand, by subject: what is planted, the files it shows in, and what may be asked of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fanops_utils.data.sample.worlds import (
    budget,
    club,
    content,
    crisis,
    followers,
    live,
    loyalty,
    programme,
    referral,
    rivals,
    satisfaction,
    subscriptions,
    talk,
)

if TYPE_CHECKING:
    from fanops_utils.data.sample.formats.files import RawFile
    from fanops_utils.data.sample.setting import Setting


@dataclass(frozen=True)
class World:
    """One subject: the maker of its files, and patterns of every file that changes with its truth."""

    files: Callable[[Setting], list[RawFile]]
    writes: tuple[str, ...]


# By the name its truth has among the truths; the referrals follow from the people.
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
    "programme": World(programme.programme_files, programme.SELLS_IN),
}
