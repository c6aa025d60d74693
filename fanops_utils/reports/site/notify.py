"""Notifications: who hears of a run, on what occasion, with the digest as text and the page attached."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fanops_utils.errors import WorkspaceError, suggest
from fanops_utils.reports.planning.plan import Notify, Occasion
from fanops_utils.reports.site.digest_text import as_text
from fanops_utils.text import Listed, Message, Sayable, say, speak, term
from fanops_utils.workspace.text_yaml import read_yaml

BAD = ("failed", "timed_out", "kernel_died", "truncated", "cancelled")
LARGEST = 10_000_000  # bytes; mail servers refuse more


@dataclass(frozen=True)
class Sent:
    """What became of one notification; `problem` is empty where the service took it."""

    to: str
    reasons: tuple[Occasion, ...]
    problem: str = ""


LEVELS: dict[str, Message] = {
    "1": term("level 1", "level of a warning"),
    "2": term("level 2", "level of a warning"),
    "3": term("level 3", "level of a warning"),
    "none": term("no warning", "level of a warning"),
    "dated": term("data too old to watch", "level of a warning"),
    "no_data": term("no data to watch", "level of a warning"),
}
UNKNOWN = "an address of this name is none that Apprise knows"


def addresses_file() -> Path:
    """Return the file of names and addresses: FANOPS_NOTIFY, else `~/.config/fanops/notify.yml`."""
    return Path(os.environ.get("FANOPS_NOTIFY") or Path.home() / ".config" / "fanops" / "notify.yml")


def read_addresses(names: Sequence[str], file: Path) -> dict[str, list[str]]:
    """Return the addresses (Apprise URLs) of *names*; raise WorkspaceError for a name or file that is not there.

    The file lies outside the repository because addresses hold passwords: lines such as
    `team: [mailto://user:password@example.org]`.
    """
    if not file.is_file():
        hint = "Write lines such as team: [mailto://user:password@example.org]; services: Apprise's documentation"
        raise WorkspaceError("the plan notifies somebody, and there is no file of addresses", file=file, hint=hint)
    known = read_yaml(file).data
    if not isinstance(known, dict):
        raise WorkspaceError("addresses are written 'name: [address, …]'", file=file)
    for name in names:
        if name not in known:
            raise WorkspaceError(f"nobody is called '{name}'. {suggest(name, known)}", file=file)
    return {name: list(known[name]) if isinstance(known[name], list) else [str(known[name])] for name in names}


def reasons(manifest: Mapping[str, Any], when: Sequence[Occasion]) -> tuple[Occasion, ...]:
    """Return which of the occasions *when* the run of *manifest* gives.

    failure: a job or a section of it that did not end well, or a file that could not be imported; alert: a verdict or
    finding of that severity; new_alert: one that the last run did not have; level: a watch at another level of
    warning (`levels.changed`, under "levels"); always: every run.
    """
    jobs = manifest["jobs"]
    said = [one for job in jobs for one in (job, *job.get("findings", []))]
    new = [one for job in jobs for one in job.get("changes") or [] if one.get("kind") == "new"]
    refused = (manifest.get("imported") or {}).get("refused")
    given: dict[Occasion, bool] = {
        "failure": bool(refused) or any(job["status"] in BAD or job.get("failed_sections") for job in jobs),
        "alert": any(one.get("severity") == "alert" for one in said),
        "new_alert": any(one.get("severity") == "alert" for one in new),
        "level": bool(manifest.get("levels")),
        "always": True,
    }
    return tuple(occasion for occasion in when if given[occasion])


def notify(manifest: Mapping[str, Any], run_dir: Path, asked: Notify, *, file: Path | None = None) -> list[Sent]:
    """Send the digest of the run in *run_dir* to everybody in *asked* where there is a reason; return what became of it.

    A service that fails is told, never raised, as is a name without an address: the reports are there all the same.
    """
    why = reasons(manifest, asked.when)
    if not why:
        return []
    language = str((manifest.get("languages") or ["en"])[0])
    title = speak(_title(manifest, why), language)
    pages = [page for page in _pages(manifest, run_dir) if page.stat().st_size <= LARGEST]
    text = as_text(manifest, language=language)
    sent = []
    for name in asked.to:
        try:
            urls = read_addresses([name], file or addresses_file())[name]
        except WorkspaceError as error:
            sent.append(Sent(name, why, str(error)))
            continue
        sent.append(Sent(name, why, _send_twice(urls, title, text, pages)))
    return sent


def _title(manifest: Mapping[str, Any], why: Sequence[Occasion]) -> Sayable:
    failed = sum(job["status"] in BAD or bool(job.get("failed_sections")) for job in manifest["jobs"])
    alerts = sum(job.get("severity") == "alert" for job in manifest["jobs"])
    whole = len(manifest["jobs"])
    plan = {"brand": str(manifest["brand"]), "plan": str(manifest["plan"])}
    if why[0] == "failure" and not failed:
        return say("{brand}, {plan}: some files could not be imported", **plan)
    if why[0] == "failure":
        return say("{brand}, {plan}: {failed} of {whole} reports failed", failed=failed, whole=whole, **plan)
    if why[0] == "level":
        return say("{brand}: {changes}", brand=plan["brand"], changes=Listed.of(map(_moved, manifest["levels"])))
    if why[0] == "new_alert":
        return say("{brand}, {plan}: something new needs a decision", **plan)
    if why[0] == "alert" and alerts:
        return say("{brand}, {plan}: reports that need a decision: {alerts}", alerts=alerts, **plan)
    if why[0] == "alert":
        return say("{brand}, {plan}: some reports need a decision", **plan)
    return say("{brand}, {plan}: reports are ready", **plan)


def _moved(change: Mapping[str, Any]) -> Message:
    now, before = LEVELS[change["now"]], LEVELS.get(change.get("was") or "none", LEVELS["none"])
    return term(
        "{market} {now} (before: {before})", "change of a level", market=change["market"], now=now, before=before
    )


def _pages(manifest: Mapping[str, Any], run_dir: Path) -> list[Path]:
    """Return the pages worth attaching: of failed jobs and alerts, and the index where there is none."""
    moved = {one["slug"] for one in manifest.get("levels") or []}
    telling = [job for job in manifest["jobs"] if job["status"] in BAD or job.get("severity") == "alert"]
    telling = [job for job in manifest["jobs"] if job.get("slug") in moved] or telling
    found = [run_dir / job["report"] for job in telling if job.get("report")]
    return [page for page in found[:3] or [run_dir / "index.html"] if page.is_file()]


def _send_twice(urls: Sequence[str], title: str, text: str, pages: Sequence[Path]) -> str:
    """Send to each address, and once more where its service did not take it; return the first problem that stayed."""
    problems = {url: _send([url], title, text, pages) for url in urls}
    again = {url: _send([url], title, text, pages) for url, problem in problems.items() if problem not in ("", UNKNOWN)}
    return next((problem for problem in {**problems, **again}.values() if problem), "")


def _send(urls: Sequence[str], title: str, text: str, pages: Sequence[Path]) -> str:
    """Send through Apprise; return what went wrong, without the address: it may hold a password."""
    import apprise  # here because it is slow to import and seldom needed

    sender = apprise.Apprise()
    if not all(sender.add(url) for url in urls):
        return UNKNOWN
    attached = apprise.AppriseAttachment([str(page) for page in pages]) if pages else None
    with apprise.LogCapture(level=apprise.logging.WARNING) as log:
        taken = sender.notify(body=text, title=title, body_format=apprise.NotifyFormat.TEXT, attach=attached)
        told = log.getvalue().strip().splitlines()
    if taken:
        return ""
    reason = told[-1].split(" - ")[-1] if told else "no reason given"
    return f"the service did not take it: {_without(urls, reason)}"


def _without(urls: Sequence[str], text: str) -> str:
    for url in urls:
        for part in (url, *url.replace("://", ":").replace("@", ":").replace("/", ":").split(":")):
            text = text.replace(part, "…") if len(part) > 5 else text
    return text[:300]
