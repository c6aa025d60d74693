"""What simulated campaigns say of the method: how often it errs, how often it finds what is there."""

from __future__ import annotations

from typing import Any

import pandas as pd

from fanops_utils import charts
from fanops_utils.charts.words import Words
from fanops_utils.experiments.simulation.simulate import band
from fanops_utils.models.simulation.calibration import Method
from fanops_utils.playbook import Finding, Section, Severity
from fanops_utils.sections.methods.names import CAMPAIGN_METHODS, cells
from fanops_utils.sections.methods.promise import BAND_LEVEL, against, to_the_letter
from fanops_utils.text import (
    Level,
    Message,
    Number,
    Percent,
    Sayable,
    Sentences,
    Signed,
    Span,
    Times,
    Unit,
    say,
    say_n,
    term,
)

DEFAULT: Method = "did_in_time"
PLAIN: Method = "before_after"
MOST_FALSE, LEAST_FOUND, NEAR = 0.12, 0.80, 0.03


def _how() -> Message:
    return say("Simulated campaigns on ten markets with common random walks; 95% Wilson intervals of the shares.")


def campaign_false(table: pd.DataFrame, *, level: float) -> Section:
    """Return how often the default names an effect where none was planted, from *table* of `calibration`."""
    row = _row(table, DEFAULT, lift=0.0)
    allowed = max(MOST_FALSE, 1 - level + 0.02)
    severity = kept(row["found"], row["found_lower"], most=allowed)
    share = {"share": Percent(row["found"])}
    text = Sentences.of(
        say("{interval}, over {campaigns}.", **_over(row, "found")),
        say("At a level of {level}, {expected} are expected and {allowed} tolerated.", level=Level(level),
            expected=Level(1 - level), allowed=Level(allowed)),
        to_the_letter(1 - level, row["n"]),
    )  # fmt: skip
    finding = Finding(
        id="campaign_false", title=say("A campaign that did nothing is called an effect in {share} of cases", **share),
        text=text, severity=severity, code={"good": "kept", "watch": "unsure", "alert": "broken"}[severity],
        verdict=say("A campaign that did nothing is called an effect in {share} of cases.", **share),
        unit=Unit("share", term("called an effect", "unit")), method=_how(), about=CAMPAIGN_METHODS[DEFAULT],
        **_estimate(row, "found"),
    )  # fmt: skip
    words = Words(
        title=say("Campaigns that did nothing, called an effect"),
        subtitle=say("Share of {n} simulated campaigns; promised {level}; band: where that ends 95 times in 100",
                     n=int(row["n"]), level=Level(1 - level)),
        axis=term("called an effect", "axis"), alt=text, caption=_cross(),
    )  # fmt: skip
    return Section.of(finding, charts.against_promise(_promised(table, "found", nominal=1 - level), words=words))


def campaign_coverage(table: pd.DataFrame, *, level: float) -> Section:
    """Return how often the default's interval holds the truth, where nothing and where something was planted."""
    row, rows = _row(table, DEFAULT, lift=0.0), table[table["method"] == DEFAULT].to_dict("records")
    text = Sentences.of(*(_held(one) for one in rows), to_the_letter(level, row["n"]))
    low, high = band(level, int(row["n"]), level=BAND_LEVEL)
    good = abs(row["coverage"] - level) <= NEAR or low <= row["coverage"] <= high
    told = {"level": Level(level), "share": Percent(row["coverage"])}
    finding = Finding(
        id="campaign_coverage", title=say("The {level} interval holds the truth in {share} of cases", **told), text=text,
        severity="good" if good else "watch", code="kept" if good else "unsure",
        verdict=say("The {level} interval holds the truth in {share} of cases.", **told),
        unit=Unit("share", term("of intervals that hold the truth", "unit")), method=_how(), about=CAMPAIGN_METHODS[DEFAULT],
        **_estimate(row, "coverage"),
    )  # fmt: skip
    words = Words(
        title=say("How often the interval holds the truth"),
        subtitle=say("Share of {n} simulated campaigns that did nothing; promised {level}; band: 95 times in 100",
                     n=int(row["n"]), level=Level(level)),
        axis=term("intervals that hold the truth", "axis"), alt=text, caption=_cross(),
    )  # fmt: skip
    return Section.of(finding, charts.against_promise(_promised(table, "coverage", nominal=level), words=words))


