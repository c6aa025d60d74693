"""May a campaign's estimate be trusted: controls, placebos, drift before the start, days left out, events."""

from __future__ import annotations

import numpy as np

from fanops_utils.metrics import p_text
from fanops_utils.models import CampaignEffect
from fanops_utils.playbook.checks import Check
from fanops_utils.playbook.wording import plural
from fanops_utils.workspace import Campaign

FEW_CONTROLS, FEW_WINDOWS = 3, 6
NO_DAYS = "no daily totals of this metric were imported"


def checks(found: CampaignEffect | None, campaign: Campaign) -> list[Check]:
    """Return the checks of the estimate: controls, placebos, drift before the start, days left out, events."""
    if found is None:
        return [Check("Daily totals", "FAIL", NO_DAYS, "Import the platform's daily files")]
    made = [_controls(found), _placebos(found)]
    if found.pre_trend is not None:
        drift = found.pre_trend
        text = f"before the start the gap to the controls drifted by {drift.slope * 7:+.2%} a week ({p_text(drift.p_value)})"
        status, action = ("FAIL", "The effect may be this drift going on") if drift.failed else ("PASS", "")
        made.append(Check("Pre-trend", status, text, action))  # type: ignore[arg-type]
    if found.leave_one_out is not None and len(found.leave_one_out):
        made.append(_one_control(found))
    if found.n_dropped_days:
        text = f"{plural(found.n_dropped_days, 'day lacks', 'days lack')} a market or belong to an earlier campaign"
        made.append(Check("Days left out", "REVIEW", text, "They are left out in every market"))
    inside = [event for event in campaign.events if campaign.live.start <= event.date <= campaign.live.end]
    if inside:
        listed = "; ".join(f"{event.date} {event.note}" for event in inside)
        action = "Their effect cannot be told from the campaign's"
        made.append(Check("Events", "REVIEW", f"in the live weeks: {listed}", action))
    return made


def _controls(found: CampaignEffect) -> Check:
    number = found.n_controls
    if number >= FEW_CONTROLS:
        return Check("Controls", "PASS", f"{number} markets without the campaign")
    if number:
        text = f"only {plural(number, 'control market', 'control markets')}"
        return Check("Controls", "REVIEW", text, "A surprise in one of them passes for an effect")
    action = "Keep one next time; a before/after change is no effect"
    return Check("Controls", "FAIL", "no market was kept without the campaign", action)


def _placebos(found: CampaignEffect) -> Check:
    placebo = found.placebo_time
    if placebo is None or not placebo.n:
        return Check("Placebos", "FAIL", "the history holds no window to measure chance with", "Import more history")
    text = (
        f"{plural(placebo.n, 'past window', 'past windows')} without a campaign scatter by {np.expm1(placebo.spread):.1%}; "
        f"the least p-value they can give is {placebo.p_smallest:.2f}"
    )
    few = placebo.n < FEW_WINDOWS
    return Check("Placebos", "REVIEW" if few else "PASS", text, "Few windows: wide intervals" if few else "")


def _one_control(found: CampaignEffect) -> Check:
    assert found.leave_one_out is not None
    values = np.expm1(found.leave_one_out["estimate"].to_numpy(float))
    text = f"leaving out any one control moves the effect between {values.min():+.1%} and {values.max():+.1%}"
    flips = values.min() < 0 < values.max() and found.verdict in ("worked", "hurt")
    return Check(
        "One control at a time", "REVIEW" if flips else "PASS", text, "One market decides the result" if flips else ""
    )
