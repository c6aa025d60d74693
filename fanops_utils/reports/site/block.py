"""What the index's search and paging draw from: every report and the later decisions, once, in one compact block."""

from __future__ import annotations

import gzip
import json
from base64 import b64encode
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from fanops_utils.reports.page.chrome import spoken
from fanops_utils.reports.page.text import plain, slug
from fanops_utils.reports.site.digest import KINDS, day, lines_of
from fanops_utils.reports.site.entries import Job

LONGEST = 300  # characters of a text in the block


def block(jobs: Iterable[Job], later: Iterable[Mapping[str, Any]], *, language: str) -> str:
    """Return *jobs* (of `entries`) and the *later* decisions (of `digest`) as gzipped JSON in base64.

    `words`: every text once. `reports`: topic, market, status, severity, day, title, label, href, verdict, then findings
    and plays as [text, anchor]; `decisions`: kind, title, texts, who, chips [label, href], href, new, report. Texts are
    places in `words`. Compressed, as much of it is the same words over and over.
    """
    words: dict[str, int] = {}

    def word(told: Any) -> int:
        text = plain(spoken(told, language), LONGEST) if told else ""
        return words.setdefault(text, len(words))

    reports = [_report(job, word) for job in jobs]
    decisions = [_decision(item, word) for item in later]
    told = {"words": list(words), "reports": reports, "decisions": decisions}
    packed = json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode("utf-8")
    return b64encode(gzip.compress(packed, compresslevel=9, mtime=0)).decode("ascii")


def label_of(job: Job) -> Any:
    """Return what tells a report from the others of its notebook, as its chip says it; None where it stands alone."""
    return job["subject"] or job["market"] or None


def _report(job: Job, word: Any) -> list[Any]:
    found = [[word(one.get("title")), slug(one["id"])] for one in job["findings"] if one.get("status") != "no_data"]
    asked = [[word(one.get("action")), slug(str(one.get("because") or ""))] for one in job["plays"]]
    checks = [[word(one.get("finding")), ""] for one in job["checks"]]
    return [
        job["topic"], job["market"] or "", job["status"], job["severity"] or "", str(job["data_as_of"] or ""),
        word(job["title"]), word(label_of(job)), job["href"], word(job["error"] or job["verdict"]), word(job["market_name"]),
        found + asked + checks,
    ]  # fmt: skip


def _decision(item: Mapping[str, Any], word: Any) -> list[Any]:
    title, texts = lines_of(item)
    chips: Sequence[Mapping[str, Any]] = item["chips"]
    return [
        KINDS.index(item["kind"]), word(title), [word(text) for text in texts], word(item["owner"]), word(day(item["by"])),
        [[word(chip["label"]), chip["href"], chip.get("severity") or ""] for chip in chips], item["href"],
        int(item["new"]), word(item["report"]),
    ]  # fmt: skip
