"""Levels of warning: what each watch of a run found, and where that is another level than readers were told last."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from fanops_utils.reports.reuse.files import write_text

FILE = "levels.json"  # in the folder of a plan: the level of each watch that readers were told last
STATUS = "status"  # the finding of a watch that carries its level
CRISIS = "crisis_"  # its code, with the level behind it: 1 is worst
CALM, BLIND, EMPTY = "none", "dated", "no_data"  # no warning; data too old to tell; no data at all


@dataclass(frozen=True)
class Change:
    """A watch whose level is another one: its slug, market, the level before (None: first seen) and now."""

    slug: str
    market: str
    was: str | None
    now: str


def level_of(findings: Iterable[Mapping[str, Any]]) -> str | None:
    """Return the level that the *findings* of a report tell: "1" to "3", none, dated (too old), no_data; None: it tells none.

    An alarm whose counts are usual again asks for nothing more: none.

    >>> level_of([{"id": "status", "code": "crisis_2", "severity": "alert"}])
    '2'
    >>> level_of([{"id": "status", "code": "crisis_2", "severity": "watch"}])
    'none'
    """
    told = next((one for one in findings if one.get("id") == STATUS and one.get("status", "ok") != "failed"), None)
    code = str((told or {}).get("code") or "")
    if told is None or not (code.startswith(CRISIS) or code in ("quiet", BLIND, EMPTY)):
        return None
    if code in (BLIND, EMPTY):
        return code
    level = code.removeprefix(CRISIS)
    over = level in ("1", "2") and told.get("severity") != "alert"
    return CALM if code == "quiet" or over else level


def levels_of(manifest: Mapping[str, Any]) -> dict[str, tuple[str, str]]:
    """Return the level and market of each watch in the run of *manifest*, by slug; those that tell none are left out."""
    found = {
        job["slug"]: (level_of(job.get("findings") or []), str(job.get("market") or "")) for job in manifest["jobs"]
    }
    return {slug: (level, market) for slug, (level, market) in found.items() if level is not None}


def changed(manifest: Mapping[str, Any], known: Mapping[str, str]) -> list[Change]:
    """Return the watches of *manifest* that are at another level than *known*, the worst first; calm at first is no news."""
    found = [
        Change(slug, market, known.get(slug), level)
        for slug, (level, market) in levels_of(manifest).items()
        if level != known.get(slug, CALM)
    ]
    return sorted(found, key=lambda one: (one.now, one.slug))  # digits come before words


def read_levels(folder: Path) -> dict[str, str]:
    """Return the levels that readers of the plan in *folder* were told last; {} where none were, or none can be read."""
    try:
        found = json.loads((folder / FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return {str(slug): str(level) for slug, level in found.items()} if isinstance(found, dict) else {}


def keep_levels(folder: Path, manifest: Mapping[str, Any], known: Mapping[str, str]) -> None:
    """Keep that readers were told the levels of *manifest*; a watch that failed keeps its *known* one."""
    now = {**known, **{slug: level for slug, (level, _) in levels_of(manifest).items()}}
    if now != known:
        write_text(folder / FILE, json.dumps(now, indent=1, sort_keys=True))


def as_json(changes: Iterable[Change]) -> list[dict[str, Any]]:
    """Return *changes* as the manifest and `--json` hold them."""
    return [asdict(one) for one in changes]
