"""Setting words in a chart: folded by the room they take, wide scripts too, and safe to write as XML."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

EM = "—"  # as wide as a Han character in the font that charts are laid out with, which has none of those
DIGITS = "".join(chr(0xFE00 + digit) for digit in range(16))  # variation selectors: no room at all
STAND_IN = re.compile(f"{EM}([{DIGITS}]{{5}})")
WIDE = (
    "\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6\U00020000-\U0003fffd"
)
EMOJI = "\U0001f000-\U0001faff"
PICTURE = rf"[\U0001f1e6-\U0001f1ff]{{2}}|[{EMOJI}](?:[\ufe0f\U0001f3fb-\U0001f3ff]|\u200d\S)*"  # flags; emoji, joined ones too
HAN = "\u4e00-\u9fff"
KANA = re.compile("[\u3040-\u30ff\uff66-\uff9f]")  # Japanese: its words are not found by a Chinese dictionary
SUFFIXES = set(
    "率量额值数度性价组群号图人期表版的"
)  # what makes one word with that before it, where the dictionary has two
UNBROKEN = re.compile(rf"(?:{PICTURE})\s*|[{HAN}]+\s*|[{WIDE}]\s*|[^{WIDE}{EMOJI}\s]+\s*|\s+")
MOST_LINES = 6  # of a name or a label: what is longer ends in an ellipsis
OVER = 1.08  # of the room a line is given, before it is folded narrower
OPENING, CLOSING = "（【《“(", "，。；：？！、）】》”…,.;:?!)%"
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def clean(text: str) -> str:
    """Return *text* without the characters that XML forbids."""
    return FORBIDDEN.sub("", text)


def width(text: str) -> int:
    """Return the room *text* takes, in narrow characters: Chinese, Japanese and Korean ones count two."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def fold(text: str, room: int) -> str:
    """Return *text* broken into lines of at most *room* narrow characters: at spaces, Chinese between words, other
    wide scripts anywhere.

    >>> fold("Interactions per person reached", 14)
    'Interactions\\nper person\\nreached'
    >>> fold("提高两个百分点", 10)
    '提高两个\\n百分点'
    """
    lines, line = [], ""
    for piece in _pieces(clean(text), room):
        if line and width(line + piece.rstrip()) > room:
            lines.append(line.rstrip())
            line = ""
        line += piece if line else piece.lstrip()
    return "\n".join([*lines, line.rstrip()])


def _pieces(text: str, room: int) -> list[str]:
    """Return what must not be broken: words with the space after them, other wide characters one by one, cuts of long words.

    A mark that closes stays with what it closes, one that opens with what it opens.
    """
    pieces: list[str] = []
    runs = UNBROKEN.findall(text)
    if width(text) > room and not KANA.search(text):
        runs = [word for run in runs for word in _words(run, room)]
    else:
        runs = [char for run in runs for char in _characters(run)]
    for run in runs:
        if pieces and (run[0] in CLOSING or pieces[-1][-1] in OPENING):
            pieces[-1] += run
        else:
            pieces += [run] if len(run) <= room or re.match(PICTURE, run) else _cuts(run, room)
    return pieces


def _words(run: str, room: int) -> list[str]:
    """Return the words of a *run* of Chinese, those that no line holds by characters; any other run as it is."""
    if not re.match(f"[{HAN}]", run):
        return [run]
    import rjieba  # its dictionary takes a while to read, and only Chinese that does not fit needs it

    words: list[str] = []
    for word in rjieba.cut(run.rstrip()):
        if words and word in SUFFIXES:
            words[-1] += word
        else:
            words.append(word)
    words[-1] += run[len(run.rstrip()) :]
    return [piece for word in words for piece in ([word] if width(word.rstrip()) <= room else _characters(word))]


def _characters(run: str) -> list[str]:
    """Return a *run* of Chinese by characters, the space after it with the last; any other run as it is."""
    return re.findall(rf"[{HAN}]\s*", run) if re.match(f"[{HAN}]", run) else [run]


def _cuts(run: str, room: int) -> list[str]:
    """Return *run* in pieces of *room* characters; vowels and tones written above or below stay with their letter."""
    pieces = [""]
    for char in run:
        if len(pieces[-1]) >= room and not unicodedata.category(char).startswith("M"):
            pieces.append("")
        pieces[-1] += char
    return pieces


def laid_out(text: str) -> str:
    """Return *text* with a stand-in for each wide character, one em wide to a layout font that lacks it.

    The stand-in carries the character, in letters that take no room: `written` puts it back.
    """
    return "".join(_stand_in(char) if width(char) == 2 else char for char in text)


def written(text: str) -> str:
    """Return *text* with its wide characters where they were laid out.

    >>> written(laid_out("互动 12"))
    '互动 12'
    """
    return STAND_IN.sub(_stood_for, text)


def _stand_in(char: str) -> str:
    return EM + "".join(DIGITS[int(digit, 16)] for digit in f"{ord(char):05x}")


def _stood_for(found: re.Match[str]) -> str:
    char = chr(int("".join(f"{DIGITS.index(digit):x}" for digit in found[1]), 16))
    return char if width(char) == 2 else found[0]  # only a wide character ever had a stand-in


NARROW, CAPITAL, BROAD = (
    set("iljtfI.,:;'|!()[]{} \u00a0\u202f"),
    set("ABCDEFGHJKLNOPQRSTUVXYZ&+−=<>■□◆●○…"),
    set("mwMW%@"),
)


def room(text: str, size: float, *, bold: bool = False) -> float:
    """Return the room the widest line of *text* takes at *size*, in the unit of *size*: rather too much than too little.

    Readers have fonts of their own: these are the widths of a wide one.
    """
    lines = (sum(_ems(char) for char in line) for line in text.split("\n"))
    return max(lines, default=0.0) * size * (1.07 if bold else 1.0)


@lru_cache(maxsize=4096)
def _ems(char: str) -> float:
    if width(char) == 2 or char == EM:
        return 1.0
    if unicodedata.combining(char) or char in DIGITS:
        return 0.0
    return 0.36 if char in NARROW else 0.76 if char in CAPITAL else 0.97 if char in BROAD else 0.63


def fitted(text: str, space: float, size: float) -> str:
    """Return *text* folded into lines of at most *space*, both in the unit of *size*; at most six, an ellipsis for the rest."""
    letters = max(4, int(space / size / 0.6))
    lines = fold(text, letters)
    while letters > 4 and (widest := room(lines, size)) > OVER * space:  # of broad letters: count fewer to a line
        letters = max(4, min(letters - 1, int(letters * space / widest)))
        lines = fold(text, letters)
    return shortened(lines)


def shortened(lines: str) -> str:
    """Return folded *lines* cut after the sixth, with an ellipsis where any were.

    >>> shortened("a\\nb")
    'a\\nb'
    """
    kept = lines.split("\n")
    return lines if len(kept) <= MOST_LINES else "\n".join([*kept[: MOST_LINES - 1], kept[MOST_LINES - 1][:-1] + "…"])
