"""Where pieces meet: a blank between Chinese and Latin letters or digits, none between Chinese and Chinese."""

from __future__ import annotations

import re
from collections.abc import Iterable

from fanops_utils.text.sentences.sayable import Piece

HAN = "\u3400-\u4dbf\u4e00-\u9fff"
HAN_CHARACTER = re.compile(f"[{HAN}]")
LATIN_BEFORE, LATIN_AFTER = re.compile("[A-Za-z0-9%×+”)]"), re.compile("[A-Za-z0-9$€£¥+−<≤≥~±(]")
PUNCTUATION = "，。；：？！、（）【】《》“”…"
MEETING = re.compile(rf"(?<=[{HAN}])(?=[A-Za-z0-9$€£¥+−<≤≥~±])|(?<=[A-Za-z0-9%×+])(?=[{HAN}])")
DATE = re.compile(r"(\d{4}) 年 ?(\d{1,2}) 月(?: ?(\d{1,2}) 日)?|(\d{1,2}) 月 ?(\d{1,2}) 日")
BEGINS_AS_DATE = re.compile(r"\d{4}年|\d{1,2}月\d{1,2}日")
LOOSE = re.compile(rf" +(?=[{PUNCTUATION}])|(?<=[{PUNCTUATION}]) +|(?<=[{HAN}]) +(?=[{HAN}])")


def spaced(text: str) -> str:
    """Return a Chinese *text* with its blanks as the trade sets them.

    >>> spaced("Instagram粉丝在28天内 增长，7日留存")
    'Instagram 粉丝在 28 天内增长，7 日留存'
    >>> spaced("2026年3月9日，95%置信区间")
    '2026年3月9日，95% 置信区间'
    """
    text = LOOSE.sub("", MEETING.sub(" ", text))
    return DATE.sub(lambda match: match[0].replace(" ", ""), text)


def set_apart(pieces: Iterable[Piece]) -> list[Piece]:
    """Return *pieces* of a Chinese text spaced inside, but for what somebody wrote, and where they meet."""
    done: list[Piece] = []
    blank = False
    for piece in pieces:
        text = piece.text if piece.kind == "written" else spaced(piece.text)
        bare = text.strip(" ")
        if not bare:
            blank = blank or bool(text)
            continue
        if done:
            blank = blank or text[0] == " "
            bare = _gap(done[-1].text[-1], bare, blank=blank) + bare
        done.append(piece._replace(text=bare))
        blank = text[-1] == " "
    return done


def _gap(before: str, text: str, *, blank: bool) -> str:
    after = text[0]
    if BEGINS_AS_DATE.match(text):
        return "" if HAN_CHARACTER.match(before) or before in PUNCTUATION else " " * blank
    wide_before, wide_after = bool(HAN_CHARACTER.match(before)), bool(HAN_CHARACTER.match(after))
    if before in PUNCTUATION or after in PUNCTUATION or (wide_before and wide_after):
        return ""
    meet = (wide_before and LATIN_AFTER.match(after)) or (wide_after and LATIN_BEFORE.match(before))
    return " " if blank or meet else ""
