"""What looks personal in a text: e-mail addresses, phone numbers, @handles, ids of people the warehouse knows."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from fanops_utils.data.privacy.pseudonyms import Pseudonyms
from fanops_utils.data.protection.subjects import is_telling, plain_id

EMAIL = re.compile(r"(?<![\w.+-])[\w.+%-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}(?![\w-])")
HANDLE = re.compile(r"(?<![\w.@+-])@([A-Za-z_][\w.]{1,28}\w)(?![\w@])")
# Written with a country code, in brackets, with a trunk zero or in groups of 3-3-4, or a Chinese mobile; a metric's number
# is none of these, but for a sum of ten digits and more behind a plus sign.
PHONE = re.compile(
    r"(?<![\w.,+-])(?:\+[1-9][0-9 ()./-]{6,18}[0-9]|\(0?[0-9]{2,5}\) ?[0-9][0-9 -]{4,9}[0-9]"
    r"|0[1-9][0-9]{1,4}[ /-][0-9][0-9 -]{4,9}[0-9]|[2-9][0-9]{2}([ .-])[0-9]{3}\1[0-9]{4}|1[3-9][0-9]{9})"
    r"(?![\w%]|[.,-][0-9])"
)
GROUPED = re.compile(r"\+[0-9]{1,3}(?: [0-9]{3}){1,3}")
WORD = re.compile(r"[\w.@+:/-]{3,80}")
EDGES = ".:/-@"
PHONE_DIGITS = range(8, 16)
FORBIDDEN = re.compile(
    r"(?:^|_)(?:e_?mail|phone|telephone|mobile|(?:first|last|full|sur|given|family)_?name|birth\w*|dob|street|(?:home|postal|ip)_?address"
    r"|address|zip|postcode|ip|passport|ssn|iban)(?:_|$)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Detector:
    """Finds what looks personal; *allowed* are handles and addresses that may stand there, *known* pseudonyms of people."""

    people: Pseudonyms
    known: Collection[str] = frozenset()
    allowed: frozenset[str] = frozenset()
    _words: dict[str, bool] = field(default_factory=dict)

    def find(self, text: str, *, only_sure: bool = False) -> set[tuple[str, str]]:
        """Return kind and value of everything personal in *text*.

        With *only_sure*, for code and ids: no handles and no phones, which look like decorators and numbers there.
        """
        found = {("e-mail", one[0]) for one in EMAIL.finditer(text)} if "@" in text else set()
        if not only_sure:
            found |= {("handle", one[0]) for one in HANDLE.finditer(text)} if "@" in text else set()
            found |= {("phone", one[0]) for one in PHONE.finditer(text) if _is_phone(one[0])}
        found |= {("raw id", word) for word in _words(text) if self._is_known(word)}
        return {(kind, value) for kind, value in found if plain_id(value) not in self.allowed}

    def _is_known(self, word: str) -> bool:
        if not self.known:
            return False
        if word not in self._words:
            forms = {word, word.casefold(), word.removeprefix("@")}
            self._words[word] = is_telling(plain_id(word)) and any(
                self.people.key_for(one) in self.known for one in forms
            )
        return self._words[word]


def _words(text: str) -> Iterable[str]:
    for found in WORD.finditer(text):
        yield found[0].strip(EDGES)
        if "/" in found[0] or ":" in found[0]:
            yield from re.split("[/:]", found[0])


def _is_phone(text: str) -> bool:
    digits = sum(char.isdigit() for char in text)
    return digits in PHONE_DIGITS and not (GROUPED.fullmatch(text) and digits < 10)


def masked(value: str) -> str:
    """Return *value* so that its owner can recognise it and nobody else.

    >>> masked("anna.b@example.org"), masked("+49 301 234 567")
    ('a***@e***.org', '+***67')
    """
    name, at, domain = value.partition("@")
    if at and name:
        return f"{name[:1]}***@{domain[:1]}***.{domain.rsplit('.', 1)[-1]}"
    return f"{value[:2]}***" if at else f"{value[:1]}***{value[-2:]}"
