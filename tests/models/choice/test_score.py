from __future__ import annotations

import pytest

from fanops_utils.models.choice.score import score
from fanops_utils.workspace.registers.choice import Candidate, Choice, Criterion


def choice(*candidates: Candidate, agreement: str = "agreed") -> Choice:
    criteria = (
        Criterion(id="reach", name="Reach", weight=3, worst=0, best=1),
        Criterion(id="cost", name="Cost", weight=1, worst=100, best=0),
    )
    return Choice(
        id="c", about="platforms", question="?", gates={"law": "Law"}, criteria=criteria, candidates=candidates,
        agreement=agreement,  # type: ignore[arg-type]
    )  # fmt: skip


GOOD = Candidate(id="good", name="Good", measures={"reach": 0.9, "cost": 20})
POOR = Candidate(id="poor", name="Poor", measures={"reach": 0.2, "cost": 60})
BARRED = Candidate(id="barred", name="Barred", measures={"reach": 1.0, "cost": 0}, fails=("law",))


def test_a_clear_leader_is_first_and_who_fails_a_gate_is_out_whatever_it_scores() -> None:
    found = score(choice(GOOD, POOR, BARRED))
    assert found.first == ("good",)
    table = found.table.set_index("id")
    assert table.loc["barred", "state"] == "out"
    assert table["score"].isna()["barred"]
    assert table.loc["good", "score"] == pytest.approx(0.75 * 0.9 + 0.25 * 0.8, abs=0.01)


def test_twins_are_not_told_apart() -> None:
    found = score(choice(GOOD, GOOD.model_copy(update={"id": "twin", "error": {"reach": 0.1}})))
    assert set(found.first) == {"good", "twin"}


def test_who_leaves_changes_nothing_among_the_others() -> None:
    whole, less = (score(choice(*some)).table.set_index("id")["score"] for some in ((GOOD, POOR, BARRED), (GOOD, POOR)))
    assert whole["good"] == pytest.approx(less["good"], abs=0.005)


def test_a_measure_nobody_has_widens_the_doubt_and_is_not_the_mean() -> None:
    known = score(choice(GOOD, POOR)).table.set_index("id")
    part = score(choice(GOOD.model_copy(update={"measures": {"cost": 20}}), POOR)).table.set_index("id")
    assert part.loc["good", "n_missing"] == 1
    assert part.loc["good", "ci_upper"] - part.loc["good", "ci_lower"] > 3 * (
        known.loc["good", "ci_upper"] - known.loc["good", "ci_lower"]
    )


def test_the_weight_that_turns_the_order_is_named() -> None:
    cheap = Candidate(id="cheap", name="Cheap", measures={"reach": 0.5, "cost": 0})
    wide = Candidate(id="wide", name="Wide", measures={"reach": 0.9, "cost": 90})
    found = score(choice(cheap, wide))
    # 0.5 r + (1 - r) = 0.9 r + 0.1 (1 - r) at r = 0.9 / 1.3 = 0.692: the cost then weighs 0.31
    assert found.turns is not None
    assert found.turns_at == pytest.approx(0.31 if found.turns == "cost" else 0.69, abs=0.02)


def test_all_out_is_no_order() -> None:
    assert score(choice(BARRED)).first == ()
