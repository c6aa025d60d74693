"""The ledger of decisions, `decisions.yml`, written to: one added, one closed; every other line stays as it is."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from fanops_utils.errors import WorkspaceError
from fanops_utils.text import say
from fanops_utils.text.sentences.message import Worded
from fanops_utils.workspace.kinds import DECISIONS
from fanops_utils.workspace.register import read_register
from fanops_utils.workspace.registers.decision import Decision, DecisionEnd, Decisions

HEAD = "# What was decided, by whom, and when it is looked at again: see `fanops decide` and `fanops decisions`.\n"
KEY = "decisions"


def ledger_path(workspace: Path) -> Path:
    """Return where the decisions of the *workspace* lie."""
    return workspace / DECISIONS.files


def open_decision(decisions: tuple[Decision, ...], name: str) -> Decision | None:
    """Return the decision called *name* that nobody has closed yet, the newest where there are several; None without one."""
    found = [one for one in decisions if one.called == name and not one.closed]
    return max(found, key=lambda one: one.date, default=None)


def add_decision(path: Path, decision: Decision) -> None:
    """Write *decision* at the end of the ledger at *path*, which is made where there is none.

    Raises WorkspaceError where the ledger is not one, or the play of the decision has an open one already.
    """
    text = path.read_text(encoding="utf-8") if path.is_file() else f"{HEAD}{KEY}: []\n"
    if path.is_file() and decision.play and open_decision(read_register(path, Decisions).decisions, decision.play):
        hint = say("Close it first, with its outcome")
        raise WorkspaceError(say("this play was decided on already"), file=path, value=decision.play, hint=hint)
    entry = yaml.safe_dump([_plain(decision)], allow_unicode=True, sort_keys=False, width=1000)
    node = _list_of(text)
    if node is None or not node.value:
        lines = [line for line in text.splitlines() if not line.replace(" ", "").startswith(f"{KEY}:")]
        kept = "\n".join([*_before(lines), f"{KEY}:", *entry.splitlines(), *_after(lines)])
    else:
        margin = " " * node.value[0].start_mark.column
        indent = margin[: max(0, len(margin) - 2)]
        rows = text.splitlines()
        last = _last_line(node.value[-1], rows)
        added = [f"{indent}{line}" for line in entry.splitlines()]
        kept = "\n".join([*rows[: last + 1], *added, *rows[last + 1 :]])
    _write(path, kept + "\n")


def close_decision(path: Path, name: str, *, ended: DecisionEnd, outcome: str | None = None) -> Decision:
    """Write how the open decision called *name* ended into the ledger at *path*; return it as it stands now.

    Raises WorkspaceError where there is none, or it is written on one line: then it is closed by hand.
    """
    before = read_register(path, Decisions) if path.is_file() else Decisions()
    found = open_decision(before.decisions, name)
    if found is None:
        known = [one.called for one in before.decisions if not one.closed]
        raise WorkspaceError(say("no open decision is called so"), file=path, value=name, choices=known)
    text = path.read_text(encoding="utf-8")
    node = _list_of(text)
    assert node is not None
    item = node.value[before.decisions.index(found)]
    if item.flow_style:
        hint = say("Add the line by hand: ended: {ended}", ended=ended)
        raise WorkspaceError(
            say("the decision is written on one line"), file=path, line=item.start_mark.line + 1, hint=hint
        )
    rows, margin = text.splitlines(), " " * item.start_mark.column
    told = {"ended": ended} | ({"outcome": outcome} if outcome else {})
    lines = yaml.safe_dump(told, allow_unicode=True, sort_keys=False, width=1000).splitlines()
    last = _last_line(item, rows)
    _write(path, "\n".join([*rows[: last + 1], *(margin + line for line in lines), *rows[last + 1 :]]) + "\n")
    return found.model_copy(update=told)


def _list_of(text: str) -> yaml.SequenceNode | None:
    root = yaml.compose(text if text.endswith("\n") else f"{text}\n", Loader=yaml.SafeLoader)
    pairs = root.value if isinstance(root, yaml.MappingNode) else []
    return next((node for key, node in pairs if key.value == KEY and isinstance(node, yaml.SequenceNode)), None)


def _last_line(node: yaml.Node, rows: list[str]) -> int:
    """Return the last line that belongs to *node*: comments and blank lines after it do not."""
    block = isinstance(node, yaml.CollectionNode) and not node.flow_style  # ends where the next thing begins
    last = max(node.start_mark.line, min(node.end_mark.line - block, len(rows) - 1))
    while last > node.start_mark.line and (not rows[last].strip() or rows[last].lstrip().startswith("#")):
        last -= 1
    return last


def _before(lines: list[str]) -> list[str]:
    """Return the comment at the top of a ledger without decisions."""
    end = next(
        (place for place, line in enumerate(lines) if line.startswith("# -") or not line.startswith("#")), len(lines)
    )
    return lines[:end]


def _after(lines: list[str]) -> list[str]:
    return lines[len(_before(lines)) :]


def _plain(decision: Decision) -> dict[str, Any]:
    told = decision.model_dump(exclude_defaults=True)
    return {name: _bare(getattr(decision, name) if isinstance(value, str) else value) for name, value in told.items()}


def _bare(value: Any) -> Any:
    if isinstance(value, Worded):
        return dict(value.texts)
    if isinstance(value, Mapping):
        return {name: _bare(item) for name, item in value.items()}
    if isinstance(value, tuple | list):
        return [_bare(item) for item in value]
    return value if isinstance(value, bool | int | float | date | None) else str(value)


def _write(path: Path, text: str) -> None:
    """Replace the ledger by *text*, once it was read and found right."""
    part = path.with_name(f".{path.name}.part")
    part.write_text(text, encoding="utf-8")
    try:
        read_register(part, Decisions)
    except WorkspaceError:
        part.unlink()
        raise
    part.replace(path)
