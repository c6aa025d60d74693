"""A first draft of a mapping: which column of a file looks like which canonical column, for somebody to correct."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher
from itertools import product

from fanops_utils.data.columns import UTC
from fanops_utils.data.schema import PROVENANCE, TABLES, Table
from fanops_utils.data.sources.files.reading import HEADER_WITHIN, Grid
from fanops_utils.data.sources.shared.sheet import fold
from fanops_utils.errors import ImportRefused

LIKE = 0.62  # two names at least as alike are offered as the same; below, the draft says that nothing was found
NEEDED = 0.15  # how much less alike a column may be that the table cannot do without, before one it can
READ_ROWS = 200
NOT_OF_FILES = {*PROVENANCE, "date_day", "minute_of_day"}
# Words of exports for the words of the tables.
SAME = {
    "user": "member", "fan": "member", "client": "customer", "buyer": "customer", "number": "id", "no": "id", "nr": "id",
    "amount": "total", "sum": "total", "qty": "quantity", "date": "at", "time": "at", "timestamp": "at", "day": "at",
    "created": "at", "group": "variant", "arm": "variant", "bucket": "variant", "network": "platform", "channel": "platform",
    "tone": "sentiment", "key": "id", "follower": "followers", "country": "market", "region": "market",
    "action": "event", "type": "kind", "cost": "spend",
}  # fmt: skip
TIME_FORMATS = (
    "%d/%m/%Y %H:%M:%S", "%d/%m/%Y %H:%M", "%d/%m/%Y", "%m/%d/%Y %H:%M:%S", "%m/%d/%Y %H:%M", "%m/%d/%Y",
    "%d.%m.%Y %H:%M:%S", "%d.%m.%Y %H:%M", "%d.%m.%Y", "%Y/%m/%d %H:%M:%S", "%Y/%m/%d %H:%M", "%Y/%m/%d",
)  # fmt: skip


@dataclass(frozen=True)
class Draft:
    """What was found: the table, its columns with those of the file, what it lacks, and what was left over."""

    table: str
    columns: Mapping[str, str]
    lacking: tuple[str, ...]
    unread: tuple[str, ...]
    time_format: str | None = None


def draft(grid: Grid, *, table: str | None = None) -> Draft:
    """Return the likeliest mapping of *grid* into *table*, or into the table it fills best.

    Names are compared by their words; a column is offered only where its cells can be what the canonical column holds.
    Raises ImportRefused where the table is unknown, or no two columns of the file look like those of any table.
    """
    if table is not None and table not in TABLES:
        raise ImportRefused("no such table", value=table, choices=TABLES)
    header, records = _header(grid)
    cells = {title: [row[place] for row in records if place < len(row) and row[place].strip()]
             for place, title in enumerate(header) if title}  # fmt: skip
    drafts = [_into(one, cells) for one in ([TABLES[table]] if table else TABLES.values())]
    best = max(drafts, key=lambda one: (len(one.columns) - 2 * len(one.lacking), -len(TABLES[one.table].columns)))
    if len(best.columns) < 2:
        hint = "Name the table with --table; data/README.md lists them with their columns"
        raise ImportRefused("no table has columns like these", value=", ".join(header[:8]), hint=hint)
    return best


def _header(grid: Grid) -> tuple[list[str], list[list[str]]]:
    """Return the titles, of the first row with the most different texts in it, and the records below."""
    top = grid.rows[:HEADER_WITHIN]
    if not top:
        raise ImportRefused("the file has no rows", file=grid.label or None)
    number = max(
        range(len(top)), key=lambda at: (len({fold(cell) for cell in top[at] if re.search(r"[^\W\d]", cell)}), -at)
    )
    return [cell.strip() for cell in top[number]], grid.rows[number + 1 : number + 1 + READ_ROWS]


def _into(table: Table, cells: Mapping[str, Sequence[str]]) -> Draft:
    wanted = [
        name for name in table.columns if name not in NOT_OF_FILES or (name == "date_day" and table.local is None)
    ]
    pairs = sorted(
        ((likeness(title, name), title, name) for title, name in product(cells, wanted) if _can_hold(table, name, cells[title])),
        key=lambda pair: (-pair[0] - NEEDED * table.columns[pair[2]].required, wanted.index(pair[2])),
    )  # fmt: skip
    columns: dict[str, str] = {}
    for alike, title, name in pairs:
        if alike >= LIKE and name not in columns and title not in columns.values():
            columns[name] = title
    for name in (one for one in wanted if table.columns[one].required and one not in columns):
        left = [title for title in cells if title not in columns.values() and _is_part(title, name)]
        if len(left) == 1 and _can_hold(table, name, cells[left[0]]):
            columns[name] = left[0]
    lacking = tuple(name for name in wanted if table.columns[name].required and name not in {*columns, "snapshot_at"})
    unread = tuple(title for title in cells if title not in columns.values())
    times = [value for name, title in columns.items() if table.columns[name].dtype == UTC for value in cells[title]]
    return Draft(
        table.name, {name: columns[name] for name in wanted if name in columns}, lacking, unread, _format(times)
    )


def _is_part(title: str, column: str) -> bool:
    """Return whether the *title* says nothing but a part of what the *column* is called: Time, of mentioned_at."""
    ours, theirs = _words(title, column)
    return bool(ours) and ours <= theirs


def likeness(title: str, column: str) -> float:
    """Return from 0 to 1 how alike the *title* of a file and the name of a *column* are, by letters or by words.

    >>> likeness("Order number", "order_id"), likeness("colour", "order_id") < 0.5
    (1.0, True)
    """
    letters = SequenceMatcher(None, " ".join(_split(title)), column.replace("_", " ")).ratio()
    left, right = _words(title, column)
    return max(letters, len(left & right) / max(len(left | right), 1))


def _split(title: str) -> list[str]:
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", title)
    return re.findall(r"\w+", fold(apart).replace("_", " "))


def _words(title: str, column: str) -> tuple[set[str], set[str]]:
    """Return the words of both, those of exports as the words of the tables."""
    left, right = ({SAME.get(word, word) for word in some} for some in (_split(title), column.split("_")))
    return left, right


def _can_hold(table: Table, name: str, values: Sequence[str]) -> bool:
    """Return whether the cells *values* can be what column *name* holds: numbers, days, times, or any text."""
    kind = table.columns[name].dtype
    if str(kind) in ("Int64", "Float64"):
        return all(re.fullmatch(r"[^\w]*\d[\d.,'\s%]*\W*", value.strip()) for value in values)
    if kind == UTC or str(kind).startswith("datetime64"):
        return all(_is_iso(value) for value in values) or _format(values) is not None
    return True


def _is_iso(value: str) -> bool:
    try:
        return bool(datetime.fromisoformat(value.strip()))
    except ValueError:
        return False


def _format(values: Sequence[str]) -> str | None:
    """Return the one pattern that all *values* are written in; None where they are ISO 8601, or two patterns fit."""
    if not values or all(map(_is_iso, values)):
        return None
    fitting = [pattern for pattern in TIME_FORMATS if all(_fits(value, pattern) for value in values)]
    return fitting[0] if len(fitting) == 1 else None


def _fits(value: str, pattern: str) -> bool:
    try:
        return bool(datetime.strptime(value.strip(), pattern))
    except ValueError:
        return False


def as_yaml(found: Draft, *, name: str, file: str) -> str:
    """Return the draft as the text of `mappings/<name>.yml`: no cell of the file stands in it, they may be of people."""
    lines = [f"# A draft from {_on_a_line(file)}: check every line, then delete this one.", f"name: {_quoted(name)}"]
    lines += ["time_zone: UTC                  # zone of times that carry no offset"]
    if found.time_format:
        lines.append(f"time_format: {_quoted(found.time_format)}")
    lines += ["tables:", f"  {found.table}:", "    columns:"]
    lines += [f"      {column}: {_quoted(title)}" for column, title in found.columns.items()]
    for column in found.lacking:
        lines.append(
            f"      # {column}: …             # needed: name the column of the file, or give it under constants"
        )
    lines += ["    # constants: {platform: instagram}", "    # values: {sentiment: {POS: positive, NEG: negative}}"]
    lines += [f"# not read: {_on_a_line(', '.join(found.unread))}"] if found.unread else []
    return "\n".join(lines) + "\n"


def _on_a_line(text: str) -> str:
    """Return *text* for a comment: what breaks a line would end the comment, and the rest be read as a mapping."""
    return "".join(" " if unicodedata.category(letter) in ("Cc", "Cf", "Zl", "Zp") else letter for letter in text)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)  # what JSON quotes, YAML reads
