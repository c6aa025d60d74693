"""Records of a raw file held against one person: which are theirs, and in which they are only named."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from fanops_utils.data.protection.subjects import Subject
from fanops_utils.data.sources.files.reading import HEADER_WITHIN
from fanops_utils.data.sources.shared.sheet import fold

Verdict = Literal["keep", "remove", "redact"]
ORDER, LINE = "name", "lineitem name"  # a shop's export: one record per line, the buyer on the first one only


@dataclass(frozen=True)
class Record:
    """One record of a file that is a person's, or names them (`is_named`); numbered from 1 below the header, itself 0."""

    label: str
    number: int
    cells: dict[str, str]
    is_named: bool = False


@dataclass
class Sieve:
    """Takes the records of one table in order and says what becomes of each; keeps what it found."""

    subject: Subject
    label: str
    records: list[Record] = field(default_factory=list)
    spelt: set[str] = field(default_factory=set)
    is_numbered: bool = False
    _header: list[str] = field(default_factory=list)
    _seen: int = 0
    _number: int = 0
    _order_at: int | None = None
    _order: str | None = None

    @property
    def removed(self) -> list[int]:
        """Numbers of the records that are the person's."""
        return [one.number for one in self.records if not one.is_named]

    def take(self, cells: Sequence[str]) -> Verdict:
        """Return what becomes of the next record."""
        if not any(map(str.strip, cells)):
            return "keep"
        self._seen += 1
        if not self.is_numbered and self._seen <= HEADER_WITHIN and self._is_header(cells):
            return self._named(cells)
        self._number += 1
        follows = self._order is not None and self._order == self._at(cells, self._order_at)
        mine = [cell for place, cell in enumerate(cells) if self.subject.is_cell(cell, self._at(self._header, place))]
        self.spelt |= {cell.strip().removeprefix("'") for cell in mine}
        if mine or follows:
            self._order = self._at(cells, self._order_at) or None
            self._note(cells, is_named=False)
            return "remove"
        self._order = None
        return self._named(cells)

    def pass_over(self) -> None:
        """Count a record that is known not to hold any of the person's ids."""
        self._seen += 1
        self._number += 1

    @property
    def is_settled(self) -> bool:
        """Whether a record without any of the person's ids may be passed over."""
        return self._seen >= HEADER_WITHIN and self._order is None

    def _is_header(self, cells: Sequence[str]) -> bool:
        folded = [fold(cell) for cell in cells]
        known = bool(self.subject.id_columns & set(folded))
        if known or not self._header:
            self._header, self._number, self.is_numbered = list(cells), 0, known
            self._order_at = folded.index(ORDER) if {ORDER, LINE} <= set(folded) else None
            return True
        return False

    def _named(self, cells: Sequence[str]) -> Verdict:
        if not any(self.subject.text.search(cell) for cell in cells):
            return "keep"
        self._note(cells, is_named=True)
        return "redact"

    def _note(self, cells: Sequence[str], *, is_named: bool) -> None:
        titles = [self._at(self._header, place) or f"column {place + 1}" for place in range(len(cells))]
        self.records.append(Record(self.label, self._number, dict(zip(titles, cells, strict=True)), is_named))

    @staticmethod
    def _at(cells: Sequence[str], place: int | None) -> str:
        return cells[place] if place is not None and place < len(cells) else ""


def sift(lines: Iterable[str], delimiter: str, sieve: Sieve) -> Iterator[str]:
    """Yield the text of *lines* (ends kept) without the records that are the person's, their name struck out of others.

    What is kept stays as it is, byte for byte. Raises csv.Error where quotation marks leave open what a record is.
    """
    held: list[str] = []

    def noted() -> Iterator[str]:
        for line in lines:
            held.append(line)
            yield line

    quick = sieve.subject.quick
    for cells in csv.reader(noted(), delimiter=delimiter, strict=True):
        text = "".join(held)
        held.clear()
        if sieve.is_settled and not quick.search(text):
            if any(map(str.strip, cells)):
                sieve.pass_over()
            yield text
            continue
        verdict = sieve.take(cells)
        if verdict != "remove":
            yield sieve.subject.without(text) if verdict == "redact" else text
