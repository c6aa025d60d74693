"""A member's own rhythm: how long their pauses usually are, and whether the present one is unlike them.

Pauses between two active days are log-normal around a member's own mean; members with few pauses lean on the market.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from fanops_utils.metrics.columns import days, need
from fanops_utils.metrics.folds import pauses_per_member
from fanops_utils.workspace.registers.segments import StageRules

if TYPE_CHECKING:
    import ibis

Stage = Literal["new", "active", "won-back", "at-risk", "silent", "lapsed"]
STAGES: tuple[Stage, ...] = ("new", "active", "won-back", "at-risk", "silent", "lapsed")
DEFAULTS = StageRules()
LEAST_MEMBERS = 50
LEAST_SPREAD = 0.05


@dataclass(frozen=True)
class Rhythm:
    """Pauses of a market on the log scale: mean, variance within members, variance between them; members behind it."""

    mean: float
    within: float
    between: float
    members: int

    @property
    def usual_days(self) -> float:
        """The usual pause of a member, in days."""
        return float(np.exp(self.mean))


WEEKLY = Rhythm(
    mean=float(np.log(3.0)), within=0.6, between=0.4, members=0
)  # an assumption, used where nothing is known


def rhythm_of(active_days: pd.DataFrame | ibis.Table, *, as_of: date, otherwise: Rhythm = WEEKLY) -> Rhythm:
    """Return the rhythm of the members in *active_days* (member_key, date_day; a frame, or in the engine) up to *as_of*.

    Moments over members with two pauses or more; fewer than 50 of them: *otherwise* (that of all markets, say).
    """
    return rhythm_from(pauses_per_member(active_days, as_of=as_of, long=DEFAULTS.lapsed_days), otherwise=otherwise)


def rhythm_from(each: pd.DataFrame, *, otherwise: Rhythm = WEEKLY) -> Rhythm:
    """Return the rhythm behind the pauses of *each* member: pauses (how many), log_mean, log_var (of their logarithm)."""
    each = each[each["pauses"] >= 2]
    if len(each) < LEAST_MEMBERS:
        return otherwise
    free = each["pauses"] - 1
    within = float((each["log_var"] * free).sum() / free.sum())
    between = float(each["log_mean"].var() - within * (1 / each["pauses"]).mean())
    return Rhythm(float(each["log_mean"].mean()), max(within, LEAST_SPREAD), max(between, LEAST_SPREAD), len(each))


def own_pause(each: pd.DataFrame, rhythm: Rhythm) -> tuple[pd.Series, pd.Series]:
    """Return the usual pause of *each* member (pauses, log_mean) on the log scale, shrunk to *rhythm*, and its variance."""
    pauses = each["pauses"].fillna(0.0)
    spread = 1 / (pauses / rhythm.within + 1 / rhythm.between)
    return spread * ((pauses * each["log_mean"]).fillna(0.0) / rhythm.within + rhythm.mean / rhythm.between), spread


def stages(
    fans: pd.DataFrame,
    active_days: pd.DataFrame | ibis.Table,
    *,
    as_of: date,
    rhythm: Rhythm,
    rules: StageRules = DEFAULTS,
) -> pd.DataFrame:
    """Return one row per fan who joined by *as_of* and has not left: member_key, joined_on, tenure, gap, own_days, z, stage.

    *fans*: member_key, joined_on; *active_days* (a frame, or in the engine): member_key, date_day. gap: days since the
    last active day (since joining where there was none); own_days: the member's own usual pause; z: how unlike that the
    gap is. stage, by *rules* of `segments.yml`: lapsed (gap 60 days or more), silent (z 3 or more, gap 7 or more),
    at-risk (z 2.33 or more), won-back (back within 28 days after having lapsed), new (joined within 28 days), active.
    Whoever is silent has not left.
    """
    need(fans, "member_key", "joined_on")
    now = pd.Timestamp(as_of)
    members = pd.DataFrame({"member_key": fans["member_key"], "joined_on": days(fans["joined_on"])})
    members = members[members["joined_on"] <= now].drop_duplicates("member_key").set_index("member_key")
    each = pauses_per_member(active_days, as_of=as_of, long=rules.lapsed_days).set_index("member_key")
    each = each.reindex(members.index.astype("string")).set_axis(members.index)  # keys are text in the engine
    gap = (now - each["last_active"].fillna(members["joined_on"])).dt.days.clip(lower=0)
    own, spread = own_pause(each, rhythm)
    z = (np.log(gap.clip(lower=1)) - own) / np.sqrt(rhythm.within + spread)
    back = each["back_on"] > now - pd.Timedelta(days=rules.new_days)
    tenure = (now - members["joined_on"]).dt.days
    stage = np.select(
        [gap >= rules.lapsed_days, (z >= rules.silent) & (gap >= rules.silent_days), z >= rules.at_risk, back,
         tenure <= rules.new_days],
        ["lapsed", "silent", "at-risk", "won-back", "new"], "active",
    )  # fmt: skip
    return members.assign(
        tenure=tenure, gap=gap, own_days=np.exp(own), z=z, stage=pd.Categorical(stage, categories=STAGES, ordered=True)
    ).reset_index()
