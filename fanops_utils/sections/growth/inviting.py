"""What do invitations bring, how far do they go, and who carries them?"""

from __future__ import annotations

import pandas as pd

from fanops_utils import charts
from fanops_utils.charts.words import Words
from fanops_utils.metrics import Interval
from fanops_utils.models.audience.growth import Chains
from fanops_utils.playbook import Finding, Section
from fanops_utils.sections.cells import cells
from fanops_utils.sections.community.words import SMALL, STEPS, lacking, named
from fanops_utils.text import Message, Money, Number, People, Percent, Sentences, Span, Unit, Written, say, term


def inviting(
    cohorts: pd.DataFrame, step: tuple[float, float, float], *, cycle: float, cost: float, currency: str | None,
    young: Interval | None = None,
) -> Section:  # fmt: skip
    """Return how many people a member brings, by quarter of joining (`models.k_by_cohort`, `models.cohorts_differ`).

    *cycle*: median days from an inviter's joining to that of whom they brought; *cost*: reward per person seen from
    day 7 on; *young*: `models.k_when_all_arrive` of those who joined too lately to be counted.
    """
    if cohorts.empty or not cohorts["brought"].sum():
        return Section.of(Finding.nothing("inviting", lacking("referrals")))
    two = lambda v: Number(v, 2)  # noqa: E731
    n, brought = int(cohorts["n"].sum()), int(cohorts["brought"].sum())
    code = "up" if step[1] > 0 else "down" if step[2] < 0 else "unclear"
    paid = None
    if cost == cost:
        paid = (
            say("Each person seen from day 7 on cost {cost} in rewards.", cost=Money(cost, currency))
            if currency
            else say("Each person seen from day 7 on cost {points} points in rewards.", points=Number(cost, 0))
        )
    finding = Finding(
        id="inviting",
        code=code,
        severity="good" if code == "up" else "watch" if code == "down" else "info",
        weight="chapter",
        label=term("People a member brings", "label of a finding"),
        title=say("A member brings {k} others in the first 60 days after joining", k=two(brought / n)),
        text=Sentences.of(
            say(
                "That is {brought} people through all {n} members who joined 60 days ago or earlier, whether they invited "
                "or not.",
                brought=People(brought),
                n=People(n),
            ),
            _change(step, code),
            say("Half of them joined within {days} days of whoever brought them.", days=Number(cycle, 0))
            if cycle == cycle
            else None,
            _young(young),
            paid,
        ),
        estimate=brought / n,
        unit=Unit("number", term("people per member", "unit")),
        n=People(n),
        method=say(
            "First invitation taken up counts, none to oneself. Intervals rest on members, since a few bring many. Per sharer the "
            "figure would be several times as large: do not compare it with that."
        ),
    )
    return Section.of(finding, _by_quarter(cohorts, finding))


def _young(k: Interval | None) -> Message | None:
    """Return what those who joined lately bring, counting as come who is still to come."""
    if k is None or k.estimate != k.estimate:
        return None
    return say(
        "Another group, and a forecast: each of the {n} who joined in the last 60 days is expected to bring {k} ({interval}) by "
        "the end of their 60 days.",
        n=People(k.n), k=Number(k.estimate, 2), interval=Span.of(k.ci_lower, k.ci_upper, form=lambda v: Number(v, 2)),
    )  # fmt: skip


def _change(step: tuple[float, float, float], code: str) -> Message | None:
    moved = {
        "change": Number(step[0], 2, sign=True),
        "interval": Span.of(step[1], step[2], form=lambda v: Number(v, 2, sign=True)),
    }
    if step[0] != step[0]:
        return None
    return (
        say("The two newest quarters differ from those before by {change} ({interval}): more is brought.", **moved)
        if code == "up"
        else (
            say("The two newest quarters differ from those before by {change} ({interval}): less is brought.", **moved)
            if code == "down"
            else say(
                "The two newest quarters differ from those before by {change} ({interval}): no clear change.", **moved
            )
        )
    )


