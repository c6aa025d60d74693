"""What breaks the rules, by whom again, and whether the decisions hold; what members complain about and suggest."""

from __future__ import annotations

from typing import Any

import pandas as pd

from fanops_utils import charts
from fanops_utils.metrics import wilson
from fanops_utils.playbook import Finding, Section
from fanops_utils.sections.cells import cells
from fanops_utils.sections.community.words import CASES, RULES, SMALL, called, lacking, named
from fanops_utils.text import Number, Percent, Period, Range, Sentences, Span, Unit, in_words, say, term


def rules(broken: pd.DataFrame, *, messages: int, period: Period) -> Section:
    """Return violations per 1,000 messages (*broken*: `metrics.violations`)."""
    if not messages or broken.empty:
        return Section.of(Finding.nothing("rules", lacking("messages")))
    row = broken.iloc[0]
    rate = Number(row["per_thousand"], 1)
    interval = Span.of(row["ci_lower"], row["ci_upper"], form=lambda v: Number(v, 1))
    again = say("{share} of them come from members with more than one.", share=Percent(row["repeat_share"], 0))
    finding = Finding(
        id="rules",
        code="rate",
        label=term("Violations per 1,000 messages", "label of a finding"),
        title=say("{rate} in 1,000 messages broke a rule, {period}", rate=rate, period=period),
        text=Sentences.of(
            say(
                "{n} violations in {messages} messages: {rate} per 1,000 ({interval}).",
                n=int(row["violations"]),
                messages=messages,
                rate=rate,
                interval=interval,
            ),
            again if row["repeat_share"] == row["repeat_share"] else None,
        ),
        estimate=float(row["per_thousand"]),
        ci_lower=float(row["ci_lower"]),
        ci_upper=float(row["ci_upper"]),
        unit=Unit("number", term("per 1,000 messages", "unit")),
        n=messages,
        method=say("Only what was logged; exact Poisson interval. Stricter moderators log more."),
    )
    frame = broken.iloc[1:].assign(rule=cells(called(RULES, rule) for rule in broken.iloc[1:]["rule"]))
    heads = {
        "rule": term("Rule", "column"),
        "violations": term("Violations", "column"),
        "per_thousand": term("Per 1,000 messages", "column"),
        "repeat_share": term("By the same again", "column"),
    }
    forms: dict[str, Any] = {"per_thousand": lambda v: Number(v, 2), "repeat_share": Percent}
    table = charts.table(
        frame, columns=heads, formats=forms, small="violations", caption=say("By rule, {period}", period=period)
    )
    return Section.of(finding, table)


def moderators(decided: pd.DataFrame, *, period: Period) -> Section:
    """Return whether decisions of a moderator are taken back more often (*decided*: `models.taken_back_more`, of *period*).

    It is no ranking.
    """
    known = decided[decided["decisions"] >= SMALL]
    if known.empty:
        return Section.of(Finding.nothing("moderators", say("no moderator with ten logged decisions in table cases")))
    more = known[known["more"]]
    label = term("Decisions of moderators taken back", "label of a finding")
    method = say(
        "Each against all others, exact test, corrected for their number; moderators with ten decisions or more. Numbers follow "
        "the pseudonyms: they are no ranking."
    )
    share = float(decided["reversed"].sum() / decided["decisions"].sum())
    if more.empty:
        finding = Finding(
            id="moderators",
            code="even",
            label=label,
            method=method,
            n=int(decided["decisions"].sum()),
            estimate=share,
            unit=Unit("share", term("of decisions", "unit")),
            title=say(
                "{share} of the decisions ({period}) were taken back; no moderator clearly stands out",
                share=Percent(share, 0),
                period=period,
            ),
            text=say("What was taken back late or never contested is not seen."),
        )
    else:
        worst = more.iloc[0]
        finding = Finding(
            id="moderators",
            code="more",
            severity="watch",
            label=label,
            method=method,
            n=int(worst["decisions"]),
            title=say(
                "{share} of the decisions of moderator {number} ({period}) were taken back",
                share=Percent(worst["estimate"], 0),
                number=int(worst["number"]),
                period=period,
            ),
            text=say(
                "{share} ({interval}), where it is {rest} with the others. Read these cases together with them before judging: "
                "they may have had the harder ones.",
                share=Percent(worst["estimate"]),
                rest=Percent(worst["rest"]),
                interval=Span.of(worst["ci_lower"], worst["ci_upper"]),
            ),
            estimate=float(worst["estimate"]),
            ci_lower=float(worst["ci_lower"]),
            ci_upper=float(worst["ci_upper"]),
            unit=Unit("share", term("of decisions", "unit")),
        )
    return Section.of(finding, _answers_and_decisions(decided))


