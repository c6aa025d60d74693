"""A campaign read by weighted mixes of its controls: synthetic control and synthetic DiD, beside the default.

For brands with many markets. Below twenty markets, or where the mix does not follow the treated markets, the result
says which gate fails (`SyntheticEffect.failed`) and no verdict may rest on it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import pandas as pd

from fanops_utils.errors import DataError
from fanops_utils.models.panel.markets import market_panel
from fanops_utils.models.panel.scope import scope
from fanops_utils.models.reasons import FewControls, NoTotals, Reason, Refused, ZeroDay
from fanops_utils.models.synthetic.control import Method, SyntheticEffect, synthetic_control, synthetic_did
from fanops_utils.text.faults import fault
from fanops_utils.workspace.registers.campaign import Campaign

ESTIMATORS: dict[Method, Callable[..., SyntheticEffect]] = {
    "synthetic control": synthetic_control,
    "synthetic difference in differences": synthetic_did,
}
FEWEST_CONTROLS = 2


@dataclass(frozen=True)
class Mixes:
    """What the mixes of the controls say, on the log scale; `found` is empty where nothing can be mixed.

    `plain`: synthetic control without an intercept, the markets' levels as they are: those of `found` leave them out.
    `reason`: why nothing can be mixed. `running`: the last live days were still to come. `n_controls`: controls with
    data.
    """

    found: tuple[SyntheticEffect, ...] = ()
    reason: Reason | None = None
    running: bool = False
    n_controls: int = 0
    plain: SyntheticEffect | None = None


def synthetic_effect(
    daily: pd.DataFrame,
    campaign: Campaign,
    *,
    method: Method = "synthetic control",
    level: float = 0.9,
    intercept: bool = True,
) -> SyntheticEffect | None:
    """Return what a weighted mix of the controls says of *campaign*, on the log scale, days as periods.

    For a brand with many markets; its gates (20 units, 25 days, fit, range) say where it is not to be believed. All
    complete days from the first in *daily* to the campaign's last are used, but for those between baseline and start:
    a pre-heat is no past to be followed. Each market is taken as a ratio to its own mean before the start (Ferman and
    Pinto 2021: an *intercept*), so that a small one can be mixed from large ones. None without two controls, or where a
    total is zero. The estimate is a mean over days of logs: exp - 1 of it is the lift. Raises DataError as `synthetic_control`
    does.
    """
    if len(campaign.controls) < FEWEST_CONTROLS or (daily["value"] <= 0).any():
        return None
    panel = market_panel(daily, treated=campaign.treated, controls=campaign.controls)
    logs = panel.scaled[panel.complete]
    since = pd.Timestamp(campaign.live.start)
    past, live = logs.index <= pd.Timestamp(campaign.baseline.end), logs.index >= since
    logs = logs[past | (live & (logs.index <= pd.Timestamp(campaign.live.end)))].rename_axis(
        index="day", columns="market"
    )
    if intercept:
        logs = logs - logs[logs.index < since].mean()
    long = logs.reset_index().melt("day", var_name="market", value_name="value")
    names = {"unit": "market", "time": "day", "value": "value"}
    return ESTIMATORS[method](long, treated=campaign.treated, since=since, level=level, **names)


def mixed_effects(
    daily: pd.DataFrame,
    campaign: Campaign,
    *,
    breaks: pd.DataFrame | None = None,
    as_of: date | None = None,
    level: float = 0.9,
) -> Mixes:
    """Return both mixes for the markets and days of *campaign* that `scope` leaves, or the reason why there are none.

    *daily*: date_day, market, value. Nothing is raised for data that allow no mix: the reason says what they lack.
    """
    if daily.empty:
        return Mixes(reason=NoTotals())
    left = scope(
        daily, treated=campaign.treated, controls=campaign.controls, live=campaign.live, baseline=campaign.baseline,
        platform=campaign.platform, metric=campaign.metric, breaks=breaks, as_of=as_of,
    )  # fmt: skip
    number, running = len(left.controls), left.running
    if left.refusal is not None:
        return Mixes(reason=left.refusal, running=running, n_controls=number)
    if number < FEWEST_CONTROLS:
        return Mixes(reason=FewControls(FEWEST_CONTROLS), running=running, n_controls=number)
    seen = campaign.model_copy(update={"treated": left.treated, "controls": left.controls, "live": left.live})
    used = left.daily[left.daily["market"].isin([*left.treated, *left.controls])]
    try:
        both = [synthetic_effect(used, seen, method=method, level=level) for method in ESTIMATORS]
        plain = synthetic_effect(used, seen, level=level, intercept=False)
    except DataError as error:
        return Mixes(reason=Refused(fault(error)), running=running, n_controls=number)
    found = tuple(one for one in both if one is not None)
    return Mixes(found, None if found else ZeroDay(), running, number, plain)
