"""What a run says of the registers on its day: targets judged, decisions reviewed by the strongest evidence there is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from itertools import count
from typing import TYPE_CHECKING, Any, Literal

from fanops_utils.playbook.decisions import Evidence, Strength, review, standing, to_review, trend
from fanops_utils.playbook.plays import role
from fanops_utils.playbook.targets import WINDOW, TargetState, states
from fanops_utils.text.sentences.message import valued
from fanops_utils.text.sentences.sayable import pack
from fanops_utils.workspace import Workspace
from fanops_utils.workspace.registers.decision import Decision

if TYPE_CHECKING:
    from fanops_utils.metrics.catalogue.together import Lookup

Entry = Mapping[str, Any]
# Answers that carry an effect which was told: the findings of read-outs and retrospectives call theirs so.
TOLD = {"experiment": ("clear", "unclear"), "campaign": ("worked", "no clear effect", "hurt")}
RELATIVE = "change"  # the kind of unit
STANDING = ("targets", "decisions", "names")  # what a manifest says of them
MEASURING = "measuring targets and decisions"
Closes = Callable[[str, int, int], None]  # hears what is done after the jobs, at which place, of how many


def standing_of(
    jobs: Iterable[Entry], workspace: Workspace, *, on: date, lookup: Lookup | None = None, others: Iterable[Entry] = (),
    told: Callable[[int, int], None] = lambda _place, _of: None,
) -> dict[str, Any]:  # fmt: skip
    """Return what the manifest of a run of *jobs* (entries as it holds them) says of targets and decisions on the day *on*.

    *lookup* measures a metric of the catalogue; without it nothing is measured, and said to be so. *others* are the
    entries of the newest runs of other plans: what measured a decision may have run elsewhere. *told* hears before each
    target and decision is measured which it is, of how many.
    """
    measure = _counting(lookup, workspace, told, on=on) if lookup else _unmeasured
    entries = [*jobs, *others]
    return {
        "targets": [_target(state) for state in states(workspace.targets, measure, on=on)],
        "decisions": [_decision(one, entries, measure, on=on) for one in workspace.decisions],
        "names": names_of(workspace),
    }


def _counting(lookup: Lookup, workspace: Workspace, told: Callable[[int, int], None], *, on: date) -> Lookup:
    """Return *lookup* telling, before each of its numbers, which it is of all that targets and decisions ask for."""
    asking = [one for one in workspace.decisions if to_review(one, on=on) and _has_trend(one, on=on)]
    of, place = sum(len(one.markets) or 1 for one in workspace.targets) + len(asking), count(1)

    def look(*asked: Any) -> Any:
        told(next(place), of)
        return lookup(*asked)

    return look


def _unmeasured(
    _metric: str, _market: str | None, _platform: str | None, _first: date, _last: date, _since: date | None = None,
    _currency: str | None = None, /,
) -> None:  # fmt: skip
    """Return None: nothing measures metrics here."""


def names_of(workspace: Workspace) -> dict[str, dict[str, Any]]:
    """Return what markets, campaigns and experiments are called, by their ids, as JSON holds it."""
    campaigns, experiments = workspace.campaigns.values(), workspace.experiments.values()
    return {
        "market": {one.code: valued(one.name).to_json() for one in workspace.brand.markets},
        "campaign": {one.id: valued(one.name).to_json() for one in campaigns},
        "experiment": {one.id: valued(one.title).to_json() for one in experiments},
    }


def _target(state: TargetState) -> dict[str, Any]:
    one, seen = state.target, state.measured
    told = {"low": one.low, "high": one.high, "odds": state.odds, "estimate": seen.estimate, "ci_lower": seen.ci_lower,
            "ci_upper": seen.ci_upper}  # fmt: skip
    return {
        "id": one.id, "metric": one.metric, "name": valued(one.name or one.metric).to_json(), "market": state.market,
        "unit": one.unit, "currency": one.currency, "by": one.by.isoformat() if one.by else None,
        "owner": role(one.owner).to_json() if one.owner else None, "judged": state.judged, "where": state.where, **pack(told),
    }  # fmt: skip


def _decision(one: Decision, entries: Iterable[Entry], measure: Lookup, *, on: date) -> dict[str, Any]:
    told = {
        "id": one.called, "kind": one.kind, "action": valued(one.action).to_json(), "owner": role(one.owner).to_json(),
        "date": one.date.isoformat(), "review": one.review.isoformat() if one.review else None, "play": one.play,
        "markets": list(one.markets), "campaign": one.campaign, "standing": standing(one, on=on), "ended": one.ended,
        "outcome": valued(one.outcome).to_json() if one.outcome else None, "cost": one.cost,
    }  # fmt: skip
    if not to_review(one, on=on):
        return told
    ruled = review(one, evidence_of(one, entries, measure, on=on), better=_better(one))
    seen = ruled.evidence
    numbers = (
        {"change": seen.change.estimate, "change_lower": seen.change.ci_lower, "change_upper": seen.change.ci_upper}
        if seen
        else {}
    )
    how = (
        {
            "strength": seen.strength,
            "unit": seen.unit or (RELATIVE if seen.relative else "number"),
            "source": seen.source,
        }
        if seen
        else {}
    )
    return {**told, "ruling": ruled.ruling, "why": ruled.why, "sized": ruled.sized, **how, **pack(numbers)}


def _better(one: Decision) -> Literal["up", "down"] | None:
    """Return where its metric is to move: as its expected band points; without one, where more of it is good or bad."""
    if one.band is not None or not one.metric:
        return None
    from fanops_utils.metrics.catalogue.registry import known_as, metric

    name = known_as(str(one.metric))
    direction = metric(name).direction if name else "neither"
    return None if direction == "neither" else direction


def evidence_of(one: Decision, entries: Iterable[Entry], measure: Lookup, *, on: date) -> list[Evidence]:
    """Return all that is known of what *one* did: by the experiment or campaign that tests it, and its plain trend.

    The trend is the metric's last 28 days before *on*, none of them before the decision, against its baseline, in its one
    market or in all.
    """
    found = [seen for entry in entries if one.tested_by for seen in _measured(entry, one.tested_by)]
    if one.baseline is not None and _has_trend(one, on=on):
        last = on - timedelta(days=1)
        days, market = (last - timedelta(days=WINDOW - 1), last), next(iter(one.markets), None)
        now = measure(str(one.metric), market, None, *days, one.date)
        if now is not None:
            found.append(trend(one.baseline, now, relative=one.band.relative if one.band else True))
    return found


def _has_trend(one: Decision, *, on: date) -> bool:
    return one.baseline is not None and bool(one.metric) and len(one.markets) < 2 and one.date < on


def _measured(entry: Entry, name: str) -> Iterable[Evidence]:
    parameters = entry.get("parameters") or {}
    kinds: tuple[Strength, ...] = ("experiment", "campaign")
    for strength in kinds:
        if parameters.get(strength) != name:
            continue
        for finding in entry.get("findings") or []:
            if finding.get("id") == "effect" and finding.get("code") in TOLD[strength]:
                yield _of_finding(finding, strength, str(entry.get("slug") or ""))


def _of_finding(finding: Entry, strength: Strength, source: str) -> Evidence:
    numbers = [
        float("nan") if finding.get(key) is None else float(finding[key])
        for key in ("estimate", "ci_lower", "ci_upper")
    ]
    unit = (finding.get("unit") or {}).get("unit") or [None]
    from fanops_utils.metrics.intervals import Interval

    change = Interval(numbers[0], numbers[1], numbers[2], int(finding.get("n") or 0))
    return Evidence(strength=strength, change=change, relative=unit[0] == RELATIVE, source=source, unit=unit[0] or "")
