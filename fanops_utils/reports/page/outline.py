"""The outline of an executed notebook: its cells as sections, in the order in which a reader needs them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass, field
from itertools import chain, count
from typing import Any, NamedTuple

from markupsafe import Markup
from nbformat import NotebookNode

from fanops_utils.reports.page import sanitise
from fanops_utils.reports.page.chrome import said
from fanops_utils.reports.page.outputs import Block, read_output
from fanops_utils.reports.page.text import clean, plain, short_paths, slug
from fanops_utils.text import faults
from fanops_utils.text.narrative import told

ERROR_TAG = "papermill-error-cell-tag"
ORDER = ("intro", "trust", "", "plays", "limits", "definitions")
TAGS = ("trust", "plays", "limits", "definitions")
RESERVED_IDS = ("main", "files", "provenance", "stopped", "changed", "switch-code", "switch-theme")
TRACEBACK_LINES = 15


@dataclass
class Section:
    """The blocks under one H2; the first finding among them titles it. `question` is as the notebook writes it.

    `told`: the verdict of the page has said its reading already; `titled`: the page's title is its title.
    """

    question: str
    slug: str
    kind: str = ""
    blocks: list[Block] = field(default_factory=list)
    told: bool = False
    titled: bool = False

    @property
    def finding(self) -> dict[str, Any] | None:
        return next((block.value for block in self.blocks if block.kind == "finding"), None)

    @property
    def code(self) -> list[Block]:
        return [block for block in self.blocks if block.kind == "code"]

    @property
    def content(self) -> list[Block]:
        return [block for block in self.blocks if block.kind != "code"]

    @property
    def drawn(self) -> list[Block]:
        """The charts and tables: what stands beside the words where there is room."""
        return [block for block in self.blocks if block.kind in ("chart", "table")]

    @property
    def charts(self) -> int:
        return sum(block.kind == "chart" for block in self.blocks)

    @property
    def words(self) -> list[Block]:
        """What is neither drawn nor the notebook's own prose, which says how it was done."""
        return [block for block in self.content if block.kind not in ("chart", "table", "markdown")]

    @property
    def silent(self) -> bool:
        """Whether the verdict has said the reading and the section adds no words of its own."""
        return self.told and all(block.kind == "finding" for block in self.words)

    @property
    def prose(self) -> list[Block]:
        return [block for block in self.content if block.kind == "markdown"]


class Outline(NamedTuple):
    """The page's parts in order; `stopped` describes the cell that failed, where one did."""

    title: str
    sections: list[Section]
    stopped: dict[str, str] | None


def outline(notebook: NotebookNode, *, unfinished: bool, language: str) -> Outline:
    """Return the parts of *notebook* in the page's order: intro, trust, findings, plays, limits, definitions.

    Which is which the cells' tags say. Anchors are made of the words of the notebook, so they are the same in every
    language. Of an *unfinished* notebook only what ran is kept.
    """
    cells = [cell for cell in notebook.cells if ERROR_TAG not in cell.metadata.get("tags", [])]
    title, cells = _title(cells)
    failing = next((place for place, cell in enumerate(cells) if unfinished and _error(cell)), None)
    if unfinished and failing is None:
        ran = [place for place, cell in enumerate(cells) if cell.get("outputs") or cell.get("execution_count")]
        cells = cells[: max(ran, default=0) + 1]
    sections = _split(cells[:failing], language=language)
    stopped = _stopped(cells[failing], sections[-1].question, language) if failing is not None else None
    ordered = sorted(sections, key=lambda section: ORDER.index(section.kind))
    return Outline(title, [section for section in ordered if section.blocks], stopped)


def _title(cells: list[NotebookNode]) -> tuple[str, list[NotebookNode]]:
    """Return the H1 and the cells without it."""
    for place, cell in enumerate(cells):
        if cell.cell_type == "markdown" and (match := re.search(r"^#[ \t]+(.+)$", cell.source, re.MULTILINE)):
            rest = copy(cell)
            rest.source = cell.source[: match.start()] + cell.source[match.end() :]
            return match[1].strip(), [*cells[:place], rest, *cells[place + 1 :]]
    return "", cells


