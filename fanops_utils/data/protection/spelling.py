"""An id in every way a text may spell it: in full width, composed otherwise, percent-, escape- or entity-encoded.

A pattern finds an id where it stands, so that it can be struck out there; nothing in it knows which script a text is in.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import cache

# What may stand around an id without making it a part of a longer one. Ids of platforms are letters and digits of ASCII:
# whatever else stands beside one, a Chinese character, a Hangul particle, an emoji, divides it off.
WORD = "A-Za-z0-9_\uff10-\uff19\uff21-\uff3a\uff41-\uff5a"
ESCAPE_BEFORE = r"(?<=%[0-9A-Fa-f]{2})|(?<=\\u[0-9A-Fa-f]{4})|(?<=\\x[0-9A-Fa-f]{2})|(?<=\\[nrtbfv])"
BEFORE = rf"(?:(?<![{WORD}])(?<![A-Za-z0-9][.@-])|{ESCAPE_BEFORE})"
AFTER = rf"(?![{WORD}]|[.@-][A-Za-z0-9]|\+[\w.+-]*@)"
BEFORE_ADDRESS = rf"(?<!\+){BEFORE}"  # name+anna@example.org is another mailbox than anna@example.org
UNSEEN = "\u00ad\u200b-\u200f\u2060-\u2064\ufe00-\ufe0f\ufeff"  # marks without width, which a text may carry anywhere
UNSEEN_BYTES = (
    r"(?:\xc2\xad|\xe2\x80[\x8b-\x8f]|\xe2\x81[\xa0-\xa4]|\xef\xb8[\x80-\x8f]|\xef\xbb\xbf"
    r"|\xad|[\x0b-\x0f\x60-\x64]\x20|\x20[\x0b-\x0f\x60-\x64]|[\x01-\x0f]?\xfe|\xfe[\x01-\x0f]?|\xff\xfe|\xfe\xff)*"
)
MATHEMATICAL = range(0x1D400, 0x1D800)
# Encodings of one script, of files and of addresses: an import reads some, but files that it refuses lie under raw/ too.
LOCAL = ("gb18030", "cp949", "cp932", "euc_jp", "big5hkscs", "cp874", "cp1256", "cp1251", "cp1252")


@cache
def _look_alikes() -> dict[str, str]:
    """Return for each character all others that normalise to it (NFKC, without case): full width, circled, raised."""
    found: dict[str, list[str]] = {}
    for code in [*range(0x80, 0xD800), *range(0xF900, 0x10000), *MATHEMATICAL]:
        plain = unicodedata.normalize("NFKC", chr(code)).casefold()
        if len(plain) == 1 and plain != chr(code):
            found.setdefault(plain, []).append(chr(code))
    return {plain: "".join(others) for plain, others in found.items()}


def plain(text: str) -> str:
    """Return *text* as spellings are compared: normalised (NFKC), without case and unseen marks.

    >>> plain("\uff21nna\u200b_B")
    'anna_b'
    """
    seen = re.sub(f"[{UNSEEN}]", "", text) if not text.isascii() else text
    return unicodedata.normalize("NFKC", seen).casefold()


def _encoded(char: str) -> list[str]:
    """Return patterns in ASCII of the forms in which programs write *char*: %40, %2540, \\u0040, &#64;, &#x40;, =40."""
    code, octets = ord(char), char.encode("utf-8")
    units = char.encode("utf-16-be")
    escaped = "".join(rf"\\+u{units[at]:02x}{units[at + 1]:02x}" for at in range(0, len(units), 2))
    forms = ["".join(f"%(?:25)*{one:02x}" for one in octets), escaped, "".join(f"={one:02x}" for one in octets),
             rf"\\+u\{{0*{code:x}\}}", rf"\\+U{code:08x}", f"&(?:amp;)*#(?:0*{code}|x0*{code:x});?"]  # fmt: skip
    if code < 0x80:
        forms.append(rf"\\+x{code:02x}")
    else:
        local = {char.encode(codec, errors="ignore") for codec in LOCAL}
        forms += [_percent(octets) for octets in sorted(local) if octets]
    if char == "@":
        forms.append("&(?:amp;)*commat;")
    return forms


def _percent(octets: bytes) -> str:
    """Return the pattern of *octets* as an address has them: a letter or digit among them may stand as it is."""
    return "".join(
        f"(?:%(?:25)*{one:02x}{f'|{chr(one)}' if one < 0x80 and chr(one).isalnum() else ''})" for one in octets
    )


def _both_cases(char: str) -> list[str]:
    return sorted({one for one in (char, char.upper(), char.lower()) if len(one) == 1})


def text_pattern(text: str) -> str:
    """Return a pattern, for Python and RE2 without regard to case, of every spelling of *text* in a text."""
    parts = []
    for char in plain(text):
        cases = _both_cases(char)
        simple = "".join(re.escape(one) if one.isascii() else one for one in [*cases, *_look_alikes().get(char, "")])
        forms = [f"[{simple}]", *(form for one in cases for form in _encoded(one))]
        composed = unicodedata.normalize("NFD", char)
        forms += [re.escape(composed)] if len(composed) > 1 else []
        parts.append(f"(?:{'|'.join(dict.fromkeys(forms))})")
    return f"[{UNSEEN}]*".join(parts)


def byte_pattern(text: str) -> str:
    """Return a pattern for RE2 over bytes, without NULs and regard to case: it misses no spelling that `text_pattern` has."""
    parts = []
    for char in plain(text):
        cases = _both_cases(char)
        forms = [form for one in cases for form in _encoded(one)]
        for one in [*cases, *_look_alikes().get(char, ""), unicodedata.normalize("NFD", char)]:
            wide = one in cases or ord(one[0]) >= 0xFF00
            forms += [_octets(one.encode(codec, errors="ignore"))
                      for codec in (("utf-8", "utf-16-le", "utf-16-be", *LOCAL) if wide else ("utf-8",))]  # fmt: skip
        parts.append(f"(?:{'|'.join(one for one in dict.fromkeys(forms) if one)})")
    return UNSEEN_BYTES.join(parts)


def _octets(data: bytes) -> str:
    return "".join(f"\\x{one:02x}" for one in data if one)


def whole_pattern(text: str) -> str:
    """Return the pattern of *text* as an id of its own, in Python's form: not as a part of a longer one."""
    first, last = plain(text)[:1], plain(text)[-1:]
    before = (BEFORE_ADDRESS if "@" in text[1:] else BEFORE) if first.isascii() else ""
    mark = "" if first == "@" else f"(?:{text_pattern('@')})?"
    return f"{before}{mark}{text_pattern(text)}{AFTER if last.isascii() else ''}"


def holds_any(data: bytes, pattern: str) -> bool:
    """Return whether *data* matches *pattern* of `byte_pattern`s, in any of the encodings that exports come in."""
    import pyarrow as arrow
    import pyarrow.compute as compute

    if not pattern:
        return False
    narrow = data.replace(b"\x00", b"") if b"\x00" in data else data
    blocks = arrow.array([data] if narrow is data else [data, narrow], arrow.large_binary())
    return bool(compute.any(compute.match_substring_regex(blocks, pattern, ignore_case=True)).as_py())


def any_of(patterns: Iterable[str]) -> str:
    """Return a pattern of whatever one of *patterns* matches."""
    return "|".join(f"(?:{one})" for one in patterns)
