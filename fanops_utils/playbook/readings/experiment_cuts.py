"""What the cuts of a read-out say: segments, days of exposure, other choices of analysis."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from fanops_utils.experiments import ReadOut
from fanops_utils.experiments.intake.rows import SINGLE
from fanops_utils.experiments.segments.effects import segment_tests
from fanops_utils.experiments.segments.novelty import Novelty, novelty
from fanops_utils.experiments.statistics.bayes import Reading
from fanops_utils.metrics import p_text
from fanops_utils.playbook.findings import Finding
from fanops_utils.playbook.readings.experiment_words import amount, best_of, decision_metric, held_back, named_arm
from fanops_utils.playbook.wording import percent
from fanops_utils.workspace import Experiment, Metric

DIFFERS = 0.05
SURE = 0.999  # beliefs beyond are not told apart
INVALID_TITLE = "Nothing is cut out of an invalid experiment"
SEGMENT_METHOD = (
    "Cochran's Q over the segments; estimates drawn towards their mean as far as their spread is chance (empirical Bayes). "
    "Segments of the register only."
)
CHOICE_METHOD = "The registered choice decides; the others say how much rests on it. Bootstrap-t of 400 resamples."
SLOT_METHOD = (
    "The registered choice decides. Units that share a slot are not independent: one by one they promise too much."
)
PAIR_METHOD = "The registered choice decides. Within blocks, what the units of a block share is in no difference."
DAY_TREND = "Trend of the effects by day of exposure, each weighed by its precision."
BLOCK_TREND = (
    "Trend of the blocks' differences over the days; one block has no spread of its own, so each has that of all."
)
UNSEEN_CHOICES = "The bootstrap of single units is not in aggregate-only mode."


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
            f"After shrinkage from {amount(low['shrunk'], metric)} in {_where(low, experiment)} (n={low['n']:,}) to "
            f"{amount(high['shrunk'], metric)} in {_where(high, experiment)} (n={high['n']:,})."
        )
    silent = table[table["cannot_tell"] != ""]
    lines += [f"{_where(row, experiment)}: cannot tell, {row['cannot_tell']}." for row in silent.to_dict("records")]
    title = f"The effect differs by {uneven[0]}" if uneven else "No difference between the segments is shown"
    return Finding("segments", title, " ".join(lines), "watch" if uneven else "info", method=SEGMENT_METHOD)


def _where(row: Mapping[Any, Any] | pd.Series, experiment: Experiment) -> str:
    return named_arm(str(row["segment"]), str(row["treatment"]), experiment)


def day_rows(table: pd.DataFrame, found: ReadOut | None, experiment: Experiment) -> pd.DataFrame:
    """Return the days of the treatment that is read, of *table* of `day_effects`: day, estimate, ci_lower, ci_upper."""
    if table.empty:
        return pd.DataFrame(columns=["day", "estimate", "ci_lower", "ci_upper", "n"])
    arm = best_of(found, decision_metric(experiment)).treatment if found else experiment.treatments[0]
    return table[table["treatment"] == arm].dropna(subset=["estimate", "ci_lower"]).reset_index(drop=True)


def daily(found: ReadOut | None, experiment: Experiment, rows: pd.DataFrame) -> Finding:
    """Return whether the effect wore off or grew over the days of exposure, from *rows* of `day_rows`."""
    if said := held_back("novelty", INVALID_TITLE, found):
        return said
    if rows.empty and found is not None and found.last_day is not None:
        return Finding(
            "novelty", "Novelty cannot be told", "No day has a difference that can be told and may be shown."
        )
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
        named_arm(title, str(rows["treatment"].iloc[0]), experiment),
        text + (" What the average promises will not last: read the second half." if fades else ""),
        "watch" if fades else "info",
        n=int(rows["n"].sum()),
        method=BLOCK_TREND if experiment.counts_slots else DAY_TREND,
    )


def _weekdays(trend: Novelty) -> str:
    if trend.weekday_p != trend.weekday_p:
        return ""
    same = "differ" if trend.weekday_p < DIFFERS else "do not differ"
    return f" Weekdays {same} ({p_text(trend.weekday_p)})."


def sensitivity(
    found: ReadOut | None,
    experiment: Experiment,
    table: pd.DataFrame,
    *,
    belief: Reading | None = None,
    rows: bool = True,
) -> Finding:
    """Return whether the answer rests on a choice of analysis, from *table* of `choices`; without *rows*, what is missing."""
    if said := held_back("sensitivity", INVALID_TITLE, found):
        return said
    metric = decision_metric(experiment)
    told = table.dropna(subset=["estimate", "ci_lower"])
    after = [] if rows else _unseen(metric, experiment)
    if belief is not None:
        sure = percent(belief.better) if belief.better < SURE else f"more than {percent(SURE)}"
        change = named_arm("the change", best_of(found, metric).treatment, experiment) if found else "the change"
        after.append(f"Read as a belief, {change} is for the better with {sure}; that is no rule for stopping.")
    if told.empty:
        text = " ".join(["No choice gives an interval.", *after])
        return Finding("sensitivity", "Other choices cannot be told either", text)
    lines = [_choice(row, metric, experiment) for row in table.to_dict("records") if row["p_value"] == row["p_value"] or
             row["estimate"] == row["estimate"]]  # fmt: skip
    signs = told.assign(sign=(told["ci_lower"] > 0).astype(int) - (told["ci_upper"] < 0).astype(int))
    rests = bool((signs.groupby("treatment")["sign"].nunique() > 1).any())
    if told["choice"].nunique() == 1:
        title = "The register leaves no other choice to make"
    else:
        title = "The answer rests on the choice of analysis" if rests else "Every choice says the same"
    method = CHOICE_METHOD
    if experiment.counts_slots:
        method = SLOT_METHOD if experiment.cluster else PAIR_METHOD
    return Finding("sensitivity", title, " ".join([*lines, *after]), "watch" if rests else "info", method=method)


def _unseen(metric: Metric, experiment: Experiment) -> list[str]:
    if experiment.cluster:
        return []
    if experiment.counts_slots:
        return [f"{SINGLE.capitalize()}."]
    return [UNSEEN_CHOICES] if metric.kind in ("mean", "count") else []


def choice_rows(table: pd.DataFrame, experiment: Experiment) -> pd.DataFrame:
    """Return *table* of `choices` as it is drawn: with label, the choice and, of several treatments, its arm."""
    return table.assign(
        label=[named_arm(str(row["choice"]), str(row["treatment"]), experiment) for row in table.to_dict("records")]
    )


def _choice(row: Mapping[Any, Any], metric: Metric, experiment: Experiment) -> str:
    label = named_arm(str(row["choice"]), str(row["treatment"]), experiment)
    label = label[:1].upper() + label[1:]
    if row["ci_lower"] != row["ci_lower"]:
        return f"{label}: {p_text(row['p_value'])}."
    return f"{label}: {amount(row['estimate'], metric)} ({amount(row['ci_lower'], metric)} to {amount(row['ci_upper'], metric)})."
