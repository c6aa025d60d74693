"""What members need: the topics they write on and ask about; one member may name several."""

from __future__ import annotations

import pandas as pd

from fanops_utils import charts
from fanops_utils.metrics.intervals import wilson_frame
from fanops_utils.playbook import Finding, Section
from fanops_utils.sections.cells import cells
from fanops_utils.text import Listed, People, Percent, Range, Sentences, Unit, in_words, say, term

SMALL = 10
NAMED = 3


def needs(taken: pd.DataFrame, *, asked: bool = False) -> Section:
    """Return what members need (*taken*: member_key, item; of `metrics.things_taken` the topics).

    *asked*: they named it in a survey (question `need`) instead of writing on it.
    """
    people = taken["member_key"].nunique()
    counts = taken.drop_duplicates(["member_key", "item"])["item"].value_counts()
    counts = counts[counts >= SMALL]
    if people < SMALL or counts.empty:
        why = say("no topics of messages and no survey question need (exports: messages, survey answers)")
        return Section.of(Finding.nothing("needs", why))
    table = wilson_frame(counts, pd.Series(people, index=counts.index)).assign(members=counts)
    table = table.rename_axis("item").reset_index()
    table["item"] = cells(in_words(str(one)) for one in table["item"])
    first = table.iloc[0]
    apart = len(table) == 1 or first["ci_lower"] > table.iloc[1]["ci_upper"]
    top = Listed.of(say("{topic} {share}", topic=row["item"], share=Percent(row["estimate"], 0))
                    for row in table.head(NAMED).to_dict("records"))  # fmt: skip
    finding = Finding(
        id="needs",
        label=term("Largest need", "label of a finding"),
        code="apart" if apart else "alike",
        title=say("Most members are concerned with {topic}", topic=first["item"])
        if apart
        else say("No one topic concerns clearly more members than the next"),
        text=Sentences.of(
            say("Of {n} members who answered: {list}.", n=People(people), list=top)
            if asked
            else say("Of {n} members who wrote in the last year: {list}.", n=People(people), list=top),
            say("One member may name several, so shares add up to more than 100%. Who says nothing is not heard here."),
        ),
        estimate=float(first["estimate"]), ci_lower=float(first["ci_lower"]), ci_upper=float(first["ci_upper"]),
        unit=Unit("share", term("of members who wrote", "unit")), n=People(people),
        method=say("Members per topic, each once, of all who wrote on any topic; Wilson intervals."),
    )  # fmt: skip
    shown = table.assign(
        range=cells(Range.of(low, high) for low, high in zip(table["ci_lower"], table["ci_upper"], strict=True))
    )
    columns = {
        "item": term("Topic", "column"), "members": term("Members", "column"), "estimate": term("Share", "column"),
        "range": term("95% interval", "column"),
    }  # fmt: skip
    caption = say("Members by topic; one member may stand in several")
    return Section.of(
        finding, charts.table(shown, columns=columns, formats={"estimate": Percent}, small="members", caption=caption)
    )
