"""What simulated campaigns say of the method: how often it errs, how often it finds what is there."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

import numpy as np
import pandas as pd

from fanops_utils.experiments.simulation.simulate import band
from fanops_utils.playbook.findings import Finding, Severity
from fanops_utils.playbook.plays import Play
from fanops_utils.playbook.wording import percent, span

DEFAULT, PLAIN = "difference in differences, placebos in time", "before and after"
BAND_LEVEL = 0.05
MOST_FALSE, LEAST_FOUND, NEAR = 0.12, 0.80, 0.03
HOW = "Simulated campaigns on ten markets with common random walks; intervals of the shares are Wilson's, 95 %."


def false_verdicts(table: pd.DataFrame, *, level: float) -> Finding:
    """Return how often the default names an effect where none was planted."""
    row = _row(table, DEFAULT, lift=0.0)
    allowed = max(MOST_FALSE, 1 - level + 0.02)
    severity = _kept(row["found"], row["found_lower"], most=allowed)
    title = f"A campaign that did nothing is called an effect in {percent(row['found'])} of cases"
    text = (
        f"{span(row['found_lower'], row['found_upper'])}, {row['n']:.0f} simulated campaigns; at a level of {level:.0%} "
        f"{percent(1 - level)} are expected, {percent(allowed)} tolerated. {_band(1 - level, row['n'])}"
    )
    return Finding("campaign_false", title, text, severity, row["found"], row["found_lower"],
                   row["found_upper"], "share called an effect", int(row["n"]), HOW)  # fmt: skip


def covered(table: pd.DataFrame, *, level: float) -> Finding:
    """Return how often the default's interval holds the truth, where nothing and where something was planted."""
    rows = table[table["method"] == DEFAULT].to_dict("records")
    said = [(row["lift"], percent(row["coverage"]), span(row["coverage_lower"], row["coverage_upper"])) for row in rows]
    text = " ".join(f"Planted {lift:+.0%}: {share} ({between})." for lift, share, between in said)
    row = _row(table, DEFAULT, lift=0.0)
    text += f" {_band(level, row['n'])}"
    good = abs(row["coverage"] - level) <= NEAR
    title = f"The {level:.0%} interval holds the truth in {percent(row['coverage'])} of cases"
    return Finding("campaign_coverage", title, text, "good" if good else "watch", row["coverage"], row["coverage_lower"],
                   row["coverage_upper"], "share of intervals that hold the truth", int(row["n"]), HOW)  # fmt: skip


def power(table: pd.DataFrame, *, lift: float) -> Finding:
    """Return how often the default finds a planted *lift*, and how far its estimates are off on average."""
    row = _row(table, DEFAULT, lift=lift)
    good = row["found"] >= LEAST_FOUND
    text = (
        f"{span(row['found_lower'], row['found_upper'])}. Estimates are off by {row['bias']:+.3f} on average (log points), "
        f"intervals {row['width']:.2f} wide."
    )
    title = f"A planted {lift:+.0%} is found in {percent(row['found'])} of cases"
    return Finding("campaign_power", title, text, "good" if good else "watch", row["found"], row["found_lower"],
                   row["found_upper"], "share found", int(row["n"]), HOW)  # fmt: skip


def plain(table: pd.DataFrame) -> Finding:
    """Return what a comparison of before and after would have said of the same campaigns."""
    row, other = _row(table, PLAIN, lift=0.0), _row(table, DEFAULT, lift=0.0)
    text = (
        f"{span(row['found_lower'], row['found_upper'])}; its interval holds the truth in {percent(row['coverage'])} of cases. "
        f"It is {row['width'] / other['width']:.2f} times as wide as the default's: wrong because it is sure. Season and trend "
        "pass for the campaign, and days that follow one another are counted as if each were news."
    )
    title = f"Before and after finds an effect in {percent(row['found'])} of campaigns that did nothing"
    return Finding("campaign_plain", title, text, "info", row["found"], row["found_lower"], row["found_upper"],
                   "share called an effect", int(row["n"]), HOW)  # fmt: skip


