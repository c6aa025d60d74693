from __future__ import annotations

import numpy as np
import pandas as pd

from fanops_utils.models import caption_effects, combinations_of, part_of_day
from fanops_utils.models.content.added import caption_traits


def _posts(rng: np.random.Generator, *, question: float = 0.0, pair: float = 0.0) -> pd.DataFrame:
    n = 400
    kind, part = rng.choice(["a", "b", "c"], n), rng.choice(["morning", "evening"], n)
    asks, emoji, tags = rng.random(n) < 0.4, rng.random(n) < 0.5, rng.integers(0, 7, n)
    text = [
        f"{'Tea or coffee?' if q else 'A cup of tea'} {'🍵' if e else ''}\n{'#tea ' * t}{'long ' * rng.integers(0, 9)}"
        for q, e, t in zip(asks, emoji, tags, strict=True)
    ]
    reach = np.exp(rng.normal(8, 0.5, n)).round()
    mean = np.log(reach) - 3 + question * asks + 0.2 * (kind == "b") + pair * ((kind == "a") & (part == "evening"))
    return pd.DataFrame(
        {
            "post_message": text,
            "kind": kind,
            "part": part,
            "reach": reach,
            "engagements": rng.poisson(np.exp(mean + rng.normal(0, 0.5, n))),
        }
    )


def test_a_planted_question_is_found_and_the_others_are_not() -> None:
    rng = np.random.default_rng(0)
    tables = [caption_effects(_posts(rng, question=0.3), factors=["kind"]).set_index("trait") for _ in range(25)]
    assert sum(bool(table.loc["question", "apart"]) for table in tables) >= 23
    assert np.mean([table.loc["question", "estimate"] for table in tables]) > 0.28
    assert sum(int(table["apart"].drop("question").sum()) for table in tables) <= 8


def test_without_an_effect_a_report_rarely_finds_one() -> None:
    rng = np.random.default_rng(1)
    assert sum(bool(caption_effects(_posts(rng), factors=["kind"])["apart"].any()) for _ in range(60)) <= 5
    assert sum(bool(combinations_of(_posts(rng), cells=["kind", "part"])["apart"].any()) for _ in range(60)) <= 5


def test_a_planted_combination_is_told_from_its_parts() -> None:
    rng = np.random.default_rng(2)
    tables = [combinations_of(_posts(rng, pair=0.5), cells=["kind", "part"]) for _ in range(10)]
    first = [tuple(table.iloc[0][["first_value", "second_value"]]) for table in tables if bool(table.iloc[0]["apart"])]
    assert len(first) >= 9 and {kind for kind, _ in first} == {"a"}


def test_traits_are_read_in_every_script_and_missing_captions_are_not_known() -> None:
    traits = caption_traits(pd.Series(["你喜欢什么茶？\n#茶 #早晨", None, "3 teas 🍵", "¿Qué té?"]))
    assert traits["question"].tolist()[0] == 1 and traits["question"].tolist()[2:] == [0, 1]
    assert traits.loc[1].isna().all() and traits.loc[2, "number"] == 1 and traits.loc[2, "emoji"] == 1


def test_hours_have_their_part_of_the_day() -> None:
    told = part_of_day(pd.Series([0.5, 6.0, 11.0, 17.9, 23.0, None], dtype="Float64"))
    assert told.tolist()[:5] == ["night", "morning", "midday", "afternoon", "evening"] and pd.isna(told.iloc[5])


def test_few_posts_give_an_empty_table() -> None:
    posts = _posts(np.random.default_rng(3)).head(8)
    assert caption_effects(posts).empty and combinations_of(posts, cells=["kind", "part"]).empty
