"""Faults: what a FanopsError says, in the reader's language; in English it reads as the error itself does."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import reduce
from typing import Any

from fanops_utils.errors import SHOWN, FanopsError, nearest, shorten
from fanops_utils.text.coding import read
from fanops_utils.text.sentences.message import Listed, Written, say, term
from fanops_utils.text.sentences.sayable import Sayable
from fanops_utils.text.showing import mime

KIND = "fault"


def fault(error: FanopsError) -> Sayable:
    """Return all *error* says: where, what is wrong, which value, and what to do about it."""
    message = worded(error.message)
    if where := _places(error):
        message = term("{where}: {message}", "an error after its place", where=where, message=message)
    if error.value is not None:
        value = Written(shorten(error.value))
        message = term("{message}: {value}", "the value of an error after its message", message=message, value=value)
    return advised(message, advise(error.value, error.choices) or (worded(error.hint) if str(error.hint) else None))


def advised(message: Sayable, advice: Sayable | None) -> Sayable:
    """Return *message* and, where there is any, the *advice* after it."""
    if advice is None:
        return message
    return term("{message}. {advice}", "what to do, after an error", message=message, advice=advice)


def advise(value: object, choices: Iterable[str]) -> Sayable | None:
    """Return the sentence of `errors.suggest` about the choice nearest to *value*; None where there is no choice."""
    options = [str(choice) for choice in choices]
    if not options:
        return None
    if close := nearest(value, options):
        return say("Did you mean '{choice}'?", choice=close)
    listed = Listed.of(options[:SHOWN])
    if len(options) > SHOWN:
        return say("Choose one of: {choices}, …", choices=listed)
    return say("Choose one of: {choices}", choices=listed)


def shown(outputs: Iterable[Mapping[str, Any]]) -> Sayable | None:
    """Return the fault among the *outputs* of a cell that failed; None where it failed by anything else."""
    told = [output["data"][mime(KIND)] for output in outputs if mime(KIND) in output.get("data", {})]
    try:
        return read(told[-1]) if told else None
    except (TypeError, ValueError, RecursionError):  # a notebook displayed something of its own as a fault
        return None


def worded(text: object) -> Sayable:
    """Return *text* as a sayable: what is no message is English as somebody wrote it."""
    return text if isinstance(text, Sayable) else Written(str(text), "en")


def _places(error: FanopsError) -> Sayable | None:
    """Return file, line, row and column, as far as they are known; lines are numbered, not counted."""
    places: list[Sayable] = []
    if error.file is not None:
        places.append(Written(str(error.file)))
    if error.line is not None:
        places.append(term("line {line}", "place of an error", line=str(error.line)))
    if error.row is not None:
        places.append(term("row {row}", "place of an error", row=str(error.row)))
    if error.column is not None:
        places.append(term("column '{column}'", "place of an error", column=str(error.column)))
    return reduce(_within, places) if places else None


def _within(outer: Sayable, inner: Sayable) -> Sayable:
    return term("{outer}, {inner}", "place of an error", outer=outer, inner=inner)
