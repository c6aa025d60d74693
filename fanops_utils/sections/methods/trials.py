"""Whether the methods of the experiments keep their error rate and coverage, and how strong they are."""

from __future__ import annotations

from typing import Any, Literal

import pandas as pd

from fanops_utils import charts
from fanops_utils.charts.words import Words
from fanops_utils.playbook import Check, Finding, Section
from fanops_utils.sections.methods.names import DESIGNS, METHODS, in_design, on_design
from fanops_utils.text import Level, Listed, Message, Percent, Sentences, say, say_n, term

LEAST = 2_000  # simulations
Measure = Literal["errors", "coverage"]


def checks(table: pd.DataFrame, hard: pd.DataFrame | None = None, *, least: int = LEAST) -> list[Check]:
    """Return whether enough was simulated, and whether every method in use keeps its promise.

    *table* of `validate`, *hard* of `hard_grid`: its cells are a check of their own.
    """
    size, broken = int(table["simulations"].min()), _broken(table)
    few = size < least
    enough = Check(
        code="simulations", name=term("Simulations", "check"), status="REVIEW" if few else "PASS",
        finding=say_n("{n} simulated test a cell", "{n} simulated tests a cell", n=size),
        action=say("Simulate more") if few else None,
    )  # fmt: skip
    listed = [enough] if hard is None else [enough, _hard(hard)]
    name = term("Promises", "check")
    if broken.empty:
        kept = say("every method in use stays within the band that chance allows, in the easy shapes")
        return [*listed, Check(code="promises", name=name, status="PASS", finding=kept)]
    named = Listed.of(on_design(row) for row in broken.to_dict("records"))
    finding, action = say("outside the band: {methods}", methods=named), say("Read the section of that method")
    return [*listed, Check(code="promises", name=name, status="REVIEW", finding=finding, action=action)]


def _hard(table: pd.DataFrame) -> Check:
    off, name = int((~table["within"].astype(bool)).sum()), term("Hard shapes", "check")
    if not off:
        kept = say_n(
            "the {n} hard shape tried keeps its error rate",
            "all {n} hard shapes tried keep their error rate",
            n=len(table),
        )
        return Check(code="hard", name=name, status="PASS", finding=kept)
    finding = say_n("{n} of {all} hard shapes finds more than it should", "{n} of {all} hard shapes find more than they should",
                    n=off, all=len(table))  # fmt: skip
    return Check(
        code="hard", name=name, status="REVIEW", finding=finding, action=say("Read the section of hard shapes")
    )


def _broken(table: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of methods in use that leave their band."""
    return table[table["valid"].astype(bool) & table["within"].notna() & (table["within"] == False)]  # noqa: E712


def errors(table: pd.DataFrame) -> Section:
    """Return how often experiments find an effect that is not there, from *table* of `validate`."""
    finding, size = _promise(table, "errors"), int(table["simulations"].min())
    words = Words(
        title=say("False effects, method by method"),
        subtitle=say(
            "Share of {n} tests without an effect that found one; promised {level}", n=size, level=Level(0.05)
        ),
        axis=term("share of tests without an effect", "axis"),
        alt=finding.text,
        caption=_crosses(),
    )
    return Section.of(finding, charts.against_promise(_rows(table, "errors"), words=words))


def coverage(table: pd.DataFrame) -> Section:
    """Return how often the intervals hold the truth, from *table* of `validate`."""
    finding, size = _promise(table, "coverage"), int(table["simulations"].min())
    words = Words(
        title=say("Intervals that hold the truth, method by method"),
        subtitle=say(
            "Share of {n} intervals that hold the planted effect; promised {level}", n=size, level=Level(0.95)
        ),
        axis=term("share of intervals", "axis"),
        alt=finding.text,
        caption=_crosses(),
    )
    return Section.of(finding, charts.against_promise(_rows(table, "coverage"), words=words))


def strength(table: pd.DataFrame) -> Section:
    """Return how strong the methods in use are on the simulated effects, from *table* of `validate`."""
    ours = table[(table["measure"] == "power") & table["valid"].astype(bool)].sort_values("rate").to_dict("records")
    low, high = ours[0], ours[-1]
    text = Sentences.of(
        say("Power goes from {low} ({weak}) to {high} ({strong}).", low=Percent(low["rate"]), high=Percent(high["rate"]),
            weak=on_design(low), strong=on_design(high)),
        say("The effects were chosen near four fifths for the plain test of each design."),
    )  # fmt: skip
    title = say(
        "Most is found by {strong}, least by {weak}", strong=METHODS[high["method"]], weak=METHODS[low["method"]]
    )
    finding = Finding(id="experiment_power", title=title, text=text, n=int(min(row["simulations"] for row in ours)))
    words = Words(
        title=say("Effects found, method by method"),
        subtitle=say("Share of tests with a planted effect that found it"),
        axis=term("share of tests with an effect", "axis"),
        alt=text,
        caption=say("Power promises nothing by itself: compare methods on the same design"),
    )
    return Section.of(finding, charts.against_promise(_rows(table, "power"), words=words))


def _rows(table: pd.DataFrame, measure: str) -> pd.DataFrame:
    ours = table[table["measure"] == measure].reset_index(drop=True)
    labels = pd.Series([on_design(row) for row in ours.to_dict("records")], index=ours.index, dtype=object)
    return ours.drop(columns=["design", "method", "measure"]).assign(label=labels)


def _crosses() -> Message:
    return say("Crosses: methods shown as warnings")


def _promise(table: pd.DataFrame, measure: Measure) -> Finding:
    of_measure = table[table["measure"] == measure]
    ours, wrong = (of_measure[of_measure["valid"].astype(bool) == used].to_dict("records") for used in (True, False))
    broken, size = _broken(of_measure).to_dict("records"), int(min(row["simulations"] for row in ours))
    text = Sentences.of(
        say("{kept} of {methods} methods stay within the band of {simulations} simulations.", kept=len(ours) - len(broken),
            methods=len(ours), simulations=size),
        *(say("{method}: {rate}.", method=on_design(row), rate=Percent(row["rate"])) for row in broken),
        say("Shown as warnings: {methods}.", methods=Listed.of(_warning(row) for row in wrong)) if wrong else None,
    )  # fmt: skip
    title, verdict = _title(measure, len(broken)), _verdict(measure, len(broken))
    return Finding(
        id=f"experiment_{measure}", title=title, verdict=verdict, text=text, severity="watch" if broken else "good", n=size,
        method=say("Bands hold 99.9% of what a method that keeps its promise would show."), code="broken" if broken else "kept",
        about=Listed.of(map(in_design, broken)),
    )  # fmt: skip


def _warning(row: dict[Any, Any]) -> Message:
    named = {"method": METHODS[row["method"]], "design": DESIGNS[row["design"]]}
    return say("{method} {rate} ({design})", rate=Percent(row["rate"]), **named)


def _title(measure: Measure, broken: int) -> Message:
    if measure == "errors":
        return (
            say("Every method in use keeps its error rate on the easy shapes")
            if not broken
            else say_n("{n} method does not keep its error rate", "{n} methods do not keep their error rate", n=broken)
        )
    return say("Every interval in use holds the truth as often as promised on the easy shapes") if not broken else say_n(
        "{n} interval does not hold the truth as often as promised",
        "{n} intervals do not hold the truth as often as promised", n=broken,
    )  # fmt: skip


def _verdict(measure: Measure, broken: int) -> Message:
    return say("{answer}.", answer=_title(measure, broken))
