"""Whether the campaign verdict holds where markets are rough: the worst cell, the power beside it, every cell listed."""

from __future__ import annotations

from typing import Any

import pandas as pd
from scipy import stats

from fanops_utils import charts
from fanops_utils.charts.words import Words
from fanops_utils.models.simulation.hard_campaigns import CHOSEN_CAMPAIGNS
from fanops_utils.playbook import Finding, Section
from fanops_utils.sections.methods.campaigns import MOST_FALSE, kept
from fanops_utils.sections.methods.names import ROUGH
from fanops_utils.sections.methods.promise import BAND_LEVEL, against
from fanops_utils.text import (
    Level,
    Listed,
    Message,
    Number,
    Percent,
    Points,
    Sayable,
    Sentences,
    Signed,
    Span,
    Unit,
    say,
    say_n,
    term,
)

WORLDS: dict[str, Message] = {
    "easy": term("markets that move together", "simulated markets"),
    "own_walks": term("markets that wander on their own", "simulated markets"),
    "uneven_factors": term("markets that follow a common course unequally", "simulated markets"),
    "steps": term("markets with lasting steps", "simulated markets"),
    "shocked_control": term("a control with a shock of its own", "simulated markets"),
    "everything": term("all of it at once", "simulated markets"),
}


def campaign_hard(table: pd.DataFrame, *, lift: float, level: float) -> Section:
    """Return whether the verdict keeps its word in every cell of *table* (`hard_campaigns`), with power beside it."""
    finding = _finding(table, lift, level)
    words = Words(
        title=say("Campaigns that did nothing, called an effect: the worst world of each kind"),
        subtitle=say("Share of {n} simulated campaigns; promised {level}; band: where that ends 95 times in 100",
                     n=int(table["n"].min()), level=Level(1 - level)),
        axis=term("called an effect", "axis"), alt=finding.text,
        caption=say("The worst of {n} kinds of market each; below the band is careful: gates withhold verdicts",
                    n=int(table["world"].nunique())),
    )  # fmt: skip
    worst = table.loc[table.groupby(["controls", "treated", "wild"], sort=False)["errors"].idxmax()]
    named = worst.assign(label=_labels(worst)).reset_index(drop=True)
    drawn = against(named["label"], named["errors"], named["n"], nominal=1 - level, valid=named["n"] > 0, most=True)
    return Section.of(finding, charts.against_promise(drawn, words=words), _listed(table, lift))


def _finding(table: pd.DataFrame, lift: float, level: float) -> Finding:
    worst: dict[Any, Any] = table.sort_values("errors").to_dict("records")[-1]
    broken = table[table["errors_lower"] > MOST_FALSE]
    severity = kept(worst["errors"], worst["errors_lower"], most=MOST_FALSE)
    told: dict[str, Sayable] = {"share": Percent(worst["errors"])}
    if len(broken):
        title = say_n("In {n} kind of rough markets the campaign verdict errs too often, up to {share}",
                      "In {n} kinds of rough markets the campaign verdict errs too often, up to {share}",
                      n=len(broken), **told)  # fmt: skip
    else:
        title = say("In the rough markets tried, a campaign that did nothing is called an effect in at most {share} of cases",
                    **told)  # fmt: skip
    text = Sentences.of(
        say("The most: {interval}, {cell}.", interval=Span.of(worst["errors_lower"], worst["errors_upper"]), cell=_label(worst)),
        say("At a level of {level}, {expected} are expected and {allowed} tolerated.", level=Level(level),
            expected=Level(1 - level), allowed=Level(MOST_FALSE)),
        _power(table, lift),
        _power_when_chosen(table),
        _power_in_wild_days(table),
        say("By the mean of the controls and past windows alone, up to {share} would be called an effect.",
            share=Percent(table["pooled_errors"].max())),
    )  # fmt: skip
    return Finding(
        id="campaign_hard", title=title, verdict=say("{answer}.", answer=title), text=text, severity=severity, about=ROUGH,
        code={"good": "kept", "watch": "unsure", "alert": "broken"}[severity],
        estimate=worst["errors"], ci_lower=worst["errors_lower"],
        ci_upper=worst["errors_upper"], n=int(table["n"].min()), unit=Unit("share", term("called an effect", "unit")),
        method=say("Each simulated campaign gets the verdict of the retrospective, gates included: half have 180 days before "
                   "and 28 live, half 365 and 14. Wild: noise and walks of all markets 2.5 times as large in the live days."),
    )  # fmt: skip


