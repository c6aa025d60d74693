"""Where do members stand? New, active, won back, at risk, silent or lapsed, each by their own rhythm; and what they are worth."""

from __future__ import annotations

from collections.abc import Set
from datetime import date
from hashlib import sha256
from typing import Any

import pandas as pd

from fanops_utils import charts
from fanops_utils.charts.words import Words
from fanops_utils.models import Rhythm
from fanops_utils.playbook import Finding, Section
from fanops_utils.playbook.handouts import Listing
from fanops_utils.sections.cells import cells
from fanops_utils.sections.handing import people
from fanops_utils.text import (
    Count,
    Message,
    Money,
    Number,
    People,
    Percent,
    Sayable,
    Sentences,
    Span,
    Unit,
    Written,
    say,
    term,
)
from fanops_utils.workspace.registers.segments import StageRules

DEFAULTS = StageRules()
LISTED: dict[str, tuple[str, Message]] = {  # whom the play on an answer means
    "lapsed_buyers": (
        "lapsed",
        say("Lapsed members who have bought, drawn by lot: whom to write to, whom to leave alone"),
    ),
    "mostly_lapsed": ("lapsed", say("Lapsed members, drawn by lot: whom to write to, whom to leave alone")),
    "slipping": ("at-risk", say("Members at risk, drawn by lot: whom to write to, whom to leave alone")),
}
LOTS: dict[bool, Message] = {True: term("write", "lot of a member"), False: term("leave alone", "lot of a member")}
SMALL = 10
MANY_AT_RISK = 0.1
MUCH, MOST = 0.25, 0.5
STAGES: dict[str, Message] = {
    "new": term("New", "stage of a member"),
    "active": term("In own rhythm", "stage of a member"),
    "won-back": term("Won back", "stage of a member"),
    "at-risk": term("At risk", "stage of a member"),
    "silent": term("Silent", "stage of a member"),
    "lapsed": term("Lapsed", "stage of a member"),
}


def lifecycle(
    table: pd.DataFrame, *, rhythm: Rhythm, currency: str, as_of: date | None, rules: StageRules = DEFAULTS,
    members: pd.DataFrame | None = None,
) -> Section:  # fmt: skip
    """Return where members stand by *rules* (*table*: `metrics.value_by` over stage), and what is spent there, in *currency*.

    *members* (member_key, market, stage, gap, own_days, spend) are handed over as the list of those to write to.
    """
    finding = _finding(table, rhythm, rules)
    if as_of is None or not finding.ok:
        return Section.of(finding)
    named = table.assign(stage=table["stage"].astype(str).map(STAGES))
    hidden, second = hidden_stages(table)
    chart = charts.intervals(
        named[~hidden][["stage", "estimate", "ci_lower", "ci_upper", "n"]],
        label="stage",
        words=Words(
            title=say("Members by stage"),
            subtitle=say(
                "Share of the members who have not left, on {day}, each by their own rhythm; lapsed: {lapsed} days without an "
                "act",
                day=as_of,
                lapsed=rules.lapsed_days,
            ),
            axis=term("share of members", "axis"),
            alt=finding.text,
            caption=say("95% intervals; the stages the table shows; days of the market's time"),
        ),
    )
    columns = {
        "stage": term("Stage", "column"), "members": term("Members", "column"), "estimate": term("Share of members", "column"),
        "buyers": term("Buyers", "column"), "spend": term("Spent so far, {currency}", "column", currency=currency),
        "spend_share": term("Share of spend", "column"), "per_buyer": term("Per buyer, {currency}", "column", currency=currency),
    }  # fmt: skip
    caption: Sayable = say(
        "What members of each stage have spent in the shop in all, after refunds; only linked shop accounts count"
    )
    if table["buyers"].isna().all():
        caption = say("Members of each stage; what they spent is not known (export: orders)")
    if second is not None:
        caption = Sentences.of(say("{sentence}.", sentence=caption),
                               say("A second stage is not shown, or the small one could be computed."))  # fmt: skip
    shares = {**dict.fromkeys(["estimate", "spend_share"], Percent), "buyers": People, "members": Count}
    few = hidden | (named["buyers"] < SMALL)
    named = named.assign(
        **{name: named[name].mask(few) for name in ("spend", "spend_share", "per_buyer")},
        **{name: named[name].mask(hidden) for name in ("estimate", "buyers")},
        members=cells(
            _members(count, stage == second) for count, stage in zip(table["members"], table["stage"], strict=True)
        ),
    )
    shown = set(table.loc[~hidden, "stage"].astype(str))
    watched = _watch_list(members, finding.code, shown, currency) if members is not None else None
    return Section.of(
        finding, chart, charts.table(named, columns=columns, formats=shares, caption=caption), handouts=(watched,)
    )


def _watch_list(members: pd.DataFrame, code: str, shown: Set[str], currency: str) -> Listing | None:
    """Return whom the play on the answer *code* means, each with its lot, the dearest first. Of *shown* stages of ten or more."""
    if code not in LISTED:
        return None
    wanted_stage, title = LISTED[code]
    stage = members["stage"].astype(str)
    wanted = (stage == wanted_stage) & ((members["spend"] > 0) if code == "lapsed_buyers" else True)
    listed = members[wanted & stage.isin(shown)]
    many = listed.groupby(listed["stage"].astype(str))["member_key"].transform("size") >= SMALL
    listed = listed[many].sort_values(["spend", "gap"], ascending=False, na_position="last", kind="stable")
    named = listed.assign(
        lot=cells(LOTS[in_lot("watch_list", one)] for one in listed["member_key"]),
        stage=cells(STAGES[one] for one in listed["stage"].astype(str)),
        own_days=listed["own_days"].round(1),
    )
    heads = {
        "lot": term("Lot: write / leave alone", "column"), "market": term("Market", "column"),
        "stage": term("Stage", "column"), "gap": term("Days silent", "column"),
        "own_days": term("Usual pause, days", "column"), "spend": term("Spent so far, {currency}", "column", currency=currency),
    }  # fmt: skip
    return people("watch_list", title, named, columns=heads)


