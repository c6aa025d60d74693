"""What campaigns pay for: advertisements, codes, partners."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class PromotionTruth:
    """What a campaign pays for or gives away; none of it adds an order, so whatever is tracked is not its effect."""

    ads_per_day: tuple[tuple[str, float], ...] = (  # by campaign, in its currency
        ("spring_blend_br", 55.0), ("autumn_push_de", 38.0), ("winter_warmup_fr", 105.0),
    )  # fmt: skip
    thousand_shown: float = 6.5
    click_rate: float = 0.011
    order_rate: float = 0.03  # orders credited per click
    seen_only: float = 0.00001  # orders credited per time shown, without a click
    engaged_rate: float = 0.034  # interactions per time shown, clicks among them
    order_value: float = 31.0
    creatives: tuple[tuple[str, float], ...] = (("Recipe reel", 1.25), ("Product still", 0.75))  # clicks, factor
    code_share: float = 0.8  # of the orders with a discount code, under a code of the campaign
    deliveries: int = 4  # per partner
    partner_rates: tuple[tuple[str, float, float], ...] = (  # tier, followers, interactions per reach
        ("micro", 38_000, 0.062), ("mid", 160_000, 0.041), ("nano", 7_500, 0.081),
    )  # fmt: skip
