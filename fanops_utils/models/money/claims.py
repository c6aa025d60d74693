"""A campaign's money and sales, each claim safe to ask for: where nothing can be said there is nothing, with a reason."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from fanops_utils.data.privacy.small_cells import SMALLEST
from fanops_utils.errors import DataError
from fanops_utils.metrics import AdCosts, Interval, ad_costs, code_orders, link_visits, side_by_side, survey_share
from fanops_utils.metrics.columns import counts_of, numbers
from fanops_utils.metrics.money.attribution import CLAIM_COLUMNS
from fanops_utils.metrics.money.costs import currencies
from fanops_utils.models.campaign.effect import CampaignEffect
from fanops_utils.models.money.pacing import Pacing, pacing
from fanops_utils.models.reasons import NoAds, Reason, Refused, SeveralCurrencies
from fanops_utils.text.faults import fault
from fanops_utils.workspace.registers.campaign import Campaign

ADVERTISEMENT = ("ad_group_name", "ad_name")


def sales_claims(
    orders: pd.DataFrame,
    visits: pd.DataFrame,
    answers: pd.DataFrame,
    campaign: Campaign,
    *,
    extra: CampaignEffect | None,
    level: float = 0.95,
) -> pd.DataFrame:
    """Return `metrics.side_by_side` for the orders of the treated markets in the live days; empty without orders.

    *orders*: those of the treated markets (date_day, market, discount_code, currency, subtotal; orders where a row
    stands for several); *visits*: days of the
    site; *answers*: those of the treated markets (date_day, question, choice), the ones of the live days used where a
    choice is the campaign's id or name, and ten or more answered; *extra*: the effect on orders. Revenue is not
    compared: the markets' orders are in their own currencies. A rule that claims more than there is, is left out.
    """
    inside = orders["date_day"].between(pd.Timestamp(campaign.live.start), pd.Timestamp(campaign.live.end))
    total = int(counts_of(orders, "orders")[inside].sum())
    if not total:
        return pd.DataFrame(columns=CLAIM_COLUMNS)
    code = under_code(orders, campaign) if campaign.codes else np.nan
    linked = numbers(link_visits(visits, campaign.utm, period=campaign.live)["key_events"])
    link = float(np.nansum(linked)) if linked.size and not np.isnan(linked).all() else np.nan
    told = extra is not None and extra.verdict != "cannot tell" and bool(np.isfinite(extra.extra.estimate))
    return side_by_side(
        total,
        code=code if 0 <= code <= total else None,
        link=link if 0 <= link <= total else None,
        survey=_named(answers, campaign, level),
        counterfactual=extra.extra if told and extra is not None else None,
        level=level,
    )


def under_code(orders: pd.DataFrame, campaign: Campaign) -> float:
    """Return the orders of the live days under one of the campaign's codes; NaN where there are no orders at all."""
    if orders.empty:
        return float("nan")
    table = code_orders(
        orders.assign(created_local=orders["date_day"]), campaign.codes, period=campaign.live, per="market"
    )
    return float(table["under_code"].sum())


def _named(answers: pd.DataFrame, campaign: Campaign, level: float) -> Interval | None:
    """Return the share of the live days' answers that name the campaign; None where it is no option, or few answered."""
    own = (campaign.id, campaign.name)
    asked = answers.loc[answers["choice"].isin(own), "question"].unique()
    inside = answers["date_day"].between(pd.Timestamp(campaign.live.start), pd.Timestamp(campaign.live.end))
    if not len(asked):
        return None
    found = survey_share(answers[inside], own, question=str(asked[0]), level=level)
    return found if found.n >= SMALLEST else None


def ad_costs_or_reason(
    ads: pd.DataFrame, by: str | Sequence[str] = ADVERTISEMENT, *, level: float = 0.95
) -> tuple[AdCosts | None, Reason | None]:
    """Return `metrics.ad_costs` of *ads* by *by* (ad set and creative), and why not where they cannot be added up."""
    if ads.empty:
        return None, NoAds()
    named = currencies(ads)
    if len(named) != 1 or ads["currency"].isna().any():
        return None, SeveralCurrencies(named)
    try:
        return ad_costs(ads, by, level=level), None
    except DataError as error:
        return None, Refused(fault(error))


def media_pacing(ads: pd.DataFrame, campaign: Campaign, *, level: float = 0.9) -> Pacing | None:
    """Return `pacing` of the budget's line for media; None without such a line, or spend in the same currency.

    The last day in *ads* counts as the last complete one.
    """
    media = campaign.categories().get("media", 0.0)
    if not media or ads.empty or set(ads["currency"]) != {campaign.currency}:
        return None
    as_of = min(pd.Timestamp(ads["date_day"].max()).date(), campaign.live.end)
    return pacing(ads[["date_day", "spend"]], budget=media, period=campaign.live, as_of=as_of, level=level)