def campaign_power(table: pd.DataFrame, *, lift: float) -> Section:
    """Return how often the default finds a planted *lift*, and how far its estimates are off on average."""
    row = _row(table, DEFAULT, lift=lift)
    good, told = row["found"] >= LEAST_FOUND, {"lift": Signed(lift, 0), "share": Percent(row["found"])}
    text = Sentences.of(
        say("{interval}, over {campaigns}.", **_over(row, "found")),
        say("Estimates are off by {bias} on average (log points); intervals are {width} wide.", bias=Number(row["bias"], 3, True),
            width=Number(row["width"], 2)),
    )  # fmt: skip
    finding = Finding(
        id="campaign_power", title=say("A planted {lift} is found in {share} of cases", **told), text=text,
        severity="good" if good else "watch", code="strong" if good else "weak",
        verdict=say("A planted {lift} is found in {share} of cases.", **told),
        unit=Unit("share", term("found", "unit")), method=_how(), about=CAMPAIGN_METHODS[DEFAULT], **_estimate(row, "found"),
    )  # fmt: skip
    words = Words(
        title=say("A planted {lift}, found", lift=Signed(lift, 0)), subtitle=say("Share of simulated campaigns; 95% intervals"),
        axis=term("found", "axis"), alt=text, caption=say("A method that finds everything finds what is not there, too"),
    )  # fmt: skip
    part = table[(table["lift"] == lift) & table["width"].notna()]
    names = {"found": "estimate", "found_lower": "ci_lower", "found_upper": "ci_upper"}
    drawn = part.assign(label=_labels(part))[["label", "n", *names]].rename(columns=names)
    wanted = term("wanted", "line in a chart")
    return Section.of(
        finding, charts.intervals(drawn, label="label", words=words, reference=LEAST_FOUND, reference_label=wanted)
    )


def campaign_plain(table: pd.DataFrame) -> Section:
    """Return what a comparison of before and after would have said of the same campaigns, and every method's numbers."""
    row, other = _row(table, PLAIN, lift=0.0), _row(table, DEFAULT, lift=0.0)
    share = {"share": Percent(row["found"])}
    text = Sentences.of(
        say("{interval}, over {campaigns}.", **_over(row, "found")),
        say("Its interval holds the truth in {held} of cases.", held=Percent(row["coverage"])),
        say("It is {times} as wide as the default's: wrong because it is sure.", times=Times(row["width"] / other["width"], 2)),
        say("Season and trend pass for the campaign, and days that follow one another are counted as if each were news."),
    )  # fmt: skip
    finding = Finding(
        id="campaign_plain", title=say("Before and after finds an effect in {share} of campaigns that did nothing", **share),
        text=text, verdict=say("Before and after finds an effect in {share} of campaigns that did nothing.", **share),
        unit=Unit("share", term("called an effect", "unit")), method=_how(), **_estimate(row, "found"),
    )  # fmt: skip
    return Section.of(finding, _listed(table))


def _listed(table: pd.DataFrame) -> charts.Table:
    columns: dict[str, Sayable] = {
        "label": term("Method", "column"), "lift": term("Planted", "column"), "found": term("Called an effect", "column"),
        "coverage": term("Holds the truth", "column"), "bias": term("Bias, log", "column"), "rmse": term("Error, log", "column"),
        "width": term("Width, log", "column"),
    }  # fmt: skip
    forms = {"found": Percent, "coverage": Percent, "lift": Signed}
    caption = say_n("{n} simulated campaign per row", "{n} simulated campaigns per row", n=int(table["n"].max()))
    return charts.table(table.assign(label=_labels(table)), columns=columns, formats=forms, caption=caption)


def _promised(table: pd.DataFrame, column: str, *, nominal: float) -> pd.DataFrame:
    part = table[(table["lift"] == 0.0) & table["width"].notna()]
    return against(_labels(part), part[column], part["n"], nominal=nominal, valid=part["method"] != PLAIN)


def _labels(table: pd.DataFrame) -> pd.Series:
    return cells(table["method"], CAMPAIGN_METHODS.__getitem__)


def _cross() -> Message:
    return say("Same campaigns for every method; cross: shown as a warning")


def _held(row: dict[Any, Any]) -> Message:
    told = {"share": Percent(row["coverage"]), "interval": Span.of(row["coverage_lower"], row["coverage_upper"])}
    if row["lift"] == 0:
        return say("Nothing planted: {share} ({interval}).", **told)
    return say("Planted {lift}: {share} ({interval}).", lift=Signed(row["lift"], 0), **told)


def _over(row: dict[str, float], column: str) -> dict[str, Sayable]:
    campaigns = say_n("{n} simulated campaign", "{n} simulated campaigns", n=row["n"])
    return {"interval": Span.of(row[f"{column}_lower"], row[f"{column}_upper"]), "campaigns": campaigns}


def _estimate(row: dict[str, float], column: str) -> dict[str, Any]:
    ends = {"ci_lower": row[f"{column}_lower"], "ci_upper": row[f"{column}_upper"]}
    return {"estimate": row[column], **ends, "n": int(row["n"])}


def _row(table: pd.DataFrame, method: Method, *, lift: float) -> dict[str, float]:
    part = table[(table["method"] == method) & (table["lift"] == lift)]
    return {str(name): value for name, value in part.drop(columns="method").iloc[0].items()}


def kept(share: float, lower: float, *, most: float) -> Severity:
    """Return good up to *most*; alert where even the lower bound lies beyond it; watch where the sample is too small."""
    return "good" if share <= most else "alert" if lower > most else "watch"
