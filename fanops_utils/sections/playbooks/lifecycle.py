"""What is done for whom: segment, action, channel, metric, owner, and the test behind it; the ladder to ambassador."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd

from fanops_utils import charts, metrics
from fanops_utils.metrics.catalogue import METRICS
from fanops_utils.models.operations.acting import AGAINST, FOR, TOP, UNTESTED
from fanops_utils.playbook import Finding, Section
from fanops_utils.sections.audience.lifecycle import STAGES, hidden_stages
from fanops_utils.sections.audience.tiers import TIERS
from fanops_utils.sections.cells import cells
from fanops_utils.sections.experiments.portfolio.names import VERDICTS as TRIALS
from fanops_utils.sections.growth.silent import VERDICTS as OFFERS
from fanops_utils.sections.handing import listing
from fanops_utils.sections.playbooks.shared import who
from fanops_utils.text import (
    Count,
    Day,
    Listed,
    Message,
    Number,
    People,
    Percent,
    Sayable,
    Sentences,
    Unit,
    Written,
    in_words,
    say,
    say_n,
    term,
)
from fanops_utils.workspace.operations.team import Team
from fanops_utils.workspace.registers.decision import Decision

SMALL = 10
SEGMENTS: dict[str, Message] = {**STAGES, **{name: TIERS[name] for name in TOP}}
NO_TEST: dict[str, Message] = {
    "untested": term("untested", "test behind an action"),
    "no_result": term("named, no result yet", "test behind an action"),
}
DECIDED: dict[str, Message] = {
    "keep": term("keep", "kind of decision"), "change": term("change", "kind of decision"),
    "stop": term("stop", "kind of decision"), "test": term("test", "kind of decision"),
}  # fmt: skip
STEPS: dict[str, Message] = {
    "member": term("Member", "step of the ladder"), "core": term("Core: seen on 8 days of 28", "step of the ladder"),
    "candidate": term("Candidate: draws clearly more replies", "step of the ladder"),
    "koc": term("KOC", "step of the ladder"), "ambassador": term("Ambassador", "step of the ladder"),
}  # fmt: skip


def _title(against: int, bare: int, actions: int) -> Message:
    if against:
        return say_n("A test speaks against {n} action", "Tests speak against {n} actions", n=against)
    if bare:
        return say("{n} of {all} actions for members have no test result", n=bare, all=actions)
    return say("Every action for members has a test with a result")


def actions(
    table: pd.DataFrame, *, team: Team, market: str, currency: str, defaults: bool, by_stage: pd.DataFrame,
) -> Section:  # fmt: skip
    """Return what is done for whom in *market* (*table*: `action_table`); *defaults*: the actions are those of the plans.

    *by_stage* (`metrics.value_by`) says which stages are too small to be shown, and what would give them away.
    """
    if table.empty:
        return Section.of(
            Finding.nothing("actions", say("{file} names no actions for members", file=Written("segments.yml")))
        )
    bare, against = table[table["verdict"].isin(UNTESTED)], table[table["verdict"].isin(AGAINST)]
    for_it, title = table[table["verdict"].isin(FOR)], _title(len(against), len(bare), len(table))
    names = Listed.of(SEGMENTS[one] for one in against["segment"]) if len(against) else None
    reached = bare[bare["members"] >= SMALL].nlargest(1, "members")
    most = say("“{segment}” ({n} members)", segment=SEGMENTS[reached.iloc[0]["segment"]],
               n=Count(int(reached.iloc[0]["members"]))) if len(reached) else None  # fmt: skip
    finding = Finding(
        id="actions", title=title, weight="chapter", n=len(table), estimate=float(len(bare)), about=names or most,
        code="against" if len(against) else "untested" if len(bare) else "tested",
        severity="alert" if len(against) else "watch" if len(bare) else "good",
        text=Sentences.of(
            say("Against: {segments}.", segments=names) if names else None,
            say_n("{n} action is backed by a test.", "{n} actions are backed by tests.", n=len(for_it)),
            say("No result does not mean useless: nobody was held back, or the test was invalid."),
            say("The actions are the defaults of {file}: nobody has agreed on them.", file=Written("segments.yml"))
            if defaults else None,
        ),
        unit=Unit("count", term("actions", "unit")), label=term("Actions without a test result", "label of a finding"),
        method=say("Members and spend of the stage or tier today; a tier and a stage may hold the same member. Experiments by "
                   "their own read-outs, offers by people held out by lot."),
    )  # fmt: skip
    shown = table.assign(
        segment=cells(SEGMENTS[one] for one in table["segment"]),
        **{name: cells(Written(one) for one in table[name]) for name in ("now", "do", "channel")},
        metric=cells(_metric(one) for one in table["metric"]), role=cells(who(team, one) for one in table["role"]),
        test=cells(_test(row, market) for row in table.to_dict("records")),
        decision=cells(_decided(one) for one in table["decision"]),
    )  # fmt: skip
    withheld = _withheld(table, by_stage)
    shown["spend"] = shown["spend"].mask(table["members"].isna() | (table["members"] < SMALL) | withheld)
    shown["members"] = cells(_members(one, hide) for one, hide in zip(table["members"], withheld, strict=True))
    segment = {"segment": term("Segment", "column")}
    stand: dict[str, Sayable] = {
        **segment, "members": term("Members", "column"), "spend": term("Spent so far, {currency}", "column", currency=currency),
        "now": term("What now", "column"), "test": term("Test behind it", "column"), "decision": term("Decided", "column"),
    }  # fmt: skip
    if not any(isinstance(one, Sayable) for one in shown["decision"]):
        del stand["decision"]
    done: dict[str, Sayable] = {
        **segment, "do": term("What is done", "column"), "channel": term("Where", "column"), "metric": term("Metric", "column"),
        "role": term("Who", "heading"),
    }  # fmt: skip
    listed = {name: head for name, head in (stand | done).items() if name != "spend"}
    return Section.of(
        finding, charts.table(shown, columns=stand, caption=say("Where each segment stands, and the test behind what is done")),
        charts.table(shown, columns=done, caption=say("What is done for whom")),
        handouts=(listing("actions", say("What is done for whom"), shown, columns=listed),),
    )  # fmt: skip


def _withheld(table: pd.DataFrame, by_stage: pd.DataFrame) -> pd.Series:
    """Return which rows would give a small segment away: the stage hidden beside it, the tier beside it."""
    _, second = hidden_stages(by_stage)
    top = table["segment"].isin(TOP)
    return (table["segment"] == second) | (top & bool((table.loc[top, "members"] < SMALL).any()))


def _members(count: float, withheld: bool) -> Sayable | None:
    if pd.isna(count):
        return None
    if count < SMALL:
        return Written(f"<{SMALL}")
    return term("not shown", "cell of a table") if withheld else Count(int(count))


def _metric(name: str) -> Sayable:
    return metrics.metric(name).name if name in METRICS else Written(name)


def _test(row: Mapping[Hashable, Any], market: str) -> Sayable:
    if row["verdict"] == "untested":
        return NO_TEST["untested"]
    name = Written(row["test"]) if row["kind"] == "experiment" else in_words(str(row["test"]))
    verdict = NO_TEST.get(row["verdict"]) or (TRIALS if row["kind"] == "experiment" else OFFERS)[row["verdict"]]
    if row["tested_in"] and row["tested_in"] != market:
        return say("{test} (in {market}): {verdict}", test=name, market=Written(row["tested_in"]), verdict=verdict)
    return say("{test}: {verdict}", test=name, verdict=verdict)


def _decided(one: Decision | None) -> Sayable | None:
    return say("{kind}, {day}", kind=DECIDED[one.kind], day=Day.of(one.date)) if one else None


def ladder(table: pd.DataFrame) -> Section:
    """Return how many stand on each step from member to ambassador (*table*: `ladder`)."""
    people = table.set_index("step")["people"]
    if not people["member"]:
        return Section.of(Finding.nothing("ladder", say("no members of this market (export: fans)")))
    asked, koc = float(table.set_index("step")["asked"]["koc"]), people["koc"]
    known = pd.notna(koc)
    if not known:
        code, title = (
            "no_roles",
            say("Nobody is marked as KOC or ambassador; {n} are candidates", n=People(people["candidate"])),
        )
    elif koc >= asked:
        code, title = "reached", say("{koc} KOCs: as many as the plans ask for", koc=People(koc))
    else:
        code, title = (
            "below",
            say("{koc} KOCs, where the plans ask for {asked}", koc=People(koc), asked=Number(asked, 0)),
        )
    finding = Finding(
        id="ladder", title=title, code=code, severity="good" if code == "reached" else "watch" if code == "below" else "info",
        weight="chapter", n=int(people["member"]), estimate=float(koc) if known and koc >= SMALL else None,
        unit=Unit("count", term("KOCs", "unit")), label=term("KOCs", "label of a finding"),
        text=Sentences.of(
            say("The mapping of members names them (column role: koc, ambassador).") if not known else None,
            say("The plans ask that a tenth of the core members become KOCs within 6 to 12 months."),
            say("A step up asks for two periods in a row above the bar; a KOC makes content, an ambassador also recruits or "
                "speaks for the brand."),
        ),
        method=say("Who draws clearly more replies than chance gives is a candidate; roles as the members' export says."),
    )  # fmt: skip
    shown = table.assign(
        step=cells(STEPS[one] for one in table["step"]),
        people=cells(People(one) if pd.notna(one) else None for one in table["people"]),
        share=(table["people"] / people["member"]).mask(table["people"] < SMALL),
    )
    heads = {
        "step": term("Step", "column"), "people": term("Members", "column"), "share": term("Share of members", "column"),
        "asked": term("Plans ask for", "column"),
    }  # fmt: skip
    forms: dict[str, Any] = {"share": Percent, "asked": lambda value: Number(value, 0)}
    return Section.of(
        finding, charts.table(shown, columns=heads, formats=forms, caption=say("From member to ambassador"))
    )
