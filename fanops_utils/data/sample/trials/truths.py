"""What is planted in the experiments: outcomes and effects, what the log loses, how effects differ and fade."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Outcome:
    """One outcome of a trial: mean of the control arm, and what the other arm adds to it."""

    control: float
    effect: float = 0.0


@dataclass(frozen=True)
class TrialTruth:
    """One experiment; `lost_share` of the treated units is never logged, inactive ones first by `lost_odds`.

    The effect of an arm is that of the outcome times its factor in `arm_factors`, 1 where it has none.
    """

    outcomes: dict[str, Outcome]
    units_per_arm: int = 6000
    lost_share: float = 0.0
    lost_odds: float = 1.0
    arm_factors: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class BroadTruth:
    """An experiment across markets: the effect is multiplied by its market's factor and fades with the days.

    `clusters` are assigned whole; their common part has the standard deviation `cluster_sd`.
    """

    outcomes: dict[str, Outcome]
    units_per_arm: int
    market_factors: dict[str, float]
    fading_days: float | None = None
    clusters: int = 0
    cluster_sd: float = 0.0


@dataclass(frozen=True)
class SwitchTruth:
    """A switchback: each day one arm has the first half of the `slots`, by lot, and the other the second.

    `season` is added to the outcomes by slot of the day and `slot_sd` by slot, both as shares of the control's mean;
    slots in a row resemble each other by `persistence`. In the first slot after a change, the share `carried` of the
    effect is still that of the arm before.
    """

    outcomes: dict[str, Outcome]
    units_per_slot: float
    slots: int = 6
    season: tuple[float, ...] = (0.12, 0.03, -0.09, -0.12, -0.03, 0.09)
    slot_sd: float = 0.08
    persistence: float = 0.7
    carried: float = 0.5


@dataclass(frozen=True)
class PairTruth:
    """A test of posts in pairs; rates vary from pair to pair and from post to post (sd of the log), reach too."""

    outcomes: dict[str, Outcome]
    pairs: int
    pair_sd: float = 0.25
    post_sd: float = 0.18
    reach: float = 9_000.0


Trial = TrialTruth | BroadTruth | SwitchTruth | PairTruth
TRIALS: dict[str, Trial] = {
    "welcome_message": TrialTruth(
        {"returned_7d": Outcome(0.24, 0.035), "muted_7d": Outcome(0.03), "messages_7d": Outcome(2.0, 0.15)}
    ),
    "push_copy": TrialTruth({"opened": Outcome(0.11), "muted": Outcome(0.02)}),
    "badge_design": TrialTruth(
        {"posted_14d": Outcome(0.30), "posts_14d": Outcome(1.2)}, lost_share=0.09, lost_odds=8.0
    ),
    "first_order_gift": BroadTruth(
        {
            "revenue_28d": Outcome(12.0, 3.0),
            "refunded_28d": Outcome(0.04),
            "opened_share": Outcome(0.22, 0.015),
            "kept_14d": Outcome(0.35, 0.01),
        },
        units_per_arm=16_000,  # 4,000 per market: enough to see that their effects differ
        market_factors={"US": 1.7, "BR": 1.2, "DE": 1.0, "JP": 0.1},
    ),
    "daily_digest": BroadTruth(
        {"visited_7d": Outcome(0.30, 0.12), "unsubscribed": Outcome(0.02, 0.05), "messages_7d": Outcome(1.6)},
        units_per_arm=8000,
        market_factors={"DE": 1.0},
        fading_days=10.0,
    ),
    "host_training": BroadTruth(
        {"replies_14d": Outcome(3.0)}, units_per_arm=3000, market_factors={"US": 1.0}, clusters=36, cluster_sd=0.25
    ),
    "push_hour": TrialTruth(
        {"opened": Outcome(0.12, 0.025), "muted": Outcome(0.02), "visits_24h": Outcome(1.4)},
        units_per_arm=7000,
        arm_factors={"at_07": -0.4, "at_12": 1.0, "at_21": 0.0},
    ),
    "reply_bot": SwitchTruth(
        {"reply_minutes": Outcome(40.0, -9.0), "asked_again": Outcome(0.10), "replies": Outcome(3.0)},
        units_per_slot=40.0,
    ),
    "caption_length": PairTruth({"engagement_rate": Outcome(0.045, 0.005), "saves": Outcome(60.0)}, pairs=64),
}
