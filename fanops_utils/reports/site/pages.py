"""The pages around the reports: the index of a run, the overview of all plans, the pointer to the newest run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from types import MappingProxyType
from typing import Any

from jinja2 import Environment, FileSystemLoader

from fanops_utils.playbook.findings import ICON, WORD
from fanops_utils.playbook.topics import TOPICS
from fanops_utils.reports.page import chrome
from fanops_utils.reports.page.text import clean, language_attribute, link, tidy
from fanops_utils.reports.site.across import across_markets
from fanops_utils.reports.site.block import block, label_of
from fanops_utils.reports.site.digest import KIND_WORD, KINDS, SEVERITY, day, digest, lines_of, to_decide, to_watch
from fanops_utils.reports.site.digest_text import status_word
from fanops_utils.reports.site.entries import entries, topics
from fanops_utils.reports.site.panels import decision_counts, decision_rows, opening, standing_items, target_rows
from fanops_utils.reports.site.sources import source_notes
from fanops_utils.text import Sayable, Written, say, speak, term

FOLD_AFTER, FOLD_LATEST = 12, 30  # entries: of what is to be watched, of what is to be decided


def render_index(
    manifest: Mapping[str, Any],
    *,
    language: str = "en",
    pages: Mapping[str, str] = MappingProxyType({}),
    runs: Sequence[Mapping[str, Any]] = (),
    latest: str = "",
    overview: str = "",
    metrics: str = "",
) -> str:
    """Return the index page of the run that *manifest* describes; its links are relative to the page.

    *runs* are the last runs of the plan, each with run_id, started, counts (by status) and href; *latest* links to the
    newest run, *overview* to the page over all plans, *metrics* to that of the metrics; *pages* are the index's own names
    by language. Raises ParameterError for a language there is no catalogue of.
    """
    frame = chrome.frame(language, scripts=("page.js", "site.js"), styles=("page.css", "site.css"))
    run = clean({name: manifest.get(name) for name in ("brand", "plan", "run_id", "workspace", "started")})
    jobs = entries(manifest, language)
    finished = [job for job in jobs if not job["unfinished"]]
    items = digest(jobs, standing_items(manifest))
    decide, chances = to_decide(items), [item for item in items if item["kind"] == "chance"]
    watched = len(to_watch(items))
    shown = min(max(FOLD_AFTER, len(decide) - watched), FOLD_LATEST)
    decisions = decision_rows(manifest)
    return _page(
        "site.html.j2",
        frame=frame,
        run=run,
        data_to=max((str(job["data_as_of"]) for job in jobs if job["data_as_of"]), default=""),
        started=_moment(run.get("started")),
        sources=source_notes(manifest),
        headline=opening(len(decide) - watched, len(jobs), len(jobs) - len(finished), watch=watched) if jobs else None,
        counts=Counter(job["status"] for job in jobs).most_common(),
        unfinished_names=chrome.UNFINISHED,
        kind_word=KIND_WORD,
        lines_of=lines_of,
        digest=decide[:shown],
        later=len(decide) - shown,
        chances=len(chances),
        block=block(jobs, [*decide[shown:], *chances], language=language) if jobs else "",
        told=_told(language),
        targets=target_rows(manifest),
        decisions=[row for row in decisions if row["standing"] == "open"],  # what is due stands beside them already
        taken=decision_counts(decisions),
        across=across_markets(finished),
        unfinished=[job for job in jobs if job["unfinished"]],
        groups=_groups(finished),
        reported=bool(jobs),
        label_of=label_of,
        markets=_markets(jobs, language),
        topics=[(topic, topic_word(topic)) for topic in topics(jobs)],
        statuses=[(name, status_word(name)) for name, _ in _options(job["status"] for job in jobs)],
        severities=list(WORD.items()),
        runs=[_run(one) for one in runs],
        latest=link(latest),
        overview=link(overview),
        metrics=link(metrics),
        switches=chrome.switches(dict(pages), language),
    )


def _groups(jobs: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the topics of *jobs* with their notebooks, each with its reports in the order of the run."""
    listed = []
    for topic in topics(jobs):  # type: ignore[arg-type]
        notebooks: dict[str, list[Mapping[str, Any]]] = {}
        for job in jobs:
            if job["topic"] == topic:
                notebooks.setdefault(job["notebook"], []).append(job)
        listed.append({"word": topic_word(topic), "rows": list(notebooks.values())})
    return listed


