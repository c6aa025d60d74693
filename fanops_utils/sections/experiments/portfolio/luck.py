"""How much of the winners' effect was luck."""

from __future__ import annotations

import pandas as pd

from fanops_utils import charts
from fanops_utils.charts.words import Words
from fanops_utils.playbook import Finding, Section
from fanops_utils.text import Message, Signed, Unit, say, say_n, term

MUCH = 0.25  # of the winners' effect


def luck(shrunk: pd.DataFrame) -> Section:
    """Return how much of the winners' effect was luck, from *shrunk* of `lessons.shrunk`."""
    finding = _luck(shrunk)
    words = Words(
        title=say("Lifts as measured, and with luck taken out"),
        subtitle=say("Number of valid experiments by relative lift"),
        axis=term("relative lift", "axis"),
        alt=finding.text,
    )
    return Section.of(finding, charts.effect_spread(shrunk, words=words))


def _luck(shrunk: pd.DataFrame) -> Finding:
    told = shrunk.dropna(subset=["shrunk"]) if len(shrunk) else shrunk
    if len(told) < 2:
        title, text = say("What was luck cannot be told"), say("Two valid experiments with an effect are needed.")
        verdict = say("What of it was luck cannot be told.")
        return Finding(id="luck", title=title, text=text, verdict=verdict, code="unknown")
    winners = told[told["won"].astype(bool)]
    if winners.empty:
        title = say("No experiment won, so there is no effect to promise")
        text = say("An effect, large or small, was measured in {n} valid experiments.", n=len(told))
        verdict = say("No experiment won, so there is no effect to promise.")
        return Finding(id="luck", title=title, text=text, verdict=verdict, code="no_winner")
    raw, drawn = float(winners["lift"].mean()), float(winners["shrunk"].mean())
    lifts = {"raw": Signed(raw), "drawn": Signed(drawn)}
    gone = 1 - drawn / raw if raw > 0 else 0.0
    return Finding(
        id="luck", title=say("Winners promise {raw}; about {drawn} is to be expected", **lifts),
        text=_reading(len(winners), lifts), severity="watch" if gone > MUCH else "info", estimate=drawn,
        unit=Unit("change", term("mean lift of the winners", "unit")), n=len(winners),
        method=say("Relative lifts of all arms, each shrunk to their mean as far as chance explains its distance: empirical Bayes, "
                   "normal effects, Paule-Mandel spread."),
        verdict=say("Winners promise {raw}; about {drawn} is to be expected.", **lifts),
        code="much" if gone > MUCH else "little",
    )  # fmt: skip


def _reading(winners: int, lifts: dict[str, Signed]) -> Message:
    return say_n(
        "The {n} winner measured {raw}. With luck taken out, about {drawn} is left: plan with that.",
        "The {n} winners measured {raw} on average. With luck taken out, about {drawn} is left: plan with that.",
        n=winners, **lifts,
    )  # fmt: skip
