"""A language that wraps every translation in ⟦…⟧: what stands outside of them has not passed the catalogue."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import nbformat
import pandas as pd
import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po
from bs4 import BeautifulSoup, NavigableString, Tag
from bs4.element import Comment, Doctype
from conftest import ROOT
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from fanops_utils import charts
from fanops_utils.charts.words import Words
from fanops_utils.playbook import Check, Finding, Play, PlayList, Result, Section, TrustPanel, facts
from fanops_utils.reports.page.chrome import STATUS_WORD, UNFINISHED
from fanops_utils.reports.page.render import Page, render_report
from fanops_utils.reports.planning.plan import Job
from fanops_utils.reports.planning.status import Outcome
from fanops_utils.reports.reuse.history import changes
from fanops_utils.reports.reuse.manifest import entry_of
from fanops_utils.reports.site.digest_text import as_text
from fanops_utils.reports.site.pages import render_index, render_overview, render_pointer
from fanops_utils.text import (
    Count,
    Listed,
    Message,
    Money,
    Percent,
    Period,
    Sentences,
    Signed,
    Span,
    Unit,
    Written,
    catalogue,
    say,
    say_n,
    speech,
    term,
)  # fmt: skip
from fanops_utils.text.collect import collect, messages_of
from fanops_utils.text.narrative import narrated, passages
from fanops_utils.text.speech import SHOWN

pytestmark = pytest.mark.filterwarnings("ignore:Glyph")
PSEUDO = "de"  # any language Babel knows
OPEN, CLOSE = "⟦", "⟧"
# Names and values of the notebook below, of its register and of its run: nobody translates them.
WRITTEN = {"AMER", "research/tiny", "brand", "weekly", "2026-11-22T0600-weekly", "Leaf & Kettle", "UTC", "MB", "November",
           "US", "market = AMER", "In [1]", "growth"}  # fmt: skip
EXEMPT = "pre, code, .console, .language, [data-market].num, .chip"
ATTRIBUTES = ("aria-label", "title", "alt", "placeholder", "data-label", "data-words")
NARRATIVE = ("# Is it so?", "**Who decides:** the lead.", "## Can it be trusted?", "## Does it grow?", "### By format",
             "Counted per week.",
             "## Limits", "- Stories are not in it.", "## Plays", "## Definitions", "A fan is somebody.")  # fmt: skip


@pytest.fixture
def pseudo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Ship the pseudo-language alone, with every message of the repository and of this file."""
    made, whole = Catalog(locale=PSEUDO), collect(ROOT)
    for _, text, context in messages_of(Path(__file__)):
        whole.add(text, context=context)
    for line in NARRATIVE:
        for passage in passages(line):
            whole.add(passage.text)
    for entry in whole:
        if entry.id:
            texts = entry.id if isinstance(entry.id, tuple | list) else (entry.id,)
            told = tuple(f"{OPEN}{text}{CLOSE}" for text in texts)
            made.add(entry.id, told if len(told) > 1 else told[0], context=entry.context)
    folder = tmp_path / "catalogues"
    folder.mkdir()
    with (folder / f"{PSEUDO}.po").open("wb") as file:
        write_po(file, made)
    caches = (catalogue.languages, catalogue.translations, speech.speaker, narrated)
    monkeypatch.setattr(catalogue, "FOLDER", folder)
    monkeypatch.setenv(SHOWN, f"{PSEUDO}")
    for kept in caches:
        kept.cache_clear()
    yield PSEUDO
    monkeypatch.undo()
    for kept in caches:
        kept.cache_clear()


def trust() -> TrustPanel:
    return TrustPanel.of(
        Check(code="time", name=term("Times", "a check"), status="PASS", finding=say("all are proved")),
        Check(code="gap", name=term("Gaps", "a check"), status="REVIEW",
              finding=say_n("{n} day is missing", "{n} days are missing", n=9), action=say("Export it again")),
        Check(code="few", name=term("Posts", "a check"), status="FAIL", finding=say("too few"), action=say("Wait")),
    )  # fmt: skip


