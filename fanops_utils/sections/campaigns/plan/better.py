"""What would make a smaller effect visible: more days, a longer baseline, other markets."""

from __future__ import annotations

import numpy as np
import pandas as pd

from fanops_utils import charts
from fanops_utils.playbook import Finding, Section
from fanops_utils.sections.campaigns.plan.detectable import planned
from fanops_utils.sections.campaigns.words import OF_COUNTERFACTUAL
from fanops_utils.text import Message, Percent, Sayable, Sentences, Signed, say, term
from fanops_utils.workspace import Campaign

NOT_ENOUGH = term("not enough of the past to compare plans", "why there is no data")
METHOD = say("As above, for each length and each market; few windows make the numbers rough.")
CLEARLY = 0.02
MUCH_ABOVE = (
    1.5  # times the false alarms that the level allows: a plan that raises more finds effects that are not there
)
FORMATS = {"detectable": Signed, "false_alarms": Percent}
SEEN: dict[str, Sayable] = {
    "detectable": term("Smallest effect seen", "column"),
    "false_alarms": term("False alarms", "column"),
    "n_windows": term("Past stretches", "column"),
}


def better(
    lengths: pd.DataFrame | None, markets: pd.DataFrame | None, campaign: Campaign, *, level: float = 0.9
) -> Section:
    """Return which plan sees more (*lengths*: `models.detectable_effects`; *markets*: `models.market_choices`) at *level*."""
    finding = answer(lengths, markets, campaign, level=level)
    return Section.of(finding, _by_length(lengths), _by_market(markets, campaign))


def answer(
    lengths: pd.DataFrame | None, markets: pd.DataFrame | None, campaign: Campaign, *, level: float = 0.9
) -> Finding:
    """Return whether another length, or other markets, would see a smaller effect without far more false alarms than agreed."""
    row = planned(lengths, campaign)
    if lengths is None or row is None or sound(lengths, level)["detectable"].isna().all():
        return Finding.nothing("better", NOT_ENOUGH)
    kept = sound(lengths, level)
    best = kept.iloc[int(kept["detectable"].argmin())]
    least = float(best["detectable"])
    gain = float(row["detectable"]) - least
    same = bool(np.isfinite(gain)) and gain < CLEARLY
    said = say(
        "Of the lengths tried, {live} live days after {baseline} days of baseline would show the smallest effect: {size}.",
        live=int(best["live_days"]),
        baseline=int(best["baseline_days"]),
        size=Signed(least),
    )
    return Finding(
        id="better",
        title=say("No other length would show a clearly smaller effect")
        if same
        else say("Another length would show a smaller effect"),
        text=Sentences.of(said, _other_markets(markets, campaign, level)),
        estimate=least,
        unit=OF_COUNTERFACTUAL,
        n=int(best["n_windows"]),
        method=METHOD,
        code="same" if same else "other_length",
    )


def sound(plans: pd.DataFrame, level: float) -> pd.DataFrame:
    """Return the rows of *plans* whose false alarms are not far above those that *level* allows."""
    return plans[~(plans["false_alarms"] > MUCH_ABOVE * (1 - level))]


def _other_markets(markets: pd.DataFrame | None, campaign: Campaign, level: float) -> Message | None:
    """Return what treating the best markets would show, beside the campaign's own."""
    if markets is None or sound(markets, level)["detectable"].isna().all():
        return None
    kept = sound(markets, level)
    first = kept.iloc[int(kept["detectable"].argmin())]
    own = markets[markets["treated"].map(lambda codes: set(str(codes).split(" + ")) == set(campaign.treated))]
    if len(own) and np.isfinite(own["detectable"].iloc[0]):
        size = float(own["detectable"].iloc[0])
        if size - float(first["detectable"]) < CLEARLY:
            return say("With another market treated, no clearly smaller effect would be seen than with {own}: {size}.",
                       own=str(own["treated"].iloc[0]), size=Signed(size))  # fmt: skip
        return say(
            "With {own} treated and all others held back it is {own_size}; with {markets} treated instead, {size}.",
            own=str(own["treated"].iloc[0]),
            own_size=Signed(size),
            markets=str(first["treated"]),
            size=Signed(float(first["detectable"])),
        )
    return say(
        "With {markets} treated and the others held back, effects from {size} would be seen.",
        markets=str(first["treated"]),
        size=Signed(float(first["detectable"])),
    )


def _by_length(lengths: pd.DataFrame | None) -> charts.Table | None:
    if lengths is None:
        return None
    columns = {
        "live_days": term("Live days", "column"),
        "baseline_days": term("Baseline days", "column"),
        **SEEN,
    }
    caption = say("Smallest effect found as often as wanted; empty: none up to a doubling")
    return charts.table(lengths, columns=columns, formats=FORMATS, caption=caption)


def _by_market(markets: pd.DataFrame | None, campaign: Campaign) -> charts.Table | None:
    if markets is None:
        return None
    columns = {"treated": term("Treated", "column"), "n_controls": term("Held back", "column"), **SEEN}
    caption = say(
        "By the markets treated: {live} live days after {baseline} days of baseline",
        live=campaign.live.days,
        baseline=campaign.baseline.days,
    )
    return charts.table(markets, columns=columns, formats=FORMATS, caption=caption)
