"""A campaign taken apart: by market, by platform, by format, by partner, and whether it spilled over into controls.

Each part is estimated as the whole is, against the same controls. The best of several parts is best by luck too, so
what is ranked is shrunk (`league_table`), what stands out must do so among all parts (`p_value`, read together), and no
part gets a verdict of its own where the whole has none.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from fanops_utils.errors import DataError
from fanops_utils.metrics import engagement_rate, interactions, ratio_of_sums
from fanops_utils.metrics.columns import numbers
from fanops_utils.metrics.intervals import NOTHING
from fanops_utils.models.campaign.effect import CampaignEffect
from fanops_utils.models.campaign.league import league_table, spread_of
from fanops_utils.models.campaign.phases import PHASE_COLUMNS, phase_effects
from fanops_utils.models.campaign.retrospective import retrospective_effect
from fanops_utils.models.content.mix import PARTS, MixRate, mix_and_rate
from fanops_utils.models.panel.scope import scope
from fanops_utils.models.reasons import Refused
from fanops_utils.text.faults import fault
from fanops_utils.workspace.register import Period
from fanops_utils.workspace.registers.campaign import Campaign

PART_COLUMNS = ["part", "estimate", "ci_lower", "ci_upper", "n", "p_value", "verdict", "reason"]
FEWEST_POSTS = 10


def effect_or_reason(daily: pd.DataFrame, campaign: Campaign, **options: Any) -> CampaignEffect | None:
    """Return `retrospective_effect`; where the data refuse it, cannot tell with the reason; None without any day.

    Totals that may be zero are allowed: the outcome is compared as a count (`choose_scale`), which for totals that
    never are is the same.
    """
    if daily.empty:
        return None
    try:
        return retrospective_effect(daily, campaign, **{"outcome": "count", **options})
    except DataError as error:
        return CampaignEffect(
            verdict="cannot tell", reason=Refused(fault(error)), log_effect=NOTHING, extra=NOTHING,
            before_after=float("nan"), level=float(options.get("level", 0.9)), n_controls=len(campaign.controls),
            n_live_days=0, n_dropped_days=0,
        )  # fmt: skip


def phases_or_none(
    daily: pd.DataFrame, campaign: Campaign, *, breaks: pd.DataFrame | None = None, level: float = 0.9
) -> pd.DataFrame:
    """Return `phase_effects` for the markets that have data; an empty frame where nothing can be compared."""
    nothing = pd.DataFrame(columns=PHASE_COLUMNS)
    if daily.empty:
        return nothing
    left = scope(
        daily, treated=campaign.treated, controls=campaign.controls, live=campaign.live, baseline=campaign.baseline,
        platform=campaign.platform, metric=campaign.metric, breaks=breaks,
    )  # fmt: skip
    if left.refusal is not None:
        return nothing
    try:
        return phase_effects(
            left.daily, campaign, treated=left.treated, controls=left.controls, level=level, outcome="count"
        )
    except DataError:
        return nothing


def effects_by_market(daily: pd.DataFrame, campaign: Campaign, **options: Any) -> pd.DataFrame:
    """Return the effect in each treated market alone, against all controls: see `PART_COLUMNS`; fractions.

    And apart_p: the p-value of its difference from the other treated markets, which share what the controls did by
    chance; NaN with one market. Of two it is one comparison.
    """
    ones = {code: campaign.model_copy(update={"treated": (code,)}) for code in campaign.treated}
    table = _table({code: effect_or_reason(daily, one, **options) for code, one in ones.items()})
    beside = {
        code: one.model_copy(update={"controls": tuple(other for other in campaign.treated if other != code)})
        for code, one in ones.items() if len(ones) > 1
    }  # fmt: skip
    apart = _table({code: effect_or_reason(daily, one, **options) for code, one in beside.items()})
    return table.assign(
        apart_p=table["part"].map(dict(zip(apart["part"], apart["p_value"], strict=True))).astype(float)
    )


def effects_by_platform(
    totals: Mapping[tuple[str, str], pd.DataFrame], campaign: Campaign, **options: Any
) -> pd.DataFrame:
    """Return the effect of the same days on other platforms: *totals* are daily frames by (platform, metric).

    The part is (platform, metric). A platform without any day is left out.
    """
    found = {}
    for (platform, metric), daily in totals.items():
        one = campaign.model_copy(update={"platform": platform, "metric": metric})
        found[platform, metric] = effect_or_reason(daily, one, **options)
    return _table(found)


def spillover(daily: pd.DataFrame, campaign: Campaign, **options: Any) -> pd.DataFrame:
    """Return the effect each control would show if it were the treated one, against the other controls.

    A control that rises by itself takes from the effect found. With fewer than three controls nothing can be said:
    the frame is empty. Chance alone marks one in ten at a level of 90 %.
    """
    found = {}
    for code in campaign.controls if len(campaign.controls) > 2 else ():
        others = tuple(other for other in campaign.controls if other != code)
        found[code] = effect_or_reason(
            daily, campaign.model_copy(update={"treated": (code,), "controls": others}), **options
        )
    return _table(found)


def _table(found: Mapping[Any, CampaignEffect | None]) -> pd.DataFrame:
    """Return a row per part: `reason` is its code, empty where the interval gave the verdict."""
    rows = [(name, *_numbers(one), one.verdict, one.reason.code if one.reason else "")
            for name, one in found.items() if one is not None]  # fmt: skip
    return pd.DataFrame(rows, columns=PART_COLUMNS).astype(dict.fromkeys([*PART_COLUMNS[1:4], "p_value"], float))


def _numbers(one: CampaignEffect) -> tuple[float, float, float, int, float]:
    chance = one.placebo_time.chance(one.log_effect.estimate) if one.placebo_time else np.nan
    return one.effect.estimate, one.effect.ci_lower, one.effect.ci_upper, one.effect.n, chance


def format_mix(posts: pd.DataFrame, campaign: Campaign, *, level: float = 0.9) -> MixRate | None:
    """Return how interactions per account reached changed from baseline to live weeks: by mix of formats, or in each.

    Columns of *posts*: created_local, post_type, reach and what `interactions` reads. The interval of a format's
    change is that of posts (delta method), not of single interactions, which come in bursts. A format with fewer than
    ten posts on a side is marked hidden. None where a side has no post with a known reach.
    """
    known = posts.assign(top=interactions(posts)).dropna(subset=["post_type", "reach", "top"])
    known = known[known["reach"] > 0]
    sides = [_within(known, period) for period in (campaign.baseline, campaign.live)]
    if any(side.empty for side in sides):
        return None
    kinds = sorted({kind for side in sides for kind in side["post_type"]})
    frame = pd.DataFrame({"post_type": kinds})
    for name, side in zip(("before", "after"), sides, strict=True):
        sums = side.groupby("post_type")[["top", "reach"]].sum().reindex(kinds, fill_value=0)
        frame[f"numerator_{name}"], frame[f"denominator_{name}"] = numbers(sums["top"]), numbers(sums["reach"])
        frame[f"n_{name}"] = side.groupby("post_type").size().reindex(kinds, fill_value=0).to_numpy()
    found = mix_and_rate(frame[["post_type", *PARTS]], "post_type", level=level)
    table = found.table.assign(n_before=frame["n_before"], n_after=frame["n_after"])
    half = np.hypot(*(_half_widths(side, kinds, level) for side in sides))
    table["ci_lower"], table["ci_upper"] = table["change"] - half, table["change"] + half
    table["hidden"] = table[["n_before", "n_after"]].min(axis=1) < FEWEST_POSTS
    return MixRate(found.before, found.after, found.mix, found.rate, table)


def _within(posts: pd.DataFrame, period: Period) -> pd.DataFrame:
    day = posts["created_local"].dt.normalize()
    return posts[day.between(pd.Timestamp(period.start), pd.Timestamp(period.end))]


def _half_widths(posts: pd.DataFrame, kinds: list[str], level: float) -> np.ndarray:
    found = [engagement_rate(posts[posts["post_type"] == kind], level=level).pooled for kind in kinds]
    return np.array([(one.ci_upper - one.ci_lower) / 2 for one in found])


def partner_rates(deliveries: pd.DataFrame, *, level: float = 0.9) -> pd.DataFrame:
    """Return what each partner brought, ranked by interactions per account reached, shrunk: best first.

    Columns of *deliveries* (table partners): partner_key, tier, reach, engagements, orders, fee, currency. Returned:
    the columns of `league_table` and partner, tier, deliveries, reach, engagements, orders, fee, currency, cost_each
    (fee per interaction). A partner with one delivery has no spread, and no rank. Fees in several currencies are not
    compared: fee and cost_each are NaN then.
    """
    if deliveries.empty:
        return pd.DataFrame(columns=["rank", "partner", "estimate", "shrunk", "ci_lower", "ci_upper", "deliveries"])
    currencies = deliveries["currency"].dropna().unique()
    currency = str(currencies[0]) if len(currencies) == 1 else ""
    rows = []
    for name, part in deliveries.groupby("partner_key", observed=True):
        rate = ratio_of_sums(numbers(part["engagements"]), numbers(part["reach"]), level=level)
        spread = spread_of(rate.ci_lower, rate.ci_upper, level=level) if len(part) > 1 else np.nan
        sums = [float(part[key].astype("Float64").sum(min_count=1) if part[key].notna().any() else np.nan)
                for key in ("reach", "engagements", "orders", "fee")]  # fmt: skip
        rows.append(
            (
                str(name),
                part["tier"].fillna("").iloc[0],
                len(part),
                *sums,
                rate.estimate,
                spread if spread > 0 else np.nan,
            )
        )
    columns = ["partner", "tier", "deliveries", "reach", "engagements", "orders", "fee", "estimate", "spread"]
    table = pd.DataFrame(rows, columns=columns).assign(currency=currency)
    if not currency:
        table["fee"] = np.nan
    table["cost_each"] = table["fee"] / table["engagements"].where(table["engagements"] > 0)
    return league_table(table, level=level)