def _power(table: pd.DataFrame, lift: float) -> Message:
    calm = table[(table["wild"] == 1) & (table["treated"] == 1)].groupby("world", sort=False)["power"].mean()
    each = Listed.of(
        say("{share} ({world})", share=Percent(share), world=WORLDS[str(name)]) for name, share in calm.items()
    )
    return say("In calm days a planted {lift} is found in {shares}.", lift=Signed(lift, 0), shares=each)


def _power_when_chosen(table: pd.DataFrame) -> Message | None:
    """Return how the power compares with that of the day the rule was chosen, over the cells that both have."""
    both = table[table["chosen_power"].notna()]
    if both.empty:
        return None
    now, chosen = both["power"], both["chosen_power"]
    error = (now * (1 - now) / both["n"] + chosen * (1 - chosen) / CHOSEN_CAMPAIGNS).sum() ** 0.5 / len(both)
    gap, half = float((now - chosen).mean()), float(stats.norm.ppf(1 - BAND_LEVEL / 2) * error)
    told: dict[str, Sayable] = {
        "chosen": Percent(float(chosen.mean())), "now": Percent(float(now.mean())), "gap": Points(gap),
        "interval": Span.of(gap - half, gap + half, form=Points, level=1 - BAND_LEVEL),
    }  # fmt: skip
    if gap + half < 0:
        return say("That is less than when the rule was chosen: {chosen} then over the same kinds of markets, {now} now "
                   "({gap}, {interval}).", **told)  # fmt: skip
    return say("When the rule was chosen it was found in {chosen} over the same kinds of markets, now in {now} ({gap}, "
               "{interval}): not less, though gates and a wider stretch for wild days came since.", **told)  # fmt: skip


def campaign_covered(table: pd.DataFrame) -> Section:
    """Return what the rough markets of *table* covered, and what no simulation here covers."""
    text = Sentences.of(
        say("Markets: {worlds}; {controls} controls, {treated} treated; live days as the past and {wild} times as wild.",
            worlds=Listed.of(WORLDS[str(name)] for name in table["world"].unique()), controls=_listed_numbers(table["controls"]),
            treated=_listed_numbers(table["treated"]), wild=Number(float(table["wild"].max()))),
        say("Designs: 180 days before 28 live ones and 365 before 14; a baseline of four weeks."),
        say(
            "Not covered: a trend that begins with the baseline, a campaign that reaches its controls, several campaigns at once, "
            "days without any unit, weekly totals against controls, and markets that each step for themselves when it starts."
        ),
    )  # fmt: skip
    title = say_n("{n} kind of rough markets was tried, others may break it",
                  "{n} kinds of rough markets were tried, others may break it", n=len(table))  # fmt: skip
    return Section.of(Finding(id="campaign_covered", title=title, text=text, n=len(table), code="covered"))


def _listed_numbers(values: pd.Series) -> Listed:
    return Listed.of(Number(float(value)) for value in sorted(values.unique()))


def _power_in_wild_days(table: pd.DataFrame) -> Message | None:
    wild = table[(table["wild"] > 1) & (table["treated"] == 1)].groupby("world", sort=False)["power"].mean()
    if wild.empty:
        return None
    return say("In wild live days it is found in {least} to {most}, by world.", least=Percent(wild.min()),
               most=Percent(wild.max()))  # fmt: skip


def _label(row: dict[Any, Any]) -> Message:
    told: dict[str, Sayable] = {
        "world": WORLDS[row["world"]],
        "controls": say_n("{n} control", "{n} controls", n=int(row["controls"])),
        "treated": say_n("{n} market treated", "{n} markets treated", n=int(row["treated"])),
    }
    if row["wild"] > 1:
        return say("{controls}, {treated}, wild live days: {world}", **told)
    return say("{controls}, {treated}: {world}", **told)


def _labels(table: pd.DataFrame) -> pd.Series:
    return pd.Series([_label(row) for row in table.to_dict("records")], index=table.index, dtype=object)


def _listed(table: pd.DataFrame, lift: float) -> charts.Table:
    columns: dict[str, Sayable] = {
        "label": term("Markets", "column"), "errors": term("Called an effect", "column"),
        "power": term("{lift} found", "column", lift=Signed(lift, 0)),
        "chosen_power": term("The same when the rule was chosen", "column"),
        "pooled_errors": term("Called an effect, mean of controls", "column"),
        "pooled_power": term("{lift} found, mean of controls", "column", lift=Signed(lift, 0)),
    }  # fmt: skip
    forms = dict.fromkeys(("errors", "power", "chosen_power", "pooled_errors", "pooled_power"), Percent)
    return charts.table(
        table.assign(label=_labels(table)), columns=columns, formats=forms, caption=say("Rough markets, cell by cell")
    )
