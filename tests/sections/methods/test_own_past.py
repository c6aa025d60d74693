"""What the validation says of a market's own past: the worst kind of market, and what no past foretells."""

from __future__ import annotations

import pandas as pd
from saying import sane, values

from fanops_utils.models.simulation.own_past import COLUMNS
from fanops_utils.sections import methods
from fanops_utils.text import Percent

TABLE = pd.DataFrame(
    [("own_walks", "days", 0.0, 100, 0.07, 0.03, 0.14, 0.6), ("steps", "weeks", 0.0, 100, 0.14, 0.08, 0.22, 0.4),
     ("own_walks", "days", 0.2, 100, 0.61, 0.51, 0.70, 0.9)], columns=COLUMNS,
)  # fmt: skip


def test_the_worst_kind_of_market_is_told_and_the_common_rise_apart() -> None:
    finding = methods.campaign_own_past(TABLE, lift=0.2, level=0.9).finding
    sane(finding)
    assert (finding.code, finding.severity, finding.estimate, finding.n) == ("told", "info", 0.14, 100)
    told = values(finding.text)
    assert told["share"] == Percent(0.61), "what rose everywhere"
    assert (told["least"], told["most"]) == (Percent(0.4), Percent(0.6)), "of markets left alone"


def test_it_opens_no_verdict_of_its_own() -> None:
    section = methods.campaign_own_past(TABLE, lift=0.2, level=0.9)
    assert methods.plays([], [section], owner="lead", on=None) == ()
