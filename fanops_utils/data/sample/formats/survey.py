"""Answers to the question after an order, how the buyer came to hear of the brand, as a survey tool lists them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from fanops_utils.data.sample.draws import iso, stream
from fanops_utils.data.sample.formats.files import RawFile, plain_csv, raw_file
from fanops_utils.data.sample.truth import SURVEY
from fanops_utils.workspace import Workspace

QUESTION = "How did you hear about us?"
ANSWERS = {"A friend or family": 0.34, "A search": 0.29, "Instagram, TikTok or YouTube": 0.25, "Something else": 0.12}


def survey_files(workspace: Workspace, orders: pd.DataFrame, *, seed: int) -> list[RawFile]:
    """Return the answers given since the question was first asked, one row each."""
    asked = orders[orders["created"] >= pd.Timestamp(SURVEY.first_day, tz="UTC")].reset_index(drop=True)
    rng = stream(seed, "survey")
    waited = pd.to_timedelta(rng.integers(20, 600, len(asked)), unit="s")
    answer = rng.choice(list(ANSWERS), len(asked), p=list(ANSWERS.values())).astype(object)
    luck = rng.random(len(asked))
    for name, said, share in SURVEY.named:
        answer[_bought_in(workspace, name, asked) & (luck < share)] = said
    table = pd.DataFrame({
        "Response ID": "r" + asked["number"].astype(str), "Submitted": iso(asked["created"] + waited),
        "Country": asked["market"], "Question": QUESTION, "Answer": answer,
    })  # fmt: skip
    answered = table[rng.random(len(table)) < SURVEY.answer_share]
    return [raw_file("survey/after_order.csv", "survey", answered, plain_csv)]


def _bought_in(workspace: Workspace, name: str, orders: pd.DataFrame) -> np.ndarray:
    """Return which *orders* came from the campaign's markets in its live days; none where there is no such campaign."""
    inside = np.zeros(len(orders), dtype=bool)
    campaign = workspace.campaigns.get(name)
    if campaign is None:
        return inside
    for code in campaign.treated:
        day = orders["created"].dt.tz_convert(workspace.market(code).time_zone).dt.date
        live = (day >= campaign.live.start) & (day <= campaign.live.end)
        inside |= (live & (orders["market"] == code)).to_numpy()
    return inside
