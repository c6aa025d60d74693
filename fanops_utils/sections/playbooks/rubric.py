"""The principles of content as marks of reviewers: what they gave, and whether they agree."""

from __future__ import annotations

import pandas as pd

from fanops_utils import charts
from fanops_utils.models.operations.rubric import LEAST
from fanops_utils.playbook import Finding, Section, Severity
from fanops_utils.sections.cells import cells
from fanops_utils.text import Form, Listed, Message, Number, Sentences, Unit, Written, say, say_n, term

PRINCIPLES: dict[str, Message] = {
    "authentic": term("Authentic: no false facts", "principle of content"),
    "valuable": term("Valuable: answers a need", "principle of content"),
    "novel": term("Novel: a form or thought not seen here", "principle of content"),
    "consistent": term("Consistent: looks and sounds like us", "principle of content"),
}
STATES: dict[str, Message] = {
    "agreed": term("they agree", "agreement of reviewers"), "apart": term("they do not agree enough", "agreement of reviewers"),
    "unsure": term("cannot tell", "agreement of reviewers"), "few": term("too few pieces", "agreement of reviewers"),
}  # fmt: skip


def rubric(table: pd.DataFrame) -> Section:
    """Return what reviewers gave the pieces by each principle, and how far two of them agree (*table*: `rubric.agreement`)."""
    marked = int(table["marked"].max()) if len(table) else 0
    if not marked:
        why = say(
            "no piece in {file} has marks of a reviewer ({key})", file=Written("calendar.yml"), key=Written("marks")
        )
        return Section.of(Finding.nothing("rubric", why))
    apart, told = table[table["state"] == "apart"], table[table["state"] != "few"]
    lowest = table.sort_values("mark").iloc[0]
    code, severity = _code(len(apart), len(told), len(table[table["state"] == "agreed"]))
    title = {
        "apart": say_n(
            "Reviewers do not agree on {n} principle", "Reviewers do not agree on {n} principles", n=len(apart)
        ),
        "agreed": say("Reviewers agree on every principle"),
        "unsure": say("Whether reviewers agree cannot be told of every principle"),
        "few": say("Too few pieces have the marks of two reviewers"),
    }[code]
    finding = Finding(
        id="rubric", title=title, code=code, severity=severity, weight="chapter", n=marked, estimate=float(lowest["mark"]),
        unit=Unit("number", term("of 5", "unit")), label=term("Lowest mark of a principle", "label of a finding"),
        text=Sentences.of(
            say("Apart: {names}.", names=Listed.of(PRINCIPLES[one] for one in apart["principle"])) if len(apart) else None,
            say("The lowest marks: {principle}, {mark} of 5.", principle=PRINCIPLES[str(lowest["principle"])],
                mark=Number(float(lowest["mark"]), 1)),
            say("Where they do not agree, read three pieces together and write down what a 3 is."),
            say("Agreement is told from {least} pieces with two marks on.", least=LEAST),
        ),
        method=say("Two reviewers, each for themselves, 1 to 5; Cohen's kappa weighted linearly, 1: alike, 0: as by chance."),
    )  # fmt: skip
    few = table["state"] == "few"
    shown = table.assign(
        name=cells(PRINCIPLES[one] for one in table["principle"]), state=cells(STATES[one] for one in table["state"]),
        kappa=table["kappa"].mask(few), lower=table["lower"].mask(few), upper=table["upper"].mask(few),
    )  # fmt: skip
    heads = {
        "name": term("Principle", "column"), "mark": term("Mark, 1 to 5", "column"), "n": term("Marked by two", "column"),
        "state": term("Agreement", "column"), "kappa": term("Kappa", "column"), "lower": term("95% from", "column"),
        "upper": term("to", "column"),
    }  # fmt: skip
    forms: dict[str, Form] = {name: lambda value: Number(value, 1) for name in ("mark",)}
    forms |= {name: lambda value: Number(value, 2) for name in ("kappa", "lower", "upper")}
    caption = say("Four principles, as reviewers mark them")
    return Section.of(finding, charts.table(shown, columns=heads, formats=forms, caption=caption))


def _code(apart: int, told: int, agreed: int) -> tuple[str, Severity]:
    if apart:
        return "apart", "watch"
    if not told:
        return "few", "info"
    return ("agreed", "good") if agreed == len(PRINCIPLES) else ("unsure", "info")
