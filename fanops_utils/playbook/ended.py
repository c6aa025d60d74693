"""How decisions ended, by their kind: how many stand where, and which share of those reviewed was kept."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import pandas as pd

from fanops_utils.metrics.intervals import wilson
from fanops_utils.playbook.decisions import Standing, standing
from fanops_utils.workspace.registers.decision import Decision, DecisionEnd

STANDINGS: tuple[Standing, ...] = ("open", "due", "overdue", "reviewed")
ENDS: tuple[DecisionEnd, ...] = ("kept", "changed", "stopped")


def record(decisions: Iterable[Decision], *, on: date) -> pd.DataFrame:
    """Return how decisions of each kind ended: kind, all, open, due, overdue, reviewed, kept, changed, stopped, and of those
    whose review says how it ended the share that was kept: rate, lower, upper (Wilson), n.
    """
    told = list(decisions)
    rows = []
    for kind in dict.fromkeys(one.kind for one in told):
        mine = [one for one in told if one.kind == kind]
        stands, ends = [standing(one, on=on) for one in mine], [one.ended for one in mine if one.ended]
        kept = wilson(ends.count("kept"), len(ends))
        rows.append((kind, len(mine), *(stands.count(name) for name in STANDINGS), *(ends.count(name) for name in ENDS),
                     kept.estimate, kept.ci_lower, kept.ci_upper, len(ends)))  # fmt: skip
    return pd.DataFrame(rows, columns=["kind", "all", *STANDINGS, *ENDS, "rate", "lower", "upper", "n"])
