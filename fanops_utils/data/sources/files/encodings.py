"""In which encoding a text file is written: its bytes prove it, or it is refused; letters are never guessed."""

from __future__ import annotations

import re

from fanops_utils.errors import ImportRefused

MARKS = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"\xef\xbb\xbf", "utf-8-sig"))
CHINESE_RUN = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]{2,}")
# The syllables that any Korean text is full of; bytes of another language give all syllables alike.
COMMON_SYLLABLES = set("이다는의을가에고하지한로도리기사인시자어나아서해그대정일수있은를요니스신상제전장")
# What other encodings give where they are read as that of Western Europe: marks among letters or beside digits, three
# accents in a row, capitals within a word, letters of no language that it was made for.
UNLIKELY = re.compile(
    r"[À-ÿ‚ƒ„†‡ˆ‹›¤¦¬¯¶¸¹²³¾¼½¢¥§¨­±µ×÷](?=[0-9])|[‚ƒ„†‡ˆ¤¦¬¯¶¸¾¼½±µ×÷¨](?=[^\s\d])"
    r"|(?<=[A-Za-z])[¹¿]|(?<=[a-ln-z])³|[ðþÐÞýÝ]|œ(?![a-zéè])|œ(?=[wktp])|õ(?![es])|(?<=[a-zß-ÿ])[À-ÞŠŽŸŒ]"
    r"|(?<=[À-ÖØ-öø-ÿ]{2})[À-ÖØ-öø-ÿ]|[‚ƒ„…†‡ˆ‰‹‘’“”•˜›\u00ad¤](?=[‚ƒ„†‡ˆ‹\u00ad¤])"
)


def decoded(data: bytes, *, label: str) -> tuple[str, str, list[str]]:
    """Return the text in *data*, the encoding it is written in, and a warning where nothing in the file names that.

    Raises ImportRefused where it is no text, is damaged, or is in an encoding that its letters do not prove.
    """
    for mark, encoding in MARKS:
        if data.startswith(mark):
            return _strictly(data, encoding, label), encoding.removesuffix("-sig"), []
    if b"\x00" in data:
        raise ImportRefused("this is neither text, nor a workbook, nor Parquet", file=label)
    try:
        return data.decode("utf-8"), "utf-8", []
    except UnicodeDecodeError:
        if _mostly_utf8(data):
            return _strictly(data, "utf-8", label), "utf-8", []
    for encoding, reads in (
        ("cp932", _reads_as_japanese),
        ("cp949", _reads_as_korean),
        ("gb18030", _reads_as_chinese),
        ("cp1252", _reads_as_western),
    ):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if reads(text):
            return text, encoding, [f"not UTF-8: read as {encoding}; check the accents"]
    raise ImportRefused("this is text in an encoding that is not known", file=label, hint="Save it as UTF-8")


def _strictly(data: bytes, encoding: str, label: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        cut = error.end >= len(data) - 1 or error.reason == "unexpected end of data"
        what = "the file ends in the middle of a character: it is cut off" if cut else f"byte {error.start} is damaged"
        raise ImportRefused(f"{what} ({encoding.removesuffix('-sig')})", file=label, hint="Export it again") from None


def _mostly_utf8(data: bytes) -> bool:
    """Whether *data* is UTF-8 with some damage, not another encoding: most of its accents read as UTF-8."""
    text = data.decode("utf-8", errors="replace")
    broken = text.count("\ufffd")
    return sum(1 for char in text if ord(char) > 127) - broken > broken


def _reads_as_chinese(text: str) -> bool:
    # Accented Latin bytes followed by a letter decode to lone, rare Chinese characters; real Chinese comes in runs, and
    # of the characters that the standard calls common. Other alphabets give rare ones, Japanese kana.
    foreign = [char for char in text if ord(char) > 127]
    hanzi = [char for char in foreign if "\u4e00" <= char <= "\u9fff"]
    common = sum(1 for char in hanzi if _is_common(char.encode("gb18030")))
    kana = sum(1 for char in foreign if "\u3041" <= char <= "\u30ff")
    in_runs = sum(len(run) for run in CHINESE_RUN.findall(text))
    return in_runs > 0.6 * len(foreign) and common >= 0.9 * len(hanzi) and 10 * kana <= len(foreign)


def _is_common(code: bytes) -> bool:
    return len(code) == 2 and 0xB0 <= code[0] <= 0xD7 and code[1] >= 0xA1


def _reads_as_korean(text: str) -> bool:
    # Chinese bytes read as Korean are syllables for half of them, and not the frequent ones.
    foreign = sum(1 for char in text if ord(char) > 127)
    hangul = [char for char in text if "\uac00" <= char <= "\ud7a3"]
    return len(hangul) > 0.8 * foreign and 6 * sum(char in COMMON_SYLLABLES for char in hangul) > len(hangul)


def _reads_as_japanese(text: str) -> bool:
    # Chinese bytes read as Japanese are mostly kana of half a width, which nobody writes beside whole ones.
    foreign = sum(1 for char in text if ord(char) > 127)
    kana = sum(1 for char in text if "\u3041" <= char <= "\u30ff")
    return 5 * kana > foreign and not any("\uff61" <= char <= "\uff9f" for char in text)


def _reads_as_western(text: str) -> bool:
    foreign = sum(1 for char in text if ord(char) > 127)
    return 10 * len(UNLIKELY.findall(text)) <= foreign
