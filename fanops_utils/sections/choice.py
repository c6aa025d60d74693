"""Which of the candidates? A choice of the register: who is out, who stands first, how sure that is, what would turn it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from fanops_utils import charts
from fanops_utils.charts.words import Words
from fanops_utils.metrics.wording import worded_column
from fanops_utils.models import Score
from fanops_utils.playbook import Finding, Section
from fanops_utils.sections.cells import cells
from fanops_utils.sections.words import chance_of, number_of_chance
from fanops_utils.text import Count, Listed, Message, Percent, Sayable, Sentences, Unit, say, say_n, term
from fanops_utils.workspace.registers.choice import Choice

STATES: dict[str, Message] = {
    "weighed": term("weighed", "state of a candidate"),
    "out": term("out", "state of a candidate"),
    "open": term("a gate is open", "state of a candidate"),
}
GO, TEST, WAIT = "go", "test", "wait"


def choices(
    weighed: Mapping[str, tuple[Choice, Score]], *, about: str, name: str = "choice", barred: Collection[str] = ()
) -> Section:
    """Return the answer to each choice of the register that is *about* this, one after the other; *barred*: out for its law.

    *weighed*: choice and `models.score` by id. Without one the section says which register asks it.
    """
    asked = {key: pair for key, pair in weighed.items() if pair[0].about == about}
    if not asked:
        return Section.of(
            Finding.nothing(
                name, say("no choice is registered; a file in choices/ with gates, criteria and candidates asks it")
            )
        )
    parts: list[Any] = []
    for place, (choice, score) in enumerate(asked.values()):
        finding = _finding(choice, score, f"{name}_{choice.id}" if place else name, set(barred))
        parts += [finding, _chart(choice, score, finding), _table(choice, score)]
    return Section.of(*parts)


def advice(score: Score) -> str:
    """Return go (one stands first and no gate of it is open), test (several may, or a gate is open, or only one is left to
    weigh), wait (all are out)."""
    if not score.first:
        return WAIT
    state = score.table.set_index("id")["state"]
    if (state != "out").sum() < 2:
        return TEST
    return GO if len(score.first) == 1 and state[score.first[0]] == "weighed" else TEST


def _finding(choice: Choice, score: Score, name: str, barred: set[str]) -> Finding:
    names: dict[str, Sayable | str] = {one.id: one.name for one in choice.candidates}
    code, table = advice(score), score.table.set_index("id")
    first = table.iloc[0] if score.first else None
    title = _title(choice, score, names, code)
    turned = next((one for one in choice.criteria if one.id == score.turns), None)
    text = Sentences.of(
        _gated(choice, score, names, barred),
        say(
            "The order turns if “{criterion}” weighs {share} of the whole instead of {now}.",
            criterion=turned.name,
            share=Percent(score.turns_at),
            now=Percent(turned.weight / sum(one.weight for one in choice.criteria)),
        )
        if turned
        else None,
        _missing(score),
        say("The test that would change the answer: {test}.", test=choice.next_test) if choice.next_test else None,
    )
    return Finding(
        id=name,
        label=term("Chance of standing first", "label of a finding"),
        about=Listed.of(names[one] for one in score.first) if score.first else None,
        code=code,
        title=title,
        text=text or say("Every gate is passed and every measure known."),
        weight="chapter",
        verdict=say("{sentence}.", sentence=title),
        severity="good" if code == GO else "watch",
        estimate=number_of_chance(float(table["p_first"].max())) if first is not None else None,
        unit=Unit("share", term("chance", "unit")),
        n=len(choice.candidates),
        method=say(
            "Gates first, they do not enter the sum. Scales fixed in the register; weights drawn around those "
            "{agreement}, measures with "
            "their errors, a measure nobody has over its whole scale; 2,000 draws. First from a chance of 70%.",
            agreement=term("agreed by the team", "weights")
            if choice.agreement == "agreed"
            else term("proposed", "weights"),
        ),
    )


def _title(choice: Choice, score: Score, names: dict[str, Sayable | str], code: str) -> Message:
    if code == WAIT:
        return say("{question} None of the candidates passes its gates: wait", question=choice.question)
    if (score.table["state"] != "out").sum() < 2:
        return say(
            "{question} Only {candidate} passes its gates: there is nothing to compare it with",
            question=choice.question,
            candidate=names[score.first[0]],
        )
    if len(score.first) > 1:
        return say(
            "{question} {candidates} are not told apart: test before choosing",
            question=choice.question,
            candidates=Listed.of(names[one] for one in score.first),
        )
    chance = score.table.set_index("id")["p_first"]
    told = {
        "question": choice.question,
        "candidate": names[score.first[0]],
        "share": chance_of(float(chance[score.first[0]])),
    }
    if code == GO:
        return say("{question} {candidate} first, with a chance of {share}", **told)
    return say("{question} {candidate} leads with a chance of {share}, but a gate of it is open: look first", **told)


def _gated(choice: Choice, score: Score, names: Mapping[str, Sayable | str], barred: set[str]) -> Sayable | None:
    lines: list[Message] = []
    for row in score.table.to_dict("records"):
        gates = Listed.of(choice.gates[one] for one in row["gates"]) if row["gates"] else None
        if row["state"] == "out":
            lines.append(
                say("{candidate} is out: it does not pass “{gates}”.", candidate=names[row["id"]], gates=gates)
                if gates and row["id"] not in barred
                else say("{candidate} is out: duties of its law are not registered.", candidate=names[row["id"]])
            )
        elif row["state"] == "open" and gates:
            lines.append(
                say(
                    "Nobody has looked yet whether {candidate} passes “{gates}”.",
                    candidate=names[row["id"]],
                    gates=gates,
                )
            )
    return Sentences.of(*lines) if lines else None


def _missing(score: Score) -> Message | None:
    number = int(score.table.loc[score.table["state"] != "out", "n_missing"].sum())
    if not number:
        return None
    return say_n(
        "{n} measure is missing and drawn over its whole scale.",
        "{n} measures are missing and drawn over their whole scale.",
        n=number,
    )


def _chart(choice: Choice, score: Score, finding: Finding) -> charts.Chart | None:
    known = score.table.dropna(subset=["score"])
    if known.empty:
        return None
    names = {one.id: one.name for one in choice.candidates}
    shown = known.assign(
        label=worded_column(names[one] for one in known["id"]),
        estimate=known["score"],
        n=len(choice.criteria) - known["n_missing"],
    )
    return charts.intervals(
        shown[["label", "estimate", "ci_lower", "ci_upper", "n"]],
        label="label",
        form=Percent,
        words=Words(
            title=say("Score of each candidate"),
            subtitle=say("0 = worst on every scale, 100% = best; 90% of the draws"),
            axis=term("score", "axis"),
            alt=finding.text,
            caption=say("n = criteria with a measure; who fails a gate is not drawn"),
        ),
    )


def _table(choice: Choice, score: Score) -> charts.Table:
    names = {one.id: one.name for one in choice.candidates}
    columns = {
        "name": term("Candidate", "column"),
        "said": term("Gates", "column"),
        "score": term("Score", "column"),
        "p_first": term("First in", "column"),
        "n_missing": term("Measures missing", "column"),
    }
    shown = score.table.assign(
        name=worded_column(names[one] for one in score.table["id"]),
        said=cells(STATES[one] for one in score.table["state"]),
    )
    return charts.table(
        shown,
        columns=columns,
        formats={"score": Percent, "p_first": chance_of, "n_missing": Count},
        caption=say("Candidates, best first"),
    )
