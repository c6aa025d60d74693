"""What a text says once everything in it that is encoded has been decoded: the other way to look for an id."""

from __future__ import annotations

import html
import re
from urllib.parse import unquote

from fanops_utils.data.protection.spelling import plain

ROUNDS = 4  # JSON in an address in a page: each decoding may uncover another
ESCAPED = re.compile(r"\\+(?:u\{([0-9a-fA-F]{1,6})\}|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|x([0-9a-fA-F]{2})|([nrtbfv]))")
PRINTABLE = re.compile(r"(?:=[0-9A-Fa-f]{2})+|=\r?\n")


def decoded(text: str) -> str:
    """Return *text* normalised and without case, its percent-, backslash- and entity-encoded characters decoded.

    >>> decoded("Anna%2540example.org, \\u0041nna&#64;example.org")
    'anna@example.org, anna@example.org'
    """
    for _ in range(ROUNDS):
        if not any(mark in text for mark in ("%", "\\", "&")):
            break
        once = html.unescape(unquote(ESCAPED.sub(_character, text)))
        if once == text:
            break
        text = _joined(once)
    return plain(text)


def unquoted(text: str) -> str:
    """Return *text* with what mail programs write as =40 decoded.

    >>> unquoted("anna=40example.org")
    'anna@example.org'
    """
    return PRINTABLE.sub(lambda seen: _printed(bytes.fromhex(seen[0].replace("=", "").strip())), text)


def in_addresses(text: str, codec: str) -> str:
    """Return *text*, normalised, with what is percent-encoded in it read as *codec*, as addresses of older sites are.

    >>> in_addresses("id=%B1%E8_88", "cp949")
    'id=김_88'
    """
    return plain(unquote(text, encoding=codec, errors="replace"))


def _printed(octets: bytes) -> str:
    try:
        return octets.decode("utf-8")
    except UnicodeDecodeError:
        return octets.decode("latin-1")


def _character(seen: re.Match[str]) -> str:
    digits = next((one for one in seen.groups()[:4] if one), None)
    if digits is None:
        return " "
    return chr(int(digits, 16)) if int(digits, 16) < 0x110000 else " "


def _joined(text: str) -> str:
    """Return *text* with the two halves of a character beyond the first plane, written one by one, put together."""
    return (
        text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        if re.search("[\ud800-\udfff]", text)
        else text
    )
