"""Scorers of tone without a download: VADER's list of words for English, else letters that hang together, per language.

VADER: Hutto and Gilbert 2014 (MIT; its list of words comes with the package). Letters: TF-IDF of two to five characters
within words and of single words, logistic regression with classes of equal weight; Chinese and Japanese by one and two
characters, without a segmenter. It learns from the team's own labels only, and is weak below a few hundred of them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

import numpy as np
import pandas as pd

from fanops_utils.models.tone.agreement import Agreement, agreement

Reason = Literal["shown", "few", "weak", "unlabelled"]
FEWEST = 300  # labels of a language below which nothing is trained
FEWEST_CHECKED = 50  # English labels from which VADER is held against them
FOLDS, SEED = 5, 20261122
HAN = ("zh", "ja", "yue")
POSITIVE, NEGATIVE = 0.05, -0.05  # of VADER's compound, as its authors cut it
Score = Callable[[Sequence[str]], list[str]]


@dataclass(frozen=True)
class Scorer:
    """What may tell the tone of *language*: `by` vader or model, `score` (None: nothing may), and how it was checked.

    reason: shown; few (too few labels to train on); weak (it agrees too little); unlabelled (VADER, held against nothing).
    """

    language: str
    by: str
    reason: Reason
    labels: int
    checked: Agreement
    score: Score | None = None


def scorers(labelled: pd.DataFrame, languages: Sequence[str]) -> dict[str, Scorer]:
    """Return for each of *languages* its scorer, checked on the texts of *labelled* (labelled_texts) out of sample.

    Where labellers disagree on a text it trains and checks nothing.
    """
    return {language: _scorer(_agreed(labelled, language), language) for language in dict.fromkeys(languages)}


def vader(texts: Sequence[str]) -> list[str]:
    """Return the tone of English *texts* by VADER's list of words.

    >>> vader(["I love it!", "It is a box.", "Terrible, never again."])
    ['positive', 'neutral', 'negative']
    """
    told = [vader_compound(text) for text in texts]
    return ["positive" if one >= POSITIVE else "negative" if one <= NEGATIVE else "neutral" for one in told]


def vader_compound(text: str) -> float:
    """Return VADER's reading of *text*, -1 (bad) to 1 (good)."""
    return float(_vader().polarity_scores(text)["compound"])


def letters(language: str) -> Any:
    """Return the untrained model of *language*: a scikit-learn pipeline of texts to tones."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline, make_union

    if language in HAN:
        shape: Any = TfidfVectorizer(analyzer="char", ngram_range=(1, 2), sublinear_tf=True, max_features=60_000)
    else:
        parts = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True, max_features=60_000)
        words = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, token_pattern=r"\w+|[^\w\s]")  # noqa: S106  (of words)
        shape = make_union(parts, words)
    return make_pipeline(shape, LogisticRegression(C=3.0, class_weight="balanced", max_iter=1000))


def cross_validated(texts: Sequence[str], tones: Sequence[str], language: str) -> Agreement:
    """Return how the model of *language* agrees with *tones*, each text told by a model that never saw it."""
    from sklearn.model_selection import StratifiedKFold, cross_val_predict

    smallest = int(pd.Series(list(tones)).value_counts().min())
    if pd.Series(list(tones)).nunique() < 2 or smallest < 2:
        return Agreement(len(texts), np.nan, np.nan, np.nan)
    folds = StratifiedKFold(min(FOLDS, smallest), shuffle=True, random_state=SEED)
    told = cross_val_predict(letters(language), np.array(texts, dtype=object), np.array(tones, dtype=object), cv=folds)
    return agreement(tones, told.tolist())


def _scorer(known: pd.DataFrame, language: str) -> Scorer:
    texts, tones = known["text"].tolist(), known["sentiment"].tolist()
    nothing = Agreement(len(texts), np.nan, np.nan, np.nan)
    if language == "en":
        if len(texts) < FEWEST_CHECKED:
            return Scorer(language, "vader", "unlabelled", len(texts), nothing, vader)
        checked = agreement(tones, vader(texts))
        return Scorer(
            language,
            "vader",
            "shown" if checked.shown else "weak",
            len(texts),
            checked,
            vader if checked.shown else None,
        )
    if len(texts) < FEWEST:
        return Scorer(language, "model", "few", len(texts), nothing)
    checked = cross_validated(texts, tones, language)
    if not checked.shown:
        return Scorer(language, "model", "weak", len(texts), checked)
    model = letters(language).fit(texts, tones)
    return Scorer(
        language, "model", "shown", len(texts), checked, lambda asked: [str(one) for one in model.predict(list(asked))]
    )


def _agreed(labelled: pd.DataFrame, language: str) -> pd.DataFrame:
    """Return each text of *language* once, with its tone, those left out on which labellers disagree."""
    mine = labelled[labelled["language"] == language]
    if mine.empty:
        return mine[["text", "sentiment"]]
    kinds = mine.groupby("text_id")["sentiment"].nunique()
    return mine[mine["text_id"].map(kinds) == 1].drop_duplicates("text_id")[["text", "sentiment"]]


@cache
def _vader() -> Any:
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    return SentimentIntensityAnalyzer()
