"""Whether experiments were large enough, and how often they were looked at."""

from __future__ import annotations

from typing import Any

import pandas as pd

from fanops_utils import charts
from fanops_utils.playbook import Finding, Section
from fanops_utils.sections.experiments.portfolio.names import no_tests
from fanops_utils.text import Level, Percent, Sayable, Sentences, say, say_n, term

STRONG = 0.8
MOST_ROWS = 40


def power(tests: pd.DataFrame, looked: pd.DataFrame) -> Section:
    """Return whether experiments were large enough for what mattered; *looked* of `lessons.peeking` is listed."""
    return Section.of(_power(tests), _listed(looked))


def _power(tests: pd.DataFrame) -> Finding:
    if tests.empty:
        return Finding.nothing("power", no_tests())
    known = tests["power"].astype(float).dropna()
    if known.empty:
        text = say("No experiment that could be compared names a smallest effect that matters.")
        return Finding(id="power", title=say("Whether they were large enough is not known"), text=text, code="unknown")
    weak = int((known < STRONG).sum())
    text = say(
        "{weak} of {known} had a chance below {strong} to find the smallest effect that matters (median {median}).",
        weak=weak, known=len(known), strong=Level(STRONG), median=Percent(known.median()),
    )  # fmt: skip
    most = weak > len(known) / 2
    small, large = say("Most experiments were too small for what matters"), say("Most experiments were large enough")
    return Finding(
        id="power", title=small if most else large, text=text, severity="watch" if most else "good", n=len(known),
        verdict=say("{weak} of {known} were too small for what matters.", weak=weak, known=len(known)) if most else None,
        method=say("Power of the standard error each ended with, for the register's smallest effect."),
        code="too_small" if most else "large_enough",
    )  # fmt: skip


def _listed(looked: pd.DataFrame) -> charts.Table:
    columns: dict[str, Sayable] = {
        "title": term("Experiment", "column"), "power": term("Chance to find what matters", "column"),
        "looks": term("Looks", "column"),
        "looks_planned": term("Looks planned", "column"), "unplanned": term("Beyond the plan", "column"),
        "peeked": term("False alarms if each look were judged alone", "column"),
    }  # fmt: skip
    rows = looked.dropna(subset=["power"]).sort_values("power").head(MOST_ROWS)
    caption = say(
        "Chance to find the smallest effect that matters, and looks; the weakest first (at most {most})", most=MOST_ROWS
    )
    return charts.table(rows, columns=columns, formats={"power": Percent, "peeked": Percent}, caption=caption)


def peeking(looked: pd.DataFrame) -> Finding:
    """Return how often experiments were looked at beyond what was planned, from *looked* of `lessons.peeking`."""
    if looked.empty:
        return Finding.nothing("peeking", no_tests())
    known = looked.dropna(subset=["unplanned"])
    if known.empty:
        title, text = say("How often they were looked at is not known"), say("A table of arms has no looks.")
        return Finding(id="peeking", title=title, text=text, code="unknown")
    over = known[known["unplanned"] > 0]
    total = say(
        "There were {looks} at {experiments}.", looks=say_n("{n} look", "{n} looks", n=int(known["looks"].sum())),
        experiments=say_n("{n} experiment", "{n} experiments", n=len(known)),
    )  # fmt: skip
    if over.empty:
        title = say("No experiment was looked at more often than planned")
        return Finding(id="peeking", title=title, text=total, severity="good", n=len(known), code="as_planned")
    title = say_n(
        "{n} experiment was looked at more often than planned",
        "{n} experiments were looked at more often than planned",
        n=len(over),
    )
    return Finding(
        id="peeking", title=title, text=Sentences.of(total, *_worst(over.sort_values("peeked").to_dict("records")[-1])),
        severity="watch", n=len(known), method=say("Equally spaced looks, each at the error rate of the test."), code="peeked",
    )  # fmt: skip


def _worst(row: dict[Any, Any]) -> tuple[Sayable, Sayable]:
    looks = say_n("{n} look", "{n} looks", n=int(row["looks"]))
    return (
        say("“{experiment}”: {looks}, {planned} planned.", experiment=row["title"], looks=looks, planned=int(row["looks_planned"])),
        say("Judging each by itself would find an effect that is not there {peeked} of the time, not {alpha}.",
            peeked=Percent(row["peeked"]), alpha=Percent(row["alpha"])),
    )  # fmt: skip
