"""Numbers and dates as a language writes them: the one place that asks Babel.

Babel's minus is a hyphen and its NaN is "NaN": here − (U+2212) and — (there is no number).
"""

from __future__ import annotations

import math
from datetime import date
from functools import lru_cache

from babel import Locale
from babel.core import get_global, parse_locale
from babel.dates import format_date
from babel.numbers import format_compact_decimal, format_decimal

NONE = "—"
MOST_DIGITS = 15  # of a fraction: what a float holds
LARGEST = 1e15  # beyond it a float no longer holds every whole number: written by its order of magnitude
NBSP, NARROW = "\u00a0", "\u202f"


@lru_cache(maxsize=32)
def locale(code: str) -> Locale:
    """Return Babel's locale of the language *code* (en, zh-Hans)."""
    return Locale.parse(code, sep="-")


@lru_cache(maxsize=256)
def written_alike(first: str, second: str) -> bool:
    """Return whether whoever reads the language *second* reads *first*: same language in the same script.

    >>> [written_alike(one, "zh-Hans") for one in ("zh-CN", "zh-TW", "zh", "ja")], written_alike("pt", "pt-BR")
    ([True, False, True, False], True)
    """
    return first == second or ((known := _written_in(first)) is not None and known == _written_in(second))


def _written_in(code: str) -> tuple[str, str | None] | None:
    try:
        language, territory, script = parse_locale(code, sep="-")[:3]
        if script is None:
            likely = get_global("likely_subtags")
            whole = likely.get(f"{language}_{territory}") or likely.get(language)
            script = parse_locale(whole)[2] if whole else None
    except ValueError:
        return None
    return language, script


def decimal(value: float, code: str, *, digits: int = 0, sign: bool = False, fixed: bool = True) -> str:
    """Return *value* with *digits* decimals (at most so many unless *fixed*), grouped, with a true minus.

    >>> decimal(-1234.567, "en", digits=1), decimal(0.5, "en", digits=2, sign=True), decimal(math.nan, "en")
    ('−1,234.6', '+0.50', '—')
    """
    if not math.isfinite(value):
        return NONE
    digits = min(max(digits, 0), MOST_DIGITS)
    bare = round(abs(value), digits)
    if bare >= LARGEST:
        return ("−" if value < 0 else "+" if sign else "") + f"{bare:.2e}"
    place = "0" if fixed else "#"
    text = str(format_decimal(bare, format=f"#,##0{'.' + place * digits if digits else ''}", locale=locale(code)))
    mark = "−" if value < 0 and bare else "+" if sign and bare else ""
    return mark + text


def places_of(size: float) -> int:
    """Return how many decimals a share of *size* is told with in percent, a difference of shares in points likewise."""
    return 2 if size < 0.1 else 1 if size < 1 else 0


def percent(value: float, code: str, *, digits: int | None = None, sign: bool = False) -> str:
    """Return a fraction as percent; without *digits* as many as matter: two below 10 %, one below 100 %.

    A share too small for its digits is not nothing, and does not read as zero.

    >>> percent(0.02407, "en"), percent(0.3456, "zh-Hans"), percent(1.25, "en"), percent(0.02407, "de")
    ('2.41%', '34.6%', '125%', '2,41\\xa0%')
    >>> percent(0.00002, "en"), percent(0.0049, "en", digits=0), percent(0.0, "en"), percent(-0.0001, "en", digits=1, sign=True)
    ('<0.01%', '<1%', '0.00%', '0.0%')
    """
    if not math.isfinite(value):
        return NONE
    size = abs(value)
    places = digits if digits is not None else places_of(size)
    if value > 0 and not sign and not round(size * 100, places):
        return "<" + decimal(10.0**-places, code, digits=places) + _percent_sign(code)
    return decimal(value * 100, code, digits=places, sign=sign) + _percent_sign(code)


@lru_cache(maxsize=32)
def _percent_sign(code: str) -> str:
    pattern = locale(code).percent_formats[None].pattern
    return NBSP + "%" if "\xa0" in pattern or " " in pattern else "%"


def significant(value: float, code: str, *, digits: int = 3) -> str:
    """Return *value* with so many significant *digits*, whole numbers whole.

    >>> significant(0.12345, "en"), significant(12.0, "en"), significant(1234.5, "en")
    ('0.123', '12', '1,234')
    """
    if not math.isfinite(value):
        return NONE
    size = abs(value)
    if size >= 10**digits or value == int(value):
        return decimal(value, code)
    first = math.floor(math.log10(size)) if size else 0
    return decimal(value, code, digits=max(digits - 1 - first, 0), fixed=False)


def compact(value: float, code: str) -> str:
    """Return a large count in few characters, for axes.

    >>> compact(12345, "en"), compact(12345, "zh-Hans")
    ('12.3K', '1.2万')
    """
    return str(format_compact_decimal(value, locale=locale(code), fraction_digits=1)).replace("-", "−")


def day(value: date, code: str, *, form: str = "day") -> str:
    """Return a day (2026-03-09), or its month or long form in words.

    >>> day(date(2026, 3, 9), "en"), day(date(2026, 3, 9), "en", form="month"), day(date(2026, 3, 9), "zh-Hans", form="long")
    ('9 March 2026', 'March 2026', '2026年3月9日')
    """
    if form == "iso":
        return value.isoformat()
    if code == "en":  # the day first: read the same on both sides of the Atlantic
        pattern = "MMMM y" if form == "month" else "d MMMM y"
        return str(format_date(value, pattern, locale=locale(code)))
    skeleton = {"month": locale(code).datetime_skeletons["yMMMM"].pattern}.get(form, "long")
    return str(format_date(value, skeleton, locale=locale(code)))


def short_day(value: date, code: str) -> str:
    """Return a day with its year in few characters, on one line.

    >>> short_day(date(2026, 3, 9), "en"), short_day(date(2026, 3, 9), "zh-Hans")
    ('9 Mar 2026', '2026年3月9日')
    """
    return str(format_date(value, "d MMM y" if code == "en" else "long", locale=locale(code)))


def axis_day(value: date, code: str, *, year: bool) -> str:
    """Return a day in few characters, for a tick of an axis, with its year in a second line where asked for.

    >>> axis_day(date(2026, 3, 9), "en", year=False), axis_day(date(2026, 3, 9), "zh-Hans", year=True)
    ('9 Mar', '3月9日\\n2026年')
    """
    pattern = "d MMM" if code == "en" else locale(code).datetime_skeletons["MMMd"].pattern
    text = str(format_date(value, pattern, locale=locale(code)))
    whole = str(format_date(value, locale(code).datetime_skeletons["y"].pattern, locale=locale(code)))
    return f"{text}\n{whole}" if year else text
