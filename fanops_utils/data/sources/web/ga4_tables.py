"""The tables inside a file of Google Analytics 4: where each begins, what period it covers, what its columns are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime

from fanops_utils.data.sources.files.reading import Grid
from fanops_utils.data.sources.shared.sheet import fold

DIMENSIONS = {
    "date": ("Date",), "nth_day": ("Nth day",),
    "channel_group": (
        "Session primary channel group (Default Channel Group)", "Session default channel group", "Default channel group",
        "First user primary channel group (Default Channel Group)", "First user default channel group",
        "Session primary channel group", "First user primary channel group",
    ),
    "source": ("Session source", "Source", "First user source"), "medium": ("Session medium", "Medium", "First user medium"),
    "source_medium": ("Session source / medium", "Source / medium", "First user source / medium"),
    "campaign": ("Session campaign", "Campaign", "First user campaign"), "country": ("Country",),
    "page_path": ("Page path and screen class", "Page path", "Page path + query string", "Landing page",
                  "Landing page + query string"),
}  # fmt: skip
COUNTS = {
    "sessions": ("Sessions",), "engaged_sessions": ("Engaged sessions",), "active_users": ("Active users",),
    "new_users": ("New users",), "views": ("Views",), "event_count": ("Event count",),
}  # fmt: skip
NUMBERS = {
    "key_events": ("Key events", "Conversions"),  # renamed in 2024: the same count
    "average_engagement_seconds": ("Average engagement time per active user",), "total_revenue": ("Total revenue",),
}  # fmt: skip
NOT_DAYS = ("nth week", "nth month", "nth hour", "nth minute", "nth year", "week", "month", "hour")
KNOWN = {fold(spelling): name for group in (DIMENSIONS, COUNTS, NUMBERS)
         for name, spellings in group.items() for spelling in spellings}  # fmt: skip
RANGE = re.compile(r"#\s*(\d{8})\s*-\s*(\d{8})\s*$")
DATED = re.compile(r"#\s*(start|end) date:\s*(\d{8})\s*$", re.IGNORECASE)
PROPERTY = re.compile(r"#\s*Property:\s*(.+?)\s*$", re.IGNORECASE)
NUMERIC = re.compile(r"[+-]?[0-9][0-9,]*(\.[0-9]+)?%?|[+-]?\.[0-9]+|[0-9]+(\.[0-9]+)?[eE][+-]?[0-9]+|")
METRIC = re.compile(
    r"rate|per |average|events|users|sessions|views|revenue|purchase|value|duration|count|conversions|items|ratio|quantity",
    re.IGNORECASE,
)
GRAND_TOTAL = "grand total"


@dataclass
class Preamble:
    """What the lines of `#` say."""

    lines: list[str] = field(default_factory=list)
    start: date | None = None
    end: date | None = None
    web: str = ""

    def take(self, line: str) -> None:
        """Read one line of `#`."""
        if found := RANGE.match(line):
            self.start, self.end = compact_day(found.group(1)), compact_day(found.group(2))
        elif found := DATED.match(line):
            setattr(self, found.group(1).casefold(), compact_day(found.group(2)))
        elif found := PROPERTY.match(line):
            self.web = found.group(1)
        text = line.lstrip("# -").strip()
        self.lines += [text] if text else []

    @property
    def name(self) -> str:
        """The web property; an exploration prints it in the first line."""
        return self.web or (self.lines[0] if self.lines and ":" not in self.lines[0] else "")


@dataclass(frozen=True)
class Block:
    """One table of the file: header, records (their number in the file before each), totals row, period."""

    header: list[str]
    records: list[tuple[int, list[str]]]
    total: list[str] | None
    start: date | None
    end: date | None

    @property
    def names(self) -> dict[str, int]:
        """Canonical names of the columns known, with their places."""
        return {KNOWN[fold(title)]: place for place, title in enumerate(self.header) if fold(title) in KNOWN}

    @property
    def title(self) -> str:
        return ", ".join(self.header[:3]) + (", …" if len(self.header) > 3 else "")

    def refusal(self) -> str:
        """Return why this table is none of visits per day or period; empty where it is."""
        folded = [fold(title) for title in self.header]
        if odd := [title for title, name in zip(self.header, folded, strict=True) if name in NOT_DAYS]:
            return f"'{odd[0]}' is not a day"
        known = [KNOWN[name] for name in folded if name in KNOWN]
        if twins := sorted({name for name in known if known.count(name) > 1}):
            return f"two columns mean {twins[0]}"
        if not set(self.names) & {*COUNTS, *NUMBERS}:
            return "no metric fanops keeps"
        if "nth_day" in self.names and self.start is None:
            return "its days are counted from a start that the file does not say"
        if self._unknown_split():
            return f"fanops has no column for the split '{self._unknown_split()}'"
        if not {"date", "nth_day"} & set(self.names) and (self.start is None or self.end is None):
            return "it has neither days nor a period"
        return ""

    def _unknown_split(self) -> str:
        """Return the first unknown column that is no metric: a dimension, without which rows cannot be told apart."""
        for place, title in enumerate(self.header):
            cells = [row[place].strip() for _, row in self.records if place < len(row)]
            numbers = all(NUMERIC.fullmatch(cell) for cell in cells)
            if fold(title) not in KNOWN and not (numbers and METRIC.search(title)):
                return title
        return ""


def compact_day(text: str) -> date | None:
    """Return the day of 20260826 (or 2026-08-26); None where it is none."""
    try:
        return datetime.strptime(text.strip().replace("-", ""), "%Y%m%d").date()
    except ValueError:
        return None


def preamble_of(grid: Grid) -> Preamble | None:
    """Return what the first lines say; None where the file does not begin like one of Google Analytics."""
    found = Preamble()
    for row in grid.rows:
        line = ",".join(row).strip().rstrip(",")
        if line and not line.startswith("#"):
            break
        found.take(line)
    return found if len(found.lines) and (found.start or found.name) else None


def blocks_of(grid: Grid) -> Iterator[Block]:
    """Yield the tables of *grid*; lines of `#` between them may change the period."""
    said, number = Preamble(), 0
    lines: list[list[str]] = []
    for row in [*grid.rows, ["#"]]:
        line = ",".join(row).strip().rstrip(",")
        is_comment = line.startswith("#")
        if (not line or is_comment) and lines:
            yield _block(lines, number, said)
            number += len(lines) - 1
            lines = []
        if is_comment:
            said.take(line)
        elif line:
            lines.append(row)


def _block(lines: list[list[str]], before: int, said: Preamble) -> Block:
    header = [cell.strip() for cell in lines[0]]
    while header and not header[-1]:
        header.pop()
    records = list(enumerate(lines[1:], start=before + 1))
    totals = [row for _, row in records if fold(row[-1]) == GRAND_TOTAL or fold(row[0]) == GRAND_TOTAL]
    kept = [(place, row) for place, row in records if row not in totals]
    return Block(header, kept, totals[0] if totals else None, said.start, said.end)