def shares(table: pd.DataFrame, column: str, *, lift: float) -> pd.DataFrame:
    """Return one share (found or coverage) of every method at *lift* as rows to be drawn."""
    part = table[(table["lift"] == lift) & table["width"].notna()]
    names = {"estimate": column, "ci_lower": f"{column}_lower", "ci_upper": f"{column}_upper"}
    return pd.DataFrame({"method": part["method"], "n": part["n"], **{new: part[old] for new, old in names.items()}})


def promised(table: pd.DataFrame, column: str, *, lift: float, nominal: float) -> pd.DataFrame:
    """Return one share (found or coverage) of every method at *lift* against its promise, for `charts.against_promise`."""
    part = table[(table["lift"] == lift) & table["width"].notna()]
    return against(part["method"], part[column], part["n"], nominal=nominal, valid=part["method"] != PLAIN)


def against(
    label: pd.Series, rate: pd.Series, n: pd.Series, *, nominal: float, valid: pd.Series, most: bool | None = None
) -> pd.DataFrame:
    """Return rates with the band in which a method that keeps its promise ends up 95 times in 100.

    *most*: the promise is an upper limit (True), a lower one (False), or a rate (None). Rows that are not *valid* get
    no band, and are within none: they promise nothing.
    """
    low, high = np.transpose([band(nominal, int(size), level=BAND_LEVEL) for size in n])
    shares = rate.to_numpy(float)
    within = (shares <= high if most is not False else True) & (shares >= low if most is not True else True)
    held = valid.to_numpy(bool)
    return pd.DataFrame({
        "label": label.to_numpy(), "rate": shares, "n": n.to_numpy(), "nominal": np.where(held, nominal, np.nan),
        "band_lower": np.where(held, low, np.nan), "band_upper": np.where(held, high, np.nan),
        "within": within & held, "valid": held,
    })  # fmt: skip


def _band(nominal: float, n: float) -> str:
    """Return how far chance alone moves a share of *n* simulations, in words."""
    low, high = band(nominal, int(n), level=BAND_LEVEL)
    return (
        f"In {n:.0f} campaigns a method that keeps this to the letter ends between {percent(low)} and {percent(high)}, "
        "95 times in 100."
    )


def _row(table: pd.DataFrame, method: str, *, lift: float) -> dict[str, float]:
    part = table[(table["method"] == method) & (table["lift"] == lift)]
    return {str(name): value for name, value in part.drop(columns="method").iloc[0].items()}


def _kept(share: float, lower: float, *, most: float) -> Severity:
    """Return good up to *most*; alert where even the lower bound lies beyond it; watch where the sample is too small."""
    return "good" if share <= most else "alert" if lower > most else "watch"


def plays(findings: Iterable[Finding], *, on: date | None = None) -> tuple[Play, ...]:
    """Return one play where the method broke its word; nothing is to be done where it kept it."""
    review = (on or date.today()) + timedelta(days=14)
    broken = [one for one in findings if one.severity in ("alert", "watch")]
    action = "Hold back verdicts near the edge until the method is looked into"
    return tuple(
        Play(action, one.unit, "back to what is promised", "Owner of the reports", review, one.id) for one in broken
    )


def verdict(findings: tuple[Finding, ...]) -> tuple[str, Severity]:
    """Return the report's one sentence."""
    for severity, said in (("alert", "breaks its word"), ("watch", "may or may not keep its word")):
        first = next((one for one in findings if one.severity == severity), None)
        if first is not None:
            return f"The campaign method {said}: {first.title[:1].lower()}{first.title[1:]}.", first.severity
    return f"The campaign method keeps its word: {findings[0].title[:1].lower()}{findings[0].title[1:]}.", "good"
