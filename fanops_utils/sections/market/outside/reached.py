"""What part of a market each platform has, by sourced sizes and inhabitants, beside the markets that compare."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from fanops_utils import charts
from fanops_utils.playbook import Finding, Section
from fanops_utils.sections.cells import cells
from fanops_utils.sections.market.outside import sources
from fanops_utils.text import Listed, Message, Number, Percent, Sayable, Sentences, Unit, Written, say, term

OF: dict[str, Message] = {
    "inhabitants": term("inhabitants of all ages", "whole of a share"),
    "adults": term("adults, by the register", "whole of a share"),
    "adults_asked": term("adults asked (survey)", "whole of a share"),
    "internet_users": term("internet users asked (survey)", "whole of a share"),
}


def penetration(
    shares: pd.DataFrame, *, market: str, platforms: Sequence[str], beside: Sequence[str] = (), counted: bool = True
) -> Section:
    """Return what part of *market* each platform has (*shares*: `models.penetration`), beside markets that compare.

    *platforms*: ids of those the brand is on here: whichever has no sourced size is named; *beside*: further markets of the
    brand; *counted*: whether the inhabitants of *market* stand in a sourced row.
    """
    mine = shares[shares["region"] == market]
    lacking = [one for one in platforms if one not in set(mine["platform"])]
    gaps = _gaps(lacking, counted=counted)
    if mine.empty:
        return Section.of(Finding.nothing("penetration", Sentences.of(say("no share of this market is known."), *gaps)))
    alike = mine.dropna(subset=["quotient"]).sort_values("quotient")
    head = alike.iloc[-1] if len(alike) else mine.sort_values("share").iloc[-1]
    finding = Finding(
        id="penetration", label=term("Users for every 100 inhabitants", "label of a finding"),
        code="compared" if len(alike) else "alone", weight="row", title=_title(head),
        text=Sentences.of(
            say("Accounts are no persons, and who uses two platforms counts on both: shares do not add up."),
            _grown_up(mine), *gaps,
        ),
        estimate=float(head["share"]), unit=Unit("share", OF[str(head["of"])]), n=len(mine),
        method=say(
            "Size as its source prints it, over the inhabitants of all ages (a projection for 2025); a survey's share as it was "
            "found. Times the markets together: this share over that of all markets with the same platform, measure and "
            "time, all of them as one (location quotient)."
        ),
    )  # fmt: skip
    return Section.of(finding, _table(shares, mine, beside))


def _title(head: pd.Series) -> Message:
    platform = say("{platform}, {measure}, {time}", platform=sources.platform(str(head["platform"])),
                   measure=sources.measure(str(head["measure"])), time=sources.time_of(str(head["as_of"])))  # fmt: skip
    if head["of"] != "inhabitants":
        return say("{platform}: {share} of {whole}", platform=platform, share=Percent(float(head["share"])),
                   whole=OF[str(head["of"])])  # fmt: skip
    if pd.isna(head["quotient"]):
        return say("{platform}: {n} for every 100 inhabitants of all ages; no other market has this figure",
                   platform=platform, n=Number(100 * float(head["share"]), 0))  # fmt: skip
    return say(
        "{platform}: {n} for every 100 inhabitants of all ages, {times} times as many as in {markets} markets together",
        platform=platform, n=Number(100 * float(head["share"]), 0), times=Number(float(head["quotient"]), digits=2),
        markets=int(head["markets"]),
    )  # fmt: skip


def _grown_up(mine: pd.DataFrame) -> Message | None:
    """Return what is wrong with a size from 18 on over inhabitants of all ages."""
    adult = mine["measure"].astype(str).str.contains("18+", regex=False) & (mine["of"] == "inhabitants")
    if not adult.any():
        return None
    return say("Sizes from 18 on are divided by inhabitants of all ages here: among adults the share is higher.")


def _gaps(lacking: Sequence[str], *, counted: bool) -> list[Message]:
    named = Listed.of(sources.platform(one) for one in lacking)
    return [
        *([say("No sourced size in this market: {platforms}.", platforms=named)] if lacking else []),
        *([] if counted else [say("Its inhabitants are in no sourced row (populations.csv).")]),
    ]


def _table(shares: pd.DataFrame, mine: pd.DataFrame, beside: Sequence[str]) -> charts.Table:
    keys = ["platform", "measure", "as_of"]
    like = pd.MultiIndex.from_frame(shares[keys]).isin(pd.MultiIndex.from_frame(mine[keys]))
    others = shares[(like | shares["region"].isin(list(beside))) & (shares["region"] != mine["region"].iloc[0])]
    rows = pd.concat([mine, others], ignore_index=True)
    columns: dict[str, Sayable] = {
        "region": term("Market", "column"), "name": term("Platform", "column"), "share": term("Share", "column"),
        "whole": term("Of", "column"), "quotient": term("Times the markets together", "column"),
        "what": term("What is counted", "column"), "as_of": term("As of", "column"),
    }  # fmt: skip
    shown = rows.assign(
        region=cells(Written(str(one)) for one in rows["region"]),
        name=cells(sources.platform(str(one)) for one in rows["platform"]),
        whole=cells(OF[str(one)] for one in rows["of"]),
        what=cells(sources.measure(str(one)) for one in rows["measure"]),
        as_of=cells(sources.time_of(str(one)) for one in rows["as_of"]),
    )
    caption = say("What part of each market a platform has, as far as sources tell")
    return charts.table(shown, columns=columns, formats={"share": Percent, "quotient": Number}, caption=caption)
