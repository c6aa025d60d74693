"""What all experiments together say: how many were sound, how many won, how much of the winners was luck."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import pandas as pd
from scipy import stats

from fanops_utils.experiments.portfolio.lessons import stretch
from fanops_utils.playbook.checks import Check
from fanops_utils.playbook.findings import Finding, Severity
from fanops_utils.playbook.plays import Play
from fanops_utils.playbook.wording import count, percent, plural, signed

REVIEW_AFTER = timedelta(days=30)
EXPECTED_FAULTS = 0.01  # at a gate of 0.01, without any fault
NO_TESTS = "no experiment has units"
STRONG = 0.8
BY_CHANCE = 0.001


def checks(tests: pd.DataFrame, *, unread: Sequence[tuple[str, str]] = ()) -> list[Check]:
    """Return whether there are experiments to be read together, and whether enough; *unread* could not be opened."""
    closed = [Check(f"Experiment {name}", "REVIEW", why, "Correct its register or its units") for name, why in unread]
    if tests.empty:
        return [Check("Experiments", "FAIL", NO_TESTS, "Import the units of an experiment"), *closed]
    size = f"{plural(len(tests), 'experiment', 'experiments')} with units"
    if len(tests) < 10:
        few = Check("Experiments", "REVIEW", f"{size}: rates over so few are rough", "Read the single experiments")
        return [few, *closed]
    return [Check("Experiments", "PASS", size), *closed]


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
    where = f"in {first}" if first == last else f"between {first} and {last}"
    outside = f"{percent((whole - inside) / rest)} of {count(rest)} outside" if rest else "no test lies outside"
    text = f"{inside} of {whole} faults lie {where}: {percent(within)} of the tests there, {outside}."
    chance = float(stats.binom.sf(inside - 1, part["tests"].sum(), whole / periods["tests"].sum()))
    windows = len(periods) * (len(periods) + 1) / 2  # every stretch could have been the one
    if chance * windows >= BY_CHANCE:
        return Finding("faults", "The faults are not concentrated in one period", text)
    title = f"The faults are concentrated {where}"
    return Finding("faults", title, f"{text} Something was broken then: leave that period out.", "alert")


def wins(tests: pd.DataFrame, rates: pd.DataFrame) -> Finding:
    """Return how many finished experiments won, and what false-discovery control leaves."""
    if tests.empty or not tests["finished"].astype(bool).any():
        return Finding.nothing("wins", "no experiment is valid and finished")
    won, done, valid = rates.iloc[1], tests[tests["finished"].astype(bool)], tests[tests["valid"].astype(bool)]
    plain = int((valid["p_value"] < 0.05).sum())
    left = int((valid["p_adjusted"] < 0.05).sum())
    running = len(valid) - len(done)
    text = (
        f"Of {count(len(valid))} valid, {plain} show p < 0.05; {left} are left once false discoveries are held to 5%."
    )
    text += f" {plural(running, 'is', 'are')} still running and no part of the rate." if running else ""
    return Finding(
        "wins", f"{int(done['won'].sum())} of {count(len(done))} finished experiments won", text, "info", float(won["estimate"]),
        float(won["ci_lower"]), float(won["ci_upper"]), "fraction", len(done),
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
    lines = [_area(row) for row in table.to_dict("records")]
    best = table.sort_values(["won", "typical"]).iloc[-1]
    others = table[table["area"] != best["area"]]
    stands_out = len(others) > 0 and bool((best["ci_lower"] > others["ci_upper"].fillna(1)).all())
    if stands_out:
        title = f"More is won in {best['area']} than elsewhere"
    elif best["won"] and len(table) > 1:
        title = f"Most was won in {best['area']}, too few to say that it works better"
    else:
        title = "No area stands out"
    return Finding("areas", title, " ".join(lines), method="Wilson intervals; lifts drawn towards the mean of all.")


def _area(row: dict) -> str:
    if not row["finished"]:
        return f"{row['area']}: none of {row['tests']} is valid and finished."
    within = f"{percent(row['ci_lower'])} to {percent(row['ci_upper'])}"
    lift = "" if pd.isna(row["typical"]) else f", lift {signed(row['typical'])} after shrinkage"
    return f"{row['area']}: {count(row['won'])} of {count(row['finished'])} finished won ({within}){lift}."


def power(tests: pd.DataFrame) -> Finding:
    """Return whether experiments were large enough for what mattered."""
    if tests.empty:
        return Finding.nothing("power", NO_TESTS)
    known = tests["power"].astype(float).dropna()
    if known.empty:
        why = "No experiment that could be compared names a smallest effect that matters."
        return Finding("power", "The power achieved is not known", why)
    weak = int((known < STRONG).sum())
    text = (
        f"{weak} of {len(known)} had less than {STRONG:.0%} power for the smallest effect that matters "
        f"(median {percent(known.median())})."
    )
    most = weak > len(known) / 2
    title = "Most experiments were too small for what matters" if most else "Most experiments were large enough"
    method = "Power of the standard error each ended with, for the register's smallest effect."
    return Finding("power", title, text, "watch" if most else "good", n=len(known), method=method)


def peeking(table: pd.DataFrame) -> Finding:
    """Return how often experiments were looked at beyond what was planned, from *table* of `lessons.peeking`."""
    if table.empty:
        return Finding.nothing("peeking", NO_TESTS)
    known = table.dropna(subset=["unplanned"])
    if known.empty:
        return Finding("peeking", "How often they were looked at is not known", "A table of arms has no looks.")
    over = known[known["unplanned"] > 0]
    total = f"{plural(int(known['looks'].sum()), 'look', 'looks')} at {plural(len(known), 'experiment', 'experiments')}"
    if over.empty:
        return Finding(
            "peeking", "No experiment was looked at more often than planned", f"{total}.", "good", n=len(known)
        )
    worst = over.sort_values("peeked").iloc[-1]
    text = (
        f"{total}. {worst['title']}: {int(worst['looks'])} looks, {int(worst['looks_planned'])} planned; judging each by "
        f"itself would find an effect that is not there {percent(worst['peeked'])} of the time, not {percent(worst['alpha'])}."
    )
    title = f"{plural(len(over), 'experiment was', 'experiments were')} looked at more often than planned"
    return Finding("peeking", title, text, "watch", n=len(known), method="Equally spaced looks, each at alpha.")


def follow_up(due: pd.DataFrame, tests: pd.DataFrame, *, on: date | None = None) -> Finding:
    """Return which shipped experiments are *due* for a second look (of `lessons.follow_up_due`)."""
    if tests.empty:
        return Finding.nothing("follow_up", NO_TESTS)
    shipped = tests[tests["verdict"] == "ship"]
    if shipped.empty:
        return Finding("follow_up", "No follow-up is due", "No experiment was shipped.")
    if due.empty:
        later = min(pd.Timestamp(day) for day in shipped["follow_up"].dropna())
        days = (later - pd.Timestamp(on or date.today())).days
        return Finding("follow_up", "No follow-up is due", f"The next is due {later.date()}, in {days} days.", "good")
    late = due.dropna(subset=["overdue_days"])
    lines = [f"{row['title']}: due {row['follow_up']}, {_ago(row['overdue_days'])}." for row in late.to_dict("records")]
    open_ended = due.loc[due["overdue_days"].isna(), "title"].tolist()
    if open_ended:
        lines.append(f"No follow-up is planned for {', '.join(open_ended)}.")
    title = f"{plural(len(late), 'follow-up is', 'follow-ups are')} due"
    if late.empty:
        title = f"{plural(len(open_ended), 'shipped experiment has', 'shipped experiments have')} no follow-up planned"
    return Finding("follow_up", title, " ".join(lines), "watch", n=len(shipped))


def _ago(days: float) -> str:
    return "today" if days == 0 else f"{plural(int(days), 'day', 'days')} ago"


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
