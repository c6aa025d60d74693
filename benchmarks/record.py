"""What a benchmark says: tables, notes, drawings and the figures that goals are held against; printed, and kept for the page."""

# ruff: noqa: T201  (a benchmark prints)

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from common import Cost

KEPT = "FANOPS_BENCHMARK_RECORD"  # the file that `page.py` reads
COSTS = ("", "wall s", "CPU s", "peak MB")


@dataclass(frozen=True)
class Table:
    """One table: its caption, its head, its lines; the first cell of a line is what the line is about."""

    caption: str
    head: tuple[str, ...]
    lines: list[tuple[str, ...]]

    def markdown(self) -> str:
        """Return the table as it is printed."""
        lines = [self.head, ("---",) * len(self.head), *self.lines]
        return (
            f"{self.caption}\n\n" * bool(self.caption) + "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"
        )


@dataclass(frozen=True)
class Drawing:
    """One drawing as HTML, and what it shows in words."""

    html: str
    alt: str


@dataclass
class Record:
    """Everything one benchmark says, in order of kind; `figures` by the names that `goals.py` asks for."""

    tables: list[Table] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    drawings: list[Drawing] = field(default_factory=list)
    figures: dict[str, float] = field(default_factory=dict)

    def table(self, head: Sequence[str], lines: Sequence[Sequence[str]], caption: str = "") -> None:
        """Add a table and print it."""
        self.tables.append(Table(caption, tuple(head), [tuple(line) for line in lines]))
        print(self.tables[-1].markdown(), flush=True)

    def costs(self, costs: Mapping[str, Cost], *, against: str, caption: str = "") -> None:
        """Add a table of *costs* with the ratios of each to the one called *against*."""
        base = costs[against]
        head = (*COSTS, "wall ratio", "CPU ratio", "peak ratio")
        self.table(head, [(name, *one.told(), *one.ratios(base)) for name, one in costs.items()], caption)

    def note(self, text: str) -> None:
        """Add a sentence and print it."""
        self.notes.append(text)
        print(text, flush=True)

    def figure(self, name: str, value: float) -> None:
        """Keep *value* as what was measured of the goal called *name*."""
        self.figures[name] = value

    def draw(self, html: str, alt: str) -> None:
        """Add a drawing; where there is no page, its words are printed."""
        self.drawings.append(Drawing(html, alt))
        print(alt, flush=True)

    def keep(self) -> None:
        """Write all of it where the page asks for it; nothing where nobody does."""
        if path := os.environ.get(KEPT):
            Path(path).write_text(json.dumps(asdict(self)), encoding="utf-8")


def kept(path: Path) -> Record | None:
    """Return what a benchmark kept in the file at *path*; None where it kept nothing."""
    if not path.is_file():
        return None
    told = json.loads(path.read_text(encoding="utf-8"))
    tables = [
        Table(one["caption"], tuple(one["head"]), [tuple(line) for line in one["lines"]]) for one in told["tables"]
    ]
    return Record(tables, told["notes"], [Drawing(**one) for one in told["drawings"]], told["figures"])
