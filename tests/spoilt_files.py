"""Samples of exports, spoilt in the ways in which people, spreadsheets and disks spoil files."""

from __future__ import annotations

import csv
import io
import random
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace

DELIMITERS = (",", ";", "\t", "|")
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "gb18030", "cp1252")
DECIMAL = re.compile(r"-?\d+\.\d{1,2}")
WHOLE = re.compile(r"[1-9]\d{3,8}")
LONG_ID = re.compile(r"\d{16,}")
AMERICAN = re.compile(r"(\d{2})/(\d{2})/(\d{4})(.*)", re.DOTALL)


@dataclass(frozen=True)
class Sample:
    """One sample: its bytes, and where it is text the rows of it, its delimiter, and the number of its header."""

    data: bytes
    rows: list[list[str]] = field(default_factory=list)
    delimiter: str = ","
    header: int = 0
    sectioned: bool = False  # several tables, told apart by place: other columns there are other things

    @property
    def width(self) -> int:
        return len(self.rows[self.header])

    @property
    def places(self) -> list[int]:
        """Numbers of the columns that have a name."""
        return [place for place, name in enumerate(self.rows[self.header]) if name.strip()]

    def below(self) -> list[list[str]]:
        return self.rows[self.header + 1 :]

    def with_below(self, rows: list[list[str]]) -> Sample:
        return replace(self, rows=[*self.rows[: self.header + 1], *rows])

    def written(self, delimiter: str | None = None, *, quoting: int = csv.QUOTE_MINIMAL) -> bytes:
        out = io.StringIO()
        csv.writer(out, delimiter=delimiter or self.delimiter, lineterminator="\n", quoting=quoting).writerows(
            self.rows
        )  # type: ignore[arg-type]
        return out.getvalue().encode()


Spoiling = Callable[[Sample, random.Random], bytes]


def cut(sample: Sample, chance: random.Random) -> bytes:
    return sample.data[: chance.choice([0, 1, 3, len(sample.data) - 1, chance.randrange(4, len(sample.data))])]


def byte_changed(sample: Sample, chance: random.Random) -> bytes:
    at = chance.randrange(len(sample.data))
    return sample.data[:at] + chance.choice([b"\x00", b'"', b"\xff", b"\n", b","]) + sample.data[at + 1 :]


def encoded_anew(sample: Sample, chance: random.Random) -> bytes:
    text = sample.written().decode()
    encoding = chance.choice(ENCODINGS)
    try:
        return text.encode(encoding)
    except UnicodeEncodeError:
        return text.encode()


def divided_otherwise(sample: Sample, chance: random.Random) -> bytes:
    return sample.written(chance.choice(DELIMITERS))


def all_quoted(sample: Sample, chance: random.Random) -> bytes:
    return sample.written(chance.choice(DELIMITERS), quoting=csv.QUOTE_ALL)


def _on_one_line(sample: Sample, chance: random.Random, change: Callable[[list[str]], list[str]]) -> bytes:
    below = [list(row) for row in sample.below()]
    if below:
        number = chance.randrange(len(below))
        below[number] = change(below[number])
    return sample.with_below(below).written()


def line_joined(sample: Sample, chance: random.Random) -> bytes:
    return _on_one_line(sample, chance, lambda row: [";".join(row)])


def line_short(sample: Sample, chance: random.Random) -> bytes:
    return _on_one_line(sample, chance, lambda row: row[:-1])


def line_long(sample: Sample, chance: random.Random) -> bytes:
    return _on_one_line(sample, chance, lambda row: [*row[:1], "stray", *row[1:]])


def cell_broken(sample: Sample, chance: random.Random) -> bytes:
    word = chance.choice(["#REF!", "#NAME?", "#N/A", "=A1", "n.a.", "err"])

    def broken(row: list[str]) -> list[str]:
        place = chance.randrange(len(row)) if row else 0
        return [word if number == place and WHOLE.fullmatch(cell) else cell for number, cell in enumerate(row)]

    return _on_one_line(sample, chance, broken)


def columns_in_another_order(sample: Sample, chance: random.Random) -> bytes:
    order = chance.sample(range(sample.width), sample.width)
    rows = [[row[place] for place in order] if n >= sample.header and len(row) == sample.width else row
            for n, row in enumerate(sample.rows)]  # fmt: skip
    return sample.written() if sample.sectioned else replace(sample, rows=rows).written()


def lines_in_another_order(sample: Sample, chance: random.Random) -> bytes:
    below = sample.below()
    return sample.with_below(below if sample.sectioned else chance.sample(below, len(below))).written()


