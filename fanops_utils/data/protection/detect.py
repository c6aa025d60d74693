"""What looks personal in a text: all that an import strikes out, and raw ids of people the warehouse knows."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from fanops_utils.data.privacy.personal import Personal
from fanops_utils.data.privacy.pseudonyms import Pseudonyms
from fanops_utils.data.protection.subjects import is_telling, plain_id

WORD = re.compile(r"[\w.@+:/-]{3,80}")
EDGES = ".:/-@"
KEPT, MOST_KEPT = 200, 100_000  # letters of a text whose findings are kept, and how many texts
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
    personal: Personal = Personal()  # noqa: RUF009  (frozen)
    _words: dict[str, bool] = field(default_factory=dict)
    _seen: dict[tuple[str, bool], set[tuple[str, str]]] = field(default_factory=dict)

    def find(self, text: str, *, only_sure: bool = False) -> set[tuple[str, str]]:
        """Return kind and value of everything personal in *text*: of the kinds an import strikes out, and raw ids.

        With *only_sure*, for code and ids: no handles and no numbers, which look like decorators and metrics there.
        """
        if len(text) > KEPT:
            return self._find(text, only_sure=only_sure)
        if (text, only_sure) not in self._seen:  # the pages of a run say most things many times
            if len(self._seen) >= MOST_KEPT:
                self._seen.clear()
            self._seen[text, only_sure] = self._find(text, only_sure=only_sure)
        return self._seen[text, only_sure]

    def _find(self, text: str, *, only_sure: bool) -> set[tuple[str, str]]:
        found = {(kind, text[start:end]) for kind, start, end in self.personal.spans(text, only_sure=only_sure)}
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


def masked(value: str) -> str:
    """Return *value* so that its owner can recognise it and nobody else.

    >>> masked("anna.b@example.org"), masked("+49 301 234 567")
    ('a***@e***.org', '+***67')
    """
    name, at, domain = value.partition("@")
    if at and name:
        return f"{name[:1]}***@{domain[:1]}***.{domain.rsplit('.', 1)[-1]}"
    return f"{value[:2]}***" if at else f"{value[:1]}***{value[-2:]}"
