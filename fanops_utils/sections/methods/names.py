"""What the methods and designs of the validation are called."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from fanops_utils.text import Message, Sayable, say, term

DESIGNS: dict[str, Message] = {
    "conversion": term("conversion", "simulated design"),
    "revenue": term("skewed revenue", "simulated design"),
    "ratio": term("ratio", "simulated design"),
    "clusters": term("clusters", "simulated design"),
    "switchback": term("switchback", "simulated design"),
    "sequential": term("looks at a share", "simulated design"),
    "sequential_revenue": term("looks at skewed revenue", "simulated design"),
}
METHODS: dict[str, Message] = {
    "newcombe": term("pooled z, Newcombe", "method of a test"),
    "welch": term("Welch's t", "method of a test"),
    "cuped": term("CUPED", "method of a test"),
    "fieller": term("Fieller's lift", "method of a test"),
    "delta": term("delta method", "method of a test"),
    "views_as_units": term("views counted as units (not valid)", "method of a test"),
    "cluster_means": term("Welch's t of cluster means", "method of a test"),
    "units_as_units": term("units counted one by one (not valid)", "method of a test"),
    "within_days": term("differences within days", "method of a test"),
    "one_look": term("one look at the end", "method of a test"),
    "every_look": term("t at every look", "method of a test"),
    "bayes": term("Bayes: P > 95% or < 5%", "method of a test"),
    "always_valid": term("always-valid limits", "method of a test"),
    "obrien_fleming": term("O'Brien-Fleming spending", "method of a test"),
    "rho": term("rho = 2 spending", "method of a test"),
}
CAMPAIGN_METHODS: dict[str, Message] = {
    "did_in_time": term("difference in differences, placebos in time", "method for campaigns"),
    "did_in_space": term("difference in differences, placebos in space", "method for campaigns"),
    "before_after": term("before and after", "method for campaigns"),
}
ROUGH = term("the campaign verdict in rough markets", "method for campaigns")
RUNNING = term("a single reading of a running campaign", "method for campaigns")
MIXES: dict[str, Message] = {
    "synthetic control": term("Synthetic control", "mix of controls, first word"),
    "synthetic difference in differences": term("Synthetic DiD", "mix of controls, first word"),
}
MIXES_INSIDE: dict[str, Message] = {
    "synthetic control": term("synthetic control", "mix of controls"),
    "synthetic difference in differences": term("synthetic DiD", "mix of controls"),
}


def on_design(row: dict) -> Message:
    """Return the method of *row* with the design it was tried on, as a label."""
    return say("{design}: {method}", design=DESIGNS[row["design"]], method=METHODS[row["method"]])


def in_design(row: dict) -> Message:
    """Return the method of *row* with the design it was tried on, within a sentence."""
    return say("{method} ({design})", design=DESIGNS[row["design"]], method=METHODS[row["method"]])


def cells(codes: pd.Series, name: Callable[[str], Sayable]) -> pd.Series:
    """Return what *name* calls each of *codes*, as a column to be shown."""
    return pd.Series([name(str(code)) for code in codes], index=codes.index, dtype=object)
