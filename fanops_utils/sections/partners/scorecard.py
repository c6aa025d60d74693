"""Who moves up, who moves down? The quarter's scores within tiers, punctuality, and moves that two quarters bear out."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import pandas as pd

from fanops_utils import charts
from fanops_utils.metrics import Interval, wilson
from fanops_utils.metrics.intervals import difference_of
from fanops_utils.metrics.multiple import sides_of_gaps
from fanops_utils.playbook import Finding, Section
from fanops_utils.sections.cells import cells
from fanops_utils.sections.partners.words import TIERS, named
from fanops_utils.text import Listed, Message, Number, Percent, Sentences, Span, Unit, say, say_n, term

LEVEL = 0.9  # of the intervals of who is late


def scorecard(
    scores: pd.DataFrame, moves: pd.DataFrame, late: pd.DataFrame, *, questioned: Collection[str] = ()
) -> Section:
    """Return the tiers that two quarters bear out (*scores*: `models.scorecard`, *moves*: `tier_moves`, *late*: `punctuality`).

    *questioned*: partners whose numbers show a sign of having been bought; none of them moves up before it is explained.
    """
    if moves.empty:
        return Section.of(Finding.nothing("scorecard", say("no quarter in which a partner delivered three times")))
    up, down = (list(moves.loc[moves["moved"] * sign > 0, "partner"]) for sign in (1, -1))
    held = [one for one in up if one in questioned]
    up = [one for one in up if one not in questioned]
    moves = moves.assign(tier=_tiers(moves, held))
    code = "moves" if up or down else "stay"
    parts = [name for name in ("effect", "service", "innovation") if name in scores and scores[name].notna().any()]
    told = Listed.of(
        [
            *(say("{partner} up a tier", partner=named(one)) for one in up),
            *(say("{partner} down a tier", partner=named(one)) for one in down),
        ]
    )
    title = (
        say("{moves}: two quarters running bear it out", moves=told)
        if code == "moves"
        else say("No partner changes its tier this quarter")
    )
    finding = Finding(
        id="scorecard",
        about=told if code == "moves" else None,
        label=term("Partners that change their tier", "label of a finding"),
        code=code,
        title=title,
        verdict=say("{sentence}.", sentence=title),
        weight="chapter" if code == "moves" else None,
        text=Sentences.of(_held(held), _late(late), _missing(parts)),
        severity="watch" if down else "info",
        estimate=float(len(up) + len(down)),
        unit=Unit("count", term("partners", "unit")),
        n=len(moves),
        method=say(
            "Effect (interactions per fee, weight 50), service (punctuality and rating, 30), innovation (20) as ranks "
            "within the tier of "
            "creators, 0 to 100, from three deliveries a quarter; weights are ours. A tier changes where two quarters running lie "
            "beyond the border (40, 60) by 0.3 standard deviations."
        ),
    )
    return Section.of(finding, _scores(moves))


def _scores(moves: pd.DataFrame) -> charts.Table:
    """Return the table of what each partner scored in two quarters, and its tier."""
    columns = {
        "name": term("Partner", "column"),
        "score": term("Score", "column"),
        "before": term("Quarter before", "column"),
        "periods": term("Quarters", "column"),
        "stands": term("Tier", "column"),
    }
    shown = moves.assign(
        name=cells(named(one) for one in moves["partner"]), stands=cells(TIERS[one] for one in moves["tier"])
    )
    forms = {"score": _whole, "before": _whole}
    return charts.table(
        shown,
        columns=columns,
        formats=forms,
        caption=say("Score of the latest quarter, 0 to 100; 50 is the middle of the tier"),
    )


def _tiers(moves: pd.DataFrame, held: Collection[str]) -> list[str]:
    """Return the tier of each partner; those *held* stay in the one before their move up."""
    order = list(TIERS)  # best first
    rows = zip(moves["partner"], moves["tier"], moves["moved"], strict=True)
    return [order[order.index(tier) + int(moved)] if name in held else str(tier) for name, tier, moved in rows]


def _whole(value: float) -> Number:
    return Number(value, digits=0)


def _held(names: list[str]) -> Message | None:
    if not names:
        return None
    listed = Listed.of(named(one) for one in names)
    return say("Not moved up while their numbers are in question: {partners}.", partners=listed)


def _late(late: pd.DataFrame) -> Message | None:
    """Return who is late more often than all others together, told apart by the difference (all read together)."""
    total, number = int(late["late"].sum()), int(late["n"].sum())
    enough = late[(late["n"] >= 5) & (late["n"] < number)].sort_values("late", ascending=False).to_dict("records")
    pairs = [_against_the_others(row, total, number) for row in enough]
    sides = sides_of_gaps([difference_of(vars(own), vars(rest)) for own, rest in pairs], level=LEVEL)
    for row, (own, rest), side in zip(enough, pairs, sides, strict=True):
        if side > 0:
            return say(
                "{partner} was late in {share} of its deliveries ({interval}), the others in {rest}.",
                partner=named(row["partner"]),
                share=Percent(own.estimate),
                interval=Span.of(own.ci_lower, own.ci_upper, level=LEVEL),
                rest=Percent(rest.estimate),
            )
    if not number:
        return say("No delivery names the day agreed: punctuality is not known.")
    return say_n(
        "{share} of {n} delivery with an agreed day came late; no partner clearly more often.",
        "{share} of {n} deliveries with an agreed day came late; no partner clearly more often.",
        share=Percent(total / number),
        n=number,
    )


def _against_the_others(row: Mapping[Any, Any], total: int, number: int) -> tuple[Interval, Interval]:
    rest = wilson(total - row["late"], number - row["n"], level=LEVEL)
    return wilson(row["late"], row["n"], level=LEVEL), rest


def _missing(parts: list[str]) -> Message | None:
    if "innovation" in parts:
        return None
    return say("Innovation has no data: nobody rates the partners' ideas yet. The other parts share its weight.")
