"""Do chances like these come true here? Ten bins, on the past of the targets' own metrics."""

from __future__ import annotations

from fanops_utils import charts
from fanops_utils.models import Reliability
from fanops_utils.models.forecasts.reliability import FEWEST
from fanops_utils.playbook import Finding, Section
from fanops_utils.sections.cells import cells
from fanops_utils.text import Count, Number, Percent, Range, Sentences, Unit, say, term

HOLDS = 0.05  # mean gap up to which chances are taken at their word
COVERS = (0.85, 0.95)  # how often ranges of 90 in 100 should hold


def reliability(told: Reliability) -> Section:
    """Return how often chances of the past came true (*told*: `models.reliability`), bin by bin."""
    if not (told.bins["n"] >= FEWEST).any():
        return Section.of(
            Finding.nothing("reliability", say("too few weeks of the targets' metrics to try chances on"))
        )
    holds = told.gap <= HOLDS
    points = Number(100 * told.gap, 1)
    title = (
        say("Chances like these came true as often as they say, within {points} points", points=points)
        if holds
        else say("Chances like these were off by {points} points on average", points=points)
    )
    low, high = COVERS
    covered = Percent(told.covered, 0)
    finding = Finding(
        id="reliability",
        label=term("Chances held against the past", "label of a finding"),
        code="holds" if holds else "off",
        title=title,
        text=Sentences.of(
            say("Ranges of 90 in 100 held what came in {share} of the trials.", share=covered),
            None if low <= told.covered <= high else say("They should hold in 85% to 95%: read them with care."),
            None if holds else say("Read a chance here as more or less likely, not as a number."),
        ),
        severity="info" if holds else "watch",
        estimate=told.gap,
        unit=Unit("share", term("off on average", "unit")),
        n=told.n,
        method=say(
            "At every fourth week of the past the chance is told to reach eight levels about that day's, 4, 13 and 26 weeks "
            "ahead, and held against what came. Trials overlap, so they are worth fewer than they count; bins below {n} are "
            "not judged.",
            n=FEWEST,
        ),
    )  # fmt: skip
    shown = told.bins.assign(
        range=cells(
            Range.of(a, b, form=lambda one: Percent(one, 0))
            for a, b in zip(told.bins["low"], told.bins["high"], strict=True)
        )
    )
    columns = {
        "range": term("Chance told", "column"),
        "n": term("Times", "column"),
        "said": term("Told, mean", "column"),
        "came": term("Came true", "column"),
    }
    formats = {"n": Count, "said": lambda one: Percent(one, 0), "came": lambda one: Percent(one, 0)}
    return Section.of(
        finding, charts.table(shown, columns=columns, formats=formats, caption=say("Chances of the past in ten bins"))
    )
