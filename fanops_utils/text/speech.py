"""Saying: a sayable as text or as HTML in one language."""

from __future__ import annotations

import math
import os
from dataclasses import dataclass
from functools import cache

from markupsafe import Markup, escape

from fanops_utils.text import catalogue
from fanops_utils.text.scripts import tongue
from fanops_utils.text.sentences.sayable import Piece, Sayable
from fanops_utils.text.spacing import set_apart

MANY = 2  # a count that every language says in the plural
SHORTEST = 12  # characters of a name that is read the same in any language
LONGEST = 60  # characters that may be asked to stay in one line
SHOWN = "FANOPS_LANGUAGES"


@dataclass(frozen=True)
class Speaker:
    """A language with its catalogue: what sayables ask for their words."""

    code: str

    def translate(self, text: str, *, context: str | None, many: str | None, count: float | None) -> str:
        known = catalogue.translations(self.code)
        if many is not None and count is not None:
            if known is None:
                return text if count == 1 else many
            whole = math.isfinite(count) and count == int(count)  # 1.5 days and an unknown number of days are several
            return known.ngettext(text, many, int(abs(count)) if whole else MANY)
        if known is None:
            return text
        return known.gettext(text) if context is None else known.pgettext(context, text)


@cache
def speaker(language: str) -> Speaker:
    """Return the speaker of *language*; raise ParameterError where there is no catalogue of it."""
    return Speaker(catalogue.checked(language))


def shown_languages() -> tuple[str, ...]:
    """Return the languages in which objects show themselves, the first one first: FANOPS_LANGUAGES, else English."""
    named = [code.strip() for code in os.environ.get(SHOWN, "").split(",") if code.strip()]
    return tuple(catalogue.checked(code) for code in named) or (catalogue.SOURCE,)


def pieces(what: Sayable, language: str) -> list[Piece]:
    """Return the pieces of *what* in *language*, spaced as it sets them."""
    found = what.pieces(speaker(language))
    return set_apart(found) if language.startswith("zh") else found


def speak(what: Sayable, language: str | None = None) -> str:
    """Return *what* as text in *language*, by default the first one shown."""
    return "".join(piece.text for piece in pieces(what, language or shown_languages()[0]))


def markup(what: Sayable, language: str) -> Markup:
    """Return *what* as HTML: numbers kept with their units, what somebody wrote marked with its language."""
    return Markup("").join(_marked(piece, language) for piece in pieces(what, language))


def _marked(piece: Piece, language: str) -> Markup:
    if piece.kind == "number" and len(piece.text) <= LONGEST and any(char in piece.text for char in " \u2009-"):
        bare = piece.text.lstrip(" ")  # a line may break before a number, not within it
        return Markup('{}<span class="nb">{}</span>').format(piece.text[: len(piece.text) - len(bare)], bare)
    if piece.kind == "written":
        lang = piece.lang or (tongue(piece.text) if len(piece.text) > SHORTEST else "")
        if lang and not language.startswith(lang.split("-")[0]):
            return Markup('<span lang="{}">{}</span>').format(lang, piece.text)
    return escape(piece.text)
