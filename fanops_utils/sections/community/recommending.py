"""Would members recommend the brand, and who was not heard?"""

from __future__ import annotations

import pandas as pd

from fanops_utils import charts
from fanops_utils.charts.words import Words
from fanops_utils.playbook import Finding, Section
from fanops_utils.sections.cells import cells
from fanops_utils.sections.community.words import FEW, SMALL
from fanops_utils.text import Listed, Number, People, Percent, Sentences, Span, Unit, Written, in_words, say, term

QUESTION = "recommend"


def recommending(waves: pd.DataFrame) -> Section:
    """Return the net promoter score by wave (*waves*: `models.waves`), in points from −100 to 100."""
    known = waves[waves["n"] >= SMALL]
    if known.empty:
        return Section.of(
            Finding.nothing(
                "recommending",
                say(
                    "no ten answers to the question recommend in table survey_answers; a survey export or a mapping brings them"
                ),
            )
        )
    last = known.iloc[-1]
    points = lambda v: Number(100 * v, 0, sign=True)  # noqa: E731
    fell = known[known["fell"]]
    sank = bool(len(fell)) and fell.index[-1] == known.index[-1]
    told = {"score": points(last["estimate"]), "interval": Span.of(last["ci_lower"], last["ci_upper"], form=points)}
    wide = last["n"] < FEW
    finding = Finding(
        id="recommending",
        code="fell" if sank else "level",
        severity="alert" if sank else "info",
        label=term("Net promoter score", "label of a finding"),
        title=say(
            "The net promoter score of the last wave ({wave}) is {score}, clearly below the wave before",
            score=told["score"],
            wave=_wave(last["survey"]),
        )
        if sank
        else say(
            "The net promoter score of the last wave ({wave}) is {score}",
            score=told["score"],
            wave=_wave(last["survey"]),
        ),
        text=Sentences.of(
            say(
                "{score} ({interval}) in the last wave, by {n} answers of {asked} asked ({rate}).",
                n=People(int(last["n"])),
                asked=People(int(last["asked"])),
                rate=Percent(last["answer_rate"], 0),
                **told,
            ),
            say("Weighted by who was asked rather than who answered: {weighted}.", weighted=points(last["weighted"])),
            say("With so few answers only large changes show.") if wide else None,
            say("Earlier falls: {waves}.", waves=Listed.of(_wave(one) for one in fell["survey"]))
            if len(fell) and not sank
            else None,
        ),
        estimate=float(100 * last["estimate"]),
        ci_lower=float(100 * last["ci_lower"]),
        ci_upper=float(100 * last["ci_upper"]),
        unit=Unit("index", term("points from −100 to 100", "unit")),
        n=People(int(last["n"])),
        method=say(
            "Share of 9 and 10 less share of 0 to 6; its variance counts both shares. A fall is told with the number of waves "
            "corrected for. Weights: four classes of activity by how many of each answered."
        ),
    )
    return Section.of(finding, _by_wave(known, finding))


def _wave(survey: object) -> Written:
    """Return a wave by its time alone: every one of them asks the same question."""
    return in_words(str(survey).removeprefix(f"{QUESTION}-"))


def _by_wave(known: pd.DataFrame, finding: Finding) -> charts.Chart:
    drawn = known.assign(
        name=cells(_wave(one) for one in known["survey"]),
        **{side: 100 * known[side] for side in ("estimate", "ci_lower", "ci_upper")},
    )
    return charts.intervals(
        drawn[["name", "estimate", "ci_lower", "ci_upper", "n"]],
        label="name",
        form=lambda v: Number(v, 0, sign=True),
        reference=0,
        words=Words(
            title=say("Net promoter score by wave"),
            axis=term("points", "axis"),
            alt=finding.text,
            caption=say("95% intervals; waves of fewer than 30 answers are grey"),
        ),
    )
