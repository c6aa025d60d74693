"""The language a text is probably in, by its script: for screen readers, and for the choice of glyphs."""

from __future__ import annotations

import re

SCRIPTS = (
    ("ja", re.compile("[\u3040-\u30ff]")),
    ("ko", re.compile("[\uac00-\ud7af]")),
    ("zh", re.compile("[\u4e00-\u9fff]")),
    ("ar", re.compile("[\u0600-\u06ff]")),
    ("he", re.compile("[\u0590-\u05ff]")),
    ("th", re.compile("[\u0e00-\u0e7f]")),
    ("ru", re.compile("[\u0400-\u04ff]")),
    ("en", re.compile("[A-Za-z]")),
)


def tongue(text: str) -> str:
    """Return the language code that the script of *text* suggests, "" where it has no letters we know.

    Latin letters give "en", the language in which findings are written; a screen reader and the choice of glyphs for
    Chinese and Japanese need no more.

    >>> tongue("Reels reach further"), tongue("评论里最常见的是 Tea"), tongue("お茶が好き"), tongue("12 %")
    ('en', 'zh', 'ja', '')
    """
    counts = {code: len(letters.findall(text[:2000])) for code, letters in SCRIPTS}
    if counts["ja"]:
        counts["ja"] += counts["zh"]
    for code in ("ja", "ko", "zh"):
        counts[code] *= 3  # one character says what three letters do
    best = max(counts, key=lambda code: counts[code])
    return best if counts[best] else ""
