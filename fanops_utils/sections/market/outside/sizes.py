"""How large the platforms are in the market, where they are strong, and how fast they grew: figures of others, sourced."""

from __future__ import annotations

import pandas as pd

from fanops_utils import charts
from fanops_utils.charts.words import Words
from fanops_utils.playbook import Finding, Section
from fanops_utils.sections.cells import cells
from fanops_utils.sections.market.outside import sources
from fanops_utils.sections.market.outside.standing import STANDINGS
from fanops_utils.text import Listed, Message, Number, Sentences, Signed, Unit, Written, say, say_n, term

STRONGER = 1.05  # location quotient from which a platform is called stronger: the sources round


def scale(
    sizes: pd.DataFrame, *, market: str, regions: tuple[str, ...], quotients: pd.DataFrame, growth: pd.DataFrame
) -> Section:
    """Return how large the platforms are in *market* as sources say, against other markets, and how the series grew.

    *sizes*: `outside.platform_sizes`; *regions*: `outside.regions_of`; *quotients*: `models.location_quotients`; *growth*:
    `models.size_growth`. A figure of a larger region is called one.
    """
    mine = sizes[sizes["region"] == market].sort_values(["measure", "figure"], ascending=[True, False])
    grown = growth[growth["region"].isin(regions)]
    if mine.empty and grown.empty:
        return Section.of(Finding.nothing("scale", say("no sourced size of a platform in this market")))
    here = quotients[quotients["region"] == market]
    finding = Finding(
        id="scale",
        label=term("Sourced sizes of platforms", "label of a finding"),
        code="sourced",
        weight="row",
        title=say_n(
            "{n} sourced size of a platform in this market",
            "{n} sourced sizes of platforms in this market",
            n=len(mine),
        ),
        text=Sentences.of(
            say_n(
                "They count {n} kind of thing.",
                "They count {n} different things: never add or rank them across.",
                n=mine["measure"].nunique(),
            )
            if len(mine)
            else None,
            _stronger(here),
            *_grew(grown, market),
            say("Growth is told from dated points of one source's kind; none is carried on from here."),
        ),
        estimate=float(len(mine)),
        unit=Unit("count", term("figures", "unit")),
        n=len(mine),
        method=say(
            "Figures as printed by the source; identities and accounts are no persons. Against other markets: a platform's part "
            "of the sizes here over its part in all markets compared, same measure, same time (location quotient). Yearly "
            "growth from the first to the last of three points or more, a year or more apart; too few points for a forecast."
        ),
    )
    return Section.of(finding, _matrix(quotients, market), _listed(mine, here) if len(mine) else None)


def _stronger(here: pd.DataFrame) -> Message | None:
    if here.empty:
        return None
    best = here.sort_values("quotient").iloc[-1]
    if best["quotient"] < STRONGER:
        return say(
            "Among the platforms compared none is stronger here than in {n} markets together ({measure}).",
            n=int(best["markets"]),
            measure=sources.measure(str(best["measure"])),
        )
    return say(
        "{platform} is {times} times as strong here, among the platforms compared, as in {n} markets together ({measure}).",
        platform=sources.platform(str(best["platform"])),
        times=Number(best["quotient"], digits=2),
        n=int(best["markets"]),
        measure=sources.measure(str(best["measure"])),
    )


def _grew(grown: pd.DataFrame, market: str) -> list[Message]:
    """Return a sentence per series; one of a larger region names it."""
    return [
        say(
            "{platform} in {region}: {change} a year, from {first} to {last} ({measure}).",
            platform=sources.platform(str(one["platform"])),
            region=term("this market", "region of a figure")
            if one["region"] == market
            else term("the EU", "region of a figure")
            if one["region"] == "EU"
            else term("the world", "region of a figure"),
            change=Signed(float(one["per_year"])),
            first=sources.time_of(str(one["first"])),
            last=sources.time_of(str(one["last"])),
            measure=sources.measure(str(one["measure"])),
        )
        for one in grown.to_dict("records")
    ]


def _matrix(quotients: pd.DataFrame, market: str) -> charts.Chart | None:
    """Return the markets by platform of the measure that *market* is compared by."""
    kinds = quotients.loc[quotients["region"] == market, "measure"]
    if kinds.empty:
        return None
    block = quotients[quotients["measure"] == kinds.iloc[0]]
    shown = block.assign(
        platform=cells(sources.platform(str(one)) for one in block["platform"]),
        market=block["region"],
        estimate=block["quotient"],
    )
    dated = shown.assign(key=block["platform"]).drop_duplicates("key").to_dict("records")
    title = say("Where platforms are strong, against the markets together")
    return charts.heat_map(
        shown[["market", "platform", "estimate"]],
        x="platform",
        y="market",
        value="estimate",
        form=Number,
        centre=1.0,
        words=Words(
            title=title,
            alt=title,
            subtitle=say("Part of the platform here over its part in all of them: 1 is as elsewhere"),
            axis=term("against the markets together", "axis"),
            x_axis=term("platform", "axis"),
            caption=say(
                "{measure}; {platforms}",
                measure=sources.measure(str(kinds.iloc[0])),
                platforms=Listed.of(
                    say("{platform} as of {time}", platform=one["platform"], time=sources.time_of(str(one["as_of"])))
                    for one in dated
                ),
            ),
        ),
    )


def _listed(mine: pd.DataFrame, here: pd.DataFrame) -> charts.Table:
    columns = {
        "name": term("Platform", "column"),
        "figure": term("Size", "column"),
        "unit": term("Unit", "column"),
        "what": term("What is counted", "column"),
        "as_of": term("As of", "column"),
        "quotient": term("Against other markets", "column"),
        "grows": term("Growth", "column"),
        "from": term("Source", "column"),
        "read": term("Read on", "column"),
        "stands": term("Standing", "column"),
    }
    known = here.set_index(["measure", "platform", "as_of"])["quotient"]
    keys = pd.MultiIndex.from_frame(mine[["measure", "platform", "as_of"]])
    shown = pd.DataFrame(
        {
            "name": cells(sources.platform(str(one)) for one in mine["platform"]),
            "figure": mine["figure"].to_numpy(float),
            "unit": cells(sources.unit(str(one)) for one in mine["unit"]),
            "what": cells(sources.measure(str(one)) for one in mine["measure"]),
            "as_of": cells(sources.time_of(str(one)) for one in mine["as_of"]),
            "quotient": known.reindex(keys).to_numpy(float),
            "grows": cells(Written(str(one), "en") if pd.notna(one) else None for one in mine["growth"]),
            "from": cells(Written(str(one), "en") for one in mine["source"]),
            "read": cells(Written(str(one)) for one in mine["accessed"]),
            "stands": cells(STANDINGS[str(one)] for one in mine["standing"]),
        }
    )
    forms = {"figure": Number, "quotient": Number}
    return charts.table(shown, columns=columns, formats=forms, caption=say("Sizes of platforms, by what is counted"))
