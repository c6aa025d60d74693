"""What stands where on a page: the first screen, then findings by weight, what is not shown, and what is folded away."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from fanops_utils.playbook.findings import RANK
from fanops_utils.reports.page.outline import Section
from fanops_utils.reports.page.outputs import Block

DRAWN = ("chart", "table")
MOST_BESIDE = 8  # rows of a list of targets that may stand beside the verdict; a longer one needs the width


@dataclass
class Layout:
    """The parts of a page: each section stands in one of them.

    `lead` is an answer of which the first screen holds everything, `chart` and `targets` are the blocks beside the
    verdict, `chapters` the findings of weight (heaviest first), `rows` the light ones, `others` what answers without a
    finding, `unshown` what has no data, `about` what is folded away.
    """

    lead: Section | None = None
    chart: list[Block] = field(default_factory=list)
    targets: list[Block] = field(default_factory=list)
    chapters: list[Section] = field(default_factory=list)
    rows: list[Section] = field(default_factory=list)
    others: list[Section] = field(default_factory=list)
    unshown: list[Section] = field(default_factory=list)
    trust: list[Section] = field(default_factory=list)
    plays: list[Section] = field(default_factory=list)
    limits: list[Section] = field(default_factory=list)
    about: list[Section] = field(default_factory=list)

    @property
    def contents(self) -> list[Section]:
        """The sections that the contents of the page name one by one."""
        return [*self.trust, *self.chapters, *self.others]


def laid_out(sections: Sequence[Section], result: Mapping[str, Any] | None) -> Layout:
    """Return where the *sections* of a notebook stand, by the weights of its findings and what its *result* names.

    Without a result nothing is known to matter more: sections keep the order in which they ran, checks first.
    """
    layout = Layout()
    for section in sections:
        if section.kind == "trust":
            (layout.about if result else layout.trust).append(section)
        elif section.kind in ("intro", "definitions"):
            (layout.about if result or section.kind != "intro" else layout.others).append(section)
        elif section.kind in ("plays", "limits"):
            getattr(layout, section.kind).append(section)
        else:
            for answer in answers(section):
                _place(layout, answer)
    if result:
        _to_the_top(layout, result)
        _said_above(layout, result)
        lead = result.get("chart")
        layout.chapters.sort(key=lambda section: (_id(section) != lead, _rank(section)))
    return layout


def answers(section: Section) -> Iterator[Section]:
    """Yield the answers under one H2: each finding with the charts, tables and code that belong to it.

    Code of cells that show nothing counts and fits: it belongs to the finding it leads to.
    """
    current, silent, number = Section(section.question, section.slug, section.kind), list[Block](), 1
    for block in section.blocks:
        if block.kind == "code" and block.value["quiet"]:
            silent.append(block)
            continue
        if block.kind == "finding" and current.finding:
            yield current
            number += 1
            current = Section(section.question, f"{section.slug}-answer-{number}", section.kind)
        if block.kind in ("code", "finding"):
            current.blocks += silent
            silent = []
        current.blocks.append(block)
    current.blocks += silent
    yield current


def _place(layout: Layout, section: Section) -> None:
    finding = section.finding
    if finding is None:
        layout.others.append(section)
    elif finding.get("status", "ok") != "ok":
        layout.unshown.append(section)
    elif finding.get("weight") == "row":
        layout.rows.append(section)
    else:
        layout.chapters.append(section)


def _to_the_top(layout: Layout, result: Mapping[str, Any]) -> None:
    """Move the chart of the result's answer, or of the first one that has any, and the table of targets beside the verdict."""
    shown = [*layout.chapters, *layout.rows, *layout.others]
    named = [one for one in shown if _id(one) is not None and _id(one) == result.get("chart")]
    for section in [*named, *layout.chapters, *layout.rows, *layout.others]:
        if (drawn := _first(section, "chart")) is not None:
            layout.chart = [_taken(section, drawn)]
            break
    for section in shown:
        listed = _first(section, "table")
        asked = listed is not None and _id(section) is not None and _id(section) == result.get("targets")
        if listed is not None and asked and len(section.blocks[listed].value.get("rows") or ()) <= MOST_BESIDE:
            layout.targets = [_taken(section, listed)]


def _said_above(layout: Layout, result: Mapping[str, Any]) -> None:
    """Mark the answers whose reading the verdict has said; one with nothing else to show moves to the first screen."""
    reading, headline = result.get("reading"), result.get("headline") or result.get("verdict")
    above = reading.get("sentences", [[]])[0] if isinstance(reading, dict) else []
    for section in layout.chapters:
        section.told = bool(section.finding) and (section.finding or {}).get("text") in above
        section.titled = bool(section.finding) and _holds(headline, (section.finding or {}).get("title"))
        alone = section.silent and not section.drawn
        if alone and layout.chart and _id(section) == result.get("chart"):
            layout.lead = section
    layout.chapters = [section for section in layout.chapters if section is not layout.lead]


def _holds(told: Any, part: Any) -> bool:
    """Return whether the message *told*, as JSON holds it, is *part* or says it among other things."""
    if told == part:
        return part is not None
    inner = told.values() if isinstance(told, Mapping) else told if isinstance(told, list) else ()
    return any(_holds(one, part) for one in inner)


def _rank(section: Section) -> int:
    severity: Any = (section.finding or {}).get("severity")
    return RANK.get(severity, len(RANK))


def _id(section: Section) -> str | None:
    return section.finding["id"] if section.finding else None


def _first(section: Section, kind: str) -> int | None:
    return next((place for place, block in enumerate(section.blocks) if block.kind == kind), None)


def _taken(section: Section, place: int) -> Block:
    return section.blocks.pop(place)
