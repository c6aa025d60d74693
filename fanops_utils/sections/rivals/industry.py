"""Do we earn 1.5 times the rate of the industry, by a named benchmark of the same denominator?"""

from __future__ import annotations

from typing import Any

from fanops_utils.models import AgainstBenchmark
from fanops_utils.playbook import Finding, Section
from fanops_utils.sections import words
from fanops_utils.text import (
    Percent,
    Sentences,
    Span,
    Times,
    Unit,
    Written,
    say,
    term,
)

STATISTICS = {"mean": term("mean of posts", "statistic"), "median": term("post in the middle", "statistic")}
DENOMINATORS = {
    "followers": term("followers", "denominator"),
    "reach": term("reach", "denominator"),
    "views": term("views", "denominator"),
    "impressions": term("impressions", "denominator"),
}


def industry(against: AgainstBenchmark) -> Section:
    """Return whether we reach 1.5 times a named benchmark (`models.against_benchmark`); refused where the two do not compare."""
    if against.row is None:
        return Section.of(
            Finding.nothing("industry", say("no such benchmark in the reference: choose an id of benchmarks.csv"))
        )
    row = against.row
    named: dict[str, Any] = {
        "report": Written(str(row["report"])),
        "edition": Written(str(row["edition"])),
        "industry": Written(str(row["industry"])),
        "statistic": STATISTICS[str(row["statistic"])],
        "per": DENOMINATORS[str(row["denominator"])],
        "value": Percent(row["value"]),
    }
    if against.code == "other_platform":
        why = say(
            "{report} {edition} speaks of {platform}, not of the platform compared",
            platform=words.platform(str(row["platform"])),
            **named,
        )
        return Section.of(Finding.nothing("industry", why))
    if against.code == "no_rate":
        why = say(
            "{report} {edition} divides by {per}, which ten of our posts do not have: nothing else may stand beside it",
            **named,
        )
        return Section.of(Finding.nothing("industry", why))
    told = {"times": Times(against.times), "interval": Span.of(against.lower, against.upper, form=Times), **named}
    title = (
        say("We earn {times} the industry's rate: the aim of 1.5 is reached", **told)
        if against.code == "reached"
        else say("We earn {times} the industry's rate: the aim of 1.5 is missed", **told)
        if against.code == "missed"
        else say("We earn {times} the industry's rate: whether that reaches 1.5 is not clear", **told)
    )
    finding = Finding(
        id="industry",
        code=against.code,
        title=title,
        label=term("Against the industry's rate", "label of a finding"),
        text=Sentences.of(
            say("{times} ({interval}) the {value} of {report}, edition {edition}, industry: {industry}.", **told),
            say(
                "Both: {statistic}, interactions by {per}. The benchmark mixes markets and is read second-hand.", **told
            ),
        ),
        severity={"reached": "good", "missed": "watch"}.get(against.code, "info"),  # type: ignore[arg-type]
        estimate=against.times,
        ci_lower=against.lower,
        ci_upper=against.upper,
        n=against.n,
        unit=Unit("times", term("the industry's rate", "unit")),
        method=say("The interval is that of our posts alone: the benchmark has none."),
    )
    return Section.of(finding)
