"""Persona cards to print and work from: one column a tier, its lines observed or marked as assumed."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from datetime import date
from typing import Any

import pandas as pd

from fanops_utils.charts.tables import Table
from fanops_utils.metrics.intervals import wilson
from fanops_utils.models import TierThresholds
from fanops_utils.playbook import Finding, Section
from fanops_utils.sections.audience.describing.items import TALK, item
from fanops_utils.sections.audience.tiers import TIERS, described
from fanops_utils.sections.content.when import spans
from fanops_utils.text import (
    Count,
    Listed,
    Message,
    People,
    Percent,
    Range,
    Sayable,
    Sentences,
    Times,
    in_words,
    say,
    say_n,
    term,
    valued,
)
from fanops_utils.workspace import Experiment
from fanops_utils.workspace.registers.segments import Action

SMALL = 10
BEST = 2  # things a card names of each kind
DO: dict[str, Message] = {
    "high-value": term("early access, a personal word; no discounts they do not need", "do for a tier"),
    "loyal": term("a part in the community: reviews, invitations; no mass mailings", "do for a tier"),
    "active": term("a reason to come weekly; no sales talk before they asked", "do for a tier"),
    "ordinary": term("one small first step; no long forms", "do for a tier"),
}
Line = tuple[Sayable, list[Sayable | None]]
NONE = term("nothing stands out", "cell of a card")


def personas(
    cards: pd.DataFrame, apart: pd.DataFrame, *, members: int, as_of: date | None, actions: Sequence[Action] = (),
    rules: TierThresholds | None = None, currency: str = "", tests: Mapping[str, Experiment] | None = None,
    shop: bool = True,
) -> Section:  # fmt: skip
    """Return a card per tier (*cards*: `metrics.personas`): size, what it carries, when, where, what it stands out by, what to do.

    *apart*: `models.standing_out` of ways of joining, groups, topics and products by tier; *actions*: those of `segments.yml`;
    *rules* of the tiers, spend in *currency*: they stand on the cards, which are printed without the rest of the report. *tests*:
    the experiments registered, whose titles name what an action is tested by. *shop*: spend is that of linked shop accounts,
    else what the members' own log holds.
    """
    if cards.empty or as_of is None:
        return Section.of(
            Finding.nothing("personas", say("no tier has ten members or more (exports: fans, member events)"))
        )
    cards = _safe(cards, members)
    finding = Finding(
        id="personas",
        label=term("Persona cards", "label of a finding"),
        weight="chapter",
        code="cards",
        title=say_n("{n} group of members, each with its card", "{n} groups of members, each with its card", n=len(cards)),
        text=Sentences.of(
            say("A card describes a group, not each of its members."),
            say("Observed lines are counted in the data to {day}; assumed ones are advice, to be tested on half of a group.",
                day=as_of),
        ),
        n=People(members),
        method=say(
            "Tiers by rule; a share with its Wilson interval. Stands out: what a tier has clearly more often than all others, "
            "of all ways of joining, groups, topics and products together at most one in twenty found by chance."
        ),
    )  # fmt: skip
    told = described(rules, currency=currency) if rules else None
    return Section.of(
        finding,
        _table(cards, apart, members=members, as_of=as_of, actions=actions, rules=told, tests=tests or {}, shop=shop),
    )


def _safe(cards: pd.DataFrame, members: int) -> pd.DataFrame:
    """Return the *cards* without the smallest where what is left of all members would tell of fewer than ten."""
    left = members - int(cards["members"].sum())
    return cards.drop(index=cards["members"].idxmin()) if 0 < left < SMALL and len(cards) > 1 else cards


def _table(
    cards: pd.DataFrame,
    apart: pd.DataFrame,
    *,
    members: int,
    as_of: date,
    actions: Sequence[Action],
    rules: Sayable | None,
    tests: Mapping[str, Experiment],
    shop: bool,
) -> Table:
    rows = cards.to_dict("records")
    tiers = [str(row["tier"]) for row in rows]
    lines = [*_observed(rows, members), *_standing_out(apart, tiers), *_assumed(tiers, actions, tests)]
    body = tuple((name, *cells) for name, cells in lines if any(cell is not None for cell in cells))
    heads = (term("Trait", "column"), *(TIERS[tier] for tier in tiers))
    caption: Sayable = (
        say("Cards of the tiers on {day}; spend: linked shop accounts, in all", day=as_of)
        if shop
        else say("Cards of the tiers on {day}; spend: what the log of members holds, in all", day=as_of)
    )
    if rules is not None:
        caption = Sentences.of(say("{sentence}.", sentence=caption), rules)
    return Table(heads, body, (False,) * len(heads), caption)


def _observed(rows: Sequence[Mapping[Hashable, Any]], members: int) -> list[Line]:
    told = [wilson(int(row["members"]), members) for row in rows]
    return [
        (term("Members", "line of a card"), [Count(int(row["members"])) for row in rows]),
        (
            term("Share of members, 95% interval", "line of a card"),
            [Range.of(one.ci_lower, one.ci_upper) for one in told],
        ),
        (term("Share of days seen, 28 days", "line of a card"), [_share(row["active_share"]) for row in rows]),
        (term("Share of spend", "line of a card"), [_share(row["spend_share"]) for row in rows]),
        (term("There more than at other hours", "line of a card"), [_busy(row) for row in rows]),
    ]


def _busy(row: Mapping[Hashable, Any]) -> Sayable | None:
    if not row["busy"]:
        return None
    return spans(row["busy"]) if row["own_hours"] else say("{hours}, as all members", hours=spans(row["busy"]))


def _standing_out(apart: pd.DataFrame, tiers: Sequence[str]) -> list[Line]:
    clear = apart[apart["clear"].astype(bool) & (apart["lift"] > 1)] if len(apart) else apart
    kinds = {
        "way": term("Came more often by", "line of a card"), "group": term("Found more in groups", "line of a card"),
        "topic": term("Writes more often on", "line of a card"), "activity": term("Comes more often to", "line of a card"),
        "product": term("Buys more often", "line of a card"),
    }  # fmt: skip
    return [(name, [_apart(clear, tier, kind) for tier in tiers]) for kind, name in kinds.items()]


def _assumed(tiers: Sequence[str], actions: Sequence[Action], tests: Mapping[str, Experiment]) -> list[Line]:
    by_tier: dict[str, Action] = {action.segment: action for action in actions}
    known = [by_tier.get(tier) for tier in tiers]
    return [
        (term("Do, and don't (assumed)", "line of a card"), [DO.get(tier) for tier in tiers]),
        (term("Next step (assumed)", "line of a card"), [valued(one.do) if one else None for one in known]),
        (term("Reach them by (assumed)", "line of a card"), [valued(one.channel) if one else None for one in known]),
        (term("Test to run", "line of a card"), [_test(one, tests) for one in known]),
    ]


def _share(value: object) -> Sayable | None:
    return None if pd.isna(value) else Percent(float(value), 0)  # type: ignore[call-overload, arg-type]


def _apart(clear: pd.DataFrame, tier: str, kind: str) -> Sayable | None:
    if clear.empty or not (clear["kind"] == kind).any():
        return None
    mine = clear[(clear["group"] == tier) & (clear["kind"] == kind)].head(BEST)
    if mine.empty:
        return NONE
    return Listed.of(
        say("{what} ({times} as often)", what=_named(kind, str(row["item"])), times=Times(row["lift"]))
        for row in mine.to_dict("records")
    )


def _named(kind: str, name: str) -> Sayable:
    return in_words(name) if kind == TALK else item(kind, name)


def _test(action: Action | None, tests: Mapping[str, Experiment]) -> Sayable:
    if action is None or not (action.tested_by or action.offer):
        return say("write to half of them by lot")
    if action.tested_by and action.tested_by in tests:
        return valued(tests[action.tested_by].title)
    return in_words(str(action.tested_by or action.offer))
