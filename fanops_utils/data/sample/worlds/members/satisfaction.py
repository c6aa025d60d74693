"""Whether members would recommend the brand, asked week after week: one market falls in its crisis and recovers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from fanops_utils.data.sample.draws import calendar, iso, to_utc
from fanops_utils.data.sample.formats.files import RawFile, plain_csv, raw_file
from fanops_utils.data.sample.worlds.members.club import member_ids
from fanops_utils.data.sample.worlds.members.referral import cells
from fanops_utils.data.sample.worlds.outside.listening import ListeningTruth

if TYPE_CHECKING:
    from fanops_utils.data.sample.setting import Setting

WRITES = ("survey/recommend.csv",)


@dataclass(frozen=True)
class SatisfactionTruth:
    """Answers 0-10: shares of promoters and critics, who answers, and the fall of one market with its repair."""

    asked_share: float = 0.25  # of the days somebody is there, those on which they are asked; once a quarter at most
    promoters: float = 0.48
    critics: float = 0.16
    answers: float = 0.30
    answers_by_chance: float = 0.40  # added to it per unit of the chance to be there: who is there more answers more
    market: str = ListeningTruth.crisis_market
    fall: float = 0.38  # of the share of promoters, added to critics, on the first day
    repair_days: float = 120.0  # until it is gone, in a straight line


def satisfaction_files(setting: Setting) -> list[RawFile]:
    """Return who was asked and what they answered; no answer leaves the cells empty."""
    truth, persons, days = setting.truths.satisfaction, setting.people.persons, setting.people.days
    rng = setting.rng("satisfaction")
    asked = days[rng.random(len(days)) < truth.asked_share].reset_index(drop=True)
    asked["wave"] = calendar()[asked["day"]].to_period("Q").astype(str)
    asked = asked.sort_values(["day", "person"], kind="stable").drop_duplicates(["person", "wave"], ignore_index=True)
    market = persons["market"].to_numpy()[asked["person"]]
    since = asked["day"].to_numpy() - setting.truths.listening.crisis_day
    hit = (market == truth.market) & (since >= 0) & (since < truth.repair_days)
    fall = np.where(hit, truth.fall * (1 - since / truth.repair_days), 0.0)
    luck, size = rng.random(len(asked)), len(asked)
    high, low = luck < truth.promoters - fall, luck > 1 - truth.critics - fall
    score = np.where(high, rng.choice([9, 10], size), np.where(low, rng.integers(0, 7, size), rng.choice([7, 8], size)))
    chance = persons["chance"].to_numpy()[asked["person"]]
    answers = rng.random(size) < np.clip(truth.answers + truth.answers_by_chance * chance, 0, 1)
    sent = pd.Series(pd.NaT, index=asked.index, dtype="datetime64[s, UTC]")
    hours = 9 + 10 * rng.random(size)
    for code in np.unique(market):
        mine = market == code
        sent[mine] = to_utc(calendar()[asked["day"].to_numpy()[mine]], hours[mine], setting.zone(code)).as_unit("s")
    back = (sent + pd.to_timedelta(rng.integers(300, 90_000, size), unit="s")).where(answers)
    table = pd.DataFrame({
        "Wave": "recommend-" + asked["wave"], "Member ID": member_ids(asked["person"]), "Country": market,
        "Asked": iso(sent), "Answered": cells(back),
        "Would recommend": np.where(answers, score.astype(str), ""),
    })  # fmt: skip
    return [raw_file("survey/recommend.csv", "survey", table, plain_csv)]
