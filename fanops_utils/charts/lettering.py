"""Setting words in a chart: folded by the room they take, wide scripts too, and safe to write as XML."""

from __future__ import annotations

import re
import unicodedata

FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def clean(text: str) -> str:
    """Return *text* without the characters that XML forbids."""
    return FORBIDDEN.sub("", text)


def width(text: str) -> int:
    """Return the room *text* takes, in narrow characters: Chinese, Japanese and Korean ones count two."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def fold(text: str, room: int) -> str:
    """Return *text* broken into lines of at most *room* narrow characters: at spaces, wide scripts anywhere.

    >>> fold("Interactions per person reached", 14)
    'Interactions\\nper person\\nreached'
    >>> fold("互动次数", 4)
    '互动\\n次数'
    """
    lines, line = [], ""
    for piece in _pieces(clean(text), room):
        if line and width(line + piece.rstrip()) > room:
            lines.append(line.rstrip())
            line = ""
        line += piece if line else piece.lstrip()
    return "\n".join([*lines, line.rstrip()])


def _pieces(text: str, room: int) -> list[str]:
    """Return what must not be broken: words with the space after them, single wide characters, cuts of long words."""
    pieces: list[str] = []
    for word in re.findall(r"\S+\s*|\s+", text):
        if any(width(char) == 2 for char in word):
            pieces += list(word)
        else:
            pieces += [word[start : start + room] for start in range(0, len(word), room)]
    return pieces
