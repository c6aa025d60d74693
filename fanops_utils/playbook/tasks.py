"""Tasks as a list that trackers import, what a report says is to be done among them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple

from fanops_utils.playbook.handouts import Listing
from fanops_utils.playbook.plays import HEADINGS, Play, role
from fanops_utils.text import Sayable, Sentences, say, term

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


def to_do(plays: Iterable[Play], *, reasons: Mapping[str, Sayable] | None = None) -> Listing | None:
    """Return *plays* as tasks; None without any. A play is reviewed on its day, which is no day it is due.

    *reasons*: the titles of the findings that plays answer, by id; a play's own reason goes before them.
    """
    summary, description, assignee, *_, labels = TASK
    rows = tuple(
        (
            one.action,
            _described(one, one.reason or (reasons or {}).get(one.because)),
            role(one.owner),
            one.review,
            one.because,
        )
        for one in plays
    )
    return (
        Listing("to_do", say("What to do"), (summary, description, assignee, HEADINGS[4], labels), rows)
        if rows
        else None
    )


def _described(play: Play, reason: Sayable | None) -> Sayable:
    """Return why, what it is to move and what was seen before it was said."""
    return Sentences.of(
        say("Because: {reason}.", reason=reason) if reason else None,
        say("To move: {metric}. Expected: {expected}.", metric=play.metric, expected=play.expected),
        play.note,
    )
