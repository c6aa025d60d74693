"""The history of a plan: a line for every good report ever made, and what changed from one to the next."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import IO, Any

from fanops_utils.errors import PlanError
from fanops_utils.reports.planning.status import FRESH, Outcome

FILE = "history.jsonl"
TO_DECIDE = ("alert", "watch")
WORST = {"alert": 0, "watch": 1, "good": 2, "info": 3}
KEPT = ("id", "title", "label", "severity", "status", "estimate", "ci_lower", "ci_upper", "unit")
KINDS = ("new", "resolved", "metric")
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def changes(now: Mapping[str, Any], before: Mapping[str, Any] | None) -> list[dict[str, Any]]:
    """Return what moved between the conclusions *before* and *now*, findings to decide on first; [] without a before.

    Keys: kind (new: to decide on now, not before; resolved: the other way round; metric: an estimate seen twice), id,
    label, was, now, unit, ci_lower, ci_upper (of now), direction (up, down; same where the former estimate lies within
    the present interval) and severity. A finding without data now is neither resolved nor compared.

    >>> was = {"findings": [{"id": "growth", "title": "Growth", "severity": "info", "estimate": 0.1}]}
    >>> now = {"findings": [{"id": "growth", "title": "Growth", "severity": "alert", "estimate": -0.2}]}
    >>> [(one["kind"], one["direction"]) for one in changes(now, was)]
    [('new', 'down'), ('metric', 'down')]
    """
    if before is None:
        return []
    old = {one["id"]: one for one in before.get("findings") or []}
    new = {one["id"]: one for one in now.get("findings") or []}
    found = []
    for name, one in new.items():
        if one.get("status", "ok") != "ok":
            continue
        was = old.get(name)
        if _asks(one) and not _asks(was):
            found.append(_change("new", one, was))
        if _asks(was) and not _asks(one):
            found.append({**_change("resolved", one, was), "severity": (was or {}).get("severity")})
        if was and _number(was.get("estimate")) and _number(one.get("estimate")):
            found.append(_change("metric", one, was))
    return sorted(found, key=_rank)


def _asks(finding: Mapping[str, Any] | None) -> bool:
    return bool(finding) and finding is not None and finding.get("severity") in TO_DECIDE


def _number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _change(kind: str, one: Mapping[str, Any], was: Mapping[str, Any] | None) -> dict[str, Any]:
    former = (was or {}).get("estimate")
    return {
        "kind": kind, "id": one["id"], "label": one.get("title") or one["id"], "was": former, "now": one.get("estimate"),
        "unit": one.get("unit"), "ci_lower": one.get("ci_lower"), "ci_upper": one.get("ci_upper"),
        "direction": _direction(one, former), "severity": one.get("severity", "info"),
    }  # fmt: skip


def _direction(one: Mapping[str, Any], former: Any) -> str:
    present, low, high = one.get("estimate"), one.get("ci_lower"), one.get("ci_upper")
    if not _number(present) or not _number(former) or present == former:
        return "same"
    if _number(low) and _number(high) and low <= former <= high:
        return "same"
    return "up" if present > former else "down"


def _rank(change: Mapping[str, Any]) -> tuple[int, bool, int]:
    return KINDS.index(change["kind"]), change["direction"] == "same", WORST.get(change["severity"], 3)


def line_of(outcome: Outcome, run_id: str) -> dict[str, Any]:
    """Return what the history keeps of a good report."""
    said = outcome.conclusion or {}
    return {
        "run_id": run_id, "notebook": outcome.job.notebook, "slug": outcome.job.slug,
        "parameters": plain(outcome.job.parameters), "status": outcome.status,
        "started": outcome.started.isoformat(timespec="seconds") if outcome.started else None,
        "verdict": said.get("verdict", ""), "severity": said.get("severity"), "data_as_of": said.get("data_as_of"),
        "findings": [{key: one.get(key) for key in KEPT} for one in said.get("findings", [])],
        "metrics": said.get("metrics", {}),
    }  # fmt: skip


def append(folder: Path, outcomes: Iterable[Outcome], run_id: str) -> None:
    """Append a line for each report of the run that was made afresh to the history in *folder*, once for each.

    A run that was stopped and goes on, or was killed on its last steps, has lines there already: they stay as they are.
    """
    there = {_of_run(one) for one in lines(folder, naming=run_id)}
    fresh = [line_of(one, run_id) for one in outcomes if one.status in FRESH]
    new = [json.dumps(one, ensure_ascii=False) for one in fresh if _of_run(one) not in there]
    if new:
        with (folder / FILE).open("ab+") as file:
            cut = file.tell() > 0 and _last_byte(file) != b"\n"  # by a crash: the next line begins anew
            file.write(("\n" * cut + "".join(f"{line}\n" for line in new)).encode())


def _of_run(line: Mapping[str, Any]) -> tuple[str, ...]:
    return str(line.get("run_id")), str(line.get("notebook")), str(line.get("slug"))


def _last_byte(file: IO[bytes]) -> bytes:
    file.seek(-1, os.SEEK_END)
    return file.read(1)


def read(folder: Path) -> list[dict[str, Any]]:
    """Return the lines of the history in *folder*, oldest first; one cut short by a crash is passed over."""
    return list(lines(folder))


def lines(folder: Path, *, naming: str = "") -> Iterator[dict[str, Any]]:
    """Yield the lines of the history in *folder*, oldest first, one in memory at a time; only those *naming* that text."""
    try:
        with (folder / FILE).open(encoding="utf-8") as file:
            for text in file:
                if naming in text and (line := _parsed(text)):
                    yield line
    except FileNotFoundError:
        return
    except (OSError, UnicodeDecodeError) as error:
        raise PlanError(f"the history cannot be read ({error})", file=folder / FILE) from None


def _parsed(text: str) -> dict[str, Any] | None:
    try:
        line = json.loads(text)
    except ValueError:
        return None
    return line if isinstance(line, dict) else None


def same_job(parameters: Mapping[str, Any], others: Mapping[str, Any]) -> bool:
    """Return whether two sets of parameters are one job's: equal but for their days, which move from run to run."""
    return undated(parameters) == undated(others)


def undated(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Return *parameters* without the days among them.

    >>> undated({"market": "US", "start": date(2026, 1, 2), "end": "2026-02-01"})
    {'market': 'US'}
    """
    return {
        name: value
        for name, value in plain(parameters).items()
        if not (isinstance(value, str) and DAY.fullmatch(value))
    }


def newest(folder: Path) -> dict[str, dict[str, Any]]:
    """Return the newest line of each job in the history in *folder*, by `job_key`: what a run compares with."""
    return {key_of(one): one for one in lines(folder)}


def key_of(entry: Mapping[str, Any]) -> str:
    """Return the `job_key` of what an *entry* of a history or a manifest tells of."""
    return job_key(str(entry.get("notebook")), str(entry.get("slug")), entry.get("parameters") or {})


def job_key(notebook: str, slug: str, parameters: Mapping[str, Any]) -> str:
    """Return what names a job in every run: its days, which move from run to run, are no part of it."""
    return f"{notebook} {slug} {json.dumps(undated(parameters), sort_keys=True, ensure_ascii=False)}"


def plain(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return parameter *values* with dates as ISO text, as JSON holds them."""
    return {name: _plain(value) for name, value in values.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return value.isoformat() if isinstance(value, date | datetime) else value
