"""What could expose people: what looks personal, what is over age, how well pseudonyms hide them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import pandas as pd

from fanops_utils import charts
from fanops_utils.data.protection.retention import OverAge
from fanops_utils.data.protection.scan import Finding as Seen
from fanops_utils.playbook import Finding, Section
from fanops_utils.text import Count, Day, Message, Sentences, Unit, Written, say, say_n, term

KINDS: dict[str, Message] = {
    "e-mail": term("e-mail addresses", "what looks personal"),
    "phone": term("phone numbers", "what looks personal"),
    "handle": term("handles", "what looks personal"),
    "raw id": term("raw ids", "what looks personal"),
    "column": term("columns named after people", "what looks personal"),
}


ELSEWHERE = say("the tables lie where fanops only reads: have this done where they are written")


def looks_personal(found: Sequence[Seen] | None) -> Section:
    """Return what the audit found (*found*: `protection.scan.audit`; None: not searched), masked and counted by kind."""
    if found is None:
        return Section.of(Finding.nothing("audit", ELSEWHERE))
    kinds = Counter(one.kind for one in found)
    title = (
        say_n(
            "{n} place holds something that looks personal",
            "{n} places hold something that looks personal",
            n=len(found),
        )
        if found
        else say("Nothing looks personal in the warehouse")
    )
    frame = pd.DataFrame(
        [
            {
                "kind": KINDS.get(one.kind) or Written(one.kind),
                "file": Written(one.file),
                "place": Written(one.place),
                "times": one.times,
            }
            for one in found[:20]
        ],
        columns=["kind", "file", "place", "times"],
    )
    columns = {
        "kind": term("Kind", "column"),
        "file": term("File", "column"),
        "place": term("Place", "column"),
        "times": term("Times", "column"),
    }
    table = charts.table(frame, columns=columns, caption=say("The first 20 places; values are not shown"))
    return Section.of(
        Finding(
            id="audit",
            label=term("What looks personal", "label of a finding"),
            code="found" if found else "clean",
            title=title,
            text=say_n("{n} kind of trace was seen.", "{n} kinds of traces were seen.", n=len(kinds))
            if found
            else say("Raw files are not looked at: ids of people are expected there."),
            severity="alert" if found else "good",
            estimate=float(len(found)),
            unit=Unit("count", term("places", "unit")),
            n=len(found),
            method=say(
                "Looked for: e-mail addresses, phone numbers, handles, ids of platforms, telling names of columns. What nobody "
                "thought of is not found."
            ),
        ),
        table if found else None,
    )


def over_age(rows: Sequence[OverAge] | None) -> Section:
    """Return what is older than it may be kept (*rows*: `retention.over_age`; None: not looked at)."""
    if rows is None:
        return Section.of(Finding.nothing("over_age", ELSEWHERE))
    if not rows:
        return Section.of(Finding.nothing("over_age", say("no table with a limit of age holds rows")))
    old = [one for one in rows if one.rows]
    total, undated = sum(one.rows for one in rows), sum(one.undated for one in rows)
    frame = pd.DataFrame(
        [
            {
                "table": Written(one.table),
                "keep": one.keep_days,
                "rows": one.rows,
                "before": Day.of(one.before, form="iso"),
                "oldest": Day.of(one.oldest, form="iso") if one.oldest else None,
                "undated": one.undated,
            }
            for one in sorted(rows, key=lambda one: -one.rows)
        ]
    )
    columns = {
        "table": term("Table", "column"),
        "keep": term("Kept, days", "column"),
        "rows": term("Rows over age", "column"),
        "before": term("Older than", "column"),
        "oldest": term("Oldest", "column"),
        "undated": term("Without a day", "column"),
    }
    table = charts.table(frame, columns=columns, caption=say("Tables with a limit of age"))
    title = (
        say_n("{n} row is older than it may be kept", "{n} rows are older than they may be kept", n=total)
        if old
        else say("Nothing is older than it may be kept")
    )
    text = Sentences.of(
        say_n("They lie in {n} table.", "They lie in {n} tables.", n=len(old)) if old else None,
        say_n("{n} row carries no day and cannot be judged.", "{n} rows carry no day and cannot be judged.", n=undated)
        if undated
        else say("Every row carries a day."),
    )
    return Section.of(
        Finding(
            id="over_age",
            label=term("Over age", "label of a finding"),
            code="old" if old else "good",
            title=title,
            text=text,
            severity="alert" if old else "good",
            estimate=float(total),
            unit=Unit("count", term("rows over age", "unit")),
            n=len(rows),
            method=say(
                "Limits are those of privacy.yml, else of the inventory; counted in days before the day of the report."
            ),
        ),
        table,
    )


def pseudonyms(key: str | None, *, inside: bool, small: int) -> Section:
    """Return how people are hidden: the *key*'s id (None: none made yet), whether it lies *inside* the project, small cells."""
    title = (
        say("The key lies inside the project: move it out")
        if inside
        else say("Staff see pseudonyms only; the key lies outside the project")
    )
    told = (
        say("Names and accounts become pseudonyms at import, by the key {key}.", key=Written(key))
        if key
        else say("No key was made yet: nothing was imported.")
    )
    cells = say(
        "Counts of fewer than {least} people are hidden, but for lists of pseudonyms to write to.", least=Count(small)
    )
    return Section.of(
        Finding(
            id="pseudonyms",
            label=term("Pseudonyms", "label of a finding"),
            code="inside" if inside else "outside",
            title=title,
            text=Sentences.of(
                told,
                cells,
                say("Encryption of disks and the rights of accounts are not seen from here: ask the operator."),
            ),
            severity="alert" if inside else "good",
            estimate=float(small),
            unit=Unit("count", term("people in the smallest cell shown", "unit")),
            method=say("A pseudonym is a keyed HMAC-SHA256: without the key nobody can try out names against it."),
        )
    )
