"""What all experiments together say: how many were sound, how many won, how much of the winners was luck."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd
from scipy import stats

from fanops_utils.experiments.collection import stretch
from fanops_utils.playbook.checks import Check
from fanops_utils.playbook.findings import Finding, Severity
from fanops_utils.playbook.plays import Play
from fanops_utils.playbook.wording import count, percent, plural, signed

REVIEW_AFTER = timedelta(days=30)
EXPECTED_FAULTS = 0.01  # at a gate of 0.01, without any fault
NO_TESTS = "no experiment has units"
STRONG = 0.8
BY_CHANCE = 0.001


def checks(tests: pd.DataFrame) -> list[Check]:
    """Return whether there are experiments to be read together, and whether enough of them."""
    if tests.empty:
        return [Check("Experiments", "FAIL", NO_TESTS, "Import the units of an experiment")]
    size = f"{plural(len(tests), 'experiment', 'experiments')} with units"
    if len(tests) < 10:
        return [Check("Experiments", "REVIEW", f"{size}: rates over so few are rough", "Read the single experiments")]
    return [Check("Experiments", "PASS", size)]


def validity(tests: pd.DataFrame, rates: pd.DataFrame) -> Finding:
    """Return the share of experiments that were valid, and where the faults lie."""
    if tests.empty:
        return Finding.nothing("validity", NO_TESTS)
    valid = rates.iloc[0]
    faults = int((~tests["valid"].astype(bool)).sum())
    text = (
        f"{faults} of {count(len(tests))} are invalid; about {count(EXPECTED_FAULTS * len(tests))} would be by chance."
    )
    severity: Severity = "watch" if valid["ci_upper"] < 1 - EXPECTED_FAULTS else "good"
    return Finding(
        "validity", f"{percent(valid['estimate'])} of the experiments are valid", text, severity, float(valid["estimate"]),
        float(valid["ci_lower"]), float(valid["ci_upper"]), "fraction", len(tests),
        "Wilson interval; a gate that stops makes a test invalid.",
    )  # fmt: skip


def faults(periods: pd.DataFrame) -> Finding:
    """Return when the faults happened, from *periods* of `by_period`."""
    found = stretch(periods)
    if found is None:
        return Finding("faults", "No experiment was stopped by a gate", "There is no period to look into.", "good")
    first, last, inside, whole = found
    part = periods[(periods["when"] >= first) & (periods["when"] <= last)]
    within = inside / int(part["tests"].sum())
    rest = int(periods["tests"].sum() - part["tests"].sum())
    outside = f"{percent((whole - inside) / rest)} of {count(rest)} outside" if rest else "no test lies outside"
    text = (
        f"{inside} of {whole} faults lie between {first} and {last}: {percent(within)} of the tests there, {outside}."
    )
    chance = float(stats.binom.sf(inside - 1, part["tests"].sum(), whole / periods["tests"].sum()))
    windows = len(periods) * (len(periods) + 1) / 2  # every stretch could have been the one
    if chance * windows >= BY_CHANCE:
        return Finding("faults", "The faults are not concentrated in one period", text)
    title = f"The faults are concentrated between {first} and {last}"
    return Finding("faults", title, f"{text} Something was broken then: leave that period out.", "alert")


def wins(tests: pd.DataFrame, rates: pd.DataFrame) -> Finding:
    """Return how many valid experiments won, and what false-discovery control leaves."""
    if tests.empty or not tests["valid"].astype(bool).any():
        return Finding.nothing("wins", "no experiment is valid")
    won, valid = rates.iloc[1], tests[tests["valid"].astype(bool)]
    plain = int((valid["p_value"] < 0.05).sum())
    left = int((valid["p_adjusted"] < 0.05).sum())
    text = (
        f"Of {count(len(valid))} valid, {plain} show p < 0.05; {left} are left once false discoveries are held to 5%."
    )
    return Finding(
        "wins", f"{int(valid['won'].sum())} of {count(len(valid))} valid experiments won", text, "info", float(won["estimate"]),
        float(won["ci_lower"]), float(won["ci_upper"]), "fraction", len(valid),
        "Benjamini-Hochberg over the valid experiments; Wilson interval.",
    )  # fmt: skip


def luck(shrunk: pd.DataFrame) -> Finding:
    """Return how much of the winners' effect was luck, from *shrunk* of the valid experiments."""
    told = shrunk.dropna(subset=["shrunk"]) if len(shrunk) else shrunk
    if len(told) < 2:
        return Finding("luck", "What was luck cannot be told", "Two valid experiments with an effect are needed.")
    winners = told[told["won"].astype(bool)]
    if winners.empty:
        return Finding(
            "luck", "There is no winner whose effect could be luck", f"{len(told)} valid experiments have an effect."
        )
    raw, drawn = float(winners["lift"].mean()), float(winners["shrunk"].mean())
    text = (
        f"The {plural(len(winners), 'winner', 'winners')} measured {signed(raw)} on average; drawn towards the mean of all "
        f"arms as far as chance explains them, {signed(drawn)}. Plan with the second."
    )
    gone = 1 - drawn / raw if raw > 0 else 0.0
    title = f"Winners promise {signed(raw)}; about {signed(drawn)} is to be expected"
    method = "Empirical Bayes, normal effects, Paule-Mandel spread; relative lifts."
    return Finding(
        "luck", title, text, "watch" if gone > 0.25 else "info", drawn, unit="fraction", n=len(winners), method=method
    )


