"""Where money goes and whether to move it; whether chances come true: on both sides of what decides."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from saying import sane

from fanops_utils.metrics import Interval
from fanops_utils.models import Reallocation, Reliability, Response
from fanops_utils.sections import targets
from fanops_utils.text import Message


def channel(name: str, low: float, high: float) -> Response:
    return Response(name, 500.0, 60, Interval((low + high) / 2, low, high, 60))


def test_money_is_moved_only_where_the_model_says_so() -> None:
    both = (channel("instagram", 0.01, 0.05), channel("tiktok", -0.01, 0.01))
    moved = targets.reallocation(Reallocation(both, ("tiktok", "instagram")), outcome="orders", currency="EUR")
    stays = targets.reallocation(Reallocation(both, None), outcome="orders", currency="EUR")
    assert [(sane(one).code, one.finding.severity) for one in (moved, stays)] == [
        ("move", "watch"),
        ("cannot_tell", "info"),
    ]


@pytest.mark.parametrize(("low", "clear"), [(0.001, True), (0.0, False), (-0.02, False)])
def test_one_channel_is_told_to_bring_more_only_beyond_chance(low: float, clear: bool) -> None:
    told = targets.reallocation(
        Reallocation((channel("instagram", low, 0.05),), None), outcome="orders", currency="EUR"
    )
    first = sane(told).text.parts[0]  # type: ignore[attr-defined]
    assert isinstance(first, Message) and ("more" in dict(first.values)) == clear


def test_why_nothing_is_told_is_said() -> None:
    refused = Reallocation((Response("instagram", 0.0, 9, None, "short"),), None)
    assert sane(targets.reallocation(refused, outcome="orders", currency="EUR")).status == "no_data"
    assert sane(targets.reallocation(Reallocation((), None), outcome="orders", currency="")).status == "no_data"


def test_costs_by_function_leave_out_what_is_not_measured() -> None:
    rows = pd.DataFrame({"function": ["Social", "Shop"], "spent": [60.0, 40.0], "share": [0.6, 0.4], "orders": [3.0, 2.0],
                         "views": [np.nan, np.nan]})  # fmt: skip
    told = sane(targets.functions(rows, currency="EUR"))
    assert (told.code, told.estimate) == ("told", 0.6)
    assert sane(targets.functions(rows.head(0), currency="")).status == "no_data"


@pytest.mark.parametrize(("gap", "code", "severity"), [(0.05, "holds", "info"), (0.051, "off", "watch")])
def test_chances_are_taken_at_their_word_up_to_five_points(gap: float, code: str, severity: str) -> None:
    bins = pd.DataFrame(
        {"low": np.arange(10) / 10, "high": np.arange(1, 11) / 10, "n": 40, "said": 0.5, "came": 0.5 - gap}
    )
    told = targets.reliability(Reliability(400, gap, 0.9, bins))
    assert (sane(told).code, told.finding.severity) == (code, severity)
    assert sane(targets.reliability(Reliability(290, gap, 0.9, bins.assign(n=29)))).status == "no_data"
    wide, fit = (targets.reliability(Reliability(400, gap, one, bins)).finding.text for one in (0.96, 0.95))
    assert len(wide.parts) == len(fit.parts) + 1  # type: ignore[attr-defined]
