"""Where do members move? From stage to stage and tier to tier since four weeks ago, and where it would end."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pandas as pd

from fanops_utils import charts
from fanops_utils.charts.words import Words
from fanops_utils.playbook import Finding, Section
from fanops_utils.sections.audience.lifecycle import SMALL, STAGES
from fanops_utils.sections.audience.tiers import TIERS
from fanops_utils.sections.audience.tiers import TOP as UPPER
from fanops_utils.text import Message, People, Percent, Sayable, Sentences, Span, Unit, say, term

QUIET = ("silent", "lapsed")


def moving(table: pd.DataFrame, lasting: pd.DataFrame | None = None, *, before: date | None) -> Section:
    """Return where the members of each stage on the day *before* are now (*table*: `models.stage_moves`).

    *lasting*: `models.steady_state` of the same moves.
    """
    if table.empty or before is None:
        return Section.of(
            Finding.nothing("moving", say("no member was there four weeks before (exports: fans, member events)"))
        )
    active = table[table["origin"].isin(["active", "won-back"])]
    kept, lost = (
        int(active.loc[active["target"].isin(names), "members"].sum()) for names in (("active", "won-back"), QUIET)
    )
    back = int(table[table["origin"].isin(QUIET) & table["target"].isin(["active", "won-back"])]["members"].sum())
    total = int(active["members"].sum())
    if total < SMALL:
        return Section.of(
            Finding.nothing("moving", say("fewer than ten members were in their own rhythm four weeks before"))
        )
    finding = Finding(
        id="moving",
        label=term("Members still in their own rhythm", "label of a finding"),
        code="moved",
        title=say("{share} of the members who were in their own rhythm four weeks ago still are", share=Percent(kept / total)),
        verdict=say("{share} of the members who were in their own rhythm four weeks ago still are.", share=Percent(kept / total)),
        text=Sentences.of(
            say("Of those in their own rhythm on {day}, {lost} have fallen silent or lapsed; {back} came back from silence.",
                day=before, lost=People(lost), back=People(back)),
            _lasting(lasting),
            say("For them to stay as many, as many must join or come back as fall silent."),
        ),
        estimate=kept / total,
        unit=Unit("share", term("of members in their own rhythm before", "unit")),
        n=People(total),
        method=say("Stages by own rhythm on both days; members who joined since are not in it."),
    )  # fmt: skip
    return Section.of(finding, _matrix(
        table, STAGES, title=say("From stage to stage"), axis=term("stage then, by stage now", "axis"), alt=finding.text,
        subtitle=say("Share of the members of each stage on {day}, by stage now", day=before),
    ))  # fmt: skip


def _lasting(table: pd.DataFrame | None) -> Sayable | None:
    """Return which part would be active in the long run, were nobody to join."""
    if table is None or table.empty:
        return None
    row: dict[Any, Any] = table.set_index("name").loc["active"].to_dict()
    return say(
        "If members moved on like this and nobody joined, {share} ({span}) of them would be in their own rhythm in the "
        "long run; it is {now} now.",
        share=Percent(row["estimate"], 0), span=Span.of(row["ci_lower"], row["ci_upper"]), now=Percent(row["now"], 0),
    )  # fmt: skip


def tier_moves(table: pd.DataFrame, *, before: date | None) -> Section:
    """Return where the members of each tier on the day *before* are now (*table*: `models.stage_moves` of tiers)."""
    if table.empty or before is None:
        return Section.of(
            Finding.nothing("tier_moves", say("no member was there four weeks before (exports: fans, member events)"))
        )
    upper = table[table["origin"].isin(UPPER)]
    total = int(upper["members"].sum())
    if total < SMALL:
        why = say("fewer than ten members were loyal or high-value four weeks before")
        return Section.of(Finding.nothing("tier_moves", why))
    kept = int(upper.loc[upper["target"].isin(UPPER), "members"].sum())
    risen = int(table[~table["origin"].isin(UPPER) & table["target"].isin(UPPER)]["members"].sum())
    told: dict[str, Any] = {"share": Percent(kept / total, 0), "day": before}
    finding = Finding(
        id="tier_moves",
        label=term("Upper tiers kept", "label of a finding"),
        code="moved",
        title=say("{share} of those loyal or high-value four weeks ago still are", share=told["share"]),
        text=Sentences.of(
            say("Of {n} members in the upper two tiers on {day}, {share} are still there; {risen} came up since.",
                n=People(total), risen=People(risen), **told),
        ),
        estimate=kept / total, unit=Unit("share", term("of members of the upper tiers", "unit")), n=People(total),
        method=say("Tiers by the same rules on both days; members who joined since are not in it."),
    )  # fmt: skip
    return Section.of(finding, _matrix(
        table, TIERS, title=say("From tier to tier"), axis=term("tier then, by tier now", "axis"), alt=finding.text,
        subtitle=say("Share of the members of each tier on {day}, by tier now", day=before),
    ))  # fmt: skip


def _matrix(
    table: pd.DataFrame, names: Mapping[str, Message], *, title: Message, subtitle: Message, axis: Sayable, alt: Sayable
) -> charts.Chart:
    """Return the shares of *table* that moved from one of the *names* to another; groups of fewer than ten are left out."""
    large = table[table["members"] >= SMALL]
    shown = large.assign(**{name: large[name].astype(str).map(names) for name in ("origin", "target")})
    return charts.migration_matrix(
        shown, origin="origin", target="target", share="share", order=list(names.values()),
        words=Words(
            title=title, subtitle=subtitle, axis=axis, alt=alt,
            caption=say("Cells of fewer than ten members are left empty; who stayed is framed"),
        ),
    )  # fmt: skip