def _by_quarter(cohorts: pd.DataFrame, finding: Finding) -> charts.Chart:
    drawn = cohorts.assign(name=cells(Written(str(one)) for one in cohorts["cohort"]))
    return charts.intervals(
        drawn[["name", "estimate", "ci_lower", "ci_upper", "n"]],
        label="name",
        form=lambda v: Number(v, 2),
        words=Words(
            title=say("People a member brings, by quarter of joining"),
            axis=term("people per member in 60 days", "axis"),
            alt=finding.text,
            caption=say("95% intervals; only members who joined 60 days ago or longer"),
        ),
    )


def chains(shape: Chains | None) -> Section:
    """Return the shape of the chains of invitations (`models.chains`), and what a ranking of inviters would reward."""
    if shape is None or shape.brought < SMALL:
        return Section.of(Finding.nothing("chains", lacking("referrals")))
    narrow = shape.top_share > 0.5
    return Section.of(
        Finding(
            id="chains",
            code="narrow" if narrow else "broad",
            severity="watch" if narrow else "info",
            label=term("Brought by the busiest hundredth", "label of a finding"),
            title=say(
                "The busiest hundredth of the members brought {share} of all ever invited",
                share=Percent(shape.top_share, 0),
            ),
            text=Sentences.of(
                say(
                    "{brought} people came through {roots} members who had come by themselves; the longest chain has "
                    "{depth} steps, {deeper} came "
                    "in the second step or later, at most {width} in one step of one chain.",
                    brought=shape.brought,
                    roots=shape.roots,
                    depth=shape.depth,
                    deeper=Percent(shape.deeper, 0),
                    width=shape.width,
                ),
                say(
                    "Two people of one chain are {distance} steps apart on average: near 2 is one person inviting many, "
                    "more is passing on.",
                    distance=Number(shape.virality, 1),
                ),
                say("A ranking of inviters would reward these few: watch what the others do."),
            ),
            estimate=shape.top_share,
            unit=Unit("share", term("of the invited", "unit")),
            n=People(shape.brought),
            method=say(
                "Chains by the first invitation taken up; mean distance over chains of three or more (structural "
                "virality). Whether a "
                "ranking changed who invites needs periods with and without one, drawn by lot."
            ),
        )
    )


def steps(counts: pd.DataFrame, *, name: str) -> Section:
    """Return how far people get: *name* is "ladder" (invitations, `metrics.ladder`) or "loop" (events,
    `metrics.event_loop`).
    """
    if counts["members"].iloc[0] < SMALL:
        return Section.of(Finding.nothing(name, lacking("referrals" if name == "ladder" else "activities")))
    first, last = int(counts["members"].iloc[0]), int(counts["members"].iloc[-1])
    passed = (counts["members"] / counts["members"].shift().where(lambda v: v > 0)).iloc[1:]
    worst = counts.iloc[1 + int(passed.argmin())] if passed.notna().any() else counts.iloc[-1]
    told = {"share": Percent(last / first), "step": named(STEPS, worst["step"]), "rate": Percent(passed.min(), 0)}
    title = (
        say("{share} of the invitations old enough ended in an order", share=told["share"])
        if name == "ladder"
        else say("{share} of the sign-ups old enough ended in a review and an order", share=told["share"])
    )
    finding = Finding(
        id=name,
        code="steps",
        title=title,
        estimate=last / first,
        n=People(first),
        label=term("Invitations that end in an order", "label of a finding")
        if name == "ladder"
        else term("Sign-ups that end in a review and an order", "label of a finding"),
        unit=Unit("share", term("of invitations", "unit"))
        if name == "ladder"
        else Unit("share", term("of sign-ups", "unit")),
        text=say(
            "Most are lost at “{step}”: {rate} of the step before get there.", step=told["step"], rate=told["rate"]
        ),
        method=say(
            "Each step only after the one before. Whoever has not had the time for all steps is left out; what would "
            "have been ordered "
            "anyway is in it."
        ),
    )
    drawn = counts.assign(
        name=cells(named(STEPS, one) for one in counts["step"]), value=counts["members"].astype(float)
    )
    chart = charts.funnel(
        drawn[["name", "value"]],
        label="name",
        value="value",
        people=True,
        words=Words(
            title=say("How far invitations get") if name == "ladder" else say("From sign-up to review and order"),
            axis=term("people", "axis"),
            alt=finding.text,
            caption=say("Steps of fewer than ten people hidden"),
        ),
    )
    return Section.of(finding, chart)