def growth() -> Section:
    unit = Unit("change", term("per 28 days", "a unit"))
    answer = Finding(
        id="growth", title=say("The audience grows by {change}", change=Signed(0.02)), severity="alert", estimate=0.02,
        text=Sentences.of(say("It grew in {n} weeks.", n=9), None, say("{span}.", span=Span.of(0.01, 0.03, form=Signed))),
        ci_lower=0.01, ci_upper=0.03, unit=unit, n=9,
        method=say("Mean of {list}.", list=Listed.of([term("weeks", "a test"), term("days", "a test")])),
    )  # fmt: skip
    frame = pd.DataFrame({
        "format": [term("Reels", "a format"), term("Stories", "a format")], "estimate": [0.2, 0.1], "ci_lower": [0.1, 0.05],
        "ci_upper": [0.3, 0.2], "n": [120, 52], "day": [date(2026, 3, 9), date(2026, 3, 10)],
    })  # fmt: skip
    words = Words(title=say("Reels reach further"), subtitle=say("share, by format"), axis=say("Share of fans reached"),
                  alt=say("Reels 20%, stories 10%"), caption=say("Source: export, n = {n}", n=172))  # fmt: skip
    chart = charts.intervals(frame, label="format", words=words, reference=0.15, reference_label=say("expected"))
    heads = {"format": term("Format", "a column"), "n": term("Posts", "a column"), "day": term("Day", "a column"),
             "cost": term("Cost", "a column")}  # fmt: skip
    table = charts.table(
        frame.assign(cost=[0.5, 1200.0]),
        columns=heads,
        caption=say("Per format"),
        formats={"cost": lambda value: Money(value, "USD")},
    )
    nothing = Finding.nothing("tone", say("no mentions"))
    return Section.of(answer, chart, table, nothing)


def notebook() -> nbformat.NotebookNode:
    plays = (
        Play(action=say("Post more"), metric=say("Growth"), expected=say("up to {share}", share=Percent(0.2)), owner="market lead",
             review=date(2026, 12, 1), because="growth"),
    )  # fmt: skip
    result = Result(
        say("Post more: it grows."), "alert", trust=trust(), findings=growth().findings, plays=plays, market="AMER",
        facts=facts(market="AMER", period=Period.of(date(2026, 3, 1), None), members=Count(1240), data_as_of=date(2026, 11, 20)),
        data_as_of=date(2026, 11, 20),
    )  # fmt: skip

    def code(source: str, *shown: Any) -> nbformat.NotebookNode:
        outputs = [new_output("display_data", data=part._repr_mimebundle_()) for part in shown]
        return new_code_cell(source, outputs=outputs, execution_count=1)

    title, who, trusted, grows, by_format, counted, limits, none_of, found, defined, fan = NARRATIVE

    def told(*lines: str, tag: str = "") -> nbformat.NotebookNode:
        return new_markdown_cell("\n\n".join(lines), metadata={"tags": [tag] if tag else []})

    return new_notebook(cells=[
        told(title, who, tag="question"), told(trusted, tag="trust"), code("trust", trust()),
        told(grows, by_format, counted), code("growth", growth()), told(limits, none_of, tag="limits"),
        told(found, tag="plays"), code("plays", PlayList(plays)), told(defined, fan, tag="definitions"), code("result", result),
    ])  # fmt: skip


def page(status: str = "succeeded") -> Page:
    names = {PSEUDO: "tiny.html"}
    error = say("Cell {cell} failed: {error}", cell=3, error=Written("", "en")) if status == "failed" else None
    return Page(
        "research/tiny", {"market": "AMER"}, status, "2026-11-22T0600-weekly", "brand", datetime(2026, 11, 22, 6, tzinfo=UTC), 74.2,
        error=error, provenance={}, pages=names, home=names,
    )  # fmt: skip


def entry(status: str = "succeeded", market: str = "AMER") -> dict[str, Any]:
    told = next(cell.outputs[-1].data for cell in reversed(notebook().cells) if cell.get("outputs"))
    conclusion = next(value for kind, value in told.items() if "result" in kind)
    before = {"findings": [{**finding, "severity": "good", "estimate": 0.5} for finding in conclusion["findings"]]}
    job = Job("research/tiny", Path("tiny.ipynb"), {"market": market, "workspace": "brand"}, "tiny")
    good = status not in UNFINISHED
    outcome = Outcome(
        job, status, 74.2, conclusion=conclusion if good else None, title=Message("Is it so?"), topic="market",  # type: ignore[arg-type]
        peak_memory=412_000_000,
        report="tiny.html", changes=tuple(changes(conclusion, before)), started=datetime(2026, 11, 22, tzinfo=UTC),
    )  # fmt: skip
    return {**entry_of(outcome), "market": market}


def manifest() -> dict[str, Any]:
    jobs = [entry(status) for status in STATUS_WORD] + [entry(market="US")]
    return {
        "run_id": "2026-11-22T0600-weekly", "workspace": "brand", "plan": "weekly", "brand": "Leaf & Kettle",
        "started": "2026-11-22T06:00:00+00:00", "finished": "2026-11-22T06:04:10+00:00", "status": "failed", "jobs": jobs,
    }  # fmt: skip


def bare(text: str) -> str:
    """Return what of *text* is for nobody to translate left out: names, numbers, marks."""
    for name in sorted(WRITTEN, key=len, reverse=True):
        text = text.replace(name, "")
    return text


