"""Handouts: what a report hands over beside its page, as a file: lists to act on, checklists, tables with days for calendars."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, ClassVar, Literal

from fanops_utils.text import Day, Sayable, showing
from fanops_utils.text.sentences.sayable import pack

Cell = Sayable | str | float | date | None
Rhythm = Literal["week", "two weeks"]
NAME = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True)
class Handout:
    """A file described, not written: the run writes it in each language. `name` becomes part of the file's name."""

    kind: ClassVar[str]

    name: str
    title: Sayable

    def __post_init__(self) -> None:
        if not NAME.fullmatch(self.name):
            raise ValueError(f"a handout is named by small letters, digits and _, not {self.name!r}")

    def to_json(self) -> dict[str, Any]:
        """Return the handout as JSON-ready values, the same for every language."""
        raise NotImplementedError


@dataclass(frozen=True)
class Listing(Handout):
    """Rows for a spreadsheet or a tracker, as CSV: `columns` are headings, cells are numbers, days, texts or sayables.

    `private`: its rows are people, by pseudonym; the file is for its owner's eyes alone.
    """

    kind: ClassVar[str] = "csv"

    columns: tuple[Sayable, ...] = ()
    rows: tuple[tuple[Cell, ...], ...] = ()
    private: bool = False

    def __post_init__(self) -> None:
        super().__post_init__()
        if any(len(row) != len(self.columns) for row in self.rows):
            raise ValueError(f"a row of {self.name} has not {len(self.columns)} cells")

    def to_json(self) -> dict[str, Any]:
        return {
            "kind": self.kind, "name": self.name, "title": self.title.to_json(), "private": self.private,
            "columns": [one.to_json() for one in self.columns],
            "rows": [[_cell(cell) for cell in row] for row in self.rows],
        }  # fmt: skip


@dataclass(frozen=True)
class Event:
    """One entry of a calendar; `key` tells it apart from the others of its agenda, from run to run.

    A date is all day, up to and including `end`. A time is local in the agenda's zone; without a zone it is the clock of
    whoever opens the file. `every` repeats it on the same weekday.
    """

    key: str
    summary: Sayable
    start: date | datetime
    end: date | datetime | None = None
    note: Sayable | None = None
    every: Rhythm | None = None

    def to_json(self) -> dict[str, Any]:
        """Return the event as JSON-ready values."""
        return {
            "key": self.key, **showing.coded({"summary": self.summary, "note": self.note}), "every": self.every,
            "start": self.start.isoformat(), "end": self.end.isoformat() if self.end else None,
        }  # fmt: skip


@dataclass(frozen=True)
class Agenda(Handout):
    """Events for a calendar program, as iCalendar; `time_zone` is where their clock times are told."""

    kind: ClassVar[str] = "ics"

    events: tuple[Event, ...] = ()
    time_zone: str | None = None

    def to_json(self) -> dict[str, Any]:
        return {
            "kind": self.kind, "name": self.name, "title": self.title.to_json(), "time_zone": self.time_zone,
            "events": [event.to_json() for event in self.events],
        }  # fmt: skip


@dataclass(frozen=True)
class Draft(Handout):
    """A register to begin with, as YAML: `fields` by key; numbers, texts, sayables (said in the reader's language), or
    mappings and lists of these.
    """

    kind: ClassVar[str] = "yml"

    fields: Mapping[str, Any] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        return {
            "kind": self.kind, "name": self.name, "title": self.title.to_json(), "fields": _packed(self.fields),
        }  # fmt: skip


def _packed(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _packed(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_packed(one) for one in value]
    return {"said": value.to_json()} if isinstance(value, Sayable) else value


def _cell(cell: Cell) -> Any:
    if isinstance(cell, datetime):
        return f"{cell:%Y-%m-%d %H:%M}"
    return Day.of(cell, form="iso").to_json() if isinstance(cell, date) else pack(cell)
