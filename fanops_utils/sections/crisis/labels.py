"""Who says which mention is negative, and how far is that to be trusted?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from fanops_utils import charts
from fanops_utils.models.tone.agreement import Agreement
from fanops_utils.models.tone.scorers import Scorer
from fanops_utils.playbook import Finding, Section
from fanops_utils.sections import words
from fanops_utils.sections.cells import cells
from fanops_utils.text import Count, Message, Number, Percent, Sentences, Unit, say, say_n, term

BY: dict[str, Message] = {
    "tool": term("the listening tool", "who gives a tone"),
    "vader": term("a list of English words (VADER)", "who gives a tone"),
    "model": term("a model trained on your labels", "who gives a tone"),
}
REASONS: dict[str, Message] = {
    "shown": term("shown", "state of a scorer"),
    "unlabelled": term("shown, not held against labels of yours", "state of a scorer"),
    "weak": term("not shown: it agrees too little with your labels", "state of a scorer"),
    "few": term("not shown: fewer than 300 labels", "state of a scorer"),
}


def labels(counts: pd.DataFrame, scorers: Mapping[str, Scorer], between: Agreement, *, plain: bool) -> Section:
    """Return who gave the tones (*counts*: `warehouse.tones_by`) and how well scorers agree with the team's labels.

    *plain*: whether the share may be held against the plan's limit (`plain_share`); *between*: two labellers.
    """
    total = int(counts["mentions"].sum())
    if not total:
        return Section.of(Finding.nothing("labels", say("no mention of the brand: import the listening tool's list")))
    known = {
        by: int(one) for by, one in zip(counts["toned_by"], counts["mentions"], strict=True) if isinstance(by, str)
    }
    unread, scored = total - sum(known.values()), known.get("vader", 0) + known.get("model", 0)
    title = (
        say("{share} of the tones come from a scorer", share=Percent(scored / sum(known.values()), 0))
        if scored
        else say("The tones are the listening tool's own")
    )
    told = [
        say_n("{n} mention has no tone: it counts as none.", "{n} mentions have no tone: they count as none.", n=unread)
        if unread else None,
        say("What a scorer says is good enough to be held against the plan's limit.") if scored and plain else None,
        say("A scorer errs too often for the plan's limit: the share is held against its own past instead.")
        if scored and not plain else None,
        _between(between),
    ]  # fmt: skip
    finding = Finding(
        id="labels",
        label=term("Tones", "label of a finding"),
        code="scored" if scored else "tool",
        title=title,
        text=Sentences.of(*told),
        severity="watch" if unread > total / 2 else "info",
        estimate=sum(known.values()) / total,
        unit=Unit("share", term("of mentions with a tone", "unit")),
        n=total,
        method=say(
            "The tool's label comes first. Where it gives none, fanops label score reads the words once and keeps the tone alone: "
            "English by VADER, another language by a model of letters trained on your own labels, each text told by a model that "
            "never saw it. Shown from a kappa of 0.3 on; held against the limit only with 300 labels, a kappa of 0.5 and 90% of "
            "the others left alone."
        ),
    )
    return Section.of(finding, _table(scorers) if scorers else None)


def plain_share(counts: pd.DataFrame, scorers: Sequence[Scorer]) -> bool:
    """Return whether shares of negatives may be held against a limit: tones of the tool's alone, or scorers that err little."""
    scored = counts[counts["toned_by"].isin(["vader", "model"])]
    return bool(scored.empty or (scorers and all(one.checked.plain for one in scorers if one.score is not None)))


def _between(found: Agreement) -> Message | None:
    if not found.n or found.kappa != found.kappa:
        return None
    return say(
        "Two of your labellers agree with a kappa of {kappa} on {n} texts.",
        kappa=Number(found.kappa, 2),
        n=Count(found.n),
    )


def _table(scorers: Mapping[str, Scorer]) -> charts.Table:
    rows = [
        {
            "language": words.language(code), "by": BY[one.by], "labels": one.labels, "kappa": one.checked.kappa,
            "sensitivity": one.checked.sensitivity, "specificity": one.checked.specificity, "state": REASONS[one.reason],
        }
        for code, one in scorers.items()
    ]  # fmt: skip
    columns = {
        "language": term("Language", "column"),
        "by": term("Scorer", "column"),
        "labels": term("Your labels", "column"),
        "kappa": term("Kappa", "column"),
        "sensitivity": term("Negatives found", "column"),
        "specificity": term("Others left alone", "column"),
        "state": term("State", "column"),
    }
    frame = pd.DataFrame(rows)
    frame["language"], frame["by"], frame["state"] = (cells(frame[name]) for name in ("language", "by", "state"))
    formats = {"labels": Count, "kappa": lambda one: Number(one, 2), "sensitivity": Percent, "specificity": Percent}
    return charts.table(
        frame, columns=columns, formats=formats, caption=say("Scorers by language, held against your own labels")
    )
