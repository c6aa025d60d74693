"""Which risks are near their trigger, and who owns them?"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from fanops_utils import charts
from fanops_utils.metrics import Interval
from fanops_utils.models.operations.duties import alarm_of
from fanops_utils.playbook import Finding, Section
from fanops_utils.sections.targets.naming import metric_name, value_in
from fanops_utils.text import Count, Listed, Message, Sayable, Sentences, Unit, say, say_n, term, valued
from fanops_utils.workspace.operations import Team
from fanops_utils.workspace.operations.risks import Risk

STATES: dict[str, Message] = {
    "ringing": term("triggered", "state of a risk"),
    "unsure": term("cannot tell", "state of a risk"),
    "clear": term("not triggered", "state of a risk"),
    "unknown": term("not measured", "state of a risk"),
    "none": term("not measured", "state of a risk"),
}


def risks(
    register: tuple[Risk, ...],
    seen: Mapping[str, Interval | None],
    earlier: Mapping[str, Interval | None],
    *,
    team: Team,
    defaults: bool = False,
) -> Section:
    """Return the risks of risks.yml by weight, each with its trigger against the last 28 days and the 28 before.

    *seen*, *earlier*: the metric of each risk, by its id. A list that is still the *defaults* was agreed by nobody.
    """
    if not register or defaults:
        return Section.of(Finding.nothing("risks", say("risks.yml names no risk that somebody agreed on")))
    rows = []
    for risk in sorted(register, key=lambda one: -(one.level or 0)):
        now, before = seen.get(risk.id), earlier.get(risk.id)
        limit = risk.above if risk.above is not None else risk.below
        rows.append(
            {
                "name": valued(risk.name),
                "weight": float("nan") if risk.level is None else float(risk.level),
                "code": alarm_of(risk, now),
                "metric": metric_name(risk.metric) if risk.metric else None,
                "now": value_in(risk.metric, now.estimate) if risk.metric and now else None,
                "before": value_in(risk.metric, before.estimate) if risk.metric and before else None,
                "limit": value_in(risk.metric, limit) if risk.metric and limit is not None else None,
                "owner": _owner(risk, team),
                "ownerless": not risk.owner,
            }
        )
    frame = pd.DataFrame(rows)
    frame["state"] = frame["code"].map(STATES)
    columns = {
        "name": term("Risk", "column"),
        "weight": term("Weight, 1-25", "column"),
        "metric": term("Metric", "column"),
        "now": term("Last 28 days", "column"),
        "before": term("28 days before", "column"),
        "limit": term("Trigger", "column"),
        "state": term("State", "column"),
        "owner": term("Owner", "column"),
    }
    table = charts.table(
        frame,
        columns=columns,
        formats={"weight": Count},
        caption=say("Risks of risks.yml; weight: likelihood times impact, as the team rates them"),
    )
    return Section.of(_finding(frame, register), table)


def _finding(frame: pd.DataFrame, register: tuple[Risk, ...]) -> Finding:
    fired = frame[frame["code"] == "ringing"]
    ownerless = sum(not one.owner for one in register)
    title = (
        say_n("{n} risk has reached its trigger", "{n} risks have reached their trigger", n=len(fired))
        if len(fired)
        else say("No risk has surely reached its trigger")
    )
    named: Sayable | None = say("{risks}.", risks=Listed.of(fired["name"])) if len(fired) else None
    unowned = say_n("{n} risk has no owner.", "{n} risks have no owner.", n=ownerless) if ownerless else None
    open_ = frame[(frame["code"] == "ringing") | frame["ownerless"]]
    unknown = int(frame["code"].isin(["none", "unknown"]).sum())
    blind = say_n("{n} has no measured trigger.", "{n} have no measured trigger.", n=unknown) if unknown else None
    return Finding(
        id="risks",
        label=term("Risks", "label of a finding"),
        code="triggered" if len(fired) else "calm",
        title=title,
        text=Sentences.of(named, unowned, blind),
        about=Listed.of(say("“{risk}”", risk=one) for one in open_["name"]) if len(open_) else None,
        severity="watch" if len(fired) or ownerless else "info",
        estimate=float(len(fired)),
        unit=Unit("count", term("risks triggered", "unit")),
        n=len(register),
        method=say("A trigger is reached where the whole 95% interval of the last 28 days lies beyond it."),
    )


def _owner(risk: Risk, team: Team) -> Sayable:
    role = team.role(risk.owner)
    return valued(role.name) if role else valued(risk.owner) if risk.owner else term("no owner", "owner of a task")
