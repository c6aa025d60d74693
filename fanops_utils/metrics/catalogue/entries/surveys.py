"""What people answer when asked: recommendation and satisfaction, weighted where the answers have weights."""

from __future__ import annotations

import pandas as pd

from fanops_utils.metrics.catalogue.asked import Asked
from fanops_utils.metrics.catalogue.entries import words
from fanops_utils.metrics.catalogue.estimates import BALANCE, RATIO
from fanops_utils.metrics.catalogue.metric import Metric
from fanops_utils.metrics.catalogue.moments import ratios
from fanops_utils.text import term

BY = ["date_day", "market"]
RECOMMEND = ("recommend", "nps")  # what the question is called
PROMOTER, DETRACTOR = 9, 6


def _nps(asked: Asked) -> pd.DataFrame:
    rows = asked.within(asked.rows("survey_answers"))
    rows = rows.filter(rows.question.lower().isin(RECOMMEND), rows.score.between(0, 10)).mutate(
        w=rows.weight.fill_null(1.0)
    )
    frame = rows.group_by(BY).agg(
        n=rows.count(), weight=rows.w.sum(), weight2=(rows.w * rows.w).sum(),
        plus=rows.w.sum(where=rows.score >= PROMOTER), minus=rows.w.sum(where=rows.score <= DETRACTOR),
    ).to_pandas()  # fmt: skip
    frame[["plus", "minus"]] = frame[["plus", "minus"]].fillna(0.0)
    return frame.assign(date_day=pd.to_datetime(frame["date_day"]).astype("datetime64[us]"))


def _satisfaction(asked: Asked) -> pd.DataFrame:
    rows = asked.within(asked.rows("survey_answers"))
    rows = rows.filter(rows.question.lower() == "satisfaction").mutate(w=rows.weight.fill_null(1.0))
    return ratios(rows, rows.score * rows.w, rows.w, by=BY)


METRICS = (
    Metric("nps", "surveys", term("Net promoter score (NPS)", "metric"),
           term("Answers 9 and 10 less answers 0 to 6 to the question `recommend` or `nps` (would you recommend us, 0 to 10), "
                "weighted",
           "metric"),
           term("answers 9 and 10", "counted"), BALANCE, words.POINTS, ("survey_answers.score", "survey_answers.weight"),
           _nps,
           per=term("answers to the question", "counted"), less=term("answers 0 to 6", "counted"), grain="month", by=()),
    Metric("satisfaction", "surveys", term("Satisfaction", "metric"),
           term("Mean answer to the question `satisfaction` (1 to 5), weighted", "metric"), term("points of answers",
           "counted"), RATIO, words.NUMBER,
           ("survey_answers.score", "survey_answers.weight"), _satisfaction, per=term("answers to the question",
           "counted"), grain="month",
           by=(), aliases=("csat",)),
)  # fmt: skip
