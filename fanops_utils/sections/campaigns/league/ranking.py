"""Which campaign did most, once luck is drawn out, and how sure is that?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from fanops_utils import charts
from fanops_utils.charts.words import Words
from fanops_utils.models.campaign.league import FEWEST
from fanops_utils.playbook import Finding, Section
from fanops_utils.sections.words import chance_of
from fanops_utils.text import Level, Message, Sentences, Signed, Span, Unit, say, say_n, term

NO_VERDICT = term("no finished campaign has a verdict of its own", "why there is no data")
METHOD = say(
    "Log effects drawn to their weighted mean by empirical Bayes (Paule-Mandel), as far as each one's noise asks."
)
DRAWN = ["name", "estimate", "shrunk", "ci_lower", "ci_upper"]


def ranking(table: pd.DataFrame, *, level: float) -> Section:
    """Return which campaign leads (*table*: `models.campaign_standings`), drawn as measured and drawn together."""
    finding = answer(table, level=level)
    drawn = Words(
        title=say("Campaigns, as measured and with luck taken out"),
        subtitle=say("Change against what would have happened anyway; {level} intervals", level=Level(level)),
        axis=term("effect", "axis"),
        alt=finding.text,
        caption=say("Finished campaigns with a verdict of their own"),
    )
    return Section.of(finding, charts.drawn_together(table[DRAWN], label="name", words=drawn))


def answer(table: pd.DataFrame, *, level: float) -> Finding:
    """Return which campaign leads once luck is drawn out, and how sure that is."""
    known = table[table["rank"].notna()].to_dict("records")
    if not known:
        return Finding.nothing("ranking", NO_VERDICT)
    if len(known) < FEWEST:
        return _few(known)
    best = known[0]
    sure = best["p_best"] >= level
    leads = say(
        "{campaign} did most with a chance of {chance}.", campaign=best["name"], chance=chance_of(best["p_best"])
    )
    return Finding(
        id="ranking",
        title=_leads(best, level) if sure else say("Which campaign did most cannot be told"),
        text=Sentences.of(*(_place(row) for row in known), leads),
        severity="good" if sure and best["ci_lower"] > 0 else "info",
        estimate=best["shrunk"],
        ci_lower=best["ci_lower"],
        ci_upper=best["ci_upper"],
        unit=Unit("change", term("of what would have happened anyway, with luck taken out", "unit")),
        n=len(known),
        method=METHOD,
        code="leads" if sure else "not_apart",
    )


def _leads(best: Mapping[Any, Any], level: float) -> Message:
    interval = Span.of(best["ci_lower"], best["ci_upper"], form=Signed, level=level)
    return say(
        "With luck taken out, {campaign} did most: {change} ({interval})",
        campaign=best["name"],
        change=Signed(best["shrunk"]),
        interval=interval,
    )


def _place(row: Mapping[Any, Any]) -> Message:
    return say(
        "{rank}. {campaign}: {shrunk} ({measured} as measured).",
        rank=int(row["rank"]),
        campaign=row["name"],
        shrunk=Signed(row["shrunk"]),
        measured=Signed(row["estimate"]),
    )


def _few(known: list[dict[Any, Any]]) -> Finding:
    """Return what is said of fewer campaigns than can be drawn together."""
    each = (
        say("{campaign}: {change} as measured.", campaign=row["name"], change=Signed(row["estimate"])) for row in known
    )
    title = say_n(
        "{n} campaign has a verdict; {least} are needed to take luck out",
        "{n} campaigns have a verdict; {least} are needed to take luck out",
        n=len(known),
        least=FEWEST,
    )
    luck = say("As measured, the best of a few is best by luck too.")
    text = Sentences.of(*each, luck)
    return Finding(id="ranking", title=title, text=text, severity="watch", n=len(known), code="few")
