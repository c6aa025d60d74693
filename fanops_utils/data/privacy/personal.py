"""What names a person in a text: e-mails, phones, handles, ids of messengers, payment numbers, addresses of machines."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from typing import Any

import pandas as pd

from fanops_utils.workspace import Workspace

AT = r"(?:[@＠]|%(?:25)*40|&#(?:64|x40);|\\u0040|=40)"
# Vowels and accents that stand over, under or beside a letter of their own: of Thai, Arabic, Hebrew, Hindi, composed Latin.
MARKS = "\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0670\u0900-\u0903\u093a-\u094f\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u200c\u200d"
# The letters after a domain of ASCII are a sentence's; a domain of another script has one in its first part already.
DOMAIN = r"[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}(?![A-Za-z0-9-])"
OTHER_DOMAIN = rf"[A-Za-z0-9-]*(?:[^\W\x00-\x7f]|%[0-9A-F]{{2}})[\w%{MARKS}-]*(?:\.[\w%{MARKS}-]+)+"
EMAIL = re.compile(rf"(?<![\w.+-])[\w.+%{MARKS}-]+?{AT}(?:{DOMAIN}|{OTHER_DOMAIN})", re.IGNORECASE)
HANDLE = re.compile(r"(?<![\w.@+-])[@＠]([A-Za-z_][\w.]{1,28}\w)(?![\w@])")
# Written with a country code, in brackets, with a trunk zero or in groups of 3-3-4, or a Chinese mobile; a metric's number
# is none of these, but for a sum of ten digits and more behind a plus sign.
PHONE = re.compile(
    r"(?<![\w.,+-])(?:(?:\+|%2B)[1-9][0-9 ()./-]{6,18}[0-9]|\(0?[0-9]{2,5}\) ?[0-9][0-9 -]{4,9}[0-9]"
    r"|0[1-9][0-9]{1,4}[ /-][0-9][0-9 -]{4,9}[0-9]|0[1-9](?:[ .-][0-9]{2}){4}|[2-9][0-9]{2}([ .-])[0-9]{3}\1[0-9]{4}"
    r"|1[3-9][0-9]{9})(?![\w%]|[.,-][0-9])",
    re.IGNORECASE,
)
# A number with a point, as JSON and CSV write it: 0.0571887889251156 is nobody's phone; 030.1234567, +49.301234567 and
# (11) 98765.4321 are. Behind a single 0 stands nothing but a fraction; other numbers have no group of digits beside them.
DECIMAL = re.compile(
    r"(?<![A-Za-z0-9_.+])(?<![0-9]-)"
    r"(?:0|(?<![0-9)][ /-])(?<!\+[0-9] )[1-9][0-9]*(?=\.[0-9]+(?![0-9]|[ /-][0-9(])))"
    r"\.[0-9]+(?:[Ee][+-]?[0-9]+)?(?![A-Za-z0-9_]|\.[0-9]|-[0-9])"
)
GROUPED = re.compile(r"\+[0-9]{1,3}(?: [0-9]{3}){1,3}")
PHONE_DIGITS = range(8, 16)
MESSENGER = re.compile(
    r"(?:微信号?|威信|薇信|wechat|weixin|(?<![a-z])v[x信]|(?<![a-z])wx|(?<![a-z])line[ _-]?id|(?<![a-z])qq)"
    r"[ _-]?(?:id|号|號)?\s*[:：=]\s*@?([A-Za-z0-9][\w.-]{3,29})|line\.me/ti/p/(~?[\w.-]{3,30})",
    re.IGNORECASE,
)
CARD = re.compile(r"(?<![\w.,+-])(?:3[47]|35|4|5[1-5]|2[2-7]|6[0-9])[0-9](?:[ -]?[0-9]){10,16}(?![\w]|[.,-][0-9])")
CARD_DIGITS = range(15, 20)  # those of 13 are no longer issued, and orders have as many
IP4 = re.compile(r"(?<![\w.])(?:[0-9]{1,3}\.){3}[0-9]{1,3}(?![\w]|\.[0-9])")
IP6 = re.compile(r"(?<![\w:.])(?:[0-9a-f]{0,4}:){3,7}[0-9a-f]{0,4}(?![\w:])", re.IGNORECASE)
LIKELY = (
    r"(?i)@|＠|%(?:25)*40|&#|\\u0040|=40|[0-9][0-9 ()./+-]{6,}[0-9]|微信|威信|薇信|wechat|weixin|vx|v信|wx|line|qq"
    r"|(?:[0-9]{1,3}\.){3}|(?:[0-9a-f]{0,4}:){3}"
)
IDS = ("_id", "_key", "_url", "sku", "order_name", "code", "line_no")  # columns of ids, and of codes that are like them
Span = tuple[str, int, int]
SURE = ("e-mail",)


@dataclass(frozen=True)
class Personal:
    """Finds and strikes out what names a person; *allowed* are handles that may stand, *countries* those of the markets."""

    allowed: frozenset[str] = frozenset()
    countries: tuple[str, ...] = ()

    @classmethod
    def of(cls, workspace: Workspace) -> Personal:
        """Return what finds persons in texts of *workspace*: its own accounts and what privacy.yml allows may stand."""
        brand = workspace.brand
        own = [name for account in brand.accounts for name in (account.handle, account.id or "") if name]
        names = (*own, *brand.competitors, *workspace.privacy.allowed)
        countries = dict.fromkeys(code for market in brand.markets for code in market.country_codes)
        return cls(frozenset(one.casefold().lstrip("@＠") for one in names), tuple(countries))

    def spans(self, text: str, *, only_sure: bool = False) -> Iterator[Span]:
        """Yield kind, start and end of everything in *text* that names a person; with *only_sure*, in ids, e-mails alone."""
        yield from (("e-mail", *one.span()) for one in EMAIL.finditer(text))
        if only_sure:
            return
        for one in HANDLE.finditer(text):
            if one[1].casefold() not in self.allowed:
                yield "handle", *one.span()
        yield from (("messenger id", *one.span(1 if one[1] else 2)) for one in MESSENGER.finditer(text))
        whole = DECIMAL.sub(lambda one: "_" * len(one[0]), text)  # phones and payment numbers have no point
        yield from (("payment number", *one.span()) for one in CARD.finditer(whole) if is_card(one[0]))
        yield from (("phone", *one.span()) for one in PHONE.finditer(whole) if is_phone(one[0]))
        yield from _national(whole, self.countries)
        yield from (("ip address", *one.span()) for one in IP4.finditer(text) if _is_ip(one[0]))
        yield from (("ip address", *one.span()) for one in IP6.finditer(text) if _is_ip(one[0]))

    def struck(self, text: str, *, only_sure: bool = False) -> str:
        """Return *text* with everything that names a person replaced by its kind.

        >>> Personal().struck("Write to anna%40example.org or +49 301 234567")
        'Write to [e-mail] or [phone]'
        """
        end, kept = 0, []
        for kind, start, stop in sorted(self.spans(text, only_sure=only_sure), key=lambda one: (one[1], -one[2])):
            if start >= end:
                kept += [text[end:start], f"[{kind}]"]
                end = stop
        return "".join([*kept, text[end:]])

    def without(self, texts: pd.Series, *, only_sure: bool = False) -> pd.Series:
        """Return *texts* with what names a person struck out; each distinct text is looked at once, most not at all."""
        likely = texts.str.contains(LIKELY, regex=True, na=False).astype(bool)
        if not likely.any():
            return texts
        known = {one: self.struck(one, only_sure=only_sure) for one in texts[likely].unique()}
        return texts.where(~likely, texts.map(known))


def is_phone(text: str) -> bool:
    """Return whether *text*, in the form of a phone number, has as many digits as one, and no metric's groups."""
    digits = sum(char.isdigit() for char in text.upper().removeprefix("%2B"))
    return digits in PHONE_DIGITS and not (GROUPED.fullmatch(text) and digits < 10)


