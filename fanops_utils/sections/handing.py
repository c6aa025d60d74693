"""Files a report hands over: tasks that trackers import, lists of people to act on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple

import pandas as pd

from fanops_utils.playbook.handouts import Cell, Listing
from fanops_utils.text import Sayable, Written, term

FEWEST = 10  # people a list must hold: of fewer each could be told
MOST = 5_000
# The columns that Jira, Trello, Notion and Feishu ask for when a CSV is imported.
TASK: tuple[Sayable, ...] = (
    term("Summary", "column of a task"), term("Description", "column of a task"), term("Assignee", "column of a task"),
    term("Start date", "column of a task"), term("Due date", "column of a task"), term("Status", "column of a task"),
    term("Labels", "column of a task"),
)  # fmt: skip


class Task(NamedTuple):
    """One row of a tracker; `label` is a word without spaces that tells whence it comes."""

    summary: Sayable
    assignee: Sayable | None = None
    start: date | None = None
    due: date | None = None
    status: Sayable | None = None
    note: Sayable | None = None
    label: str = ""


def tasks(name: str, title: Sayable, given: Iterable[Task]) -> Listing | None:
    """Return *given* as a list with the columns that trackers import; None without any."""
    rows = tuple((one.summary, one.note, one.assignee, one.start, one.due, one.status, one.label) for one in given)
    return Listing(name, title, TASK, rows) if rows else None


def people(name: str, title: Sayable, frame: pd.DataFrame, *, columns: Mapping[str, Sayable]) -> Listing | None:
    """Return the members in *frame* as a list by pseudonym (`member_key`), *columns* after it; None for fewer than ten.

    At most 5,000, in the order of *frame*; its cells are numbers, days, texts and sayables, missing ones stay empty. The file
    is its owner's alone.
    """
    if len(frame) < FEWEST:
        return None
    heads = {"member_key": term("Pseudonym", "column"), **columns}
    return listing(name, title, frame.head(MOST), columns=heads, private=True)


def listing(
    name: str, title: Sayable, frame: pd.DataFrame, *, columns: Mapping[str, Sayable], private: bool = False
) -> Listing:
    """Return the *columns* (name: heading) of *frame* as a list; cells are numbers, days, texts and sayables."""
    rows = tuple(tuple(_cell(cell) for cell in row) for row in frame[list(columns)].itertuples(index=False))
    return Listing(name, title, tuple(columns.values()), rows, private)


def _cell(value: object) -> Cell:
    if isinstance(value, Sayable):
        return value
    if value is None or pd.isna(value):  # type: ignore[call-overload]
        return None
    if isinstance(value, date):
        return date(value.year, value.month, value.day)
    plain = value.item() if hasattr(value, "item") else value
    return plain if isinstance(plain, int | float) else Written(str(plain))
