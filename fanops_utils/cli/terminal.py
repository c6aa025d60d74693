"""What reaches a terminal: text of files and registers cannot move its cursor, colour it or turn its reading around."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from rich.console import Console

# Control characters but for tab and line break, the C1 ones, marks of direction, and what joins or separates lines unseen.
UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]")


def safe(text: str) -> str:
    r"""Return *text* with what a terminal would act on written out.

    >>> safe("a\x1b[31mred\u202e")
    'a\\x1b[31mred\\u202e'
    """
    return UNSAFE.sub(lambda seen: _escape(seen[0]), text)


def safe_json(text: str) -> str:
    r"""Return *text*, JSON, with the same characters as JSON escapes them: it reads as the same values."""
    return UNSAFE.sub(lambda seen: f"\\u{ord(seen[0]):04x}", text)


def _escape(char: str) -> str:
    return f"\\x{ord(char):02x}" if ord(char) < 256 else f"\\u{ord(char):04x}"


class SafeConsole(Console):
    """A console that prints every text safe."""

    def print(self, *objects: Any, **options: Any) -> None:
        """Print *objects*; texts are made safe, rich's own objects are ours."""
        super().print(*(safe(one) if isinstance(one, str) else one for one in objects), **options)


@contextmanager
def stages(console: SafeConsole, words: Mapping[str, str]) -> Iterator[Callable[[str, int, int], None]]:
    """Yield who is told how long work goes on: the stage, of which *words* says what is done, and how many of how many.

    On a terminal that is a bar, which is gone at the end; elsewhere a line as each stage begins.
    """
    begun: set[str] = set()

    def line(stage: str, _done: int, _total: int) -> None:
        if stage not in begun:
            begun.add(stage)
            console.print(f"{words[stage]} …")

    if not console.is_terminal:
        yield line
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    fields = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*fields, console=console, transient=True) as bar:
        task = bar.add_task("", total=None)
        yield lambda stage, done, total: bar.update(task, description=words[stage], completed=done, total=total)
