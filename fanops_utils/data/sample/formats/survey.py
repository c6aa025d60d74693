"""Answers to the question after an order, how the buyer came to hear of the brand, as a survey tool lists them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from fanops_utils.data.sample.draws import iso
from fanops_utils.data.sample.formats.files import RawFile, plain_csv, raw_file

if TYPE_CHECKING:
    from fanops_utils.data.sample.setting import Setting

QUESTION = "How did you hear about us?"
ANSWERS = {"A friend or family": 0.34, "A search": 0.29, "Instagram, TikTok or YouTube": 0.25, "Something else": 0.12}


def survey_files(setting: Setting) -> list[RawFile]:
    """Return the answers given since the question was first asked, one row each."""
    truth, orders, rng = setting.truths.survey, setting.sales.orders, setting.rng("survey")
    asked = orders[orders["created"] >= pd.Timestamp(truth.first_day, tz="UTC")].reset_index(drop=True)
    waited = pd.to_timedelta(rng.integers(20, 600, len(asked)), unit="s")
    answer = rng.choice(list(ANSWERS), len(asked), p=list(ANSWERS.values())).astype(object)
    luck = rng.random(len(asked))
    for name, said, share in truth.named:
        answer[_bought_in(setting, name, asked) & (luck < share)] = said
    table = pd.DataFrame({
        "Response ID": "r" + asked["number"].astype(str), "Submitted": iso(asked["created"] + waited),
        "Country": asked["market"], "Question": QUESTION, "Answer": answer,
    })  # fmt: skip
    answered = table[rng.random(len(table)) < truth.answer_share]
    return [raw_file("survey/after_order.csv", "survey", answered, plain_csv)]


def _bought_in(setting: Setting, name: str, orders: pd.DataFrame) -> np.ndarray:
    """Return which *orders* came from the campaign's markets in its live days; none where there is no such campaign."""
    inside = np.zeros(len(orders), dtype=bool)
    campaign = setting.workspace.campaigns.get(name)
    if campaign is None:
        return inside
    for code in campaign.treated:
        day = orders["created"].dt.tz_convert(setting.zone(code)).dt.date
        live = (day >= campaign.live.start) & (day <= campaign.live.end)
        inside |= (live & (orders["market"] == code)).to_numpy()
    return inside
