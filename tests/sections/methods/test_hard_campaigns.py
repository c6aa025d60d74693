"""What the validation says of rough markets: kept or broken, and by what is the worst cell told."""

from __future__ import annotations

import pandas as pd
import pytest
from saying import sane, values

from fanops_utils.sections import methods
from fanops_utils.text import Percent


@pytest.fixture
def table() -> pd.DataFrame:
    cells = [("easy", 3, 1, 1.0, 0.05, 0.88), ("everything", 10, 1, 1.0, 0.06, 0.2), ("steps", 5, 3, 2.5, 0.11, 0.4)]
    rows = [(*cell[:4], 400, cell[4], cell[4] - 0.03, cell[4] + 0.03, cell[5], 0.36, 0.9) for cell in cells]
    columns = ["world", "controls", "treated", "wild", "n", "errors", "errors_lower", "errors_upper", "power"]
    frame = pd.DataFrame(rows, columns=[*columns, "pooled_errors", "pooled_power"])
    return frame.assign(chosen_power=[0.81, 0.30, float("nan")])


def test_the_worst_cell_is_told_with_power_beside_it(table: pd.DataFrame) -> None:
    finding = methods.campaign_hard(table, lift=0.2, level=0.9).finding
    sane(finding)
    assert (finding.code, finding.severity) == ("kept", "good")
    assert (finding.estimate, finding.n) == (0.11, 400)
    power = values(finding.text.parts[2])["shares"]  # type: ignore[attr-defined]
    assert "88" in str(power) and "20" in str(power) and "40" not in str(power), "calm days alone"
    chosen = values(finding.text.parts[3])  # type: ignore[attr-defined]
    assert (chosen["chosen"], chosen["now"]) == (Percent(0.555), Percent(0.54)), "cells that both have"
    mean = values(finding.text.parts[-1])["share"]  # type: ignore[attr-defined]
    assert mean == Percent(0.36)
    other = methods.campaign_hard(table.assign(chosen_power=float("nan")), lift=0.3, level=0.9).finding
    assert len(other.text.parts) == len(finding.text.parts) - 1, "another lift has nothing to stand beside"  # type: ignore[attr-defined]


def test_what_the_rough_markets_covered_is_said_and_claims_no_more(table: pd.DataFrame) -> None:
    finding = methods.campaign_covered(table).finding
    sane(finding)
    assert (finding.code, finding.severity, finding.n) == ("covered", "info", 3)


def test_a_cell_that_lies_above_what_is_tolerated_breaks_the_promise(table: pd.DataFrame) -> None:
    worse = table.assign(errors_lower=[0.02, 0.03, 0.125])
    finding = methods.campaign_hard(worse, lift=0.2, level=0.9).finding
    assert (finding.code, finding.severity) == ("kept", "good"), "the highest cell decides, not a bound of its interval"
    finding = methods.campaign_hard(worse.assign(errors=[0.05, 0.06, 0.15]), lift=0.2, level=0.9).finding
    assert (finding.code, finding.severity) == ("broken", "alert")
    unsure = methods.campaign_hard(table.assign(errors=[0.05, 0.06, 0.13]), lift=0.2, level=0.9).finding
    assert (unsure.code, unsure.severity) == ("unsure", "watch")
