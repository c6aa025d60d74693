"""What the treated markets' own past suggests: by days or weeks, beside the controls where there are any."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pandas as pd

from fanops_utils.models.campaign.structural import StructuralEffect, structural_effect
from fanops_utils.models.campaign.verdicts import FEWEST_CONTROLS
from fanops_utils.models.panel.markets import Panel
from fanops_utils.workspace.register import Period


def own_past(
    panel: Panel, live: Period, *, level: float, covariates: pd.DataFrame | None, weekly: bool
) -> StructuralEffect | None:
    """Return what the markets' own past suggests, beside the controls where there are any; None where it cannot be asked.

    Days without a single unit are added up to weeks. Rates, live days still to come and empty weeks have no answer.
    """
    total = panel.values[list(panel.treated)].sum(axis=1, skipna=False)
    if panel.choice.scale == "difference":
        return None
    if not weekly and (total <= 0).any():
        live, weekly = Period(start=live.start, end=live.start + timedelta(days=max(live.days // 7, 1) * 7 - 1)), True
    weeks = total.groupby((pd.DatetimeIndex(total.index) - pd.Timestamp(live.start)).days // 7).sum(min_count=7)
    if live.end > total.index[-1].date() or (weekly and (weeks <= 0).any()):
        return None
    beside = _beside(panel, live, covariates)
    own = structural_effect(total, live=live, covariates=beside, level=level, weekly=weekly)
    return replace(own, n_beside=len(panel.controls))


def _beside(panel: Panel, live: Period, covariates: pd.DataFrame | None) -> pd.DataFrame | None:
    """Return the controls' course beside *covariates*; on days that a market lacks, which are known of none, as before.

    Of three or more the median of their weeks, each about its own mean before *live*: one with a shock of its own then
    moves next to nothing (of single days the median would move by their noise). One or two are followed day by day.
    """
    if not panel.controls:
        return covariates
    logs = panel.values[list(panel.controls)].apply(np.log1p).ffill().bfill()
    if len(panel.controls) < FEWEST_CONTROLS:
        return logs if covariates is None else logs.join(covariates)
    weeks = logs.rolling(7, center=True, min_periods=1).mean()
    before = weeks[weeks.index < pd.Timestamp(live.start)].mean()
    course = (weeks - before).median(axis=1).rename("controls").to_frame()
    return course if covariates is None else course.join(covariates)
