"""Members with a role beside their membership: who makes content for the brand, who speaks for it, and who only did once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from fanops_utils.data.sample.draws import calendar

if TYPE_CHECKING:
    from fanops_utils.data.sample.setting import Setting

WRITES = ("community/members.csv",)


@dataclass(frozen=True)
class AdvocateTruth:
    """How many of the members are ambassadors and KOCs, and how many of the ambassadors still do something."""

    ambassadors: int = 180  # enrolled, at the whole scale
    active: float = 0.6  # of them: seen in the last 80 days, the others for 100 days or more not at all
    kocs: int = 120  # all of them seen in the last 80 days


def advocates(setting: Setting, *, besides: np.ndarray) -> pd.Series:
    """Return the role of each person who has one, by person: ambassador or koc; none of the persons *besides* has."""
    truth, rng = setting.truths.advocates, setting.rng("advocates")
    last = setting.events.groupby("person")["time"].max()
    last = last[~last.index.isin(besides)]
    quiet = (pd.Timestamp(calendar()[-1], tz="UTC") - last).dt.days
    here = rng.permutation(last.index[quiet <= 80].to_numpy())
    away = rng.permutation(last.index[quiet >= 100].to_numpy())
    enrolled, kocs = (round(number * setting.scale) for number in (truth.ambassadors, truth.kocs))
    active = round(enrolled * truth.active)
    speak = np.concatenate([here[:active], away[: enrolled - active]])
    write = here[active : active + kocs]
    return pd.Series("ambassador", index=speak, dtype=object).combine_first(pd.Series("koc", index=write, dtype=object))