def in_lot(listing: str, member_key: object) -> bool:
    """Return whether a member of *listing* is written to: by a hash of the pseudonym, so that the lot stays in every run."""
    return bool(sha256(f"{listing}:{member_key}".encode()).digest()[0] & 1)


def hidden_stages(table: pd.DataFrame) -> tuple[pd.Series, str | None]:
    """Return which stages are not shown, and the one that is hidden beside a lone small one.

    All stages but one and the sum would give the one away. The second is the smallest that no sentence counts.
    """
    small = table["members"] < SMALL
    if small.sum() != 1:
        return small, None
    spare = table[~small & ~table["stage"].astype(str).isin(["at-risk", "lapsed"])].sort_values(
        "members", kind="stable"
    )
    second = str(spare.iloc[0]["stage"])
    return small | (table["stage"].astype(str) == second), second


def _members(count: int, withheld: bool) -> Sayable:
    if withheld:
        return term("not shown", "cell of a table")
    return Written(f"<{SMALL}") if count < SMALL else Count(int(count))


def _finding(table: pd.DataFrame, rhythm: Rhythm, rules: StageRules) -> Finding:
    if not int(table["members"].sum()):
        return Finding.nothing("lifecycle", say("no members of this market (export: fans)"))
    rows: dict[str, Any] = {str(row["stage"]): row for row in table.to_dict("records")}
    risk, lapsed = rows["at-risk"], rows["lapsed"]
    quiet = {"members": People(lapsed["members"]), "share": Percent(lapsed["estimate"])}
    dear = pd.notna(lapsed["spend_share"]) and lapsed["spend_share"] >= MUCH and lapsed["buyers"] >= SMALL
    code, title = _headline(risk, lapsed, dear=dear, days=rules.lapsed_days)
    gone = code == "mostly_lapsed"
    usual = say(
        "A member's usual pause here is {days} days, but each is measured by their own.",
        days=Number(rhythm.usual_days, 1),
    )
    main = lapsed if dear or gone else risk
    small = main["members"] < SMALL
    return Finding(
        id="lifecycle",
        weight="chapter",
        label=term("Members lapsed", "label of a finding") if main is lapsed
        else term("Members slipping away", "label of a finding"),
        code=code,
        title=title,
        verdict=say("{sentence}.", sentence=title),
        text=Sentences.of(
            say("Fewer than ten of the {n} members who have not left have not been seen for {lapsed} days or more.",
                n=People(int(lapsed["n"])), lapsed=rules.lapsed_days)
            if lapsed["members"] < SMALL
            else say("{members} of the {n} members who have not left ({share}) have not been seen for {lapsed} days or more.",
                     n=People(int(lapsed["n"])), lapsed=rules.lapsed_days, **quiet),
            say("{buyers} of them have bought, {value} each: the ones to win back first.",
                buyers=People(lapsed["buyers"]), value=Money(lapsed["per_buyer"], str(table.attrs.get("currency", ""))))
            if dear and table.attrs.get("currency") else None,
            _at_risk(risk), usual, say("Silent is not gone."),
        ),
        severity="alert" if dear else "watch" if gone or risk["estimate"] > MANY_AT_RISK else "info",
        estimate=None if small else float(main["estimate"]),
        ci_lower=None if small else float(main["ci_lower"]), ci_upper=None if small else float(main["ci_upper"]),
        unit=Unit("share", term("of members", "unit")),
        n=People(int(risk["n"])),
        method=say(
            "Pauses are log-normal around a member's own mean, shrunk to the market's; at risk from {risk} standard "
            "deviations, silent from {silent} and {silence} days, lapsed from {lapsed} days (segments.yml). Who has left is "
            "not counted. Wilson interval.",
            risk=Number(rules.at_risk, 2), silent=Number(rules.silent, 2), silence=rules.silent_days,
            lapsed=rules.lapsed_days,
        ),
    )  # fmt: skip


def _headline(risk: dict[str, Any], lapsed: dict[str, Any], *, dear: bool, days: int) -> tuple[str, Message]:
    """Return the code of the answer and its title: what most members did before what few are about to do."""
    share = Percent(lapsed["estimate"])
    if dear:
        told: dict[str, Any] = {"share": share, "spent": Percent(lapsed["spend_share"]), "days": days}
        return "lapsed_buyers", say(
            "{share} of the members who have not left have lapsed, {days} days unseen; of all that those who have not "
            "left ever spent, {spent} came from the lapsed",
            **told,
        )
    if lapsed["members"] >= SMALL and lapsed["estimate"] >= MOST:
        return "mostly_lapsed", say(
            "{share} of the members who have not left have lapsed, {days} days unseen", share=share, days=days
        )
    if risk["members"] >= SMALL:
        return "slipping", say(
            "{share} of the members who have not left are slipping away", share=Percent(risk["estimate"])
        )
    return "hardly_any", say("Hardly any member is slipping away")


def _at_risk(risk: dict[str, Any]) -> Message:
    if risk["members"] < SMALL:
        return say("Fewer than ten members are silent for longer than is usual for them and are at risk.")
    interval = Span.of(risk["ci_lower"], risk["ci_upper"])
    return say(
        "{members} members, {share} ({interval}), are silent for longer than is usual for them and are at risk.",
        members=People(risk["members"]), share=Percent(risk["estimate"]), interval=interval,
    )  # fmt: skip
