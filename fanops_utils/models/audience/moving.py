"""Where members of a stage or tier are after a while, and where it would end if they went on like this."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from fanops_utils.metrics.columns import need

DRAWS = 400


def stage_moves(before: pd.DataFrame, now: pd.DataFrame, column: str = "stage") -> pd.DataFrame:
    """Return where the members of each stage (or tier) *before* are *now*: origin, target, members, n, share of n.

    Both: member_key and *column*; members in only one of them are left out.
    """
    need(before, "member_key", column)
    both = before[["member_key", column]].merge(
        now[["member_key", column]], on="member_key", suffixes=("_before", "_now")
    )
    pairs = both.groupby([f"{column}_before", f"{column}_now"], observed=True).size().rename("members").reset_index()
    table = pairs.set_axis(["origin", "target", "members"], axis=1)
    total = table.groupby("origin", observed=True)["members"].transform("sum")
    return table.assign(n=total, share=table["members"] / total)


def steady_state(moves: pd.DataFrame, names: Sequence[str], *, rng: np.random.Generator) -> pd.DataFrame:
    """Return which share of members each of *names* would hold in the long run, if they moved on as in *moves* and nobody joined.

    *moves*: `stage_moves`. Returned, in the order of *names*: name, now (share on the later day), estimate, ci_lower, ci_upper
    (from drawing each row of moves again, its shares Dirichlet with half a member more in each cell). Empty without moves.
    """
    table = moves.pivot_table(index="origin", columns="target", values="members", aggfunc="sum", observed=False)
    wide = table.reindex(index=list(names), columns=list(names)).fillna(0.0).to_numpy(float)
    if not wide.sum():
        return pd.DataFrame(columns=["name", "now", "estimate", "ci_lower", "ci_upper"])
    held = wide.sum(axis=0) / wide.sum()
    wide = wide + np.diag((wide.sum(axis=1) == 0).astype(float))  # where nobody was, nobody is known to leave
    counts = wide + 0.5 / len(names)
    drawn = [held @ _lasting(np.array([rng.dirichlet(row) for row in counts])) for _ in range(DRAWS)]
    estimate = held @ _lasting(counts / counts.sum(axis=1, keepdims=True))
    low, high = np.quantile(drawn, [0.025, 0.975], axis=0)
    return pd.DataFrame({"name": list(names), "now": held, "estimate": estimate, "ci_lower": low, "ci_upper": high})


def _lasting(shares: np.ndarray) -> np.ndarray:
    """Return where members of each stage end: *shares* of moves, taken 4,096 times."""
    return np.linalg.matrix_power(shares, 4096)