def is_card(text: str) -> bool:
    """Return whether *text* has the digits of a payment number and their checksum (Luhn).

    >>> is_card("4111 1111 1111 1111"), is_card("4111 1111 1111 1112")
    (True, False)
    """
    digits = [int(char) for char in text if char.isdigit()]
    doubled = [sum(divmod(2 * one, 10)) for one in digits[-2::-2]]
    return len(digits) in CARD_DIGITS and (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0


def _is_ip(text: str) -> bool:
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return False
    return not (address.is_unspecified or address.is_loopback)


def _national(text: str, countries: Iterable[str]) -> Iterator[Span]:
    """Yield the phone numbers of *countries* in *text* as people there write them, where the library that knows is there."""
    if sum(char.isdigit() for char in text) not in range(PHONE_DIGITS.start, 2000) or not (library := _phonenumbers()):
        return
    for country in countries:
        matches = library.PhoneNumberMatcher(text, country, leniency=library.Leniency.VALID)
        for one in matches:
            if not one.raw_string.isdigit() or one.raw_string.startswith("0"):  # bare digits are as likely an id
                yield "phone", one.start, one.end


@cache
def _phonenumbers() -> Any:
    if find_spec("phonenumbers") is None:
        return None
    import phonenumbers

    return phonenumbers


def withheld(value: str, column: str) -> str:
    """Return *value* of *column*, a cell that could not be loaded, so that it shows what is wrong and nobody's name.

    Columns of people show nothing. Several words, or a name in Chinese letters, show their ends alone: a mapping may
    have read a name as a number.

    >>> withheld("Anna Berg", "likes"), withheld("12,3x", "likes"), withheld("anna", "member_key")
    ('A***g', '12,3x', '***')
    """
    if not value:
        return value
    if column.endswith("_key") or PERSONS.search(column):
        return "***"
    words = [one for one in re.findall(r"[^\W\d_]{2,}", value) if one[:1].isupper() or not one[:1].islower()]
    chinese = not any(char.isdigit() for char in value) and re.search(r"[぀-ヿ㐀-鿿가-힯]{2,}", value)
    return f"{value[:1]}***{value[-1:]}" if len(words) > 1 or chinese else value


PERSONS = re.compile(
    r"(?:^|_| )(?:e[_-]?mail|phone|telephone|mobile|(?:first|last|full|sur|given|family)_?name|birth\w*|dob|street|address|zip"
    r"|postcode|ip|passport|ssn|iban)(?:_| |$)",
    re.IGNORECASE,
)