def column_renamed(sample: Sample, chance: random.Random) -> bytes:
    place = chance.choice(sample.places)
    head = [name if n != place else f"zz {n}" for n, name in enumerate(sample.rows[sample.header])]
    rows = [*sample.rows[: sample.header], head, *sample.below()]
    return sample.written() if sample.sectioned else replace(sample, rows=rows).written()


def column_twice(sample: Sample, chance: random.Random) -> bytes:
    place = chance.choice(sample.places)
    rows = [[*row, row[place]] if n >= sample.header and len(row) == sample.width else row
            for n, row in enumerate(sample.rows)]  # fmt: skip
    return sample.written() if sample.sectioned else replace(sample, rows=rows).written()


def headers_with_invisible_marks(sample: Sample, chance: random.Random) -> bytes:
    mark = chance.choice(["\u200b", "\u200e", "\u00a0", " ", "\ufeff"])
    head = [f"{mark}{name}{mark}" for name in sample.rows[sample.header]]
    rows = [*sample.rows[: sample.header], head, *sample.below()]
    return sample.written() if sample.sectioned else replace(sample, rows=rows).written()


def empty_lines_between(sample: Sample, chance: random.Random) -> bytes:
    below = [
        line for row in sample.below() for line in ([row, [""] * sample.width] if chance.random() < 0.5 else [row])
    ]
    return sample.written() if sample.sectioned else sample.with_below(below).written()


def a_line_twice(sample: Sample, chance: random.Random) -> bytes:
    below = sample.below()
    return sample.with_below([*below, chance.choice(below)] if below and not sample.sectioned else below).written()


def a_row_of_totals(sample: Sample, chance: random.Random) -> bytes:
    below = [row for row in sample.below() if len(row) == sample.width]
    if sample.sectioned or not below:
        return sample.written()
    summed = [str(sum(int(row[place]) for row in below)) if all(WHOLE.fullmatch(row[place]) for row in below) else ""
              for place in range(sample.width)]  # fmt: skip
    summed[0] = chance.choice(["Total", "Gesamt", "合计", "Grand total"])
    return sample.with_below([*sample.below(), summed]).written()


def _in_every_cell(sample: Sample, change: Callable[[str], str], delimiter: str | None = None) -> bytes:
    below = [[change(cell) for cell in row] for row in sample.below()]
    return sample.with_below(below).written(delimiter)


def comma_for_point(sample: Sample, chance: random.Random) -> bytes:
    def german(cell: str) -> str:
        return cell.replace(".", ",") if DECIMAL.fullmatch(cell) else cell

    return _in_every_cell(sample, german, chance.choice([";", "\t"]))


def thousands_grouped(sample: Sample, chance: random.Random) -> bytes:
    mark = chance.choice([",", ".", "\u202f", "'"])

    def grouped(cell: str) -> str:
        return f"{int(cell):,}".replace(",", mark) if WHOLE.fullmatch(cell) and len(cell) < 8 else cell

    return _in_every_cell(sample, grouped, chance.choice([";", "\t"]))


def ids_as_numbers(sample: Sample, chance: random.Random) -> bytes:
    shape = chance.choice(["rounded", "notation", "formula", "apostrophe", "point"])

    def number(cell: str) -> str:
        if not LONG_ID.fullmatch(cell):
            return cell
        return {
            "rounded": cell[:15] + "0" * (len(cell) - 15), "notation": f"{float(cell):.5E}", "formula": f'="{cell}"',
            "apostrophe": f"'{cell}", "point": f"{cell}.0",
        }[shape]  # fmt: skip

    return _in_every_cell(sample, number)


def day_first(sample: Sample, chance: random.Random) -> bytes:
    def turned(cell: str) -> str:
        found = AMERICAN.fullmatch(cell)
        mark = "/" if found is None else chance.choice(["/"])
        return mark.join([found[2], found[1], found[3]]) + found[4] if found else cell

    return _in_every_cell(sample, turned, ";")


OF_BYTES: dict[str, Spoiling] = {one.__name__: one for one in (cut, byte_changed)}
OF_TEXT: dict[str, Spoiling] = {
    one.__name__: one
    for one in (
        encoded_anew, divided_otherwise, all_quoted, line_joined, line_short, line_long, cell_broken,
        columns_in_another_order, lines_in_another_order, column_renamed, column_twice, headers_with_invisible_marks,
        empty_lines_between, a_line_twice, a_row_of_totals, comma_for_point, thousands_grouped, ids_as_numbers, day_first,
    )
}  # fmt: skip
