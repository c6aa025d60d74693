"""Which texts to label: balanced over languages and over what a first guess calls negative, so that few labels teach much."""

from __future__ import annotations

import pandas as pd

from fanops_utils.models.tone.scorers import vader

EACH = 400  # texts of a language in one sheet


def to_label(texts: pd.DataFrame, labelled: pd.DataFrame, *, each: int = EACH, seed: int = 1) -> pd.DataFrame:
    """Return up to *each* texts of every language to label, those not yet in *labelled*, in random order.

    *texts*: text_id, language, text. Of English a third each of what VADER calls negative, neutral and positive; of other
    languages at random, short and long texts alike. The same texts and *seed* give the same sheet.
    """
    fresh = texts.dropna(subset=["language"]).drop_duplicates("text_id")
    fresh = fresh[~fresh["text_id"].isin(labelled["text_id"])]
    parts = [_balanced(part, each, seed, str(language)) for language, part in fresh.groupby("language", sort=True)]
    whole = pd.concat(parts) if parts else fresh
    return whole[["text_id", "language", "text"]].reset_index(drop=True)


def _balanced(part: pd.DataFrame, each: int, seed: int, language: str) -> pd.DataFrame:
    length = part["text"].str.len().rank(pct=True)
    kinds = (
        pd.Series(vader(part["text"].tolist()), index=part.index)
        if language == "en"
        else (3 * length).clip(upper=2.99).astype(int)
    )
    share = -(-each // kinds.nunique())
    chosen = pd.concat([one.sample(min(len(one), share), random_state=seed) for _, one in part.groupby(kinds)])
    left = part.drop(chosen.index)
    more = left.sample(min(len(left), max(0, each - len(chosen))), random_state=seed)
    return pd.concat([chosen, more]).sample(frac=1, random_state=seed).head(each)
