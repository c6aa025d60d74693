"""What simulated campaigns say of the readings beside the verdict: those taken while it runs, and weighted mixes."""

from __future__ import annotations

from typing import Any, NamedTuple

import pandas as pd

from fanops_utils import charts
from fanops_utils.charts.words import Words
from fanops_utils.experiments.simulation.simulate import band
from fanops_utils.models.simulation.looks import ONCE
from fanops_utils.playbook import Finding, Section
from fanops_utils.sections.methods.campaigns import MOST_FALSE
from fanops_utils.sections.methods.names import MIXES, MIXES_INSIDE, RUNNING
from fanops_utils.sections.methods.promise import BAND_LEVEL, against
from fanops_utils.text import Level, Listed, Message, Percent, Sayable, Sentences, Signed, Span, Unit, say, say_n, term

ENOUGH = 30  # campaigns past the gates, below which a share of them is not judged


def campaign_running(table: pd.DataFrame, *, level: float) -> Section:
    """Return how often a campaign that did nothing looks like an effect while it runs (*table* of `running_calibration`)."""
    single, once = table[table["look"] != ONCE], table[table["look"] == ONCE].to_dict("records")[0]
    worst = single.sort_values("found").to_dict("records")[-1]
    text, share = _running(single, worst, once, level), {"share": Percent(worst["found"])}
    kept = worst["found"] <= band(1 - level, int(worst["n"]), level=BAND_LEVEL)[1]
    finding = Finding(
        id="campaign_running", title=say("A single reading of a running campaign errs in at most {share} of cases", **share),
        text=text, severity="good" if kept else "watch", estimate=worst["found"], ci_lower=worst["found_lower"],
        ci_upper=worst["found_upper"], unit=Unit("share", term("called an effect", "unit")), n=int(worst["n"]),
        method=say("Ten simulated markets, nothing planted; each look reads the days seen, against past windows as long."),
        verdict=say("A single reading of a running campaign errs in at most {share} of cases.", **share),
        code="kept" if kept else "unsure", about=RUNNING,
    )  # fmt: skip
    words = Words(
        title=say("Campaigns that did nothing, read while they run"),
        subtitle=say("Share of {n} simulated campaigns of 28 days; promised at one look: {level}; band: 95 times in 100",
                     n=int(table["n"].max()), level=Level(1 - level)),
        axis=term("called an effect", "axis"), alt=text,
        caption=say("Cross: an effect at one look at least, as whoever stops at the first one sees it"),
    )  # fmt: skip
    labels = pd.Series([_look(row) for row in table.to_dict("records")], index=table.index, dtype=object)
    drawn = against(labels, table["found"], table["n"], nominal=1 - level, valid=table["look"] != ONCE, most=True)
    return Section.of(finding, charts.against_promise(drawn, words=words))


def _running(single: pd.DataFrame, worst: dict[Any, Any], once: dict[Any, Any], level: float) -> Sentences:
    shares = (say("{share} {look}", share=Percent(row["found"]), look=_look(row)) for row in single.to_dict("records"))
    return Sentences.of(
        say("An effect is seen in {shares}; up to {level} are promised.", shares=Listed.of(shares, how="and"),
            level=Level(1 - level)),
        say("At the worst look: {interval}.", interval=_interval(worst)),
        say("Whoever takes {looks} looks and stops at the first effect finds one in {share} ({interval}): that is why a running "
            "campaign gets no verdict.", looks=len(single), share=Percent(once["found"]), interval=_interval(once)),
    )  # fmt: skip


def _look(row: dict[Any, Any]) -> Message:
    if row["look"] == ONCE:
        return term("at one of these looks", "reading of a running campaign")
    return term("after {days}", "reading of a running campaign", days=say_n("{n} day", "{n} days", n=int(row["days"])))


class Mix(NamedTuple):
    """One mix past its gates: its campaigns without an effect, and with the planted one."""

    code: str
    name: Sayable
    null: dict[str, float]
    planted: dict[str, float]

    @property
    def judged(self) -> bool:
        return min(self.null["n"], self.planted["n"]) >= ENOUGH

    @property
    def unsettled(self) -> bool:
        """Return whether it finds more than is tolerated, though so few campaigns could show that by chance."""
        return self.null["found"] > MOST_FALSE

    def broken(self, level: float) -> bool:
        """Return whether it finds more, or holds less, than chance allows one that keeps its word."""
        most = band(1 - level, int(self.null["n"]), level=BAND_LEVEL)[1]
        least = band(level, int(self.planted["n"]), level=BAND_LEVEL)[0]
        return self.null["found"] > most or self.planted["coverage"] < least


