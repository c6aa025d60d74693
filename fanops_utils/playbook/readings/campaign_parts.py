"""What the parts of a campaign say: its phases, platforms, markets, formats and partners, and the markets beside it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from fanops_utils.models import MixRate
from fanops_utils.playbook.findings import Finding, Severity
from fanops_utils.playbook.wording import FORMATS, PLATFORMS, count, money, percent, plural, points, signed
from fanops_utils.workspace import Campaign

AS_WHOLE = "Each part estimated as the whole is: same controls, same baseline, placebo windows of its own length."
LUCK = "One part in ten would stand out by chance alone at 90 %."


def phases(table: pd.DataFrame) -> Finding:
    """Return what each phase did, and whether the days after gave some of it back."""
    known = table[table["estimate"].notna()]
    if known.empty:
        why = "no phase has data in every market, or there is no control" if len(table) else "no control market"
        return Finding.nothing("phases", why)
    rows = known.to_dict("records")
    text = " ".join(f"{row['phase'].capitalize()}: {_between(row)}, {_reading(row)}." for row in rows)
    left = table.loc[table["estimate"].isna(), "phase"].tolist()
    if left:
        text += f" Not over yet, or days are missing: {', '.join(left)}."
    dips = [row["phase"] for row in rows if row["reading"] == "dip"]
    above = [row["phase"] for row in rows if row["reading"] == "above"]
    below = [row["phase"] for row in rows if row["reading"] == "below"]
    severity: Severity = "watch" if dips or below else "info"
    lost = f"Below what would have happened anyway: {', '.join(below)}" if below else "No phase stands out, up or down"
    title = f"A dip followed: {', '.join(dips)} lay below what would have happened anyway" if dips else (
        f"The effect lies in: {', '.join(above)}" if above else lost
    )  # fmt: skip
    return Finding("phases", title, text, severity, n=len(known), method=AS_WHOLE)


def _reading(row: dict[Any, Any]) -> str:
    return {"above": "above", "below": "below", "dip": "a dip: part of the gain was borrowed",
            "no clear effect": "no clear effect"}.get(str(row["reading"]), "too few past windows for an interval")  # fmt: skip


def _between(row: dict[Any, Any]) -> str:
    estimate, low, high = (float(str(row[name])) for name in ("estimate", "ci_lower", "ci_upper"))
    return f"{signed(estimate)} ({signed(low)} to {signed(high)})" if np.isfinite(low) else signed(estimate)


def markets(table: pd.DataFrame, campaign: Campaign) -> Finding:
    """Return how the treated markets compare; with a single one there is nothing to compare."""
    if len(campaign.treated) == 1:
        text = "The effect of the whole is that of the market; nothing says whether it would be the same elsewhere."
        return Finding("markets", f"One market was treated: {campaign.treated[0]}", text)
    known = table[table["estimate"].notna()]
    if known.empty:
        return Finding.nothing("markets", "no treated market can be held against the controls alone")
    text = " ".join(f"{row['part']}: {_between(row)}." for row in known.to_dict("records"))
    apart = known[(known["ci_lower"] > known["estimate"].median()) | (known["ci_upper"] < known["estimate"].median())]
    title = (
        f"{', '.join(apart['part'])} stands apart from the others"
        if len(apart)
        else "No treated market clearly differs"
    )
    return Finding("markets", title, f"{text} {LUCK}", n=len(known), method=AS_WHOLE)


def platforms(table: pd.DataFrame, campaign: Campaign) -> Finding:
    """Return whether the treated markets moved on their other platforms too."""
    known = table[table["estimate"].notna() & table["ci_lower"].notna()]
    if known.empty:
        return Finding.nothing("platforms", "no other platform of the treated markets has daily files and controls")
    text = " ".join(f"{_platform(row['part'])}: {_between(row)}." for row in known.to_dict("records"))
    moved = known[(known["ci_lower"] > 0) | (known["ci_upper"] < 0)]
    title = (
        f"Other platforms moved too: {', '.join(_platform(part) for part in moved['part'])}"
        if len(moved)
        else f"Outside {PLATFORMS.get(campaign.platform, campaign.platform)} nothing clear moved"
    )
    return Finding("platforms", title, f"{text} {LUCK}", n=len(known), method=AS_WHOLE)


def _platform(part: str) -> str:
    name, _, metric = part.partition(" ")
    return f"{PLATFORMS.get(name, name)} {metric.replace('_', ' ')}"


def spilled(table: pd.DataFrame) -> Finding:
    """Return whether a control market moved by itself in the live days: then the effect found is off by part of it."""
    known = table[table["estimate"].notna() & table["ci_lower"].notna()]
    if known.empty:
        return Finding.nothing("spillover", "fewer than three control markets, so none can be held against the others")
    moved = known[(known["ci_lower"] > 0) | (known["ci_upper"] < 0)].to_dict("records")
    if not moved:
        text = f"Each of {plural(len(known), 'control', 'controls')}, held against the others, shows no clear effect."
        return Finding("spillover", "No control market moved by itself", text, "good", n=len(known), method=AS_WHOLE)
    listed = "; ".join(f"{row['part']} {_between(row)}" for row in moved)
    text = f"{listed}. A control that rises makes the effect look smaller, one that falls larger. {LUCK}"
    title = f"{', '.join(str(row['part']) for row in moved)} moved without the campaign"
    return Finding("spillover", title, text, "watch", n=len(known), method=AS_WHOLE)


def formats(found: MixRate | None) -> Finding:
    """Return whether the rate of interactions changed because formats did, or because more or less of each was made."""
    if found is None:
        return Finding.nothing("formats", "no posts with a known reach in both the baseline and the live weeks")
    shown = found.table[~found.table["hidden"]]
    parts = [f"{FORMATS.get(row['post_type'], row['post_type'])} {points(row['change'])} ({points(row['ci_lower'])} to "
             f"{points(row['ci_upper'])})" for row in shown.to_dict("records")]  # fmt: skip
    text = (
        f"Interactions per account reached went from {percent(found.before)} to {percent(found.after)}: "
        f"{points(found.mix)} by the mix of formats, {points(found.rate)} within formats."
    )
    listed = "; ".join(parts)
    text += (
        f" {listed[:1].upper()}{listed[1:]}."
        if parts
        else " No format has ten posts on both sides, so none is told apart."
    )
    larger = "the mix of formats" if abs(found.mix) > abs(found.rate) else "the rate within formats"
    title = f"The rate moved by {points(found.change)}, more by {larger}"
    if found.reversed:
        title, text = (
            "Every format moved one way, the whole the other",
            f"{text} The mix alone did that (Simpson's paradox).",
        )
    return Finding(
        "formats", title, text, "info", found.change, unit="change of interactions per account reached",
        n=int(found.table[["n_before", "n_after"]].to_numpy().sum()),
        method="Baseline against live weeks, posts of the platform; weighted by reach (Marshall-Edgeworth). No effect.",
    )  # fmt: skip


def format_table(found: MixRate | None) -> pd.DataFrame:
    """Return the formats as a table to be shown: names in words, numbers of those with few posts left out."""
    columns = [
        "format",
        "n_before",
        "n_after",
        "weight_before",
        "weight_after",
        "rate_before",
        "rate_after",
        "mix",
        "rate",
    ]
    if found is None:
        return pd.DataFrame(columns=columns)
    table = found.table.assign(format=found.table["post_type"].map(lambda kind: FORMATS.get(kind, kind)))
    table[["rate_before", "rate_after"]] = table[["rate_before", "rate_after"]].mask(table["hidden"])
    return table[columns]


def partners(table: pd.DataFrame) -> Finding:
    """Return which partner's posts were answered most, shrunk, and what an interaction cost with each."""
    if table.empty:
        return Finding.nothing("partners", "no delivery of a partner is booked for this campaign")
    ranked = table[table["rank"].notna()]
    rows = table.to_dict("records")
    text = " ".join(_partner(row) for row in rows)
    if len(ranked) < 3:
        title = f"{plural(len(table), 'partner delivered', 'partners delivered')}; three are needed for a ranking"
        return Finding("partners", title, text, n=int(table["deliveries"].sum()))
    best = ranked.iloc[0]
    text += (
        f" {best['partner']} is best in {best['p_best']:.0%} of draws. A small audience answers more readily than a large "
        "one, so compare within a tier; and none of this says what would have been bought without them."
    )
    return Finding(
        "partners", f"{best['partner']} drew the most interactions per account reached: {percent(best['shrunk'])}", text,
        "info", float(best["shrunk"]), float(best["ci_lower"]), float(best["ci_upper"]),
        "interactions per account reached", int(table["deliveries"].sum()),
        "Interactions of all deliveries over their reach (delta method), drawn together by empirical Bayes.",
    )  # fmt: skip


