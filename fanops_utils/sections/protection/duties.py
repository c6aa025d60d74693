"""Requests and breaches with their clocks, who else works on the data, and the laws of the markets."""

from __future__ import annotations

import pandas as pd

from fanops_utils import charts
from fanops_utils.playbook import Finding, Section
from fanops_utils.sections.cells import cells
from fanops_utils.text import Day, Listed, Message, People, Sentences, Unit, Written, say, say_n, term, valued

REQUESTS: dict[str, Message] = {
    "access": term("copy of the data", "request"),
    "erase": term("erasure", "request"),
    "withdraw": term("withdrawal of consent", "request"),
    "correct": term("correction", "request"),
}
STATES: dict[str, Message] = {
    "in_time": term("in time", "state of a clock"),
    "late": term("late", "state of a clock"),
    "open": term("open", "state of a clock"),
    "overdue": term("open and overdue", "state of a clock"),
}
PROCESSORS: dict[str, Message] = {
    "good": term("in order", "state of a processor"),
    "no_contract": term("no contract on processing", "state of a processor"),
    "no_certificate": term("no certificate", "state of a processor"),
    "certificate_expired": term("certificate expired", "state of a processor"),
    "review_overdue": term("review overdue", "state of a processor"),
}
LAWS: dict[str, Message] = {
    "good": term("confirmed", "state of a law"),
    "old": term("to be confirmed again", "state of a law"),
    "missing": term("no law on record", "state of a law"),
}


def requests(rows: pd.DataFrame, breaches: pd.DataFrame, *, days: int) -> Section:
    """Return the clocks of requests and breaches (*rows*: `request_clocks`; *breaches*: `breach_clocks`)."""
    if rows.empty and breaches.empty:
        return Section.of(Finding.nothing("requests", say("privacy.yml records no request and no breach")))
    overdue, late = int((rows["state"] == "overdue").sum()), int((rows["state"] == "late").sum())
    bad = int(breaches["state"].isin(["late", "overdue"]).sum())
    title = (
        say_n("{n} request is overdue", "{n} requests are overdue", n=overdue)
        if overdue
        else say_n("{n} request was answered late", "{n} requests were answered late", n=late)
        if late
        else say("Every request was answered in time")
    )
    told = say_n("{n} breach is on record", "{n} breaches are on record", n=len(breaches))
    text = Sentences.of(
        say(
            "Requests: {all}, answered late: {late}, open past their day: {open}.",
            all=len(rows),
            late=late,
            open=overdue,
        ),
        None
        if not len(breaches)
        else say("{breaches}; told to the authority after 72 hours, or not yet: {bad}.", breaches=told, bad=bad)
        if bad
        else say("{breaches}, told to the authority within 72 hours.", breaches=told),
        None if len(breaches) else say("No breach is on record."),
    )
    grave = bool(overdue or bad)
    return Section.of(
        Finding(
            id="requests",
            label=term("Requests and breaches", "label of a finding"),
            code="overdue" if grave else "late" if late else "good",
            about=_waiting(rows[rows["state"] == "overdue"]),
            title=title,
            text=text,
            severity="alert" if grave else "watch" if late else "good",
            estimate=float(overdue),
            unit=Unit("count", term("requests overdue", "unit")),
            n=len(rows) + len(breaches),
        ),
        None if rows.empty else _table_of_requests(rows, days=days),
    )


def _waiting(rows: pd.DataFrame) -> Listed | None:
    """Return the requests that wait, by kind and day: no name is kept."""
    if rows.empty:
        return None
    return Listed.of(
        say("{kind} of {day}", kind=REQUESTS[row["kind"]], day=Day.of(row["received"]))
        for row in rows.to_dict("records")
    )


def _table_of_requests(rows: pd.DataFrame, *, days: int) -> charts.Table:
    shown = rows.assign(
        kind=rows["kind"].map(REQUESTS),
        state=rows["state"].map(STATES),
        **{
            name: cells(Day.of(one, form="iso") if pd.notna(one) else None for one in rows[name])
            for name in ("received", "due", "answered")
        },
    )
    columns = {
        "kind": term("Asked for", "column of requests"),
        "received": term("Received", "column"),
        "due": term("Due", "column"),
        "answered": term("Answered", "column of requests"),
        "days": term("Days", "column"),
        "state": term("State", "column"),
    }
    return charts.table(
        shown,
        columns=columns,
        caption=say(
            "Requests of privacy.yml, to be answered within {days} days; nobody's name is kept there", days=days
        ),
    )


