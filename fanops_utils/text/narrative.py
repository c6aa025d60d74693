"""The narrative of notebooks in the reader's language: each heading, paragraph and list item is one message."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from fanops_utils.text.speech import speaker

FENCE = ("```", "~~~")
MARKED = re.compile(r"(\s*(?:#{1,6}|[-*+]|\d+[.)])\s+)(.+)")


class Passage(NamedTuple):
    """A piece of markdown: its mark (#, -, 1.), its text on one line, and whether it is for readers (code is not)."""

    mark: str
    text: str
    told: bool = True


def passages(markdown: str) -> Iterator[Passage]:
    """Yield the passages of *markdown* in order; blank lines part them.

    >>> [passage.text for passage in passages("## Is it so?\\n\\nYes, and\\nmore.\\n\\n- one\\n- two") if passage.told]
    ['Is it so?', 'Yes, and more.', 'one', 'two']
    """
    held: list[str] = []
    mark, fenced = "", False

    def ended() -> Iterator[Passage]:
        if held:
            yield Passage(mark, " ".join(held))

    for line in markdown.splitlines():
        fence = line.lstrip().startswith(FENCE)
        if fence or fenced:
            yield from ended()
            held, mark = [], ""
            fenced ^= fence
            yield Passage("", line, told=False)
        elif match := MARKED.fullmatch(line):
            yield from ended()
            held, mark = [match[2].strip()], match[1]
        elif line.strip():
            held.append(line.strip())
        else:
            yield from ended()
            held, mark = [], ""
            yield Passage("", "", told=False)
    yield from ended()


@lru_cache(maxsize=2048)  # the same notebook for another market has the same narrative
def narrated(markdown: str, language: str) -> str:
    """Return *markdown* with its passages in *language*; those without a translation stay as they are."""
    lines = [
        passage.mark + (told(passage.text, language) if passage.told else passage.text)
        for passage in passages(markdown)
    ]
    return "\n".join(lines)


def told(text: str, language: str) -> str:
    """Return a passage in *language*: nothing is put into it, braces in it are its own."""
    return speaker(language).translate(text, context=None, many=None, count=None)