def _answers_and_decisions(decided: pd.DataFrame) -> charts.Table:
    heads = {
        "number": term("Moderator", "column"),
        "answers": term("Answers", "column"),
        "estimate": term("Reversed", "column"),
        "decisions": term("Decisions", "column"),
    }
    return charts.table(
        decided,
        columns=heads,
        formats={"estimate": Percent},
        small="decisions",
        caption=say("Answers and decisions by moderator, in the order of their pseudonyms"),
    )


def voices(table: pd.DataFrame, *, period: Period) -> Section:
    """Return what members complain about and suggest in *period*, and what became of it (*table*: `metrics.voices`)."""
    if table.empty or table["n"].sum() < SMALL:
        return Section.of(Finding.nothing("voices", say("fewer than ten complaints and suggestions in table cases")))
    complaints, ideas = (table[table["kind"] == kind] for kind in ("complaint", "suggestion"))
    most = complaints.iloc[0] if len(complaints) else ideas.iloc[0]
    second = complaints.iloc[1] if len(complaints) > 1 else None
    clear = second is None or _more_often(int(most["n"]), int(second["n"]))
    adopted = int(ideas["adopted"].sum())
    told = {"topic": in_words(str(most["topic"])), "share": Percent(most["share"], 0), "period": period}
    title = (
        say("Most complaints are about {topic}: {share}, {period}", **told)
        if clear
        else say("No topic clearly leads the complaints; most often it is {topic} ({share}), {period}", **told)
    )
    finding = Finding(
        id="voices",
        code="clear" if clear else "unclear",
        label=term("Complaints about the first topic", "label of a finding"),
        title=title,
        weight="chapter" if clear else "row",
        text=Sentences.of(
            say(
                "{answered} of {n} complaints were answered.",
                answered=int(complaints["answered"].sum()),
                n=int(complaints["n"].sum()),
            ),
            say("{adopted} of {n} suggestions were adopted.", adopted=adopted, n=int(ideas["n"].sum()))
            if len(ideas)
            else None,
        ),
        estimate=float(most["share"]),
        ci_lower=float(most["ci_lower"]),
        ci_upper=float(most["ci_upper"]),
        unit=Unit("share", term("of complaints", "unit")),
        n=int(complaints["n"].sum()),
        method=say("Topics as the team labels them; Wilson intervals; adopted: closed with that decision."),
    )
    return Section.of(finding, _topics(table))


def _more_often(first: int, second: int) -> bool:
    """Return whether *first* complaints are clearly more than *second*: shares of one whole, so held against each other."""
    return wilson(first, first + second).ci_lower > 0.5


def _topics(table: pd.DataFrame) -> charts.Table:
    frame = table.assign(
        kind=cells(named(CASES, kind) for kind in table["kind"]),
        topic=cells(in_words(str(topic)) for topic in table["topic"]),
        range=cells(Range.of(low, high) for low, high in zip(table["ci_lower"], table["ci_upper"], strict=True)),
        done=table["answered"] / table["n"],
        taken=(table["adopted"] / table["n"]).where(table["kind"] == "suggestion"),
    )
    heads = {
        "kind": term("Kind", "column"),
        "topic": term("Topic", "column"),
        "share": term("Share of its kind", "column"),
        "range": term("95% interval", "column"),
        "done": term("Answered", "column"),
        "taken": term("Adopted", "column"),
        "n": term("Cases", "column"),
    }
    forms: dict[str, Any] = {"share": Percent, "done": Percent, "taken": Percent}
    return charts.table(
        frame, columns=heads, formats=forms, small="n", caption=say("Complaints and suggestions by topic")
    )
