"""One family of errors: what is wrong, where, and the nearest valid choice."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Protocol

SHOWN = 8  # choices that are named where none is near


class Sentence(Protocol):
    """What says itself in the reader's language: a `text.Sayable` (text stands above errors)."""

    def to_json(self) -> dict[str, Any]: ...


class FanopsError(ValueError):
    """Base of every error a user of fanops can meet.

    *message* and *hint* are messages of `text` where a report may show them: `text.faults` says them in every language.

    >>> print(FanopsError("unknown market", file="brand.yml", line=4, value="UX", choices=["US", "BR"]))
    brand.yml, line 4: unknown market: 'UX'. Did you mean 'US'?
    """

    def __init__(
        self,
        message: str | Sentence,
        *,
        file: str | Path | None = None,
        line: int | None = None,
        row: int | None = None,
        column: str | None = None,
        value: object = None,
        choices: Iterable[str] = (),
        hint: str | Sentence = "",
    ) -> None:
        self.message, self.file, self.line, self.row = message, file, line, row
        self.column, self.value, self.choices, self.hint = column, value, tuple(choices), hint
        super().__init__(self._text())

    def _text(self) -> str:
        places = [
            str(self.file) if self.file is not None else "",
            f"line {self.line}" if self.line is not None else "",
            f"row {self.row}" if self.row is not None else "",
            f"column '{self.column}'" if self.column is not None else "",
        ]
        where = ", ".join(place for place in places if place)
        said = str(self.message)  # not in an f-string: a sayable refuses to be put into one
        text = f"{where}: {said}" if where else said
        if self.value is not None:
            text += f": {shorten(self.value)}"
        advice = suggest(self.value, self.choices) or str(self.hint)
        return f"{text}. {advice}" if advice else text


class WorkspaceError(FanopsError):
    """A workspace or one of its registers cannot be used as it stands."""


class ImportRefused(FanopsError):  # noqa: N818  (a refusal, in the words of the command line)
    """A file cannot be imported; nothing of it was loaded."""


class YearUnknown(ImportRefused):
    """The days of a file have no year, and nothing in it says which."""


class DataError(FanopsError):
    """An analysis was given data it must not be run on."""


class ParameterError(FanopsError):
    """A parameter is unknown, ill-typed or names something that does not exist."""


class PlanError(FanopsError):
    """A plan or notebook cannot be run as written."""


def counted(count: int, noun: str) -> str:
    """Return how many there are of what *noun* calls one of.

    >>> counted(1, "file"), counted(2_000, "row")
    ('1 file', '2,000 rows')
    """
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def shorten(value: object, limit: int = 60) -> str:
    """Return *value* quoted and cut to *limit* characters, safe for one line of a terminal."""
    text = str(value).replace("\n", " ").strip()
    text = "".join(char for char in text if char.isprintable())
    return f"'{text[: limit - 1]}…'" if len(text) > limit else f"'{text}'"


def nearest(value: object, choices: Iterable[str]) -> str | None:
    """Return the choice that *value* was most likely meant to be, None where none is near.

    >>> nearest("instgram", ["instagram", "tiktok"])
    'instagram'
    """
    folded = {str(choice).casefold(): str(choice) for choice in reversed(list(choices))}
    close = get_close_matches(str(value).casefold(), list(folded), n=1, cutoff=0.5)
    return folded[close[0]] if close else None


def suggest(value: object, choices: Iterable[str], *, shown: int = SHOWN) -> str:
    """Return a sentence naming the choice nearest to *value*, or the choices themselves.

    >>> suggest("instgram", ["instagram", "tiktok"])
    "Did you mean 'instagram'?"
    >>> suggest("zzz", ["instagram", "tiktok"])
    'Choose one of: instagram, tiktok'
    """
    options = [str(choice) for choice in choices]
    if not options:
        return ""
    if close := nearest(value, options):
        return f"Did you mean '{close}'?"
    listed = ", ".join(options[:shown])
    return f"Choose one of: {listed}" + (", …" if len(options) > shown else "")
