"""Freezing a register: its fingerprint, the copy it is held against, and what was changed since."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from fanops_utils.errors import WorkspaceError
from fanops_utils.text import say
from fanops_utils.workspace.reads import note_file
from fanops_utils.workspace.register import Register, read_register

DAY = "frozen_on"  # when, not what, was frozen
LINE = re.compile(r"^frozen:.*$", re.MULTILINE)


def fingerprint(register: Register, *, without: Iterable[str] = ()) -> str:
    """Return the first 16 hex digits of the SHA-256 of *register* as canonical JSON, leaving out the keys *without*.

    The same content gives the same fingerprint, however its file is laid out, ordered or commented. A key at its
    default is left out, so that a key added to the model later does not change what was frozen before; a default, once
    given, must therefore stay.
    """
    content = _said(register, without)
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:16]


def freeze(path: Path, model: type[Register], *, on: date | None = None) -> str:
    """Write `frozen: <fingerprint>` into the register at *path*, the day *on* with it, and a copy beside it; return it.

    The copy, `<name>.frozen.json`, lets a later change be named key by key. Freezing an unchanged register again does
    nothing. Raises WorkspaceError where the register was frozen before with other content.
    """
    register = read_register(path, model)
    mark = fingerprint(register, without=("frozen",))
    old = getattr(register, "frozen", None)
    if old is not None and old != mark:
        hint = say("What is tested must not change once it is frozen: write a new register with a new id")
        raise WorkspaceError(say("the register was frozen with other content"), file=path, value=old, hint=hint)
    content = _said(register)
    _write(copy_of(path), json.dumps(content, sort_keys=True, ensure_ascii=False, indent=1) + "\n")
    if old is None:
        text = path.read_text(encoding="utf-8")
        line = f"frozen: {mark}" + (f"\n{DAY}: {on.isoformat()}" if on and DAY in type(register).model_fields else "")
        _write(path, LINE.sub(line, text, count=1) if LINE.search(text) else f"{text.rstrip()}\n{line}\n")
    return mark


def frozen_copy(path: Path) -> dict[str, Any] | None:
    """Return the content that was frozen with the register at *path*; None where there is no copy."""
    kept = note_file(copy_of(path))
    return json.loads(kept.read_text(encoding="utf-8")) if kept.is_file() else None


def changed_keys(register: Register, copy: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the top-level keys whose values differ between *register* and its frozen *copy*, sorted."""
    now = _said(register)
    return tuple(sorted(key for key in {*now, *copy} if now.get(key) != copy.get(key)))


def copy_of(path: Path) -> Path:
    """Return where the frozen copy of the register at *path* lies."""
    return path.with_name(f"{path.stem}.frozen.json")


def _said(register: Register, without: Iterable[str] = ("frozen",)) -> dict[str, Any]:
    """Return what *register* says beyond the defaults of its model, as plain data."""
    return register.model_dump(mode="json", exclude={*without, DAY}, exclude_defaults=True)


def _write(path: Path, text: str) -> None:
    part = path.with_name(f".{path.name}.part")
    part.write_text(text, encoding="utf-8")
    part.replace(path)
