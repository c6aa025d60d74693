"""The digest of a run: what needs a decision over all reports, one fact one entry, what cannot wait first."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from fanops_utils.playbook.findings import RANK, WORD
from fanops_utils.playbook.plays import REVIEW
from fanops_utils.reports.page.chrome import sayable
from fanops_utils.reports.page.text import slug
from fanops_utils.reports.site.entries import Job
from fanops_utils.text import Day, Listed, Message, Sayable, say, term

# In this order: what burns, what no number may be read from, what was missed, what is due, then what reports ask for.
KINDS = ("crisis", "failed_check", "target", "decision", "alert", "watch", "chance")
KIND_WORD: dict[str, Message] = {
    "crisis": term("crisis", "kind of decision"),
    "failed_check": term("check failed", "kind of decision"),
    "target": term("target missed", "kind of decision"),
    "decision": term("decision due", "kind of decision"),
    "alert": WORD["alert"],
    "watch": WORD["watch"],
    "chance": term("chance", "kind of decision"),
}
SEVERITY = {"crisis": "alert", "failed_check": "alert", "target": "watch", "decision": "watch", "alert": "alert",
            "watch": "watch", "chance": "good"}  # fmt: skip
ENDED: dict[str, Message] = {
    "kept": term("kept", "end of a decision"),
    "changed": term("changed", "end of a decision"),
    "stopped": term("stopped", "end of a decision"),
}
AGAINST = ("change", "stop")  # what is to be changed or stopped is no chance, however well it reads
CRISIS = "crisis"  # findings whose code begins so
Item = dict[str, Any]


def digest(jobs: Iterable[Job], standing: Iterable[Item] = ()) -> list[Item]:
    """Return what needs a decision, one entry a fact, in the order of KINDS, new before old within them.

    *jobs* are those of `entries`, *standing* the items of missed targets and due decisions (`panels`). Findings that
    ask for nothing of their own stand under the heaviest one of their report; the same play, or the same failed check,
    in several markets is one entry with a chip each. An item has kind, severity, title, text, owner, by (ISO day), chips
    (label, name, href, severity), href, new, ids (of its plays), report and more (findings that stand with it).
    """
    registered = list(standing)
    due = any(item["kind"] == "decision" for item in registered)
    items = [item for job in jobs if not job["unfinished"] for item in _of(job, due=due)]
    joined = [_joined(group) for group in _grouped(items, lambda item: (item["kind"], *item["same"]))]
    # What two reports say in the same words is one fact, too.
    joined = [
        _one_of(group)
        for group in _grouped(joined, lambda item: (item["kind"], _told(item["title"]), _told(item["texts"])))
    ]
    return sorted([*joined, *registered], key=lambda item: (KINDS.index(item["kind"]), not item["new"]))


def to_decide(items: Iterable[Item]) -> list[Item]:
    """Return the entries that ask for a decision; chances ask for none."""
    return [item for item in items if item["kind"] != "chance"]


def to_watch(items: Iterable[Item]) -> list[Item]:
    """Return those of the entries that can wait: to be watched, not decided now."""
    return [item for item in items if item["kind"] == "watch"]


def _of(job: Job, *, due: bool) -> list[Item]:
    """Return the entries of one report: each finding that a play answers, and the heaviest that none answers.

    What was decided already is not asked again, and the review of a decision only once: where it is *due* by itself.
    """
    findings = {finding["id"]: finding for finding in job["findings"]}
    answered: dict[str, list[dict[str, Any]]] = {}
    for play in job["plays"]:
        answered.setdefault(str(play.get("because") or ""), []).append(play)
    asked = {because: [play for play in plays if not _settled(play, due=due)] for because, plays in answered.items()}
    items = [_item(job, findings.get(because), plays) for because, plays in asked.items() if plays]
    left = [finding for name, finding in findings.items() if name not in answered and finding["severity"] == "alert"]
    left.sort(key=lambda finding: finding["id"] not in job["new"])
    failed = [check for check in job["checks"] if check.get("status") == "FAIL"]
    heaviest = min(items, key=lambda item: RANK[item["severity"]], default=None)
    if heaviest is None or (left and heaviest["severity"] != "alert"):
        if left:
            heaviest = _item(job, left.pop(0), [])
            items.append(heaviest)
        elif failed:
            heaviest = _check(job, failed.pop(0))
            items.append(heaviest)
    if heaviest is not None:
        heaviest["more"] += len(left)
        if (failed or job["trust"] == "FAIL") and heaviest["kind"] != CRISIS:
            heaviest |= {"kind": "failed_check", "severity": "alert"}
    return items


def _settled(play: Mapping[str, Any], *, due: bool) -> bool:
    """Return whether *play* waits for nobody: it was taken up and is not closed, or asks for a review told elsewhere."""
    taken = play.get("taken")
    return (taken is not None and taken.get("standing") != "reviewed") or (
        due and str(play.get("code") or "").startswith(REVIEW)
    )


def _tried(play: Mapping[str, Any]) -> Message | None:
    """Return what came of *play* when it was taken up before; None where it never was."""
    taken = play.get("taken")
    if not taken or taken.get("standing") != "reviewed":
        return None
    ended = ENDED.get(str(taken.get("ended")))
    if taken.get("outcome"):
        return say("Tried before: {outcome}", outcome=sayable(taken["outcome"]))
    return say("Tried before: {outcome}", outcome=ended) if ended else None


def _item(job: Job, finding: dict[str, Any] | None, plays: Sequence[dict[str, Any]]) -> Item:
    severity = finding["severity"] if finding else "info"
    if severity not in ("alert", "watch") and any(play.get("kind") in AGAINST for play in plays):
        severity = "watch"
    kind = severity if severity in ("alert", "watch") else "chance"
    if finding and severity == "alert" and str(finding.get("code") or "").startswith(CRISIS):
        kind = CRISIS
    first = plays[0] if plays else {}
    told = (finding or {}).get("title") or first.get("action") or ""
    return {
        **_base(job, anchor=f"#finding-{slug(finding['id'])}" if finding else ""),
        "kind": kind,
        "severity": severity if kind != "chance" else "good",
        "title": told,
        "texts": [
            *(play.get("action") for play in plays if play.get("action") and play.get("action") != told),
            *(tried for tried in map(_tried, plays) if tried is not None),
        ],
        "owner": first.get("owner") or "",
        "by": min((str(play["review"]) for play in plays if play.get("review")), default=""),
        "new": finding is not None and finding["id"] in job["new"],
        "ids": [play["id"] for play in plays],
        "same": (
            job["notebook"],
            finding["id"] if finding else "",
            _told([play.get("action") for play in plays] or told),
        ),
    }


def _check(job: Job, check: dict[str, Any]) -> Item:
    name, finding = check.get("name") or check.get("code") or "", check.get("finding") or ""
    return {
        **_base(job, anchor=""),
        "kind": "failed_check",
        "severity": "alert",
        "title": say("{check}: {finding}", check=sayable(name), finding=sayable(finding)),
        "texts": [check["action"]] if check.get("action") else [],
        "owner": "",
        "by": "",
        "new": False,
        "ids": [],
        "same": (job["notebook"], str(check.get("code")), _told(finding)),
    }


def _base(job: Job, *, anchor: str) -> Item:
    href = job["href"] and job["href"] + anchor
    label = job["market"] if job["market"] and not job["subject"] else job["subject"]
    chips = [{"label": label, "name": job["market_name"], "href": href}] if label else []
    return {
        "report": job["title"],
        "topic": job["topic"],
        "href": href,
        "chips": chips,
        "more": 0,
        "trust": job["trust"],
    }


def _grouped(items: Iterable[Item], key: Callable[[Item], tuple[str, ...]]) -> list[list[Item]]:
    groups: dict[tuple[str, ...], list[Item]] = {}
    for item in items:
        groups.setdefault(key(item), []).append(item)
    return list(groups.values())


def _one_of(group: list[Item]) -> Item:
    """Return one entry for what several say in the very same words, with the places of all."""
    first = next((item for item in group if item["new"]), group[0])
    return {
        **first,
        "chips": [chip for item in group for chip in item["chips"]],
        "ids": [name for item in group for name in item["ids"]],
        "more": sum(item["more"] for item in group),
    }


def _joined(group: list[Item]) -> Item:
    """Return several entries on the same thing as one: the worst speaks, the others are named."""
    first = min(group, key=lambda item: (RANK[item["severity"]], not item["new"]))
    chips = [chip | {"severity": item["severity"]} for item in group for chip in item["chips"]]
    return {
        **first,
        "chips": chips,
        "new": any(item["new"] for item in group),
        "ids": [name for item in group for name in item["ids"]],
        "owner": _owners(group),
        "by": min((item["by"] for item in group if item["by"]), default=""),
        "more": sum(item["more"] for item in group),
        # What was measured in one place is not said of the others.
        "at": first["chips"][0]["label"] if len(group) > 1 and first["chips"] else None,
        "several": len(group) > 1,
    }


def _owners(group: Sequence[Item]) -> Any:
    owners = {_told(item["owner"]): item["owner"] for item in group if item["owner"]}
    if len(owners) < 2:
        return next(iter(owners.values()), "")
    return Listed.of(sayable(owner) for owner in owners.values())


def _told(told: Any) -> str:
    """Return what tells two sayings apart, their values with them: only the very same words stand for several markets."""
    return json.dumps(told, sort_keys=True, ensure_ascii=False, default=lambda one: one.to_json())


def lines_of(item: Mapping[str, Any]) -> tuple[Any, list[Any]]:
    """Return what an entry says first and what follows; of several markets, what is the same for all comes first."""
    if item.get("several") and item["texts"] and item.get("at") is not None:
        told = say("{market}: {finding}", market=sayable(item["at"]), finding=sayable(item["title"]))
        return item["texts"][0], [told, *item["texts"][1:]]
    return item["title"], list(item["texts"])


def day(iso: object) -> Sayable | str:
    """Return a day written as ISO as one that is said in the reader's language; empty where it is none."""
    try:
        return Day.of(date.fromisoformat(str(iso)[:10]))
    except ValueError:
        return ""
