"""Dates as platforms print them: month names of many languages, and days without a year."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, timedelta

STALE = timedelta(days=60)
MONTHS = {
    "en": "january february march april may june july august september october november december",
    "en short": "jan feb mar apr may jun jul aug sep oct nov dec",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "es short": "ene feb mar abr may jun jul ago sept oct nov dic",
    "pt": "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
    "pt short": "jan fev mar abr mai jun jul ago set out nov dez",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "de": "januar februar märz april mai juni juli august september oktober november dezember",
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "fr short": "janv févr mars avr mai juin juil août sept oct nov déc",
    "de short": "jan feb mär apr mai jun jul aug sep okt nov dez",
    "it short": "gen feb mar apr mag giu lug ago set ott nov dic",
    "nl": "januari februari maart april mei juni juli augustus september oktober november december",
    "id": "januari februari maret april mei juni juli agustus september oktober november desember",
    "tr": "ocak şubat mart nisan mayıs haziran temmuz ağustos eylül ekim kasım aralık",
    "th": "มกราคม กุมภาพันธ์ มีนาคม เมษายน พฤษภาคม มิถุนายน กรกฎาคม สิงหาคม กันยายน ตุลาคม พฤศจิกายน ธันวาคม",
    "ru": "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
    "el": "ιανουαρίου φεβρουαρίου μαρτίου απριλίου μαΐου ιουνίου ιουλίου αυγούστου σεπτεμβρίου οκτωβρίου νοεμβρίου δεκεμβρίου",
}
VIETNAMESE = ("một", "hai", "ba", "tư", "năm", "sáu", "bảy", "tám", "chín", "mười", "mười một", "mười hai")


def _plain(text: str) -> str:
    """Without case, and with accents as one character each: Μαΐου falls apart when its case is folded."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())


NAMES = {_plain(name): number for words in MONTHS.values() for number, name in enumerate(words.split(), start=1)}
NAMES |= {_plain(f"tháng {word}"): number for number, word in enumerate(VIETNAMESE, start=1)}
EAST_ASIAN = re.compile(r"(?:(\d{4})[年년]\s*)?(\d{1,2})[月월]\s*(\d{1,2})[日일]")
YEARS = range(1990, 2100)
WORDS = re.compile(r"[^\d,.\s]+(?:\s+[^\d,.\s]+)*")


def month_and_day(text: str) -> tuple[int, int] | None:
    """Return month and day of a printed date, with or without a year; None where it cannot be read.

    >>> month_and_day("August 9"), month_and_day("18 января"), month_and_day("18 tháng Tám"), month_and_day("9月13日")
    ((8, 9), (1, 18), (8, 18), (9, 13))
    """
    if found := EAST_ASIAN.fullmatch(text.strip()):
        return _valid(int(found.group(2)), int(found.group(3)))
    found_words = WORDS.findall(_plain(text))
    words = " ".join(found_words)
    # a weekday may stand before the day: "Mon, Mar 23, 2026", "mar, 3 jun"
    last = found_words[-1] if found_words else ""
    month = NAMES.get(words) or NAMES.get(words.replace(" de", "").removeprefix("de ").strip()) or NAMES.get(last)
    days = [int(number) for number in re.findall(r"\d+", text) if len(number) <= 2]
    return _valid(month, days[0]) if month and len(days) == 1 else None


def full_date(text: str) -> date | None:
    """Return a printed date that has its year; None where it cannot be read.

    >>> full_date("Jan 6, 2024"), full_date("Mon, Mar 23, 2026"), full_date("2026-03-01")
    (datetime.date(2024, 1, 6), datetime.date(2026, 3, 23), datetime.date(2026, 3, 1))
    """
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}(?:[ T]00:00(?::00)?)?", text.strip()):  # a workbook's day has a midnight
        try:
            return date.fromisoformat(text.strip()[:10])
        except ValueError:
            return None
    years, pair = re.findall(r"\d{4}", text), month_and_day(text)
    if len(years) != 1 or pair is None or int(years[0]) not in YEARS:
        return None
    return _date(int(years[0]), *pair)


def days_before(printed: list[str], exported: datetime) -> list[date | None]:
    """Return the days of *printed* dates without year, counted back from the export so that they never rise.

    Rows stand oldest first, each day on one or more rows. A date that cannot be read stays None.
    Raises ValueError where the last readable day lies after the export or over 60 days before it: then
    the year is not known.
    """
    latest = exported.date() + timedelta(days=1)
    found: list[date | None] = []
    for text in reversed(printed):
        pair = month_and_day(text)
        candidate = full_date(text) or (_latest_before(pair, latest) if pair else None)
        if candidate and not any(found) and exported.date() - candidate > STALE:
            raise ValueError(f"the last day '{text}' lies over 60 days before the export of {exported.date()}")
        latest = candidate or latest
        found.append(candidate)
    return found[::-1]


def latest_day(text: str, exported: datetime) -> date | None:
    """Return the last such day up to the day after the export; None where *text* cannot be read.

    >>> latest_day("December 30", datetime(2026, 1, 6))
    datetime.date(2025, 12, 30)
    """
    pair = month_and_day(text)
    return full_date(text) or (_latest_before(pair, exported.date() + timedelta(days=1)) if pair else None)


def _latest_before(pair: tuple[int, int], latest: date) -> date | None:
    options = [_date(latest.year - back, *pair) for back in range(5)]
    return next((option for option in options if option and option <= latest), None)


def _valid(month: int, day: int) -> tuple[int, int] | None:
    return (month, day) if _date(2024, month, day) else None


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