def campaign_mixes(table: pd.DataFrame, *, level: float, lift: float) -> Section:
    """Return whether both mixes keep their word on many markets (*table* of `mixing_calibration`)."""
    mixes = [
        Mix(code, name, *(_past_the_gates(table, code, one) for one in (0.0, lift))) for code, name in MIXES.items()
    ]
    unjudged, broken = (
        [mix for mix in mixes if not mix.judged],
        [mix for mix in mixes if mix.judged and mix.broken(level)],
    )
    text = Sentences.of(*(sentence for mix in mixes for sentence in _mix(mix, lift)))
    code, open_, title = "kept", broken, say("Weighted mixes keep their word on many markets")
    if broken:
        names = Listed.of((mix.name for mix in broken), how="and")
        code, title = "unsure", say("May not keep the word given, on many markets: {mixes}", mixes=names)
    elif open_ := [mix for mix in mixes if mix.judged and mix.unsettled]:
        shares = Listed.of(
            say("{mix}: {share} false effects", mix=mix.name, share=Percent(mix.null["found"])) for mix in open_
        )
        code, title = "unsettled", say("{shares}, too few campaigns to tell", shares=shares)
    elif open_ := unjudged:
        names = Listed.of(mix.name for mix in unjudged)
        code, title = "unjudged", say("Too few campaigns pass the gates to judge: {mixes}", mixes=names)
    finding = Finding(
        id="campaign_mixes", title=title, text=text, severity="good" if code == "kept" else "watch",
        unit=Unit("share", term("called an effect", "unit")), n=int(table["n"].max()), verdict=say("{answer}.", answer=title),
        method=say("Simulated panels of 24 markets, 60 days before the start; held against the other 23 markets."), code=code,
        about=Listed.of(MIXES_INSIDE[mix.code] for mix in open_),
    )  # fmt: skip
    words = Words(
        title=say("How often the interval of a weighted mix holds the truth"),
        subtitle=say("{n} simulated campaigns per effect; promised {level}; band: 95 times in 100", n=int(table["n"].max()),
                     level=Level(level)),
        axis=term("intervals that hold the truth", "axis"), alt=text,
        caption=say("More than promised is no fault: the interval is wider than it need be"),
    )  # fmt: skip
    return Section.of(finding, charts.against_promise(_mixed(table, level), words=words))


def _mix(mix: Mix, lift: float) -> tuple[Message, ...]:
    null, planted = mix.null, mix.planted
    if not mix.judged:
        few = say("{mix}: {null} and {planted} campaigns pass the gates, too few to judge.", mix=mix.name, null=int(null["n"]),
                  planted=int(planted["n"]))  # fmt: skip
        return (few,)
    return (
        say("{mix}: {share} pass the gates.", mix=mix.name, share=Percent(null["share"])),
        say("Of these {found} find an effect that is not there ({interval}), {planted} find {lift}, and {held} of the intervals "
            "hold it.", found=Percent(null["found"]), interval=_interval(null), planted=Percent(planted["found"]),
            lift=Signed(lift, 0), held=Percent(planted["coverage"])),
        say("By their rank alone {share} would be called an effect where there is none.", share=Percent(null["by_rank"])),
    )  # fmt: skip


def _mixed(table: pd.DataFrame, level: float) -> pd.DataFrame:
    """Return the coverage of both mixes at every lift, all campaigns and those past the gates, against its promise."""
    known = table[table["n"] >= ENOUGH]
    labels = pd.Series([_label(row) for row in known.to_dict("records")], index=known.index, dtype=object)
    return against(labels, known["coverage"], known["n"], nominal=level, valid=known["n"] > 0, most=False)


def _label(row: dict[Any, Any]) -> Message:
    lift = Signed(row["lift"], 0) if row["lift"] else term("nothing planted", "simulated campaigns")
    past, every = term("past the gates", "simulated campaigns"), term("all", "simulated campaigns")
    return say("{mix}, {lift}, {which}", mix=MIXES[row["method"]], lift=lift, which=past if row["gated"] else every)


def _past_the_gates(table: pd.DataFrame, method: str, lift: float) -> dict[str, float]:
    part = table[table["gated"].astype(bool) & (table["method"] == method) & (table["lift"] == lift)]
    return {str(name): value for name, value in part.drop(columns="method").iloc[0].items()}


def _interval(row: dict[Any, Any]) -> Span:
    return Span.of(row["found_lower"], row["found_upper"])
