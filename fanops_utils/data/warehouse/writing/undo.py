"""The last import taken back: the manifest as it was before it, whose files stay on disk until the next commit."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from fanops_utils.data.warehouse.files import write_in_one_step
from fanops_utils.data.warehouse.locking import WAIT_SECONDS
from fanops_utils.data.warehouse.manifest import MANIFEST
from fanops_utils.data.warehouse.store import Store
from fanops_utils.errors import WorkspaceError, counted

NOTE = "last_import.json"


def state(store: Store) -> str:
    """Return the manifest of *store* as it is; empty where nothing was imported yet."""
    path = store.folder / MANIFEST
    return path.read_text(encoding="utf-8") if path.is_file() else ""


@dataclass(frozen=True)
class Undone:
    """An import taken back: when it was made, the `files` it had read, and the rows that those `brought` which had new ones."""

    at: str
    files: tuple[str, ...]
    brought: Mapping[str, int]


def note_import(store: Store, before: str, rows: Mapping[str, int]) -> None:
    """Note that an import has just been committed, the new *rows* of each of its files, and the manifest *before* it."""
    note = {
        "before": before,
        "after": state(store),
        "rows": dict(rows),
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    write_in_one_step(store.folder / NOTE, json.dumps(note))


def note_idle(store: Store) -> None:
    """Note that an import has changed nothing: it is the last one, and taking it back must not take back the one before it."""
    path = store.folder / NOTE
    note = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    if note and not note.get("idle"):
        write_in_one_step(path, json.dumps({**note, "idle": True}))


def undo_import(store: Store, *, wait: float = WAIT_SECONDS) -> Undone:
    """Take the last import into *store* back; return what it was.

    Raises WorkspaceError where there is none, where it changed nothing (asked once more, the one before it is taken back), and
    where the warehouse has been written since (an erasure, another verb): then its files before are gone.
    """
    with store.locked(wait=wait):
        path = store.folder / NOTE
        if not path.is_file():
            raise WorkspaceError("no import to take back", file=store.folder)
        note = json.loads(path.read_text(encoding="utf-8"))
        rows = note["rows"] if "rows" in note else dict.fromkeys(note["files"], 0)  # as it was noted once
        done = Undone(note["at"], tuple(rows), {file: count for file, count in rows.items() if count})
        if note.pop("idle", False):
            write_in_one_step(path, json.dumps(note))
            rows_told = counted(sum(done.brought.values()), "new row")
            brought = f"{counted(len(done.brought), 'file')} with {rows_told}"
            raise WorkspaceError(
                "the last import changed nothing: there is nothing to take back",
                hint=f"Once more, --undo takes back the one before it, of {done.at}: {brought}",
            )
        if note["after"] != state(store) or not all((store.folder / one).is_file() for one in _named(note["before"])):
            hint = "Delete the warehouse folder and import what is wanted again"
            raise WorkspaceError("the warehouse was written since the last import: it cannot be taken back", hint=hint)
        if note["before"]:
            write_in_one_step(store.folder / MANIFEST, note["before"])
        else:
            (store.folder / MANIFEST).unlink()
        for one in set(_named(note["after"])) - set(_named(note["before"])):
            (store.folder / one).unlink(missing_ok=True)
        path.unlink()
        return done


def _named(manifest: str) -> list[str]:
    """Return the names of all Parquet files that the *manifest* lists as tables' own, whatever its layout."""
    found: list[str] = []

    def look(part: object) -> None:
        if isinstance(part, dict):
            for value in part.values():
                look(value)
        elif isinstance(part, list):
            for value in part:
                look(value)
        elif isinstance(part, str) and Path(part).suffix == ".parquet":
            found.append(part)

    look(json.loads(manifest)["tables"] if manifest else {})
    return found
