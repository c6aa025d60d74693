"""Who gave the tones: the tool's alone may be held against the limit, a scorer's only where it errs little."""

from __future__ import annotations

import pandas as pd
import pytest
from saying import sane

from fanops_utils.models.tone.agreement import Agreement
from fanops_utils.models.tone.scorers import Scorer
from fanops_utils.sections import crisis

NONE = Agreement(0, float("nan"), float("nan"), float("nan"))


def counts(**mentions: int) -> pd.DataFrame:
    named = {None if name == "nobody" else name: number for name, number in mentions.items()}
    return pd.DataFrame({"toned_by": pd.Series(list(named), dtype=object), "mentions": list(named.values())})


def scorer(kappa: float, specificity: float) -> Scorer:
    return Scorer("pt", "model", "shown", 300, Agreement(300, kappa, 0.6, specificity), lambda texts: list(texts))


def test_the_tools_own_labels_are_said_to_be_so() -> None:
    told = sane(crisis.labels(counts(tool=9), {}, NONE, plain=True))
    assert (told.code, told.severity) == ("tool", "info")
    assert sane(crisis.labels(counts(), {}, NONE, plain=True)).status == "no_data"


@pytest.mark.parametrize(("nobody", "severity"), [(9, "info"), (10, "watch")])
def test_where_most_mentions_have_no_tone_it_is_to_be_watched(nobody: int, severity: str) -> None:
    assert sane(crisis.labels(counts(tool=9, nobody=nobody), {}, NONE, plain=True)).severity == severity


def test_a_scorer_is_shown_with_how_well_it_agrees() -> None:
    between = Agreement(80, 0.7, 0.8, 0.9)
    told = crisis.labels(counts(tool=5, model=5), {"pt": scorer(0.4, 0.8)}, between, plain=False)
    assert sane(told).code == "scored" and len(told.parts) == 2


VADER = Scorer("en", "vader", "unlabelled", 0, NONE, lambda texts: list(texts))


@pytest.mark.parametrize(("told", "by", "plain"), [
    (counts(tool=5), [], True), (counts(tool=5, model=1), [scorer(0.5, 0.9)], True), (counts(model=1), [scorer(0.49, 0.9)], False),
    (counts(vader=1), [VADER], False), (counts(model=1), [], False),
])  # fmt: skip
def test_what_may_be_held_against_the_limit(told: pd.DataFrame, by: list[Scorer], plain: bool) -> None:
    assert crisis.plain_share(told, by) == plain