def _split(cells: list[NotebookNode], *, language: str) -> list[Section]:
    sections = [Section("", "", "intro")]
    taken = set(RESERVED_IDS)
    seen: set[str] = set()
    for place, cell in enumerate(cells):
        tag = next((tag for tag in TAGS if tag in cell.metadata.get("tags", [])), "")
        for block in _blocks(cell, place, language):
            if block.kind == "heading":
                sections.append(Section(block.value, _slug(block.value, taken), tag))
                continue
            if block.kind == "checks" and len(sections) == 1:
                sections.append(Section("", _slug("checks", taken), "trust"))
            if block.kind == "subheading":
                block = Block("subheading", {"title": block.value, "slug": _slug(block.value, taken)})
            if block.kind == "finding":
                if block.value["id"] in seen:
                    continue
                seen.add(block.value["id"])
            if block.kind == "plays":
                sections[-1].kind = sections[-1].kind or "plays"
            sections[-1].blocks.append(block)
    return sections


def _slug(heading: str, taken: set[str]) -> str:
    """Return the anchor of *heading*, numbered where another heading of the page has it already."""
    name = slug(heading.lower())
    name = f"section-{name}" if name.startswith("finding-") else name
    free = next(one for one in chain([name], (f"{name}-{number}" for number in count(2))) if one not in taken)
    taken.add(free)
    return free


def _blocks(cell: NotebookNode, place: int, language: str) -> Iterator[Block]:
    if cell.cell_type == "markdown":
        yield from _markdown_blocks(cell.source)
    elif cell.cell_type == "code":
        outputs = enumerate(cell.get("outputs", []))
        shown = [block for index, output in outputs for block in read_output(output, f"c{place}-{index}-", language)]
        yield from shown
        if cell.source.strip() and not cell.metadata.get("transient", {}).get("remove_source"):
            yield Block("code", {"source": cell.source, "number": cell.get("execution_count"), "quiet": not shown})


def _markdown_blocks(source: str) -> Iterator[Block]:
    """Split at H2 and H3 lines that stand outside fenced code."""
    lines: list[str] = []
    fenced = False
    for line in source.splitlines():
        fenced ^= line.lstrip().startswith(("```", "~~~"))
        if not fenced and (match := re.match(r"(###?)[ \t]+(.+)", line)):
            yield from [Block("markdown", "\n".join(lines))] * bool("".join(lines).strip())
            yield Block("heading" if match[1] == "##" else "subheading", match[2].strip())
            lines = []
        else:
            lines.append(line)
    yield from [Block("markdown", "\n".join(lines))] * bool("".join(lines).strip())


def _error(cell: NotebookNode) -> NotebookNode | None:
    return next((output for output in cell.get("outputs", []) if output.output_type == "error"), None)


def _stopped(cell: NotebookNode, question: str, language: str) -> dict[str, str]:
    """Describe the cell that failed; an error of ours is said as `fault` in the page's language, any other as it is."""
    error, fault = _error(cell), faults.shown(cell.outputs)
    assert error is not None
    return {
        "question": question,
        "number": str(cell.get("execution_count") or ""),
        "fault": Markup(short_paths(said(clean(fault.to_json()), language))) if fault else "",  # noqa: S704 - said is safe
        "error": plain(short_paths(f"{error.ename}: {error.evalue}"), 500),
        "source": cell.source,
        "traceback": short_paths(sanitise.console("\n".join(error.traceback), lines=TRACEBACK_LINES, last=True)),
    }


def heading(text: str, language: str) -> str:
    """Return a heading of a notebook in *language* as plain text, without its marks."""
    return plain(sanitise.markdown(told(text, language)).striptags(), 300)
