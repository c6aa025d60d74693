"""What the cuts of a read-out say: segments, days of exposure, other choices of analysis."""

from __future__ import annotations

import pandas as pd

from fanops_utils.experiments import ReadOut
from fanops_utils.experiments.bayes import Reading
from fanops_utils.experiments.novelty import Novelty, novelty
from fanops_utils.experiments.segments import segment_tests
from fanops_utils.metrics import p_text
from fanops_utils.playbook.findings import Finding, Severity
from fanops_utils.playbook.readings.experiment_words import amount, decision_metric, held_back
from fanops_utils.playbook.wording import percent
from fanops_utils.workspace import Experiment

DIFFERS = 0.05
INVALID_TITLE = "Nothing is cut out of an invalid experiment"
SEGMENT_METHOD = (
    "Cochran's Q over the segments; estimates drawn towards their mean as far as their spread is chance (empirical Bayes). "
    "Segments of the register only."
)
CHOICE_METHOD = "The registered choice decides; the others say how much rests on it. Bootstrap-t of 400 resamples."


def segment_rows(table: pd.DataFrame) -> pd.DataFrame:
    """Return *table* of `segment_effects` as it is drawn: label, estimate, ci_lower, ci_upper, shrunk, …, n."""
    if table.empty:
        return pd.DataFrame(columns=["label", "estimate", "ci_lower", "ci_upper", "shrunk", "n"])
    several = table["treatment"].nunique() > 1
    label = table["segment"].astype(str) + (" (" + table["treatment"] + ")" if several else "")
    return table.assign(label=label).sort_values(["dimension", "shrunk"], ascending=[True, False], ignore_index=True)


def segments(found: ReadOut | None, experiment: Experiment, table: pd.DataFrame) -> Finding:
    """Return whether the effect differs between the segments of *table* (of `segment_effects`)."""
    if said := held_back("segments", INVALID_TITLE, found):
        return said
    if table.empty:
        return Finding("segments", "The register names no segment", "The effect is read for all units together.")
    metric = decision_metric(experiment)
    lines, uneven = [], []
    for name, part in table.groupby("dimension", sort=False):
        for test in segment_tests(part).to_dict("records"):
            if test["segments"] < 2:
                lines.append(f"By {name}: fewer than two segments can be told apart, so nothing is tested.")
                continue
            lines.append(
                f"By {name} ('{test['treatment']}'): Q = {test['q']:.2f} on {test['df']} df, {p_text(test['p_value'])}."
            )
            uneven += [str(name)] * (test["p_value"] < DIFFERS)
    told = table.dropna(subset=["shrunk"]).sort_values("shrunk")
    if len(told) > 1:
        low, high = told.iloc[0], told.iloc[-1]
        lines.append(
            f"After shrinkage from {amount(low['shrunk'], metric)} in {low['segment']} (n={low['n']:,}) to "
            f"{amount(high['shrunk'], metric)} in {high['segment']} (n={high['n']:,})."
        )
    silent = table[table["cannot_tell"] != ""]
    lines += [f"{row['segment']}: cannot tell, {row['cannot_tell']}." for row in silent.to_dict("records")]
    title = f"The effect differs by {uneven[0]}" if uneven else "No difference between the segments is shown"
    return Finding("segments", title, " ".join(lines), "watch" if uneven else "info", method=SEGMENT_METHOD)


def day_rows(table: pd.DataFrame, found: ReadOut | None, experiment: Experiment) -> pd.DataFrame:
    """Return the days of the treatment that is read, of *table* of `day_effects`: day, estimate, ci_lower, ci_upper."""
    if table.empty:
        return pd.DataFrame(columns=["day", "estimate", "ci_lower", "ci_upper", "n"])
    arm = found.winner if found and found.winner else experiment.treatments[0]
    return table[table["treatment"] == arm].dropna(subset=["estimate", "ci_lower"]).reset_index(drop=True)


def daily(found: ReadOut | None, experiment: Experiment, rows: pd.DataFrame) -> Finding:
    """Return whether the effect wore off or grew over the days of exposure, from *rows* of `day_rows`."""
    if said := held_back("novelty", INVALID_TITLE, found):
        return said
    if rows.empty:
        return Finding("novelty", "Novelty cannot be told: exposure has no dates", "Import the time of assignment.")
    trend, metric = novelty(rows), decision_metric(experiment)
    if trend.cannot_tell:
        return Finding("novelty", "Novelty cannot be told", f"{trend.cannot_tell}.")
    text = (
        f"First half of the days {amount(trend.early, metric)}, second half {amount(trend.late, metric)}; "
        f"{amount(trend.per_day, metric)} a day ({amount(trend.ci_lower, metric)} to {amount(trend.ci_upper, metric)}), "
        f"{p_text(trend.p_value)}.{_weekdays(trend)}"
    )
    moved = trend.p_value < DIFFERS
    fades = moved and trend.per_day * trend.early < 0
    title = "The effect wears off" if fades else "The effect grows by the day" if moved else "No sign of wearing off"
    return Finding(
        "novelty",
        title,
        text + (" What the average promises will not last: read the second half." if fades else ""),
        "watch" if fades else "info",
        n=int(rows["n"].sum()),
        method="Trend of the effects by day of exposure, each weighed by its precision.",
    )


def _weekdays(trend: Novelty) -> str:
    if trend.weekday_p != trend.weekday_p:
        return ""
    same = "differ" if trend.weekday_p < DIFFERS else "do not differ"
    return f" Weekdays {same} ({p_text(trend.weekday_p)})."


def sensitivity(
    found: ReadOut | None, experiment: Experiment, table: pd.DataFrame, *, belief: Reading | None = None
) -> Finding:
    """Return whether the answer rests on a choice of analysis, from *table* of `choices`."""
    if said := held_back("sensitivity", INVALID_TITLE, found):
        return said
    metric = decision_metric(experiment)
    told = table.dropna(subset=["estimate", "ci_lower"])
    chance = ""
    if belief is not None:
        chance = f" Read as a belief, the change is for the better with {percent(belief.better)}; that is no rule for stopping."
    if told.empty:
        return Finding("sensitivity", "Other choices cannot be told either", f"No choice gives an interval.{chance}")
    signs = {int(row["ci_lower"] > 0) - int(row["ci_upper"] < 0) for row in told.to_dict("records")}
    lines = [
        f"{row['choice']}: {amount(row['estimate'], metric)} ({amount(row['ci_lower'], metric)} to "
        f"{amount(row['ci_upper'], metric)})."
        for row in told.to_dict("records")
    ]
    if len(told) == 1:
        title = "The register leaves no other choice to make"
    else:
        title = "Every choice says the same" if len(signs) == 1 else "The answer rests on the choice of analysis"
    severity: Severity = "watch" if len(signs) > 1 else "info"
    return Finding("sensitivity", title, " ".join(lines) + chance, severity, method=CHOICE_METHOD)
