"""The catalogues: for each language the translations of all messages, read from its one .po file."""

from __future__ import annotations

import io
from functools import cache
from gettext import GNUTranslations
from pathlib import Path

from fanops_utils.errors import ParameterError

FOLDER = Path(__file__).parent / "catalogues"
SOURCE = "en"


@cache
def languages() -> tuple[str, ...]:
    """Return the languages pages can be written in: English, in which messages are written, and those with a .po file."""
    return (SOURCE, *sorted(path.stem for path in FOLDER.glob("*.po") if code_of(path.stem) == path.stem))


def code_of(language: str) -> str:
    """Return *language* as its code is written (pt-BR, zh-Hans); raise ParameterError where it names no language.

    >>> code_of("pt_br"), code_of("zh-hans")
    ('pt-BR', 'zh-Hans')
    """
    from babel import Locale, UnknownLocaleError

    try:
        found = Locale.parse(language.replace("_", "-"), sep="-", resolve_likely_subtags=False)
    except (ValueError, UnknownLocaleError):
        raise ParameterError("this is no language's code, like pt-BR or zh-Hans", value=language) from None
    return str(found).replace("_", "-")


def checked(language: str) -> str:
    """Return *language*; raise ParameterError naming the nearest one where there is no catalogue of it."""
    if language not in languages():
        raise ParameterError("there is no catalogue of this language", value=language, choices=languages())
    return language


@cache
def translations(language: str) -> GNUTranslations | None:
    """Return the translations into *language*, None for English."""
    if checked(language) == SOURCE:
        return None
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    with (FOLDER / f"{language}.po").open("rb") as file:
        catalogue = read_po(file, locale=language.replace("-", "_"))
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return GNUTranslations(compiled)
