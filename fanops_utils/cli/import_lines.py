"""What is said of an import: a line per file that needs attention, how far it is, and each note once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING

from fanops_utils.cli.common import say
from fanops_utils.errors import counted, shorten

if TYPE_CHECKING:
    from fanops_utils.data.warehouse import FileReport, Watch

LONG_BYTES = 5_000_000  # an import of fewer is over before anybody asks how far it is


def told_of(reports: Iterable[FileReport]) -> list[str]:
    """Return what there is to say of an import, each thing once, with the files it is about (or their number).

    Warnings; the columns that nothing was read from, per report; the files whose age only their date on disk says.
    """
    said: dict[str, list[str]] = {}
    for one in reports:
        if one.status != "loaded":
            continue
        for warning in one.warnings:
            said.setdefault(f"note       {warning}", []).append(one.file)
        if one.unread:
            unread = ", ".join(map(shorten, one.unread[:8])) + (
                f" and {len(one.unread) - 8} more" if one.unread[8:] else ""
            )
            said.setdefault(f"not read   columns {unread} of {one.source} {one.report_type}", []).append(one.file)
        if one.age_from == "file date":
            said.setdefault("age        known only by the date of the file (--exported-on tells it)", []).append(
                one.file
            )
    return [f"{text}: {files[0] if len(files) == 1 else f'{len(files)} files'}" for text, files in said.items()]


@contextmanager
def watched() -> Iterator[Watch]:
    """Yield who is told of an import: a line per file that needs attention, and how far it is.

    What lies in quarantine of files that are as before is one line at the end: it was said when they were loaded.
    """
    from fanops_utils.data.warehouse import Watch

    before: list[FileReport] = []

    def line(report: FileReport) -> None:
        if report.status == "refused":
            say.print(f"refused    {report.error}")
        elif report.rows_quarantined and report.status == "unchanged":
            before.append(report)
        elif report.rows_quarantined:
            say.print(f"{report.status:10} {report.file}: {_aside([report])}")

    def waiting() -> None:
        say.print("Another import is writing this warehouse: waiting for it to end")

    with _bar() if say.is_terminal else nullcontext(_stages()) as read:
        yield Watch(report=line, read=read, waiting=waiting)
    if before:
        say.print(f"unchanged  {counted(len(before), 'file')} as before: {_aside(before)} (fanops status)")


def _aside(reports: list[FileReport]) -> str:
    rows = counted(sum(one.rows_in for one in reports), "row")
    return f"{sum(one.rows_quarantined for one in reports):,} of {rows} in quarantine"


def _word(done: int, total: int) -> str:
    return "reading" if done < total else "writing"


def _stages() -> Callable[[int, int], None]:
    """Return who says, a line each, that a long import reads and that it writes: where no bar can be drawn."""
    begun: set[str] = set()

    def read(done: int, total: int) -> None:
        word = _word(done, total)
        if total >= LONG_BYTES and word not in begun:
            begun.add(word)
            say.print(f"{word} …")

    return read


@contextmanager
def _bar() -> Iterator[Callable[[int, int], None]]:
    """Yield who draws a bar of the bytes read."""
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

    fields = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    with Progress(*fields, console=say, transient=True) as bar:
        task = bar.add_task("reading", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total, description=_word(done, total))
