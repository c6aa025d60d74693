"""How many experiments were sound, how many won, and when the faults happened."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from scipy import stats

from fanops_utils import charts
from fanops_utils.charts.words import Words
from fanops_utils.experiments.portfolio.lessons import stretch
from fanops_utils.playbook import Check, Finding, Section, Severity
from fanops_utils.sections.experiments.portfolio.names import VERDICTS, cells, no_tests, period
from fanops_utils.text import (
    Count,
    Message,
    Number,
    Percent,
    PValue,
    Sayable,
    Sentences,
    Signed,
    Span,
    Unit,
    say,
    say_n,
    term,
)  # fmt: skip

EXPECTED_FAULTS = 0.01  # at a gate of 0.01, without any fault
ENOUGH = 10  # experiments, below which rates are rough
BY_CHANCE = 0.001
MOST_ROWS = 40


def checks(tests: pd.DataFrame, *, unread: Sequence[tuple[str, Sayable]] = ()) -> list[Check]:
    """Return whether there are experiments to be read together, and whether enough; *unread* could not be opened."""
    name = term("Experiments", "check")
    closed = [
        Check(code="unread", name=say("Experiment {id}", id=test), status="REVIEW", finding=why,
              action=say("Correct its register or its units"))
        for test, why in unread
    ]  # fmt: skip
    if tests.empty:
        action = say("Import the units of an experiment")
        return [Check(code="experiments", name=name, status="FAIL", finding=no_tests(), action=action), *closed]
    if len(tests) < ENOUGH:
        few = say_n(
            "{n} experiment with units: rates over so few are rough",
            "{n} experiments with units: rates over so few are rough",
            n=len(tests),
        )
        action = say("Read the single experiments")
        return [Check(code="experiments", name=name, status="REVIEW", finding=few, action=action), *closed]
    many = say_n("{n} experiment with units", "{n} experiments with units", n=len(tests))
    return [Check(code="experiments", name=name, status="PASS", finding=many), *closed]


def soundness(tests: pd.DataFrame, rates: pd.DataFrame) -> Section:
    """Return how many experiments were valid and how many won (*rates* of `lessons.rates`), and list them."""
    if tests.empty:
        return Section.of(Finding.nothing("validity", no_tests()))
    valid, won = _validity(tests, rates), _wins(tests, rates)
    drawn = rates.dropna(subset=["estimate"])
    labels = pd.Series([_rate(*row) for row in drawn[["rate", "of"]].itertuples(index=False)], dtype=object)
    words = Words(
        title=say("How many were valid, and how many won"), subtitle=say("Share of experiments, 95% intervals"),
        axis=term("share of experiments", "axis"), alt=Sentences.of(valid.text, won.text),
    )  # fmt: skip
    chart = charts.intervals(
        drawn.drop(columns=["rate", "of"]).assign(label=labels.to_numpy()), label="label", words=words
    )
    return Section.of(valid, won, chart, _listed(tests))


def _rate(rate: str, of: int) -> Message:
    if rate == "valid":
        return say_n("valid, of {n} experiment in all", "valid, of {n} experiments in all", n=of)
    return say_n("won, of {n} valid and finished", "won, of {n} valid and finished", n=of)


def _validity(tests: pd.DataFrame, rates: pd.DataFrame) -> Finding:
    valid, invalid = rates.to_dict("records")[0], int((~tests["valid"].astype(bool)).sum())
    text = say_n(
        "{n} of {all} is invalid; by chance alone it would be about {expected}.",
        "{n} of {all} are invalid; by chance alone it would be about {expected}.",
        n=invalid, all=len(tests), expected=Count(EXPECTED_FAULTS * len(tests)),
    )  # fmt: skip
    severity: Severity = "watch" if valid["ci_upper"] < 1 - EXPECTED_FAULTS else "good"
    share = {"share": Percent(valid["estimate"])}
    return Finding(
        id="validity", title=say("{share} of the experiments are valid", **share), text=text, severity=severity,
        estimate=float(valid["estimate"]), ci_lower=float(valid["ci_lower"]), ci_upper=float(valid["ci_upper"]),
        unit=Unit("share", term("of experiments", "unit")), n=len(tests),
        method=say("Wilson interval; a gate that stops makes a test invalid."),
        verdict=_counted(invalid, len(tests)) if len(tests) < ENOUGH else
        say("{share} of the experiments are valid ({interval}).", **share,
            interval=Span.of(valid["ci_lower"], valid["ci_upper"])),
        code="too_few_valid" if severity == "watch" else "valid",
    )  # fmt: skip


def _counted(invalid: int, tests: int) -> Message:
    """Return how many are invalid: of a few, a rate in percent would look surer than it is."""
    if not invalid:
        return say_n("The {n} experiment is valid.", "All {n} experiments are valid.", n=tests)
    return say_n("{n} of {all} experiments is invalid.", "{n} of {all} experiments are invalid.", n=invalid, all=tests)


def _wins(tests: pd.DataFrame, rates: pd.DataFrame) -> Finding:
    if not tests["finished"].astype(bool).any():
        return Finding.nothing("wins", say("no experiment is valid and finished"))
    won, done = rates.to_dict("records")[1], tests[tests["finished"].astype(bool)]
    valid = tests[tests["valid"].astype(bool)]
    running, count = len(valid) - len(done), int(done["won"].sum())
    text = Sentences.of(
        say("Of {valid} valid ones, {single} show a difference when each is judged alone; {left} when it counts that many "
            "were judged.",
            valid=len(valid), single=int((valid["p_value"] < 0.05).sum()), left=int((valid["p_adjusted"] < 0.05).sum())),
        say_n("{n} is still running and no part of the rate.", "{n} are still running and no part of the rate.", n=running)
        if running else None,
    )  # fmt: skip
    told = {
        "won": Number(count, 0),
        "finished": say_n("{n} finished experiment", "{n} finished experiments", n=len(done)),
    }
    return Finding(
        id="wins", title=say("{won} of {finished} won", **told), text=text,
        estimate=float(won["estimate"]), ci_lower=float(won["ci_lower"]), ci_upper=float(won["ci_upper"]),
        unit=Unit("share", term("of finished experiments", "unit")), n=len(done),
        method=say("Each judged at p < 0.05, together at a false-discovery rate of 5% (Benjamini-Hochberg over the valid "
                   "experiments); Wilson interval."),
        verdict=say("{won} of {finished} won.", **told),
    )  # fmt: skip


def _listed(tests: pd.DataFrame) -> charts.Table:
    worst = tests.sort_values(["valid", "p_adjusted"]).head(MOST_ROWS)
    rows = worst.assign(verdict=cells(worst["verdict"], VERDICTS.__getitem__), when=cells(worst["when"], period))
    columns: dict[str, Sayable] = {
        "title": term("Experiment", "column"), "when": term("From", "column"), "arms": term("Arms", "column"),
        "units": term("Units", "column"), "verdict": term("Verdict", "column"),
        "srm_p": term("Chance of so uneven a split", "column"),
        "p_adjusted": term("Chance of so large a difference", "column"), "lift": term("Improvement", "column"),
    }  # fmt: skip
    forms = {"lift": Signed, "srm_p": PValue, "p_adjusted": PValue}
    caption = say("Experiments, invalid ones first (at most {most})", most=MOST_ROWS)
    return charts.table(rows, columns=columns, formats=forms, caption=caption)


def faults(periods: pd.DataFrame) -> Section:
    """Return when the faults happened, from *periods* of `lessons.by_period`."""
    finding = _faults(periods)
    words = Words(
        title=say("Experiments by period"),
        subtitle=say("Number of experiments; invalid ones failed a check"),
        alt=finding.text,
        caption=say("Faults in one stretch of time have one cause; faults by chance are spread"),
    )
    return Section.of(finding, charts.fault_periods(periods.assign(when=cells(periods["when"], period)), words=words))


def _faults(periods: pd.DataFrame) -> Finding:
    seen = stretch(periods)
    if seen is None:
        nothing = say("There is no period to look into.")
        title = say("No experiment had to be called invalid")
        return Finding(id="faults", title=title, text=nothing, severity="good", code="none")
    first, last, inside, whole = seen
    part = periods[(periods["when"] >= first) & (periods["when"] <= last)]
    tests, rest = int(part["tests"].sum()), int(periods["tests"].sum() - part["tests"].sum())
    ends = {"first": period(first), "last": period(last)}
    where = say("in {first}", **ends) if first == last else say("between {first} and {last}", **ends)
    text = Sentences.of(
        say("{inside} of {whole} faults lie {where}: {share} of the tests there.", inside=inside, whole=whole, where=where,
            share=Percent(inside / tests)),
        say("Outside it is {share} of {tests}.", share=Percent((whole - inside) / rest), tests=rest) if rest
        else say("No test lies outside."),
    )  # fmt: skip
    chance = float(stats.binom.sf(inside - 1, tests, whole / periods["tests"].sum()))
    windows = len(periods) * (len(periods) + 1) / 2  # every stretch could have been the one
    if chance * windows >= BY_CHANCE:
        title = say("That the faults lie in one period is not shown")
        return Finding(id="faults", title=title, text=text, code="spread")
    advice = say("Something was broken then: leave that period out.")
    return Finding(
        id="faults", title=say("The faults are concentrated {where}", where=where), text=Sentences.of(text, advice),
        severity="alert", verdict=say("The faults are concentrated {where}.", where=where), code="concentrated",
    )  # fmt: skip
