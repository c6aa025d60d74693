"""Many comparisons read together: Holm and Bonferroni for decisions, Benjamini-Hochberg to explore."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
import numpy.typing as npt
from statsmodels.stats.multitest import multipletests

from fanops_utils.metrics.multiple import holm

Correction = Literal["holm", "bonferroni", "fdr_bh"]


def adjusted_p(p_values: npt.ArrayLike | Sequence[float], *, method: Correction) -> np.ndarray:
    """Return *p_values* corrected for being read together; NaN stays NaN, and counts as a comparison that was made.

    Sources: Holm 1979; Benjamini and Hochberg 1995.

    >>> adjusted_p([0.01, 0.04, 0.03], method="holm").round(2).tolist()
    [0.03, 0.06, 0.06]
    """
    p = np.asarray(p_values, dtype=float)
    unknown = np.isnan(p)
    filled = np.where(unknown, 1.0, p)
    adjusted = holm(filled) if method == "holm" else multipletests(filled, method=method)[1]
    return np.where(unknown, np.nan, np.minimum(adjusted, 1.0))


def adjusted_known(p_values: npt.ArrayLike | Sequence[float], *, method: Correction) -> np.ndarray:
    """Return *p_values* corrected among those that are known: a NaN stays, and was no comparison.

    >>> adjusted_known([0.01, float("nan"), 0.03], method="fdr_bh").round(2).tolist()
    [0.02, nan, 0.03]
    """
    p = np.asarray(p_values, dtype=float)
    known = ~np.isnan(p)
    adjusted = np.full(p.shape, np.nan)
    adjusted[known] = adjusted_p(p[known], method=method)
    return adjusted
