"""What people agreed to, and what is ready for the day something goes wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from fanops_utils import charts
from fanops_utils.playbook import Finding, Section
from fanops_utils.sections.cells import cells
from fanops_utils.text import Count, Day, Listed, Message, Sayable, Sentences, Unit, say, say_n, term, valued
from fanops_utils.workspace.operations import Pattern, Team

CODES: dict[str, Message] = {
    "good": term("can be taken back", "state of a consent"),
    "untried": term("not tried for a year", "state of a consent"),
    "no_way": term("no way to take it back", "state of a consent"),
}
PLANS: dict[str, Message] = {
    "data_breach": term("Breach: who does what within 72 hours", "plan that is to be ready"),
    "outside_audit": term("Audit by somebody from outside", "plan that is to be ready"),
    "publishing_checklist": term("Check before something is published", "plan that is to be ready"),
}
READY: dict[str, Message] = {
    "ready": term("ready", "state of a plan"),
    "default": term("still the default", "state of a plan"),
    "missing": term("not written down", "state of a plan"),
}


def consents(rows: pd.DataFrame, *, withdrawals: int) -> Section:
    """Return what people are asked for and whether they can take it back (*rows*: `consent_ways`); *withdrawals* on record."""
    if rows.empty:
        return Section.of(Finding.nothing("consents", say("privacy.yml names no consent that people are asked for")))
    bad, untried = int((rows["code"] == "no_way").sum()), int((rows["code"] == "untried").sum())
    title = (
        say_n("{n} consent cannot be taken back", "{n} consents cannot be taken back", n=bad)
        if bad
        else say_n("Of {n} consent nobody tried for a year whether it can be taken back",
                   "Of {n} consents nobody tried for a year whether they can be taken back", n=untried)
        if untried
        else say("Every consent can be taken back")
    )  # fmt: skip
    columns = {
        "purpose": term("What for", "column"),
        "asked": term("Asked where", "column"),
        "withdrawn": term("Taken back how", "column"),
        "tried": term("Last tried", "column"),
        "state": term("State", "column"),
    }
    shown = pd.DataFrame({
        "purpose": cells(valued(one) for one in rows["purpose"]), "asked": cells(valued(one) for one in rows["asked"]),
        "withdrawn": cells(valued(one) if isinstance(one, str) else None for one in rows["withdrawn"]),
        "tried": cells(Day.of(one, form="iso") if pd.notna(one) else None for one in rows["tried"]),
        "state": cells(CODES[one] for one in rows["code"]),
    })  # fmt: skip
    finding = Finding(
        id="consents",
        label=term("Consents", "label of a finding"),
        code="no_way" if bad else "untried" if untried else "good",
        about=Listed.of(valued(one) for one in rows.loc[rows["code"].isin(["no_way", "untried"]), "purpose"])
        if bad or untried
        else None,
        title=title,
        text=Sentences.of(
            say_n("{n} withdrawal is on record.", "{n} withdrawals are on record.", n=withdrawals),
            say("What each person agreed to is kept by the platforms and the shop, not here."),
        ),
        severity="alert" if bad else "watch" if untried else "good",
        estimate=float(bad + untried),
        unit=Unit("count", term("consents not in order", "unit")),
        n=len(rows),
    )
    return Section.of(finding, charts.table(shown, columns=columns, caption=say("Consents of privacy.yml")))


def plans(patterns: Mapping[str, Pattern], team: Team, *, wanted: Sequence[str] = tuple(PLANS)) -> Section:
    """Return which plans for a bad day are written down, made the brand's own, and have an owner for every step."""
    rows = [_plan(name, patterns.get(name), team) for name in wanted]
    frame = pd.DataFrame(rows)
    open_ = frame[(frame["code"] != "ready") | (frame["ownerless"] > 0)]
    title = (
        say_n("{n} plan for a bad day is not ready", "{n} plans for a bad day are not ready", n=len(open_))
        if len(open_)
        else say("The plans for a bad day are ready")
    )
    named = [PLANS[name] for name, code in zip(wanted, frame["code"], strict=True) if code != "ready"]
    ownerless = int(frame["ownerless"].sum())
    finding = Finding(
        id="plans",
        label=term("Plans for a bad day", "label of a finding"),
        code="open" if len(open_) else "ready",
        about=Listed.of(open_["plan"]) if len(open_) else None,
        title=title,
        text=Sentences.of(
            say("Not ready: {plans}.", plans=Listed.of(named)) if named else None,
            say_n("{n} step has no owner in team.yml.", "{n} steps have no owner in team.yml.", n=ownerless)
            if ownerless
            else None,
            None if named or ownerless else say("Each step has an owner."),
        ),
        severity="watch" if len(open_) else "good",
        estimate=float(len(open_)),
        unit=Unit("count", term("plans not ready", "unit")),
        n=len(frame),
    )
    columns = {
        "plan": term("Plan", "column"),
        "steps": term("Steps", "column"),
        "within": term("Within, hours", "column"),
        "ownerless": term("Steps without an owner", "column"),
        "state": term("State", "column"),
    }
    shown = frame.assign(plan=cells(frame["plan"]), state=cells(READY[one] for one in frame["code"]))
    formats = {"steps": Count, "within": Count, "ownerless": Count}
    return Section.of(
        finding, charts.table(shown, columns=columns, formats=formats, caption=say("Plans in templates/"))
    )


def _plan(name: str, found: Pattern | None, team: Team) -> dict[str, Sayable | str | float | int]:
    steps = found.steps if found else ()
    last = max((step.minutes for step in steps if step.minutes is not None), default=None)
    return {
        "plan": PLANS[name], "code": "missing" if found is None else "default" if found.defaults else "ready",
        "steps": len(steps), "within": float("nan") if last is None else last / 60,
        "ownerless": sum(team.role(step.role) is None for step in steps),
    }  # fmt: skip
