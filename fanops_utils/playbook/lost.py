"""A section that fails fails alone: it says so in its place, and what rests on it knows that it is not there."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator, MutableMapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, NoReturn

from fanops_utils.errors import DataError, FanopsError
from fanops_utils.playbook.findings import Finding
from fanops_utils.playbook.sections import Section
from fanops_utils.text import Sayable, Written, faults, say

PACKAGE = Path(__file__).parents[1]


class Lost:
    """What a failed section would have computed; whatever uses it raises DataError, and so fails in its turn."""

    def __init__(self, name: str) -> None:
        self.__dict__["name"] = name

    @property
    def finding(self) -> Finding:
        """What a result says of it."""
        return Finding.failed(self.__dict__["name"], say("it rests on a part that could not be computed"))

    def _missing(self, *_given: object, **_named: object) -> NoReturn:
        raise DataError(say("it rests on a part that could not be computed"), value=self.__dict__["name"])

    __getattr__ = __getitem__ = __iter__ = __len__ = __bool__ = __call__ = __contains__ = _missing


def lose(namespace: MutableMapping[str, Any], cells: Sequence[str], *, name: str) -> list[Section]:
    """Put what the code *cells* of a section would have made into *namespace* as lost; return what is shown instead.

    The first of *cells* has just failed: its statements before the one that failed have done their work. A name that a
    cell ends with is a section: it becomes one that says it could not be computed, and why. Where none does, one
    called *name* is shown.
    """
    error = getattr(sys, "last_value", None)
    why = reason(error)
    line = _line(error.__traceback__ if error else None, namespace)
    statements = [one for place, cell in enumerate(cells) for one in _statements(cell, line if place == 0 else 0)]
    ends = [one.value.id for one in statements if isinstance(one, ast.Expr) and isinstance(one.value, ast.Name)]
    for assigned in dict.fromkeys(_assigned(statements)):
        namespace[assigned] = Lost(assigned)
    shown = [Section.of(Finding.failed(one, why)) for one in dict.fromkeys(ends)]
    namespace.update(zip(dict.fromkeys(ends), shown, strict=True))
    return shown or [Section.of(Finding.failed(name, why))]


def reason(error: BaseException | None) -> Sayable:
    """Return why something could not be computed: what an error of ours says; of another kind and place, not its values."""
    if isinstance(error, FanopsError):
        return faults.fault(error)
    place = ""
    for frame in _frames(error.__traceback__ if error else None):
        path = Path(frame.tb_frame.f_code.co_filename)
        if path.is_relative_to(PACKAGE):
            place = f" ({path.relative_to(PACKAGE.parent).as_posix()}:{frame.tb_lineno})"
    return Written(f"{type(error).__name__}{place}", "en")


def _frames(trace: TracebackType | None) -> Iterator[TracebackType]:
    while trace is not None:
        yield trace
        trace = trace.tb_next


def _line(trace: TracebackType | None, namespace: MutableMapping[str, Any]) -> int:
    """Return the line of the cell that failed; 0 where the traceback does not lead there: all of it counts as failed."""
    return next((one.tb_lineno for one in _frames(trace) if one.tb_frame.f_globals is namespace), 0)


def _statements(source: str, line: int) -> list[ast.stmt]:
    """Return the statements of *source* from the one at *line* on."""
    try:
        return [one for one in ast.parse(source).body if (one.end_lineno or one.lineno) >= line]
    except SyntaxError:
        return []


def _assigned(statements: Sequence[ast.stmt]) -> Iterator[str]:
    for node in (node for one in statements for node in ast.walk(one)):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
