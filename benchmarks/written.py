"""The page of the benchmarks: the goals, the machine, and a section per benchmark; one file, light and dark, wide and narrow."""

from __future__ import annotations

import importlib.metadata
import os
import platform
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import peers
from goals import GOALS
from markupsafe import Markup
from record import Drawing, Table

if TYPE_CHECKING:
    from page import Ran

VERSIONS = (
    "pandas",
    "numpy",
    "duckdb",
    "ibis-framework",
    "pyarrow",
    "matplotlib",
    "papermill",
    "nbconvert",
    "playwright",
)
MARKS = {"met": "good", "not met": "alert"}
STYLE = Path(__file__).with_name("page.css")
PAGE = Markup("""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark"><title>Benchmarks</title>
<style>{style}</style></head>
<body><main>
<h1>Benchmarks</h1>
{body}
</main></body></html>
""")


def page(ran: Sequence[Ran], *, full: bool) -> str:
    """Return the page of what *ran*, in the quick or the *full* form."""
    sections = [_section(one) for one in ran]
    style = Markup(STYLE.read_text(encoding="utf-8"))  # noqa: S704  (our own file)
    return str(PAGE.format(style=style, body=Markup("\n").join([_summary(ran, full=full), _machine(), *sections])))


def _summary(ran: Sequence[Ran], *, full: bool) -> Markup:
    figures = {name: value for one in ran if one.record for name, value in one.record.figures.items()}
    standing = [(goal.title, *goal.standing(figures)) for goal in GOALS]
    met = sum(end == "met" for *_, end in standing)
    missed = sum(end == "not met" for *_, end in standing)
    failed = [one.title for one in ran if one.failure]
    said = f"{met} of {met + missed} goals measured are met."
    said += f" Failed: {', '.join(failed)}." if failed else ""
    form = "Full sizes." if full else "Quick sizes; make bench FULL=1 has the large ones."
    lines = Markup("").join(
        Markup('<tr><th scope="row">{}</th><td>{}</td><td>{} <b class="{}">{}</b></td></tr>').format(
            title, wanted, value, MARKS.get(end, "quiet"), end
        )
        for title, wanted, value, end in standing
    )
    return Markup(
        '<p class="answer">{}</p><p class="small">{} {}</p><table class="goals"><caption>Goals</caption><thead><tr>'
        '<th scope="col">what</th><th scope="col">wanted</th><th scope="col">measured</th></tr></thead>'
        "<tbody>{}</tbody></table>"
    ).format(said, form, f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC.", lines)


def _machine() -> Markup:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    own = {"Python": platform.python_version()} | {name: importlib.metadata.version(name) for name in VERSIONS}
    system = f"{platform.machine()}, {platform.system()} {platform.release()}"
    said = {
        "machine": f"{os.cpu_count()} cores, {memory:.0f} GB of memory, {system}",
        "processor": _processor(),
        "this project": ", ".join(f"{name} {version}" for name, version in own.items()),
        "the peers": ", ".join(f"{name} {version}" for name, version in peers.versions().items()) or peers.ABSENT,
    }
    rows = (Markup("<dt>{}</dt><dd>{}</dd>").format(name, value) for name, value in said.items())
    return Markup("<h2>Machine and versions</h2><dl>{}</dl>").format(Markup("").join(rows))


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    lines = info.read_text(encoding="utf-8").splitlines() if info.is_file() else []
    return next(
        (line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), platform.processor()
    )


def _section(ran: Ran) -> Markup:
    parts = [
        Markup("<h2>{}</h2>").format(ran.title),
        Markup(
            '<p class="small"><code>{}</code>, {:.0f} s. Load of the machine before {:.1f}, after {:.1f}.</p>'
        ).format(ran.command, ran.seconds, *ran.load),
    ]
    if ran.failure:
        parts.append(Markup('<p class="alert"><b>Failed.</b></p><pre>{}</pre>').format(ran.failure))
    if ran.record:
        parts += [_table(table) for table in ran.record.tables]
        parts += [Markup("<p>{}</p>").format(note) for note in ran.record.notes]
        drawings = [_drawing(drawing) for drawing in ran.record.drawings]
        parts += [Markup('<div class="drawings">{}</div>').format(Markup("").join(drawings))] if drawings else []
    return Markup("<section>{}</section>").format(Markup("\n").join(parts))


def _table(table: Table) -> Markup:
    head = Markup("").join(
        Markup('<th scope="col"{}>{}</th>').format(Markup(' class="number"') if place else "", cell)
        for place, cell in enumerate(table.head)
    )
    lines = Markup("").join(
        Markup('<tr><th scope="row">{}</th>{}</tr>').format(
            line[0], Markup("").join(Markup('<td class="number">{}</td>').format(cell) for cell in line[1:])
        )
        for line in table.lines
    )
    caption = Markup("<caption>{}</caption>").format(table.caption) if table.caption else ""
    return Markup(
        '<div class="table" tabindex="0"><table>{}<thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>'
    ).format(caption, head, lines)


def _drawing(drawing: Drawing) -> Markup:
    inner = Markup(drawing.html)  # noqa: S704  (drawn by the project's own charts)
    return Markup('<div role="img" aria-label="{}">{}</div>').format(drawing.alt, inner)
