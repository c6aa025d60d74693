"""YAML read as text: the register's model decides the type, not the way a value is spelled.

`NO` stays the country code, `007` keeps its zeros and `2026-01-02` is a date only where a date is declared.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from fanops_utils.errors import WorkspaceError
from fanops_utils.text import Written, say
from fanops_utils.workspace.reads import note_file

LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)  # ten times as fast where libyaml is there
NULLS = {"", "~", "null"}
MOST_BYTES, MOST_VALUES, DEEPEST = 5_000_000, 500_000, 40  # of a register, aliases written out
MANY_BRACKETS = 2000
Place = tuple[str | int, ...]


@dataclass(frozen=True)
class Document:
    """A YAML file: its content with every scalar as text, and the line of each key."""

    data: Any
    lines: dict[Place, int] = field(default_factory=dict)

    def line(self, place: Place) -> int | None:
        """Return the line of *place*, or of the nearest key above it."""
        for end in range(len(place), -1, -1):
            if place[:end] in self.lines:
                return self.lines[place[:end]]
        return None


def read_yaml(path: Path) -> Document:
    """Read *path* into a Document; raise WorkspaceError with the line where it is not valid YAML."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise WorkspaceError(say("the file is too large for a register"), file=path)
        text = note_file(path).read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise WorkspaceError(say("the file does not exist"), file=path) from None
    except (OSError, UnicodeDecodeError) as error:
        raise WorkspaceError(
            say("the file cannot be read ({error})", error=Written(str(error), "en")), file=path
        ) from None
    try:
        if _may_be_deep(text) and _depth(text) > DEEPEST:
            raise WorkspaceError(say("the values are nested too deep"), file=path)
        node = yaml.compose(text, Loader=LOADER)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else None
        raise WorkspaceError(
            say("this is not valid YAML ({error})", error=Written(str(error.problem), "en")), file=path, line=line
        ) from None
    except yaml.YAMLError as error:
        raise WorkspaceError(
            say("this is not valid YAML ({error})", error=Written(str(error), "en")), file=path
        ) from None
    lines: dict[Place, int] = {}
    return Document(_value(node, (), lines, path) if node is not None else None, lines)


def _may_be_deep(text: str) -> bool:
    """Return whether *text* may be nested so deep that the library would end the process instead of saying so."""
    return text.count("[") + text.count("{") > MANY_BRACKETS or any(
        line.count("- ") + line.count("? ") > MANY_BRACKETS for line in text.splitlines()
    )


def _depth(text: str) -> int:
    """Return how deep *text* is nested, event by event: nothing is held of it."""
    depth = deepest = 0
    for event in yaml.parse(text, Loader=LOADER):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        deepest = max(deepest, depth)
        if deepest > DEEPEST:
            break
    return deepest


def _value(node: yaml.Node, place: Place, lines: dict[Place, int], path: Path) -> Any:
    """Return what *node* holds; an alias is written out, so what it unpacks to is bounded, not what the file holds."""
    if len(place) > DEEPEST or len(lines) > MOST_VALUES:
        deep = len(place) > DEEPEST  # also an alias that holds itself
        problem = say("the values are nested too deep") if deep else say("the file holds too many values")
        raise WorkspaceError(problem, file=path, line=node.start_mark.line + 1)
    lines.setdefault(place, node.start_mark.line + 1)
    if isinstance(node, yaml.ScalarNode):
        return None if not node.style and node.value in NULLS else node.value
    if isinstance(node, yaml.SequenceNode):
        return [_value(child, (*place, index), lines, path) for index, child in enumerate(node.value)]
    assert isinstance(node, yaml.MappingNode)
    found: dict[str, Any] = {}
    for key_node, child in node.value:
        key, line = str(key_node.value), key_node.start_mark.line + 1
        if key in found:
            raise WorkspaceError(say("the key stands twice"), file=path, line=line, value=key)
        lines[(*place, key)] = line
        found[key] = _value(child, (*place, key), lines, path)
    return found