def unsaid(html: str) -> list[str]:
    """Return the texts of a page, visible or read out, that stand outside ⟦⟧ and hold letters."""
    soup = BeautifulSoup(html, "html.parser")
    for hidden in soup.select("script, style"):
        hidden.decompose()
    exempt = {id(one) for one in soup.select(EXEMPT)}
    found, depth = [], 0
    for node in soup.descendants:
        if isinstance(node, Tag):
            found += [text for name in ATTRIBUTES if name in node.attrs for text in _texts(name, str(node[name]))
                      if _outside(text)[0]]  # fmt: skip
        elif isinstance(node, NavigableString) and not isinstance(node, Comment | Doctype):
            text, depth = _outside(str(node), depth)
            if (
                text
                and not any(id(parent) in exempt for parent in node.parents)
                and not node.find_parent("dt", lang="en")
            ):
                found.append(str(node))
    assert depth == 0
    return found


def _texts(name: str, value: str) -> list[str]:
    """Return what an attribute says; `data-words` holds what the script says, by its codes."""
    if name != "data-words":
        return [value]
    told = [json.loads(value)]
    for one in told:  # grows while it is read
        told += one.values() if isinstance(one, dict) else one if isinstance(one, list) else []
    return [one for one in told if isinstance(one, str) and not re.fullmatch("[a-z_]+", one)]  # codes are not said


def _outside(text: str, depth: int = 0) -> tuple[str, int]:
    out = []
    for char in text:
        depth += (char == OPEN) - (char == CLOSE)
        out.append(char if depth == 0 and char != CLOSE else "")
    left = bare("".join(out))
    return (left if re.search(r"[^\W\d_]", left) else ""), depth


@pytest.mark.parametrize("status", ["succeeded", "no_data", *UNFINISHED])
def test_nothing_on_a_report_has_passed_by_the_catalogue(pseudo: str, status: str) -> None:
    executed = notebook()
    if status == "failed":
        executed.cells[4].outputs = [
            new_output("error", ename="KeyError", evalue="'reach'", traceback=["KeyError: 'reach'"])
        ]
    moved = entry()["changes"]
    assert {change["kind"] for change in moved} == {"new", "metric"}
    html = render_report(executed, page(status), language=pseudo, changes=moved)
    assert unsaid(html) == []
    assert html.count(OPEN) > 20


def test_nothing_on_an_index_has_passed_by_the_catalogue(pseudo: str) -> None:
    runs = [
        {"run_id": "b", "started": "2026-11-22T06:00:00+00:00", "counts": {"succeeded": 2}, "href": "", "current": True},
        {"run_id": "a", "started": "2026-11-15T06:00:00+00:00", "counts": {"cached": 1, "failed": 1}, "href": "../a/index.html"},
    ]  # fmt: skip
    html = render_index(
        manifest(), language=pseudo, runs=runs, latest="../latest/index.html", overview="../../index.html"
    )
    assert unsaid(html) == []
    assert unsaid(render_index({**manifest(), "jobs": []}, language=pseudo)) == []
    plan = {
        "workspace": "brand",
        "brand": "Leaf & Kettle",
        "plan": "weekly",
        "severities": {"alert": 1},
        "href": "a",
        "runs": runs,
    }
    assert unsaid(render_overview([plan], language=pseudo)) == unsaid(render_overview([], language=pseudo)) == []
    assert unsaid(render_pointer("../a/index.html", language=pseudo)) == []


def test_nothing_of_a_digest_has_passed_by_the_catalogue(pseudo: str) -> None:
    lines = as_text(manifest(), language=pseudo).splitlines()
    assert [line for line in lines if _outside(line.removesuffix("…"))[0]] == []


def tags(cell: nbformat.NotebookNode) -> list[str]:
    return list(cell.metadata.get("tags", []))


def test_english_that_has_not_passed_is_seen(pseudo: str) -> None:
    executed = notebook()
    first = next(
        place
        for place, cell in enumerate(executed.cells)
        if cell.source.startswith("## ") and "trust" not in tags(cell)
    )
    executed.cells.insert(first + 1, new_markdown_cell("Nobody translated this."))
    html = new_output("display_data", data={"text/html": "<p>Made by hand</p>"})
    executed.cells.insert(first + 1, new_code_cell("1", outputs=[html], execution_count=1))
    assert set(unsaid(render_report(executed, page(), language=pseudo))) == {"Made by hand", "Nobody translated this."}
    strange = replace(page(), parameters={"market": "AMER", "note": "left in English"})
    assert "left in English" in unsaid(render_report(notebook(), strange, language=pseudo))
