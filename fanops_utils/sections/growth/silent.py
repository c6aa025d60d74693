"""Does writing to silent members bring them back, why do members leave, and with whom to begin?"""

from __future__ import annotations

from typing import Any

import pandas as pd

from fanops_utils import charts
from fanops_utils.playbook import Finding, Section
from fanops_utils.sections.cells import cells
from fanops_utils.sections.community.words import REASONS, SMALL, called, lacking, short
from fanops_utils.sections.handing import people
from fanops_utils.text import (
    Message,
    Number,
    People,
    Percent,
    Points,
    Sentences,
    Span,
    Unit,
    Written,
    in_words,
    say,
    term,
)

VERDICTS: dict[str, Message] = {
    "brings_back": term("brings members back", "verdict on an offer"),
    "unclear": term("no clear effect", "verdict on an offer"),
    "drives_away": term("drives members away", "verdict on an offer"),
    "no_holdout": term("nobody held out: cannot be told", "verdict on an offer"),
    "too_few": term("too few to tell", "verdict on an offer"),
    "not_over": term("not over yet", "verdict on an offer"),
    "unwatched": term("no days of members in the data", "verdict on an offer"),
}


def winning_back(table: pd.DataFrame) -> Section:
    """Return which messages to silent members bring them back (*table*: `models.won_back`)."""
    if table.empty:
        return Section.of(Finding.nothing("winning_back", lacking("offers")))
    if (table["verdict"] == "unwatched").all():
        return Section.of(Finding.nothing("winning_back", lacking("fan_day")))
    told = table[table["verdict"].isin(["brings_back", "drives_away"])].sort_values("difference", ascending=False)
    label = term("Silent members brought back by a message", "label of a finding")
    method = say(
        "Seen again within 30 days: those written to less those held out by lot, Newcombe intervals. Without people held out, who "
        "would have come by themselves cannot be told from who was brought back."
    )
    if told.empty:
        finding = Finding(
            id="winning_back",
            code="none",
            label=label,
            method=method,
            n=len(table),
            title=say("No message is proved to bring silent members back"),
            text=say("The table says of each whether it had no effect to be seen, too few people, or nobody held out."),
        )
    else:
        best = told.iloc[0]
        name, points = in_words(str(best["offer"])), Points(best["difference"], digits=1)
        kept = best["kept"]
        finding = Finding(
            id="winning_back",
            about=name,
            code=str(best["verdict"]),
            severity="good" if best["verdict"] == "brings_back" else "alert",
            label=label,
            method=method,
            title=say("“{offer}” brings silent members back: {points} within 30 days", offer=name, points=points)
            if best["verdict"] == "brings_back"
            else say("“{offer}” keeps silent members away: {points} within 30 days", offer=name, points=points),
            text=Sentences.of(
                say(
                    "{sent} of those written to came, {held} of those held out: {points} ({interval}).",
                    sent=Percent(best["rate_sent"]),
                    held=Percent(best["rate_held"]),
                    points=points,
                    interval=Span.of(best["ci_lower"], best["ci_upper"], form=Points),
                ),
                say("In the 30 days after that the difference is {kept}.", kept=Points(kept, digits=1))
                if kept == kept
                else None,
            ),
            estimate=float(best["difference"]),
            ci_lower=float(best["ci_lower"]),
            ci_upper=float(best["ci_upper"]),
            unit=Unit("difference", term("of those written to", "unit")),
            n=People(int(best["n_sent"] + best["n_held"])),
        )
    return Section.of(finding, _messages(table))


def _messages(table: pd.DataFrame) -> charts.Table:
    frame = table.assign(
        name=cells(in_words(str(one)) for one in table["offer"]),
        result=cells(VERDICTS[one] for one in table["verdict"]),
        held=cells(Written("—") if not n else People(n) for n in table["n_held"]),
    )
    heads = {
        "name": term("Message", "column"),
        "rate_sent": term("Came, written to", "column"),
        "rate_held": term("Came, held out", "column"),
        "difference": term("Difference", "column"),
        "result": term("Result", "column"),
        "held": term("Held out", "column"),
        "n_sent": term("Written to", "column"),
    }
    forms: dict[str, Any] = {"rate_sent": Percent, "rate_held": Percent, "difference": lambda v: Points(v, digits=1)}
    return charts.table(frame, columns=heads, formats=forms, people="n_sent", caption=say("Messages to silent members"))


def leaving(reasons: pd.DataFrame, *, left: int, given: int) -> Section:
    """Return why members left (`metrics.reasons_for_leaving`); who gave no reason is said."""
    if given < SMALL:
        return Section.of(
            Finding.nothing("leaving", say("fewer than ten reasons for leaving (column leave_reason of table fans)"))
        )
    first = reasons.iloc[0]
    told = {"reason": called(REASONS, first["reason"]), "share": Percent(first["estimate"], 0)}
    finding = Finding(
        id="leaving",
        code="reason",
        label=term("First reason for leaving", "label of a finding"),
        title=say("Most often members leave for “{reason}”: {share} of all who ever said why", **told),
        text=say(
            "{given} of {left} who left gave a reason; the others may have had other ones. Who merely falls silent is in neither.",
            given=People(given),
            left=People(left),
        ),
        estimate=float(first["estimate"]),
        ci_lower=float(first["ci_lower"]),
        ci_upper=float(first["ci_upper"]),
        unit=Unit("share", term("of reasons given", "unit")),
        n=People(given),
        method=say("Several reasons may be given; shares are of those who gave any, Wilson intervals."),
    )
    frame = reasons.assign(name=cells(called(REASONS, one) for one in reasons["reason"]))
    heads = {
        "name": term("Reason", "column"),
        "estimate": term("Of those who say why", "column"),
        "given": term("Times given", "column"),
    }
    return Section.of(
        finding,
        charts.table(
            frame, columns=heads, formats={"estimate": Percent}, people="given", caption=say("Reasons for leaving")
        ),
    )


def seeds(table: pd.DataFrame) -> Section:
    """Return with whom to begin a new round (*table*: `metrics.seeds`), by pseudonym."""
    if len(table) < SMALL:
        return Section.of(
            Finding.nothing("seeds", say("fewer than ten members seen in 28 days (export: member events)"))
        )
    finding = Finding(
        id="seeds",
        code="listed",
        label=term("Members to begin with", "label of a finding"),
        estimate=float(len(table)),
        n=len(table),
        unit=Unit("count", term("members", "unit")),
        title=say("{n} members to begin with are listed", n=len(table)),
        text=say(
            "By activity, reach (people brought, replies drawn) and purchases, a third each. A score finds candidates; "
            "whether they fit, "
            "ask them."
        ),
        method=say("Mean of three ranks from 0 to 1 among members seen in 28 days."),
    )
    frame = table.head(10).assign(name=cells(short(key) for key in table.head(10)["member_key"]))
    heads = {
        "name": term("Pseudonym", "column"),
        "score": term("Score", "column"),
        "active_days_28": term("Days seen of 28", "column"),
        "brought": term("Brought", "column"),
        "replies": term("Replies drawn", "column"),
    }
    forms: dict[str, Any] = {
        "score": lambda v: Number(v, 2),
        "brought": lambda v: Number(v, 0),
        "replies": lambda v: Number(v, 0),
    }
    listed = people(
        "seeds", say("Members to begin a round of invitations with"), table.assign(score=table["score"].round(3)),
        columns={name: head for name, head in heads.items() if name != "name"},
    )  # fmt: skip
    shown = charts.table(frame, columns=heads, formats=forms, caption=say("Candidates, by score"))
    return Section.of(finding, shown, handouts=(listed,))