def _markets(jobs: Sequence[Mapping[str, Any]], language: str) -> list[tuple[str, str]]:
    named = {job["market"]: chrome.spoken(job["market_name"], language) for job in jobs if job["market"]}
    return sorted(named.items(), key=lambda pair: pair[1])


def _told(language: str) -> dict[str, Any]:
    """Return the words that the page's script puts together."""
    icons: dict[str, str] = dict(ICON)  # type: ignore[arg-type]
    open_places = {name: Written("{" + name + "}") for name in ("shown", "total")}
    return {
        "counted": speak(say("{shown} of {total} reports shown", **open_places), language),
        "kinds": [speak(KIND_WORD[name], language) for name in KINDS],
        "icons": [icons[SEVERITY[name]] for name in KINDS],
        "levels": [SEVERITY[name] for name in KINDS],
        "status": {name: speak(word, language) for name, word in chrome.STATUS_WORD.items()},
        "severity": {name: speak(word, language) for name, word in WORD.items()},
        "severityIcon": ICON,
        "new": speak(term("new", "of a finding"), language),
    }


def render_overview(
    plans: Sequence[Mapping[str, Any]], *, language: str = "en", pages: Mapping[str, str] = MappingProxyType({})
) -> str:
    """Return the page over the newest runs of all *plans*, each with workspace, brand, plan, href, severities and runs.

    `runs` are those of `render_index`, newest first. Raises ParameterError for a language there is no catalogue of.
    """
    frame = chrome.frame(language, scripts=("page.js",), styles=("page.css", "site.css"))
    shown = [
        {**clean({name: plan.get(name) for name in ("workspace", "brand", "plan", "severities", "started")}),
         "href": link(str(plan["href"])), "runs": [_run(run) for run in plan["runs"]]}
        for plan in plans
    ]  # fmt: skip
    return _page("overview.html.j2", frame=frame, plans=shown, unfinished_names=chrome.UNFINISHED,
                 switches=chrome.switches(dict(pages), language))  # fmt: skip


def render_pointer(target: str, *, language: str = "en") -> str:
    """Return a page that leads on to *target*, a relative path, with or without JavaScript, also as a file."""
    frame = chrome.frame(language, scripts=("pointer.js",), styles=("page.css",))
    return _page("pointer.html.j2", frame=frame, target=link(target))


def _run(run: Mapping[str, Any]) -> dict[str, Any]:
    counts = clean(dict(run.get("counts") or {}))
    return {
        "run_id": clean(run.get("run_id") or ""),
        "started": _moment(run.get("started")),
        "href": link(str(run.get("href") or "")),
        "current": bool(run.get("current")),
        "counts": counts,
        "bad": sum(count for status, count in counts.items() if status in chrome.UNFINISHED),
        "total": sum(counts.values()),
    }


def prepare() -> None:
    """Compile the templates that a run's last pages would wait for."""
    for template in ("site.html.j2", "overview.html.j2", "pointer.html.j2"):
        _environment().get_template(template)


def _page(template: str, **values: Any) -> str:
    return tidy(_environment().get_template(template).render(**values))


@cache
def _environment() -> Environment:
    environment = Environment(loader=FileSystemLoader(chrome.TEMPLATES / "fanops"), autoescape=True)
    environment.filters |= {"lang": language_attribute, "said": chrome.said, "spoken": chrome.spoken, "day": day}
    return environment


def _moment(stamp: object) -> str:
    """Return an ISO time stamp to the minute."""
    return str(clean(stamp) or "")[:16].replace("T", " ")


def topic_word(name: str) -> Sayable:
    """Return the word for the topic *name*; as it is written where it is not declared."""
    return TOPICS.get(name) or (Written(name) if name else term("Other", "topic"))


def _options(values: Iterable[str | None]) -> list[tuple[str, str]]:
    return [(value, value) for value in sorted({value for value in values if value})]
