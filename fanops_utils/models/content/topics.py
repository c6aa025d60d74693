"""What captions are about: the team's keyword lists first; beside them words that occur together, where that is no accident.

Shuffled words make topics as stable as real ones. So a group of words counts only where its words stand together in captions
it was not made from, and do so more than in any of 24 drawings with the words shuffled over the captions.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from fanops_utils.metrics.columns import need
from fanops_utils.workspace.registers.topics import TopicWords

HAN, KANA = r"\u4e00-\u9fff", r"\u3040-\u30ff"
UNSPACED = re.compile(f"[{HAN}{KANA}]")
RUNS = re.compile(f"[{HAN}]+|[\u30a0-\u30ff]{{3,}}|[^\\W\\d_{HAN}{KANA}]{{3,}}")
FEWEST, GROUPS, TOP, SHUFFLES = 200, 8, 5, 24  # one of 25 drawings is the best by luck: 4 in 100
RAREST, COMMONEST = 5, 0.2  # captions that hold a word; share of the captions beyond which it tells nothing
COLUMNS = ["group", "words", "n", "share", "coherence"]


@dataclass(frozen=True)
class WordGroups:
    """`table`: group (number), words (a tuple), n and share of the captions it is strongest in, coherence (held out, -1 to 1).

    Only groups past the gate: coherence above `gate`, the best of the shuffled. `tried`: groups that were looked at; `n`:
    captions read; `code`: read, none (no group is past the gate), few (under 200
    captions with words), few_words (under ten words that recur without being everywhere). `of`: for each row
    of the posts the number of its group, null where it has none past the gate.
    """

    code: str
    table: pd.DataFrame
    of: pd.Series
    gate: float
    tried: int
    n: int


def with_topics_by_words(posts: pd.DataFrame, topics: Sequence[TopicWords]) -> pd.DataFrame:
    """Return *posts* whose missing topic is the first of *topics* one of whose words their caption holds.

    Columns: post_message, topic, market. Adds topic_by: tag (it had one), words, or null. In scripts with spaces a word is
    whole, else any stretch; capitals and hashes do not matter.
    """
    need(posts, "post_message", "topic", "market")
    text = posts["post_message"].astype("string").str.casefold()
    topic = posts["topic"].astype("object")
    by = pd.Series("tag", index=posts.index, dtype="object").where(topic.notna(), None)
    for one in topics:
        told = topic.isna() & text.str.contains(_pattern(one.words), regex=True).fillna(False)
        if one.markets:
            told &= posts["market"].isin(one.markets)
        topic, by = topic.where(~told, one.id), by.where(~told, "words")
    return posts.assign(topic=topic.where(topic.notna(), None).astype("string"), topic_by=by)


def _pattern(words: Sequence[str]) -> str:
    parts = []
    for word in words:
        told = re.escape(word.strip().casefold().lstrip("#"))
        parts.append(told if UNSPACED.search(word) else rf"(?<![^\W_]){told}(?![^\W_])")
    return "|".join(parts)


def words_of(text: str) -> list[str]:
    """Return the words of a caption: runs of letters, Chinese ones segmented by rjieba; a text with kana is not Chinese.

    >>> words_of("New tea: New cups! #Tea")
    ['new', 'tea', 'new', 'cups', 'tea']
    """
    import rjieba  # six hundredths of a second, and only reports on content need it

    chinese = not re.search(f"[{KANA}]", text)
    found: list[str] = []
    for run in RUNS.findall(text.casefold()):
        found += [word for word in rjieba.cut(run) if len(word) > 1] if chinese and UNSPACED.match(run) else [run]
    return [word for word in found if len(word) > 1]


def word_groups(posts: pd.DataFrame, *, seed: int = 0) -> WordGroups:
    """Return the groups of words that occur together in the captions (column post_message) of *posts*.

    Non-negative matrix factorisation of TF-IDF, eight groups, made from every other caption; NPMI of the five strongest words
    in the other captions (Bouma 2009). Source of the gate: Röder and others 2015 for the measure, shuffling as its yardstick.
    """
    need(posts, "post_message")
    words = [sorted(set(words_of(str(one)))) if pd.notna(one) else [] for one in posts["post_message"]]
    counts = pd.Series([word for told in words for word in told], dtype="object").value_counts()
    read = sum(bool(told) for told in words)
    names = sorted(counts.index[(counts >= RAREST) & (counts <= COMMONEST * max(read, 1))])
    nothing = pd.DataFrame(columns=COLUMNS), pd.Series(pd.NA, index=posts.index, dtype="Int64")
    if read < FEWEST or len(names) < 2 * TOP:
        return WordGroups("few" if read < FEWEST else "few_words", *nothing, np.nan, 0, read)
    place = {word: at for at, word in enumerate(names)}
    held = np.zeros((len(words), len(names)))
    for row, told in enumerate(words):
        held[row, [place[word] for word in told if word in place]] = 1
    rng = np.random.default_rng(seed)
    order = rng.permutation(len(held))
    groups, coherence = _coherent(held[order], seed)
    gate = max(
        _coherent(np.column_stack([rng.permutation(one) for one in held.T]), seed)[1].max() for _ in range(SHUFFLES)
    )
    past = np.flatnonzero(coherence > gate)
    if not past.size:
        return WordGroups("none", *nothing, float(gate), len(coherence), read)
    strength = (held * _rarity(held)) @ groups.T
    leads = np.where(strength.max(axis=1) > 0, strength.argmax(axis=1), -1)
    of = pd.Series([int(one) if one in past else pd.NA for one in leads], index=posts.index, dtype="Int64")
    rows = [
        (int(one), tuple(names[at] for at in np.argsort(-groups[one])[:TOP]), int((leads == one).sum()),
         float((leads == one).sum() / read), float(coherence[one]))
        for one in past
    ]  # fmt: skip
    table = pd.DataFrame(rows, columns=COLUMNS).sort_values("n", ascending=False, ignore_index=True)
    return WordGroups("read", table, of, float(gate), len(coherence), read)


def _coherent(held: np.ndarray, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the groups made from every other caption (rows: weights of words), and their coherence in the others."""
    from sklearn.decomposition import NMF
    from sklearn.exceptions import ConvergenceWarning

    made, other = held[::2], held[1::2]
    number = min(GROUPS, made.shape[1] // TOP)
    model = NMF(number, init="nndsvda", max_iter=200, tol=1e-3, random_state=seed)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # the strongest words stand long before the last digits do
        groups = model.fit(made * _rarity(made)).components_
    return groups, np.array([_npmi(other[:, np.argsort(-one)[:TOP]]) for one in groups])


def _rarity(held: np.ndarray) -> np.ndarray:
    return np.log((1 + len(held)) / (1 + held.sum(axis=0))) + 1


def _npmi(held: np.ndarray) -> float:
    """Return the mean normalised pointwise mutual information of the pairs of columns of *held* (0/1)."""
    alone, both = held.mean(axis=0), held.T @ held / len(held)
    told = []
    for one in range(held.shape[1]):
        for other in range(one):
            if both[one, other] == 0:
                told.append(-1.0)
            elif both[one, other] == 1:
                told.append(1.0)
            else:
                told.append(float(np.log(both[one, other] / (alone[one] * alone[other])) / -np.log(both[one, other])))
    return float(np.mean(told))
