"""Collecting messages: what the catalogues must hold, read off package, notebooks and templates.

Method: the syntax tree of Python (Babel's own extractor loses a call inside another call's arguments), Jinja's of
templates; notebooks cell by cell, their narrative passage by passage, their metadata.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from jinja2.ext import babel_extract

from fanops_utils.text.narrative import passages

KEYWORDS: dict[str, Any] = {"say": None, "say_n": (1, 2), "term": ((2, "c"), 1)}
NOTEBOOK_WORDS = ("title", "report")
Found = tuple[int, Any, str | None]


def collect(root: Path) -> Catalog:
    """Return all messages of the repository at *root*, with the files that hold them."""
    template = Catalog(project="fanops", charset="utf-8")
    for path in sources(root):
        where = path.relative_to(root).as_posix()
        for _line, text, context in messages_of(path):
            template.add(text, locations=[(where, None)], context=context)  # type: ignore[list-item]
    return template


def sources(root: Path) -> list[Path]:
    """Return the files that hold messages, in order."""
    package, notebooks = root / "fanops_utils", root / "notebooks"
    found = [
        *package.rglob("*.py"),
        *notebooks.rglob("*.ipynb"),
        *(package / "reports" / "templates" / "fanops").glob("*.j2"),
    ]
    return sorted(path for path in found if ".ipynb_checkpoints" not in path.parts)


def messages_of(path: Path) -> Iterator[Found]:
    """Yield the messages in a file as (line or cell, text or (one, many), context)."""
    if path.suffix == ".ipynb":
        yield from _of_notebook(json.loads(path.read_text(encoding="utf-8")))
    elif path.suffix == ".j2":
        with path.open("rb") as file:
            for line, function, text, _ in babel_extract(file, list(KEYWORDS), [], {}):
                yield from _keyed(line, function, text)
    else:
        yield from _of_code(path.read_text(encoding="utf-8"))


def _of_code(code: str) -> Iterator[Found]:
    for line, function, texts in _calls(code):
        yield from _keyed(line, function, texts)


def _calls(code: str) -> list[tuple[int, str, tuple[str | None, ...]]]:
    """Return the calls of say, say_n and term in *code*: line, function and texts, None where one is no literal."""
    found = []
    for node in ast.walk(ast.parse(code)):
        name = node.func.id if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) else ""
        if isinstance(node, ast.Call) and name in KEYWORDS:
            given = node.args[: 1 if name == "say" else 2]
            texts = tuple(
                one.value if isinstance(one, ast.Constant) and isinstance(one.value, str) else None for one in given
            )
            found.append((node.lineno, node.col_offset, name, texts))
    return [(line, name, texts) for line, _, name, texts in sorted(found, key=lambda call: call[:2])]


def _keyed(line: int, function: str | None, text: Any) -> Iterator[Found]:
    given = text if isinstance(text, tuple) else (text,)
    if function == "say_n" and len(given) >= 2 and all(given[:2]):
        yield line, (given[0], given[1]), None
    elif function == "term" and len(given) >= 2 and all(given[:2]):
        yield line, given[0], given[1]
    elif function == "say" and given and given[0]:
        yield line, given[0], None


def _of_notebook(notebook: dict[str, Any]) -> Iterator[Found]:
    told = notebook["metadata"].get("fanops", {})
    for name in NOTEBOOK_WORDS:
        if told.get(name):
            yield 0, told[name], None
    for number, cell in enumerate(notebook["cells"], start=1):
        source = cell["source"] if isinstance(cell["source"], str) else "".join(cell["source"])
        if cell["cell_type"] == "markdown":
            for passage in passages(source):
                if passage.told:
                    yield number, passage.text, None
        elif cell["cell_type"] == "code":
            with suppress(SyntaxError):  # a magic or a slip: the contract names it
                yield from _of_code(source)


def unreadable(path: Path) -> list[str]:
    """Return the calls of say, say_n and term in the Python file *path* whose text is no literal: nothing finds them."""
    calls = _calls(path.read_text(encoding="utf-8"))
    return [
        f"line {line}: the text of {function}(…) is no literal"
        for line, function, texts in calls
        if not texts or None in texts or len(texts) < (1 if function == "say" else 2)
    ]