def _partner(row: dict[Any, Any]) -> str:
    rate, each = float(str(row["estimate"])), float(str(row["cost_each"]))
    deliveries = plural(int(str(row["deliveries"])), "delivery", "deliveries")
    said = f"{row['partner']} ({row['tier']}): {percent(rate)} in {deliveries}" if np.isfinite(rate) else (
        f"{row['partner']} ({row['tier']}): reach unknown in {deliveries}"
    )  # fmt: skip
    cost = f", {money(each, str(row['currency']))} an interaction" if np.isfinite(each) else ", fee unknown"
    orders = float(str(row["orders"]))
    return f"{said}{cost}, {count(orders)} orders under the code." if np.isfinite(orders) else f"{said}{cost}."


def places(by_market: pd.DataFrame, by_platform: pd.DataFrame, controls: pd.DataFrame) -> pd.DataFrame:
    """Return every part as rows to be drawn: place, estimate, ci_lower, ci_upper."""
    named = [
        by_market.assign(place=by_market["part"] + ", treated"),
        by_platform.assign(place=by_platform["part"].map(_platform)),
        controls.assign(place=controls["part"] + ", control"),
    ]
    filled = [frame for frame in named if len(frame)] or named[:1]
    return pd.concat(filled, ignore_index=True)[["place", "estimate", "ci_lower", "ci_upper"]]