def processors(rows: pd.DataFrame) -> Section:
    """Return who else works on the data (*rows*: `processor_reviews`)."""
    if rows.empty:
        return Section.of(Finding.nothing("processors", say("privacy.yml names no processor")))
    bad = rows[rows["code"] != "good"]
    shown = rows.assign(
        name=cells(valued(one) for one in rows["name"]),
        purpose=cells(valued(one) for one in rows["purpose"]),
        certificate=cells(Written(one) if one else None for one in rows["certificate"]),
        state=rows["code"].map(PROCESSORS),
        until=cells(Day.of(one, form="iso") if pd.notna(one) else None for one in rows["certified_until"]),
        following=cells(Day.of(one, form="iso") if pd.notna(one) else None for one in rows["next_review"]),
    )
    columns = {
        "name": term("Who", "column"),
        "purpose": term("What for", "column"),
        "certificate": term("Certificate", "column"),
        "until": term("Valid until", "column"),
        "following": term("Next review", "column"),
        "state": term("State", "column"),
    }
    table = charts.table(shown, columns=columns, caption=say("Processors and partners of privacy.yml"))
    title = (
        say_n("{n} processor is not in order", "{n} processors are not in order", n=len(bad))
        if len(bad)
        else say("All processors are in order")
    )
    contract = int((rows["code"] == "no_contract").sum())
    return Section.of(
        Finding(
            id="processors",
            label=term("Processors", "label of a finding"),
            code="open" if len(bad) else "good",
            about=Listed.of(
                say("{name} ({state})", name=valued(row["name"]), state=PROCESSORS[row["code"]])
                for row in bad.to_dict("records")
            )
            if len(bad)
            else None,
            title=title,
            text=say_n(
                "{n} works without a contract on processing.", "{n} work without a contract on processing.", n=contract
            )
            if contract
            else say("All have a contract on processing."),
            severity="alert" if contract else "watch" if len(bad) else "good",
            estimate=float(len(bad)),
            unit=Unit("count", term("processors not in order", "unit")),
            n=len(rows),
        ),
        table,
    )


def laws(rows: pd.DataFrame) -> Section:
    """Return the laws of the markets and how many people are held there (*rows*: `market_laws`)."""
    if rows.empty:
        return Section.of(Finding.nothing("laws", say("brand.yml names no market")))
    missing, old = rows[rows["code"] == "missing"], rows[rows["code"] == "old"]
    shown = rows.assign(
        law=cells(valued(one) if isinstance(one, str) else None for one in rows["law"]),
        state=rows["code"].map(LAWS),
        asks=cells(valued(one) if isinstance(one, str) else None for one in rows["asks"]),
        checked=cells(Day.of(one, form="iso") if pd.notna(one) else None for one in rows["checked"]),
        people=cells(People(one) for one in rows["people"]),
    )
    columns = {
        "market": term("Market", "column"),
        "law": term("Law", "column"),
        "asks": term("Asks for", "column"),
        "people": term("Members held", "column"),
        "checked": term("Confirmed on", "column"),
        "state": term("State", "column"),
    }
    table = charts.table(
        shown, columns=columns, caption=say("Laws of privacy.yml by market; counsel has the last word")
    )
    title = (
        say_n("{n} market has no law on record", "{n} markets have no law on record", n=len(missing))
        if len(missing)
        else say("Every market has its law on record")
    )
    again = (
        say_n("{n} entry is to be confirmed again.", "{n} entries are to be confirmed again.", n=len(old))
        if len(old)
        else None
    )
    return Section.of(
        Finding(
            id="laws",
            label=term("Laws of the markets", "label of a finding"),
            code="missing" if len(missing) else "old" if len(old) else "good",
            about=Listed.of(Written(one) for one in [*missing["market"], *old["market"]])
            if len(missing) + len(old)
            else None,
            title=title,
            text=Sentences.of(again, say("What a law asks is what the register says, not legal advice.")),
            severity="watch" if len(missing) or len(old) else "good",
            estimate=float(len(missing)),
            unit=Unit("count", term("markets without a law on record", "unit")),
            n=rows["market"].nunique(),
        ),
        table,
    )
