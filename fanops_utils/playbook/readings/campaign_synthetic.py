"""Would a weighted mix of the controls say the same? Shown beside the default, with the gates that fail; never the verdict."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from fanops_utils.metrics.intervals import Interval
from fanops_utils.models import CampaignEffect, Mixes, SyntheticEffect
from fanops_utils.playbook.findings import Finding, Severity
from fanops_utils.playbook.wording import signed, span

NAMES = {"synthetic control": "Synthetic control", "synthetic difference in differences": "Synthetic DiD"}
WORDS = {"units": "markets", "unit": "market", "periods": "days", "donors": "controls"}
DEFAULT = "Default: controls counted alike"
METHOD = (
    "Positive weights that add up to one, chosen on the days before the start alone; intervals from the same computation "
    "on each control. Abadie, Diamond and Hainmueller 2010; Arkhangelsky and others 2021."
)


def mixed(mixes: Mixes, found: CampaignEffect | None, *, level: float) -> Finding:
    """Return what both mixes say beside the default *found*, which gates fail, and whether they may be leant on."""
    if mixes.lacks_data:
        return Finding.nothing("mix", mixes.reason)
    if not mixes.found:
        title = "No weighted mix can be made"
        if mixes.n_controls < 2:
            title += ": there is one control market" if mixes.n_controls else ": there is no control market"
        return Finding("mix", title, mixes.reason)
    text = f"{' '.join(_said(one, level) for one in mixes.found)}{_gates(mixes.found)}"
    trusted = [one for one in mixes.found if one.trusted]
    so_far = "So far, " if mixes.running else ""
    if not trusted:
        title = _opened(f"{so_far}weighted mixes say {_sizes(mixes.found)}, and are not to be leant on")
        return Finding("mix", title, f"{text} The verdict rests on the default alone.", method=METHOD)
    title, severity = _against(trusted, found, so_far)
    one = _fraction(trusted[0])
    text += " The verdict rests on the default alone; a mix that passes its gates is held against it."
    return Finding("mix", title, text, severity, one.estimate, one.ci_lower, one.ci_upper,
                   "fraction of the counterfactual", one.n, METHOD)  # fmt: skip


def estimates(mixes: Mixes, found: CampaignEffect | None) -> pd.DataFrame:
    """Return the default and both mixes as rows to be drawn: label, estimate, ci_lower, ci_upper (fractions)."""
    rows = []
    if mixes.found and found is not None and found.scale != "difference" and np.isfinite(found.effect.estimate):
        rows.append((DEFAULT, found.effect.estimate, found.effect.ci_lower, found.effect.ci_upper))
    for one in mixes.found:
        effect, gates = _fraction(one), "" if one.trusted else ", gates failed"
        rows.append((f"{NAMES[one.method]}{gates}", effect.estimate, effect.ci_lower, effect.ci_upper))
    return pd.DataFrame(rows, columns=["label", "estimate", "ci_lower", "ci_upper"])


def weights(mixes: Mixes) -> pd.DataFrame:
    """Return how much each control counts in each mix: market, control, did (shares), the largest first."""
    if not mixes.found:
        return pd.DataFrame(columns=["market", "control", "did"])
    control, did = (one.weights.set_index("unit")["weight"] for one in mixes.found)
    table = pd.DataFrame({"control": control, "did": did}).rename_axis("market")
    return table.sort_values(["control", "did"], ascending=False).reset_index()


def _fraction(one: SyntheticEffect) -> Interval:
    log = one.interval
    estimate, lower, upper = np.expm1([log.estimate, log.ci_lower, log.ci_upper])
    return Interval(float(estimate), float(lower), float(upper), log.n)


def _said(one: SyntheticEffect, level: float) -> str:
    """Return one mix in words: estimate, interval, rank among the placebos and what it can say at all."""
    effect = _fraction(one)
    return (
        f"{NAMES[one.method]}: {signed(effect.estimate)} "
        f"({span(effect.ci_lower, effect.ci_upper, form='signed', level=level)}); rank {one.rank} of "
        f"{len(one.placebos) + 1} markets each taken for treated, p = {one.p_value:.2g}; so many cannot give less than "
        f"{one.p_smallest:.2g}."
    )


def _gates(found: tuple[SyntheticEffect, ...]) -> str:
    """Return the gates that fail, those of every mix once; empty where none does."""
    shared = [text for text in found[0].failed if all(text in one.failed for one in found)]
    said = [("Against both", shared)] if shared else []
    said += [(f"Against {_named(one)}", [text for text in one.failed if text not in shared]) for one in found]
    return "".join(f" {name}: {'; '.join(map(_of_markets, texts))}." for name, texts in said if texts)


def _named(one: SyntheticEffect) -> str:
    return f"s{NAMES[one.method][1:]}"


def _of_markets(text: str) -> str:
    """Return a gate's text in the words of campaigns.

    >>> _of_markets("6 units; 20 are asked")
    '6 markets, where 20 are asked'
    """
    for word, ours in WORDS.items():
        text = text.replace(word, ours)
    return text.replace("; ", ", where ")


def _against(trusted: list[SyntheticEffect], found: CampaignEffect | None, so_far: str) -> tuple[str, Severity]:
    first = _fraction(trusted[0])
    if found is None or not np.isfinite(found.log_effect.ci_lower):
        return _opened(f"{so_far}a weighted mix says {signed(first.estimate)}"), "info"
    sides = {_side(_fraction(one)) for one in trusted}
    if sides == {_side(found.log_effect)}:
        return _opened(f"{so_far}a weighted mix of the controls says the same: {signed(first.estimate)}"), "info"
    return _opened(f"{so_far}a weighted mix does not say the same: {_sizes(trusted)}"), "watch"


def _sizes(found: Iterable[SyntheticEffect]) -> str:
    return " and ".join(dict.fromkeys(signed(_fraction(one).estimate) for one in found))


def _side(interval: Interval) -> int:
    """Return 1 or -1 where the interval lies above or below zero, else 0."""
    return int(interval.ci_lower > 0) - int(interval.ci_upper < 0)


def _opened(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"
