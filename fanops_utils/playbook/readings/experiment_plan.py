"""What an experiment's plan says: how large, how long, what cannot be found, and the register to freeze."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from html import escape
from pathlib import Path

import pandas as pd

from fanops_utils.experiments.designs.history import PlanCheck
from fanops_utils.experiments.designs.planning import OWN, Past
from fanops_utils.metrics import Interval
from fanops_utils.playbook.checks import Check
from fanops_utils.playbook.findings import Finding, Severity
from fanops_utils.playbook.plays import Play
from fanops_utils.playbook.readings.experiment_words import amount, decision_metric, level
from fanops_utils.playbook.wording import count, percent, plural
from fanops_utils.workspace import Experiment
from fanops_utils.workspace.frozen import fingerprint

REVIEW_AFTER = timedelta(days=14)
BLOCKED = (
    "The formula knows units, or clusters of them, drawn one by one: what the arms of one block share is taken out by the "
    "read-out and saves some, slots left out after a change of arm cost some."
)
NO_HISTORY = "no control arm of the warehouse has this metric"


@dataclass(frozen=True)
class Block:
    """A register as text, to be frozen."""

    text: str

    def _repr_html_(self) -> str:
        return f"<pre>{escape(self.text)}</pre>"


def checks(past: Mapping[str, Past], experiment: Experiment, *, units: int) -> list[Check]:
    """Return whether history can carry the plan, and whether the plan comes before the data."""
    found = []
    for one in past.values():
        name = f"History of {one.metric.label}"
        if one.baseline is None:
            action = "Import another experiment with this column, or run a week without treatment first"
            found.append(Check(name, "REVIEW", f"{NO_HISTORY} in 50 units or more, or it never varies", action))
        elif one.origins == (experiment.id,):
            text = f"{count(one.baseline.n)} outcomes of the experiment's own control arm: no other one has it"
            found.append(Check(name, "REVIEW", text, "Read it as a check after the fact, not as a plan"))
        else:
            found.append(Check(name, "PASS", f"{count(one.baseline.n)} outcomes of {', '.join(one.origins)}"))
    if units:
        text = f"{count(units)} units are in already"
        found.append(Check("Before the data", "REVIEW", text, "A plan is written before the first unit is assigned"))
    else:
        found.append(Check("Before the data", "PASS", "no unit was assigned yet"))
    return found


def needed(table: pd.DataFrame, experiment: Experiment) -> Finding:
    """Return how many units and days the decision metric needs, from *table* of `sizes`."""
    metric = decision_metric(experiment)
    ours = table[table["metric"] == metric.label]
    if ours.empty:
        why = NO_HISTORY if metric.smallest_effect else "the register names no smallest effect that matters"
        return Finding.nothing("size", why)
    first = ours.iloc[0]
    if not first["per_arm"]:
        return Finding("size", "No size would find this effect", "The baseline leaves no room for it.", "watch")
    days = "" if pd.isna(first["days"]) else f", {int(first['days'])} days at the traffic there is"
    arms = len(experiment.allocation)
    text = (
        f"{metric.label} stands at {level(first['mean'], metric)} in {_history(first['history'])}. "
        f"To find {amount(first['effect'], metric)} with {experiment.power:.0%} power at alpha {experiment.alpha:g}, "
        f"{arms} arms need {count(first['per_arm'])} units each{days}."
    )
    if len(ours) > 1:
        others = ours["per_arm"].iloc[1:]
        text += f" Other formulas ask for {count(others.min())} to {count(others.max())}."
    if experiment.counts_slots:
        text += f" {BLOCKED}"
    title = f"{count(first['total'])} units in all{days}"
    return Finding(
        "size", title, text, "info", float(first["total"]), unit="units", method=f"Formula: {first['formula']}."
    )


def _history(origins: str) -> str:
    return "its own control arm, after the fact" if origins == OWN else f"history ({origins})"


def costs(table: pd.DataFrame) -> Finding:
    """Return what looks, variants and clusters cost, from *table* of `designs`."""
    if table.empty:
        return Finding.nothing("designs", NO_HISTORY)
    lines = [
        f"{row['design']}: {count(row['total'])} units ({row['times']:.2f} times)." for row in table.to_dict("records")
    ]
    worst = table.sort_values("times").iloc[-1]
    title = f"The dearest design, {worst['design']}, takes {worst['times']:.1f} times the units"
    return Finding("designs", title, " ".join(lines), method=_formula(table))


def _formula(table: pd.DataFrame) -> str:
    first = table["formula"].iloc[0].split(";")[0]
    return f"Total units over those of one look with two arms. Formula: {first}, the first of the sizes above."


def weekly(table: pd.DataFrame, experiment: Experiment) -> Finding:
    """Return what this traffic can find, from *table* of `reachable`."""
    if table.empty or table["effect"].isna().all():
        return Finding.nothing("reach", "history gives no traffic or no baseline")
    metric, last = decision_metric(experiment), table.dropna(subset=["effect"]).iloc[-1]
    weeks, sign = int(last["weeks"]), 1 if metric.direction == "increase" else -1
    seen, wanted = amount(sign * last["effect"], metric), metric.smallest_effect
    text = f"After {plural(weeks, 'week', 'weeks')}, {count(last['per_arm'])} units per arm find {seen}"
    text += f", {percent(last['lift'])} of the baseline." if pd.notna(last["lift"]) else "."
    if wanted is None:
        return Finding("reach", f"{plural(weeks, 'week finds', 'weeks find')} {seen}", text)
    soon = table[table["effect"] <= wanted]
    if soon.empty:
        title = f"{amount(sign * wanted, metric)} cannot be found within {plural(weeks, 'week', 'weeks')}"
        return Finding("reach", title, text, "watch")
    first = plural(int(soon["weeks"].iloc[0]), "week", "weeks")
    return Finding("reach", f"{amount(sign * wanted, metric)} can be found after {first}", text, "good")


def simulated(found: PlanCheck | None, experiment: Experiment, *, expected: float) -> Finding:
    """Return whether the plan keeps its promises on units of the past; *expected* is the power its size promises."""
    if found is None:
        return Finding.nothing("simulated", "there is no history to try the plan on")
    metric = decision_metric(experiment)
    wrong, power = found.false_positive, found.power
    honest = wrong.ci_lower <= experiment.alpha  # fewer false alarms than promised break no promise
    strong = power.ci_upper >= expected - 0.02
    text = (
        f"{found.simulations:,} tests of {found.per_arm:,} units per arm from history: without an effect {_rate(wrong)} found "
        f"one, {percent(experiment.alpha)} promised; with {amount(found.effect, metric)} injected {_rate(power)} did, "
        f"{percent(expected)} promised for that size."
    )
    title = (
        "The plan keeps its promises on history"
        if honest and strong
        else "On history the plan does not keep its promises"
    )
    severity: Severity = "good" if honest and strong else "watch"
    return Finding("simulated", title, text, severity, method=f"{found.test}; units drawn with replacement.")


def _rate(found: Interval) -> str:
    return f"{percent(found.estimate)} ({percent(found.ci_lower)} to {percent(found.ci_upper)})"


def check_rows(found: PlanCheck | None, experiment: Experiment, *, expected: float) -> pd.DataFrame:
    """Return the simulated shares as they are drawn: label, estimate, ci_lower, ci_upper."""
    if found is None:
        return pd.DataFrame(columns=["label", "estimate", "ci_lower", "ci_upper"])
    listed = (
        (f"no effect (promised {experiment.alpha:.0%})", found.false_positive),
        (f"effect injected (promised {expected:.0%})", found.power),
    )
    rows = [(label, one.estimate, one.ci_lower, one.ci_upper) for label, one in listed]
    return pd.DataFrame(rows, columns=["label", "estimate", "ci_lower", "ci_upper"])


def untestable(table: pd.DataFrame, past: Mapping[str, Past], experiment: Experiment, *, weeks: int) -> Finding:
    """Return what cannot be tested with this traffic within *weeks*, said plainly; *table* of `sizes`."""
    lines = [
        f"{one.metric.label}: {NO_HISTORY}, so nothing can be promised."
        for one in past.values()
        if one.baseline is None
    ]
    labels = {metric.label: metric for metric in experiment.metrics}
    for name, part in table.groupby("metric", sort=False):
        days = part["days"].iloc[0]
        if pd.isna(days):
            lines.append(f"{name}: no traffic is known.")
        elif days > weeks * 7:
            wanted = amount(part["effect"].iloc[0], labels[str(name)])
            lines.append(f"{name}: needs {int(days) // 7} weeks for {wanted}; {weeks} were given.")
    lines += [
        f"{metric.label}: no smallest effect or margin is named, so 'no change' will never be shown."
        for metric in experiment.metrics
        if metric.role != "exploratory" and not (metric.smallest_effect or metric.margin)
    ]
    if not lines:
        return Finding(
            "untestable", f"Everything named can be tested within {weeks} weeks", "No metric is out of reach.", "good"
        )
    title = f"{plural(len(lines), 'thing', 'things')} cannot be tested as planned"
    return Finding("untestable", title, " ".join(lines), "watch")


def block(experiment: Experiment, path: Path) -> Block:
    """Return the register at *path* with the fingerprint that freezes it; empty text where the file is not there."""
    text = path.read_text(encoding="utf-8").rstrip() if path.is_file() else ""
    mark = fingerprint(experiment, without=("frozen",))
    lines = [line for line in text.splitlines() if not line.startswith("frozen:")]
    return Block("\n".join([*lines, f"frozen: {mark}"]))


def freezing(experiment: Experiment, *, units: int) -> Finding:
    """Return whether the register is frozen, and as what."""
    mark = fingerprint(experiment, without=("frozen",))
    if experiment.is_changed:
        text = f"Frozen as {experiment.frozen}, now {mark}: the read-out will show the change."
        return Finding("frozen", "The register was changed after it was frozen", text, "watch")
    if experiment.frozen:
        return Finding(
            "frozen", f"The register is frozen as {mark}", "It says what it said when it was frozen.", "good"
        )
    late = " Units are in already: freezing now would not be before the data." if units else ""
    return Finding("frozen", "The register is not frozen yet", f"Its fingerprint is {mark}.{late}", "watch")


def plays(findings: tuple[Finding, ...], experiment: Experiment, *, on: date | None = None) -> tuple[Play, ...]:
    """Return what to do before the first unit: enlarge or drop what cannot be tested, then freeze."""
    review = (on or date.today()) + REVIEW_AFTER
    label = decision_metric(experiment).label
    found = {one.id: one for one in findings}
    listed = []
    if found["untestable"].severity == "watch":
        action = "Name a larger smallest effect, give it more weeks, or leave out what cannot be tested"
        listed.append(Play(action, label, "a test that can answer", experiment.owner, review, "untestable"))
    if experiment.frozen is None:
        action = "Freeze the register before the first unit is assigned (run this notebook with freeze=true)"
        listed.append(Play(action, label, "a plan nobody can move", experiment.owner, review, "frozen"))
    return tuple(listed)


def verdict(findings: tuple[Finding, ...], experiment: Experiment) -> tuple[str, Severity]:
    """Return the report's one sentence and its severity."""
    found = {one.id: one for one in findings}
    if found["size"].status == "no_data":
        return f"There is no data to plan the experiment '{experiment.title}' on.", "info"
    severity: Severity = "watch" if found["untestable"].severity == "watch" else "good"
    return f"{found['size'].title}. {found['untestable'].title}.", severity
