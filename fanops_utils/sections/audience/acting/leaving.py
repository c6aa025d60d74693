"""Who is about to leave? The chance of each member still there, whether such chances came true, and whom to write to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fanops_utils import charts
from fanops_utils.charts.words import Words
from fanops_utils.metrics.intervals import wilson_frame
from fanops_utils.models import Leaving, TooFewLeavers
from fanops_utils.playbook import Finding, Section
from fanops_utils.playbook.handouts import Listing
from fanops_utils.sections.audience.lifecycle import LOTS, in_lot
from fanops_utils.sections.cells import cells
from fanops_utils.sections.handing import people
from fanops_utils.text import Number, People, Percent, Sentences, Times, Unit, say, term

SMALL = 10
TENTH = 10


def leaving(found: Leaving | TooFewLeavers, *, market: str, currency: str, spend: Mapping[str, float]) -> Section:
    """Return who will hardly be seen in the weeks to come (*found*: `models.leaving`), the likeliest tenth as a list.

    *spend*: what each member has spent, in *currency*, by member_key; who is not in it has no linked account.
    """
    if isinstance(found, TooFewLeavers):
        return Section.of(Finding.nothing("leaving", _why_not(found)))
    n, within = len(found.members), found.within
    if n < SMALL:
        return Section.of(
            Finding.nothing("leaving", say("fewer than ten members were seen in {days} days", days=within))
        )
    share = float(found.members["chance"].mean())
    code = "unproved" if not found.judged else "told" if found.holds else "rough"
    useful = bool(found.judged and found.lift.ci_lower > 1)
    told: dict[str, Any] = {"share": Percent(share, 0), "days": within}
    title = say(
        "Of the members seen in the last {days} days, about {share} will not be seen in the next {days}", **told
    )
    if code != "told":
        title = say("Some members are likelier than others to fall silent; how many will is not sure")
    finding = Finding(
        id="leaving",
        weight="chapter",
        label=term("Members seen in 28 days who are expected to fall silent", "label of a finding"),
        code=code,
        severity="watch" if useful else "info",
        title=title,
        verdict=say("{sentence}.", sentence=title),
        text=Sentences.of(*_reading(found, useful=useful)),
        estimate=share if code == "told" else None,
        unit=Unit("share", term("of members seen in 28 days", "unit")),
        n=People(n),
        about=say("the tenth of the members seen in 28 days likeliest to fall silent ({times} as many of them do as of all)",
                  times=Times(found.lift.estimate)) if useful else None,
        method=_method(found),
    )  # fmt: skip
    listed = _list(found, market, currency, spend) if useful else None
    return Section.of(finding, _chart(found, finding), handouts=(listed,))


def _why_not(found: TooFewLeavers) -> Sentences:
    return Sentences.of(
        say("a chance to leave is learnt from {weeks} weeks that are over and {least} members who left; there are {have} and "
            "{left} (export: member events)", weeks=found.least_snapshots, least=found.least_leavers, have=found.snapshots,
            left=People(found.leavers)),
    )  # fmt: skip


def _reading(found: Leaving, *, useful: bool) -> list[Sentences | None]:
    if not found.judged:
        return [
            Sentences.of(
                say("There are not yet enough later weeks to hold the chances against: no list is handed over."),
            )
        ]
    top = found.deciles.iloc[-1]
    seen = say(
        "On later weeks {top} of the tenth with the highest chance fell silent; of all members seen in 28 days {all} did.",
        top=Percent(float(top["seen"]), 0), all=Percent(found.seen, 0),
    )  # fmt: skip
    off = say(
        "There {expected} were expected: the order of the list can be used, its percentages cannot.",
        expected=Percent(found.expected, 0),
    )  # fmt: skip
    none = say("That is not clearly more than chance: no list is handed over.")
    last = say(
        "Falling silent is not leaving, and who is written to is not thereby kept: half of the list is left alone by lot."
    )
    return [Sentences.of(seen, None if found.holds else off, last if useful else none)]


def _method(found: Leaving) -> Sentences:
    learnt = say(
        "A logistic regression on eight weekly snapshots of members seen in 28 days: days since the last act, the member's own "
        "usual pause, how far it is exceeded, tenure, days seen of 28 and 91. Judged by one learnt from earlier weeks."
    )
    if not found.judged:
        return Sentences.of(learnt)
    held = say(
        "Slope of what came true on what was promised {slope} ({low} to {high}; 1 is right), lift of the top tenth {lift} "
        "({below} to {above}), {n} member-weeks.",
        slope=Number(found.slope.estimate, 2), low=Number(found.slope.ci_lower, 2), high=Number(found.slope.ci_upper, 2),
        lift=Number(found.lift.estimate, 1), below=Number(found.lift.ci_lower, 1), above=Number(found.lift.ci_upper, 1),
        n=found.judged,
    )  # fmt: skip
    return Sentences.of(learnt, held)


def _chart(found: Leaving, finding: Finding) -> charts.Chart | None:
    if found.deciles.empty:
        return None
    rows = found.deciles
    bounds = wilson_frame((rows["seen"] * rows["n"]).round().astype("int64"), rows["n"])
    drawn = rows.assign(predicted=rows["expected"], observed=rows["seen"], **bounds[["ci_lower", "ci_upper"]])
    return charts.calibration(
        drawn[["predicted", "observed", "ci_lower", "ci_upper", "n"]],
        words=Words(
            title=say("Chances against what came true"),
            subtitle=say("Members by tenth of their chance, on later weeks; 95% intervals"),
            axis=term("share not seen in the weeks after", "axis"), x_axis=term("chance given", "axis"),
            alt=finding.text, caption=say("On the line: as many fell silent as foretold"),
        ),
    )  # fmt: skip


def _list(found: Leaving, market: str, currency: str, spend: Mapping[str, float]) -> Listing | None:
    """Return the tenth likeliest to fall silent, ten at least, each with its lot."""
    many = max(TENTH, round(len(found.members) / TENTH))
    top = found.members.head(many)
    named = top.assign(
        market=market,
        lot=cells(LOTS[in_lot("leaving_soon", one)] for one in top["member_key"]),
        chance=top["chance"].round(2),
        own_days=top["own_days"].round(1),
        spend=top["member_key"].map(spend).astype(float).round(2),
    )
    heads = {
        "lot": term("Lot: write / leave alone", "column"), "market": term("Market", "column"),
        "chance": term("Chance to fall silent", "column"), "gap": term("Days silent", "column"),
        "own_days": term("Usual pause, days", "column"), "days_28": term("Days seen of 28", "column"),
        "spend": term("Spent so far, {currency}", "column", currency=currency),
    }  # fmt: skip
    title = say("Members seen in 28 days likeliest to fall silent, drawn by lot: whom to write to, whom to leave alone")
    return people("leaving_soon", title, named, columns=heads)
