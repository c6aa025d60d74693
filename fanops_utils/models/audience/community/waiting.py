"""How long people wait for a first answer, who still waits included."""

from __future__ import annotations

import numpy as np
import pandas as pd

from fanops_utils.models.audience.community.survival import done_within, left_after, time_until

INSTANT = 1 / 60  # minutes: an answer in the same second still took one


def answer_times(waits: pd.DataFrame, *, agreed: float) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return per kind, and for all together first: kind, n, median, p90 (minutes), in_time, lower, upper, open; and
    the curves.

    *waits*: `metrics.waits` (kind, minutes, answered); in_time is the share answered within *agreed* minutes. Times
    that so many have not reached yet are NaN. Curves: kind, hours, waiting (share without an answer), thinned to some
    200 points.
    """
    rows, curves = [], []
    for kind, part in [("all", waits), *waits.groupby("kind")]:
        curve = left_after(part["minutes"].clip(lower=INSTANT), part["answered"])
        share, low, high = done_within(curve, agreed)
        rows.append(
            (
                kind,
                len(part),
                time_until(curve, 0.5),
                time_until(curve, 0.9),
                share,
                low,
                high,
                int((~part["answered"]).sum()),
            )
        )
        if kind != "all" and len(curve):
            kept = curve.iloc[np.unique(np.linspace(0, len(curve) - 1, 200).astype(int))]
            curves.append(pd.DataFrame({"kind": kind, "hours": kept["time"] / 60, "waiting": kept["share"]}))
    columns = ["kind", "n", "median", "p90", "in_time", "lower", "upper", "open"]
    empty = pd.DataFrame(
        {"kind": pd.Series(dtype=object), "hours": pd.Series(dtype=float), "waiting": pd.Series(dtype=float)}
    )
    return pd.DataFrame(rows, columns=columns), pd.concat(curves, ignore_index=True) if curves else empty