def areas(table: pd.DataFrame) -> Finding:
    """Return what tends to work where, from *table* of `by_area`."""
    if table.empty:
        return Finding.nothing("areas", NO_TESTS)
    lines = [
        f"{row['area']}: {row['won']} of {row['valid']} valid won{_mean(row['lift'])}."
        for row in table.to_dict("records")
    ]
    best = table.sort_values(["won", "lift"]).iloc[-1]
    title = f"Most was won in {best['area']}" if best["won"] and len(table) > 1 else "No area stands out"
    return Finding("areas", title, " ".join(lines), method="Counts; so few per area suggest where to look, no more.")


def _mean(lift: float) -> str:
    return "" if pd.isna(lift) else f", mean lift {signed(lift)}"


def power(tests: pd.DataFrame) -> Finding:
    """Return whether experiments were large enough for what mattered, and how often they were looked at."""
    if tests.empty:
        return Finding.nothing("power", NO_TESTS)
    known = tests["power"].astype(float).dropna()
    over = tests[(tests["looks"].astype(float) > tests["looks_planned"].astype(float))]
    peeked = f"{plural(len(over), 'experiment was', 'experiments were')} looked at more often than planned."
    if tests["looks"].isna().all():
        peeked = "How often they were looked at is not known."
    if known.empty:
        return Finding(
            "power", "The power achieved is not known", f"No smallest effect that matters is named. {peeked}"
        )
    weak = int((known < STRONG).sum())
    text = (
        f"{weak} of {len(known)} had less than {STRONG:.0%} power for the smallest effect that matters "
        f"(median {percent(known.median())}). {peeked}"
    )
    title = (
        "Most experiments were too small for what matters"
        if weak > len(known) / 2
        else "Most experiments were large enough"
    )
    return Finding("power", title, text, "watch" if weak > len(known) / 2 or len(over) else "good", n=len(known))


def follow_up(tests: pd.DataFrame, *, on: date | None = None) -> Finding:
    """Return which experiments are due for a second look."""
    if tests.empty:
        return Finding.nothing("follow_up", NO_TESTS)
    today = on or date.today()
    named = tests.dropna(subset=["follow_up"])
    due = named[[day <= today for day in named["follow_up"]]]
    if due.empty:
        later = f"The next is due {named['follow_up'].min()}." if len(named) else "No register names a follow-up date."
        return Finding("follow_up", "No follow-up is due", later)
    lines = [f"{row['title']}: {row['follow_up']}." for row in due.to_dict("records")]
    return Finding("follow_up", f"{plural(len(due), 'follow-up is', 'follow-ups are')} due", " ".join(lines), "watch")


def plays(findings: tuple[Finding, ...], *, owner: str, on: date | None = None) -> tuple[Play, ...]:
    """Return what to change in how experiments are run."""
    review = (on or date.today()) + REVIEW_AFTER
    found = {one.id: one for one in findings}
    answers = {
        "faults": (
            "Find what was broken in that period before reading any of its tests",
            "share of valid experiments",
            "up to 99%",
        ),
        "power": (
            "Plan sizes with the plan notebook; stop planning tests that cannot answer",
            "power achieved",
            f"{STRONG:.0%}",
        ),
        "luck": ("Promise the shrunk effect, not the measured one", "realised over promised", "near 1"),
        "follow_up": ("Read the follow-ups that are due", "effect at follow-up", "as first measured, or less"),
    }
    return tuple(
        Play(action, metric, expected, owner, review, name)
        for name, (action, metric, expected) in answers.items()
        if found[name].severity in ("alert", "watch")
    )


def verdict(findings: tuple[Finding, ...]) -> tuple[str, Severity]:
    """Return the report's one sentence and its severity."""
    found = {one.id: one for one in findings}
    if found["validity"].status == "no_data":
        return "There is no data: no experiment of this workspace has units.", "info"
    said = [found["validity"].title, found["wins"].title if found["wins"].status == "ok" else "none could be read"]
    if found["faults"].severity == "alert":
        return f"{'; '.join(said)}. {found['faults'].title}.", "alert"
    return f"{'; '.join(said)}. {found['luck'].title}.", found["validity"].severity
