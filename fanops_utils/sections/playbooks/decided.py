"""What came of what was decided: where decisions stand, and which kinds were kept."""

from __future__ import annotations

import pandas as pd

from fanops_utils import charts
from fanops_utils.playbook import Finding, Section
from fanops_utils.sections.cells import cells
from fanops_utils.sections.playbooks.lifecycle import DECIDED
from fanops_utils.text import Form, Percent, Sayable, Sentences, Span, Unit, Written, say, say_n, term

LEAST = 5  # reviewed decisions of a kind below which no share is told


def decided(table: pd.DataFrame) -> Section:
    """Return how the decisions of `decisions.yml` stand and ended, by kind (*table*: `playbook.ended.record`)."""
    if table.empty:
        why = say("{file} holds no decision; fanops decide takes up a play", file=Written("decisions.yml"))
        return Section.of(Finding.nothing("decided", why))
    late, due = int(table["overdue"].sum()), int(table["due"].sum())
    kept, judged = int(table["kept"].sum()), int(table["n"].sum())
    title = (
        say_n("{n} decision should have been looked at again", "{n} decisions should have been looked at again", n=late)
        if late else say("No decision is overdue for its review")
    )  # fmt: skip
    finding = Finding(
        id="decided", title=title, code="overdue" if late else "on_time", severity="watch" if late else "good", weight="chapter",
        estimate=float(late), n=int(table["all"].sum()), unit=Unit("count", term("decisions", "unit")),
        label=term("Decisions overdue for a review", "label of a finding"),
        text=Sentences.of(
            say_n("{n} more falls due within two weeks.", "{n} more fall due within two weeks.", n=due) if due else None,
            say("Of {n} that were reviewed with an end written down, {kept} were kept.", n=judged, kept=kept) if judged
            else say("No review has an end written down yet (kept, changed, stopped)."),
            say("A kind of which fewer than {least} were reviewed gets no share: it would be chance.", least=LEAST),
        ),
        method=say("Kept: the review let it stand. Share of those with an end written down, Wilson interval."),
    )  # fmt: skip
    few = table["n"] < LEAST
    shown = table.assign(
        name=cells(DECIDED[one] for one in table["kind"]), share=table["rate"].mask(few),
        span=cells(_span(row) for row in table.to_dict("records")),
    )  # fmt: skip
    heads: dict[str, Sayable] = {
        "name": term("Kind", "column"), "all": term("All", "column of decisions"), "open": term("Open", "column of decisions"),
        "due": term("Due", "column of decisions"), "overdue": term("Overdue", "column of decisions"),
        "kept": term("Kept", "column of decisions"), "changed": term("Changed", "column of decisions"),
        "stopped": term("Stopped", "column of decisions"), "share": term("Share kept", "column of decisions"),
        "span": term("95 in 100", "column"),
    }  # fmt: skip
    if few.all():
        heads = {name: head for name, head in heads.items() if name not in ("share", "span")}
    forms: dict[str, Form] = {"share": Percent}
    caption = say("Decisions by kind: where they stand, how they ended")
    return Section.of(finding, charts.table(shown, columns=heads, formats=forms, caption=caption))


def _span(row: dict[object, object]) -> Sayable | None:
    return Span.of(float(str(row["lower"])), float(str(row["upper"]))) if int(str(row["n"])) >= LEAST else None
