"""Topics by the team's words, and groups of words that occur together only where that is no accident."""

from __future__ import annotations

import os

import numpy as np
import pandas as pd

from fanops_utils import models
from fanops_utils.models.content.topics import words_of
from fanops_utils.workspace.registers.topics import TopicWords

DRAWS = 100 if os.environ.get("FANOPS_SLOW") else 6
THEMES = (
    ["garden", "leaf", "harvest", "hills", "picking"],
    ["recipe", "milk", "honey", "oven", "spoon"],
    ["discount", "friday", "voucher", "basket", "checkout"],
)
REST = [f"w{chr(97 + one // 26)}{chr(97 + one % 26)}{chr(97 + one % 7)}" for one in range(60)]


def captions(rng: np.random.Generator, *, planted: bool, n: int = 400) -> pd.DataFrame:
    """Return captions of fifteen words; planted: each takes most of the words of one theme, else words of all by chance."""
    told = []
    every = [word for theme in THEMES for word in theme]
    for _ in range(n):
        of = THEMES[rng.integers(3)] if planted else every
        told.append(" ".join([*rng.choice(of, 4, replace=False), *rng.choice(REST, 8, replace=False)]))
    return pd.DataFrame({"post_message": told})


def test_planted_themes_pass_the_gate_with_their_own_words() -> None:
    told = models.word_groups(_rarer(np.random.default_rng(0)))
    assert told.code == "read" and told.table["coherence"].min() > told.gate
    leading = [set(words) for words in told.table["words"]]
    assert any(len(words & set(theme)) >= 4 for words in leading for theme in THEMES)
    assert told.of.notna().sum() == told.table["n"].sum() > 0


def _rarer(rng: np.random.Generator) -> pd.DataFrame:
    """Return planted themes that are a sixth of the captions each, among captions about nothing in particular."""
    told = captions(rng, planted=True, n=220)["post_message"]
    plain = pd.Series([" ".join(rng.choice(REST, 10, replace=False)) for _ in range(220)])
    return pd.DataFrame({"post_message": pd.concat([told, plain]).sample(frac=1, random_state=1)}).reset_index(
        drop=True
    )


def test_words_by_chance_hardly_ever_pass() -> None:
    rng = np.random.default_rng(1)
    false = [models.word_groups(captions(rng, planted=False)).code == "read" for _ in range(DRAWS)]
    assert sum(false) <= max(1, 0.05 * DRAWS)


def test_few_captions_make_no_group() -> None:
    assert models.word_groups(captions(np.random.default_rng(2), planted=True, n=120)).code == "few"
    assert models.word_groups(pd.DataFrame({"post_message": [None] * 300})).code == "few"


def test_words_are_read_in_their_script() -> None:
    assert words_of("今天的新品奶茶配方 New recipe") == ["今天", "新品", "奶茶", "配方", "new", "recipe"]
    assert "ótimo" in words_of("Que chá ótimo!")
    assert words_of("レシピを紹介します 新茶") == ["レシピ", "紹介", "新茶"]


def test_the_team_s_words_tell_the_topic_of_what_nobody_tagged() -> None:
    posts = pd.DataFrame({
        "post_message": ["Our RECIPE", "recipes galore", "新的配方来了", "#recipe milk", "milk", None],
        "topic": pd.array([None, None, None, "fans", None, None], dtype="string"), "market": ["US", "US", "JP", "US", "DE", "US"],
    })  # fmt: skip
    lists = [
        TopicWords(id="recipe", words=("recipe", "配方")),
        TopicWords(id="dairy", words=("milk",), markets=("US",)),
    ]
    told = models.with_topics_by_words(posts, lists)
    assert told["topic"].fillna("").tolist() == ["recipe", "", "recipe", "fans", "", ""]
    assert told["topic_by"].tolist() == ["words", None, "words", "tag", None, None]
    assert models.with_topics_by_words(posts, ())["topic"].equals(posts["topic"])
