"""Who the units of a trial are: the members who were there when it began, and beside them fans of no community."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from fanops_utils.data.sample.draws import calendar
from fanops_utils.data.sample.worlds.members.club import member_ids

if TYPE_CHECKING:
    from fanops_utils.data.sample.setting import Setting


def with_members(setting: Setting, name: str, units: pd.DataFrame) -> pd.DataFrame:
    """Return *units* of the experiment *name* with ids of members in the place of as many fans of their market.

    Each member of the market who had joined before the trial and had not left stands in it once, as far as it has units;
    what is drawn of the units stays. Where they have a history (the experiment's covariate), whoever is there more often
    has the longer one: both are in the same order. Units that are no fans (questions, posts) stay as they are.
    """
    if "fan" not in units:
        return units
    experiment, rng = setting.workspace.experiment(name), setting.rng(f"fans {name}")
    history = next((one.column for one in experiment.covariates if one.column in units), None)
    persons, ids = setting.people.persons, units["fan"].to_numpy(dtype=object).copy()
    for code in sorted(units["market"].unique()):
        mine = np.flatnonzero((units["market"] == code).to_numpy())
        there = _there(persons[persons["market"] == code], units["assigned"].min())
        size = min(len(mine), len(there))
        place = rng.choice(mine, size, replace=False)
        who = there.iloc[rng.choice(len(there), size, replace=False)]
        if history:
            place = place[np.argsort(units[history].to_numpy()[place], kind="stable")]
            who = who.sort_values("score", kind="stable")
        ids[place] = member_ids(who["person"])
    return units.assign(fan=ids)


def _there(persons: pd.DataFrame, start: pd.Timestamp) -> pd.DataFrame:
    """Return who of *persons* had joined before *start* and left on no day before it."""
    day = (start.tz_localize(None).normalize() - calendar()[0]).days
    return persons[(persons["joined"] < start) & (persons["leaves"] >= day)]
