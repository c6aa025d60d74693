"""What the registers hold, as it stands on the day of a run: targets, decisions; for the index and its digest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, get_args

from fanops_utils.playbook.plays import role
from fanops_utils.reports.page.changed import in_unit, range_in
from fanops_utils.reports.page.chrome import sayable
from fanops_utils.reports.page.text import clean
from fanops_utils.reports.site.entries import market_name
from fanops_utils.text import Count, Day, Listed, Message, Percent, Sayable, Sentences, Unit, Written, say, say_n, term
from fanops_utils.text.sentences.units import UnitKind

JUDGED: dict[str, Message] = {
    "met": term("met", "of a target"),
    "not_met": term("not met", "of a target"),
    "cannot_tell": term("cannot tell yet", "of a target"),
}
WHERE: dict[str, Message] = {
    "not_measured": term("not measured", "of a target"),
    "not_yet": term("its day has not come", "of a target"),
}
TONE = {"met": "good", "not_met": "alert", "cannot_tell": "watch"}
RULED: dict[str, Message] = {
    "kept": say("Keep it: it does what it was to do"),
    "change": say("Change it: it does less than was expected"),
    "stop": say("Stop it: the number moved the wrong way"),
    "cannot_tell": say("It cannot be told yet whether it worked"),
}
SEEN: dict[str, Message] = {
    "experiment": term("measured by an experiment", "strength of evidence"),
    "campaign": term("against what would have come anyway", "strength of evidence"),
    "trend": term("plain change against before, with everything else that changed in it", "strength of evidence"),
}
STANDING: dict[str, Message] = {
    "open": term("open", "state of a decision"),
    "due": term("due", "state of a decision"),
    "overdue": term("overdue", "state of a decision"),
    "reviewed": term("reviewed", "state of a decision"),
}
END = {"kept": "kept", "change": "changed", "stop": "stopped"}
Row = dict[str, Any]


def target_rows(manifest: Mapping[str, Any]) -> list[Row]:
    """Return the targets of *manifest* as rows: name, owner, by, asked, one state a market, worst and reach (0-1).

    `reach` is how far the number came of what was asked, None where that has no meaning; `odds` the chance to meet it.
    """
    names = clean(manifest.get("names") or {})
    groups: dict[str, list[Row]] = {}
    for state in clean(manifest.get("targets") or []):
        if isinstance(state, dict):
            groups.setdefault(str(state.get("id")), []).append(state)
    return [_target(states, names) for states in groups.values()]


def _target(states: Sequence[Row], names: Mapping[str, Any]) -> Row:
    first = states[0]
    unit = _unit(first.get("unit"), currency=str(first.get("currency") or ""))
    told = [_state(state, unit, names) for state in states]
    judged = [str(state.get("judged")) for state in states]
    worst = next((name for name in ("not_met", "cannot_tell", "met") if name in judged), "cannot_tell")
    low, high = first.get("low"), first.get("high")
    return {
        "id": str(first.get("id")), "name": first.get("name") or first.get("metric") or "", "owner": first.get("owner") or "",
        "by": str(first.get("by") or ""), "asked": _asked(low, high, unit), "states": told, "worst": worst,
        "tone": TONE[worst], "word": JUDGED[worst],
        "alone": len(told) == 1 or all(state["seen"] is None for state in told),
    }  # fmt: skip


def _unit(name: object, *, currency: str = "") -> Unit:
    kind: UnitKind = next((kind for kind in get_args(UnitKind) if kind == name), "number")
    return Unit(kind, currency=currency)


def _state(state: Row, unit: Unit, names: Mapping[str, Any]) -> Row:
    estimate, lower, upper = (state.get(name) for name in ("estimate", "ci_lower", "ci_upper"))
    judged, odds = str(state.get("judged")), state.get("odds")
    asked = state.get("low") if state.get("low") is not None else state.get("high")
    reach = _reach(estimate, asked)
    word: Sayable = JUDGED.get(judged, JUDGED["cannot_tell"])
    if judged == "cannot_tell" and state.get("where") in WHERE:
        word = WHERE[str(state["where"])]
    if isinstance(odds, int | float) and judged == "cannot_tell":
        word = term("open ({chance})", "of a target", chance=Percent(float(odds), 0))
    market = state.get("market")
    return {
        "market": market, "label": market_name(names, market) if market else None, "judged": judged,
        "tone": TONE.get(judged, "watch"), "word": word, "seen": None if estimate is None else in_unit(estimate, unit),
        "interval": range_in(lower, upper, unit), "reach": reach,
    }  # fmt: skip


def _reach(estimate: object, asked: object) -> float | None:
    """Return how far *estimate* came of what was *asked*, 0 to 1; None where a part of it has no meaning."""
    if not isinstance(estimate, int | float) or not isinstance(asked, int | float) or asked <= 0 or estimate < 0:
        return None
    return min(estimate / asked, 1.0)


def _asked(low: object, high: object, unit: Unit) -> Sayable:
    if low is None:
        return term("{value} or less", "target", value=in_unit(high, unit))
    if high is None:
        return term("{value} or more", "target", value=in_unit(low, unit))
    return term("at least {low}; {high} is the ambition", "target", low=in_unit(low, unit), high=in_unit(high, unit))


def decision_rows(manifest: Mapping[str, Any]) -> list[Row]:
    """Return the decisions of *manifest* as rows, overdue first: action, owner, review, state, and what is said of it."""
    order = ("overdue", "due", "open", "reviewed")
    rows = [_decision(one) for one in clean(manifest.get("decisions") or []) if isinstance(one, dict)]
    return sorted(rows, key=lambda row: (order.index(row["standing"]), row["review"]))


def _decision(one: Row) -> Row:
    standing = str(one.get("standing"))
    return {
        "id": str(one.get("id") or ""), "action": one.get("action") or "", "owner": one.get("owner") or "",
        "date": str(one.get("date") or ""), "review": str(one.get("review") or ""),
        "standing": standing if standing in STANDING else "open", "word": STANDING.get(standing, STANDING["open"]),
        "tone": "alert" if standing == "overdue" else "watch" if standing == "due" else "quiet",
        "markets": [str(code) for code in one.get("markets") or []], "ruling": str(one.get("ruling") or ""),
        "ended": str(one.get("ended") or ""), "told": review_told(one), "outcome": one.get("outcome") or "",
    }  # fmt: skip


def review_told(one: Mapping[str, Any]) -> Sayable | None:
    """Return what the review of a decision says, with the change, its interval and how that is known; None before it."""
    ruling = RULED.get(str(one.get("ruling")))
    if ruling is None:
        return None
    form = _unit(one.get("unit"))
    estimate, strength = one.get("change"), SEEN.get(str(one.get("strength")))
    if not isinstance(estimate, int | float) or strength is None:
        return Sentences.of(say("{ruling}.", ruling=ruling), say("Nothing measures it yet."))
    interval = range_in(one.get("change_lower"), one.get("change_upper"), form)
    values = {"change": in_unit(estimate, form), "strength": strength}
    seen = (
        say("{change} ({interval}), {strength}.", interval=interval, **values) if interval is not None
        else say("{change}, {strength}.", **values)
    )  # fmt: skip
    return Sentences.of(say("{ruling}.", ruling=ruling), seen)


def decision_counts(rows: Iterable[Row]) -> Sayable | None:
    """Return how many decisions are open, due, overdue and reviewed, in one sentence; None where there are none."""
    counts = Counter(row["standing"] for row in rows)
    said = [
        term("{n} {state}", "count of decisions", n=counts[name], state=word) for name, word in STANDING.items() if counts[name]
    ]  # fmt: skip
    return say("{counts}.", counts=Listed.of(said)) if said else None


def standing_items(manifest: Mapping[str, Any]) -> list[Row]:
    """Return what the registers add to the digest: targets missed, decisions to be closed; items as `digest` makes them."""
    missed = [_missed(row) for row in target_rows(manifest) if row["worst"] == "not_met"]
    due = [row for row in decision_rows(manifest) if row["standing"] in ("due", "overdue")]
    return [*missed, *(_due(row) for row in due)]


def _missed(row: Row) -> Row:
    short = [state for state in row["states"] if state["judged"] == "not_met"]
    seen = Listed.of(
        state["seen"] if state["label"] is None else say("{market} {value}", market=sayable(state["label"]), value=state["seen"])
        for state in short
    )  # fmt: skip
    return {
        **_plain(row), "kind": "target", "severity": "alert",
        "title": say("{target}: {seen}; asked was {asked}", target=sayable(row["name"]), seen=seen, asked=row["asked"]),
        "texts": [], "by": row["by"], "href": "#targets",
        "chips": [{"label": state["market"], "name": state["label"], "href": "", "severity": "alert"} for state in short
                  if state["market"]],
    }  # fmt: skip


def _due(row: Row) -> Row:
    late = row["standing"] == "overdue"
    action = sayable(row["action"])
    title = (
        say("Review is overdue: “{decision}”", decision=action)
        if late
        else say("Review is due by {day}: “{decision}”", decision=action, day=Day.of(date.fromisoformat(row["review"])))
    )
    close = _close(row) if row["ruling"] else None
    return {
        **_plain(row), "kind": "decision", "severity": "alert" if late else "watch", "title": title,
        "texts": [told for told in (row["told"], close) if told is not None], "by": row["review"], "href": "#decisions-taken",
        "chips": [{"label": code, "name": code, "href": "", "severity": "watch"} for code in row["markets"]],
    }  # fmt: skip


def _close(row: Row) -> Message:
    ended = END.get(row["ruling"])
    # where nothing measures it the outcome is left to whoever closes it
    command = Written(f"fanops decide {row['id']} --ended {ended or 'OUTCOME'}", "en")
    return (
        say("Close it: {command}", command=command)
        if ended
        else say(
            "Give it a later review, or close it with kept, changed or stopped as its OUTCOME: {command}",
            command=command,
        )
    )


def _plain(row: Row) -> Row:
    return {"owner": role(row["owner"]) if isinstance(row["owner"], str) else row["owner"], "new": False, "ids": [], "report": "",
            "topic": "", "more": 0, "trust": None, "at": None, "several": False}  # fmt: skip


def opening(decide: int, reports: int, unfinished: int, *, watch: int = 0) -> Message:
    """Return the index's first sentence: how much is to be decided now or to be watched, and whether every report is in."""
    things: Sayable = (
        say_n("{n} thing to decide", "{n} things to decide", n=decide) if decide else say("Nothing to decide")
    )
    if watch:
        things = say("{things}, {watched} to watch", things=things, watched=Count(watch))
    if unfinished:
        return say_n(
            "{things}; {missing} of {n} report is missing", "{things}; {missing} of {n} reports are missing",
            n=reports, things=things, missing=unfinished,
        )  # fmt: skip
    return say_n("{things}; the one report is in", "{things}; all {n} reports are in", n=reports, things=things)
