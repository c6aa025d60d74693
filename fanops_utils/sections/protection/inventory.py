"""What is held of people, on what basis and for what."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from fanops_utils import charts
from fanops_utils.playbook import Finding, Section
from fanops_utils.sections.cells import cells
from fanops_utils.text import Count, Message, Sayable, Unit, Written, say, say_n, term

CLASSES: dict[str, Message] = {
    "pseudonym": term("Pseudonyms", "class of columns"),
    "behaviour": term("What people did", "class of columns"),
    "transaction": term("Orders and rewards", "class of columns"),
    "text": term("Published texts", "class of columns"),
    "set_aside": term("Records in quarantine", "class of columns"),
    "account": term("The brand's accounts", "class of columns"),
    "content": term("Posts and pages", "class of columns"),
    "group": term("Markets and groups", "class of columns"),
    "time": term("Times", "class of columns"),
    "metric": term("Numbers of platforms", "class of columns"),
    "provenance": term("Files and rows", "class of columns"),
    "none": term("Without a purpose", "class of columns"),
}

_BASES = (
    term("legitimate interest (Art. 6(1)(f)); pseudonymised at import (Art. 4(5))", "legal basis"),
    term(
        "legitimate interest (Art. 6(1)(f)), or consent where the platform or survey asked for it (Art. 6(1)(a))",
        "legal basis",
    ),
    term("contract (Art. 6(1)(b)) and statutory bookkeeping (Art. 6(1)(c))", "legal basis"),
    term("legitimate interest (Art. 6(1)(f)) in content that is public", "legal basis"),
    term("legitimate interest (Art. 6(1)(f)) in correct data; erased with its person", "legal basis"),
    term("no personal data; the brand's own", "legal basis"),
    term("no personal data by itself", "legal basis"),
    term("aggregated by the platform; no personal data", "legal basis"),
    term("legitimate interest (Art. 6(1)(f)) in correct data", "legal basis"),
)
BASES: dict[str, Message] = {one.text: one for one in _BASES}  # by the text of the inventory


def inventory(held: pd.DataFrame, lacking: Sequence[str]) -> Section:
    """Return what is held and why (*held*: `held_of_people`; *lacking*: `inventory.gaps`)."""
    if held.empty:
        return Section.of(Finding.nothing("inventory", say("nothing was imported yet")))
    people = held[held["personal"]]
    shown = held.assign(
        name=cells(CLASSES.get(one) or Written(one) for one in held["class"]),
        basis=cells(_basis(one) for one in held["basis"]),
        personal=cells(
            term("yes", "whether data are personal") if one else term("no", "whether data are personal")
            for one in held["personal"]
        ),
    ).sort_values(
        ["personal", "rows"], ascending=False, key=lambda one: one if one.name == "rows" else held["personal"]
    )
    columns = {
        "name": term("What is held", "column"),
        "personal": term("Personal", "column"),
        "basis": term("Legal basis", "column"),
        "columns": term("Columns", "column"),
        "tables": term("Tables", "column"),
        "rows": term("Rows", "column"),
    }
    shown["rows"] = cells(
        term("not shown", "cell of a table") if pd.isna(one) else Count(int(one)) for one in shown["rows"]
    )
    table = charts.table(
        shown,
        columns=columns,
        formats={"rows": Count},
        caption=say("Columns of the warehouse by why they are held; rows of their tables"),
    )
    title = (
        say_n("{n} column has no purpose", "{n} columns have no purpose", n=len(lacking))
        if lacking
        else say("Every column has a purpose, a basis and a limit of age")
    )
    finding = Finding(
        id="inventory",
        label=term("Inventory", "label of a finding"),
        code="gaps" if lacking else "whole",
        title=title,
        text=say(
            "{n} columns hold what belongs to persons; of persons only pseudonyms are kept.",
            n=Count(int(people["columns"].sum())),
        ),
        severity="alert" if lacking else "good",
        estimate=float(len(lacking)),
        unit=Unit("count", term("columns without purpose", "unit")),
        n=int(held["columns"].sum()),
        method=say(
            "The inventory is part of fanops; a brand's own counsel has the last word on its bases. What each person agreed "
            "to is not in these data: consent is kept by the platforms and the shop."
        ),
    )
    return Section.of(finding, table)


def _basis(text: object) -> Sayable | None:
    return (BASES.get(text) or Written(text, "en")) if isinstance(text, str) else None
