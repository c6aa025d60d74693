"""Scorers of tone: good ones are shown, weak and untrained ones are not, and nothing is learnt from shuffled labels."""

from __future__ import annotations

import sys
import tarfile

import numpy as np
import pandas as pd
import pytest
from shared_data import shared

from fanops_utils.models.tone.agreement import Agreement, agreement, between_labellers
from fanops_utils.models.tone.balance import to_label
from fanops_utils.models.tone.scorers import scorers, vader, vader_compound

GOOD, BAD, PLAIN = (
    ("amei adorei lindo", "ótimo gostoso"),
    ("péssimo odiei", "horrível nunca mais"),
    ("chegou caixa", "comprei hoje"),
)


def labelled(size: int, *, language: str = "pt", shuffled: bool = False) -> pd.DataFrame:
    rng = np.random.default_rng(7)
    tones = rng.choice(["positive", "negative", "neutral"], size)
    words = {"positive": GOOD, "negative": BAD, "neutral": PLAIN}
    texts = [f"{rng.choice(words[tone])} chá {rng.integers(10_000)}" for tone in tones]
    frame = pd.DataFrame(
        {"text_id": [str(one) for one in range(size)], "language": language, "text": texts, "sentiment": tones}
    )
    if shuffled:
        frame["sentiment"] = rng.permutation(frame["sentiment"])
    return frame.assign(labeller="1")


def test_a_model_is_trained_from_three_hundred_labels_and_shown_where_it_agrees() -> None:
    few, enough = (scorers(labelled(size), ["pt"])["pt"] for size in (299, 300))
    assert (few.reason, few.score) == ("few", None)
    assert enough.reason == "shown" and enough.checked.kappa > 0.9 and enough.score is not None
    assert enough.score(["odiei o chá", "adorei o chá"]) == ["negative", "positive"]


def test_nothing_is_learnt_from_shuffled_labels() -> None:
    told = scorers(labelled(300, shuffled=True), ["pt"])["pt"]
    assert (told.reason, told.score) == ("weak", None) and told.checked.kappa < 0.3


def test_english_is_scored_by_words_and_held_against_labels_where_there_are_some() -> None:
    nothing = labelled(0)
    assert scorers(nothing, ["en"])["en"].reason == "unlabelled"
    texts = ["I love this tea", "Terrible, I hate it", "The box is brown"] * 17
    rows = pd.DataFrame({"text_id": [str(at) for at in range(51)], "language": "en", "text": texts, "labeller": "1",
                         "sentiment": ["positive", "negative", "neutral"] * 17})  # fmt: skip
    assert [scorers(rows.head(size), ["en"])["en"].reason for size in (49, 50)] == ["unlabelled", "shown"]
    wrong = scorers(rows.assign(sentiment=["negative", "neutral", "positive"] * 17), ["en"])["en"]
    assert (wrong.reason, wrong.score) == ("weak", None)


@pytest.mark.parametrize(("n", "kappa", "specificity", "shown", "plain"), [
    (300, 0.5, 0.9, True, True), (299, 0.5, 0.9, True, False), (300, 0.49, 0.9, True, False), (300, 0.5, 0.89, True, False),
    (300, 0.3, 0.9, True, False), (300, 0.29, 0.9, False, False), (300, np.nan, 0.9, False, False),
])  # fmt: skip
def test_the_thresholds_on_both_sides(n: int, kappa: float, specificity: float, shown: bool, plain: bool) -> None:
    told = Agreement(n, kappa, 0.8, specificity)
    assert (told.shown, told.plain) == (shown, plain)


def test_kappa_takes_chance_off() -> None:
    truth = ["negative"] * 20 + ["neutral"] * 80
    assert agreement(truth, ["neutral"] * 100).kappa == 0
    told = agreement(truth, ["negative"] * 10 + ["neutral"] * 80 + ["negative"] * 10)
    assert (told.sensitivity, told.specificity) == (0.5, 0.875) and told.kappa == pytest.approx(0.375)


def test_two_labellers_are_held_against_each_other_and_what_they_disagree_on_trains_nothing() -> None:
    first = labelled(300)
    second = first.assign(labeller="2")
    second.loc[:29, "sentiment"] = np.where(second.loc[:29, "sentiment"] == "negative", "positive", "negative")
    both = pd.concat([first, second], ignore_index=True)
    assert between_labellers(both).n == 300 and 0.8 < between_labellers(both).kappa < 0.95
    assert between_labellers(first).n == 0
    assert scorers(both, ["pt"])["pt"].labels == 270


def test_a_sheet_is_balanced_and_asks_nothing_twice() -> None:
    texts = ["I love it"] * 3 + ["I hate it"] * 3 + ["It is a box"] * 300
    english = pd.DataFrame({"text_id": [f"e{at}" for at in range(306)], "language": "en", "text": texts})
    other = labelled(40)[["text_id", "language", "text"]]
    done = pd.DataFrame({"text_id": ["e0"]})
    told = to_label(pd.concat([english, other]), done, each=30)
    assert told["language"].value_counts().to_dict() == {"en": 30, "pt": 30}
    assert set(told.columns) == {"text_id", "language", "text"} and "e0" not in set(told["text_id"])
    tones = pd.Series(vader(told.loc[told["language"] == "en", "text"].tolist())).value_counts()
    assert (tones["positive"], tones["negative"]) == (2, 3), "the rare ones are all in"
    assert told.equals(to_label(pd.concat([english, other]), done, each=30))
    assert to_label(english.head(0), done).empty


def test_of_real_tweets_vader_reads_as_people_do(capsys: pytest.CaptureFixture[str]) -> None:
    """4,200 tweets rated by twenty people each (Hutto and Gilbert 2014)."""
    with tarfile.open(shared("vader_groundtruth") / "hutto_ICWSM_2014.tar.gz") as packed:
        file = packed.extractfile("hutto_ICWSM_2014/tweets_GroundTruth.txt")
        assert file is not None
        rows = [line.split("\t") for line in file.read().decode("utf-8").splitlines()]
    r = float(np.corrcoef([vader_compound(row[2]) for row in rows], [float(row[1]) for row in rows])[0, 1])
    with capsys.disabled():
        sys.stdout.write(f"\nVADER against people on {len(rows):,} tweets: r {r:.3f}\n")
    assert len(rows) == 4200 and r >= 0.86
