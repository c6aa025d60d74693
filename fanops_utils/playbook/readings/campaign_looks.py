"""What simulated campaigns say of the readings beside the verdict: those taken while it runs, and weighted mixes."""

from __future__ import annotations

import pandas as pd

from fanops_utils.experiments.simulation.simulate import band
from fanops_utils.models.simulation.looks import ONCE
from fanops_utils.playbook.findings import Finding, Severity
from fanops_utils.playbook.readings.campaign_calibration import BAND_LEVEL, against
from fanops_utils.playbook.wording import percent, span

NAMES = {"synthetic control": "Synthetic control", "synthetic difference in differences": "Synthetic DiD"}
RUNNING_HOW = "Ten simulated markets, nothing planted; each look reads the days seen, against placebo windows as long."
MIXES_HOW = "Simulated panels of 24 markets, 60 days before the start; placebos are the other 23 markets."
ENOUGH = 30  # campaigns past the gates, below which a share of them is not judged


def running(table: pd.DataFrame, *, level: float) -> Finding:
    """Return how often a campaign that did nothing looks like an effect while it runs, at one look and at any of them."""
    single, once = table[table["look"] != ONCE], table[table["look"] == ONCE].to_dict("records")[0]
    worst = single.sort_values("found").to_dict("records")[-1]
    said = ", ".join(f"{row['look']} {percent(row['found'])}" for row in single.to_dict("records"))
    text = (
        f"{said[:1].upper()}{said[1:]}; {percent(1 - level)} are promised. At the worst look: "
        f"{span(worst['found_lower'], worst['found_upper'])}. Whoever takes {len(single)} looks and stops at the first "
        f"effect finds one in {percent(once['found'])} ({span(once['found_lower'], once['found_upper'])}): that is why a "
        "running campaign gets no verdict."
    )
    _, high = band(1 - level, int(worst["n"]), level=BAND_LEVEL)
    title = f"A single reading of a running campaign errs in at most {percent(worst['found'])} of cases"
    return Finding("campaign_running", title, text, "good" if worst["found"] <= high else "watch", worst["found"],
                   worst["found_lower"], worst["found_upper"], "share called an effect", int(worst["n"]),
                   RUNNING_HOW)  # fmt: skip


def looks(table: pd.DataFrame, *, level: float) -> pd.DataFrame:
    """Return every look against its promise, for `charts.against_promise`; the looks taken together promise nothing."""
    return against(table["look"], table["found"], table["n"], nominal=1 - level, valid=table["look"] != ONCE, most=True)


def mixes(table: pd.DataFrame, *, level: float, lift: float) -> Finding:
    """Return whether both mixes keep their word on many markets, and how often their gates let them speak at all."""
    said, broken, unjudged = [], [], []
    for method, name in NAMES.items():
        null, planted = (_past_the_gates(table, method, one) for one in (0.0, lift))
        if min(null["n"], planted["n"]) < ENOUGH:
            unjudged.append(name)
            said.append(f"{name}: {null['n']:.0f} and {planted['n']:.0f} campaigns pass the gates, too few to judge.")
            continue
        said.append(
            f"{name}: {percent(null['share'])} pass the gates; of these {percent(null['found'])} find an effect that is "
            f"not there ({span(null['found_lower'], null['found_upper'])}), {percent(planted['found'])} find "
            f"{lift:+.0%}, and {percent(planted['coverage'])} of the intervals hold it. By their rank alone "
            f"{percent(null['by_rank'])} would be called an effect where there is none."
        )
        most, least = (
            band(1 - level, int(null["n"]), level=BAND_LEVEL)[1],
            band(level, int(planted["n"]), level=BAND_LEVEL)[0],
        )
        if null["found"] > most or planted["coverage"] < least:
            broken.append(name)
    title = "Weighted mixes keep their word on many markets"
    if broken:
        title = f"{' and '.join(broken)} may not keep the word given, on many markets"
    elif unjudged:
        title = f"Too few campaigns pass the gates to judge: {', '.join(unjudged)}"
    severity: Severity = "watch" if broken or unjudged else "good"
    return Finding("campaign_mixes", title, " ".join(said), severity, unit="share called an effect",
                   n=int(table["n"].max()), method=MIXES_HOW)  # fmt: skip


def _past_the_gates(table: pd.DataFrame, method: str, lift: float) -> dict[str, float]:
    part = table[table["gated"].astype(bool) & (table["method"] == method) & (table["lift"] == lift)]
    return {str(name): value for name, value in part.drop(columns="method").iloc[0].items()}


def mixed(table: pd.DataFrame, *, level: float) -> pd.DataFrame:
    """Return the coverage of both mixes at every lift, all campaigns and those past the gates, against its promise."""
    known = table[table["n"] >= ENOUGH]
    past = known["gated"].astype(bool).map({True: "past the gates", False: "all"})
    planted = known["lift"].map(lambda one: f"{one:+.0%}" if one else "nothing planted")
    label = known["method"].map(NAMES) + ", " + planted + ", " + past
    return against(label, known["coverage"], known["n"], nominal=level, valid=known["n"] > 0, most=False)
