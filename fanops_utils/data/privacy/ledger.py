"""What was done for whom, without saying for whom; and who was erased, so that no later import brings them back."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from fanops_utils.data.privacy.pseudonyms import Pseudonyms
from fanops_utils.data.sources.base import Parsed
from fanops_utils.data.sources.cells import Reject
from fanops_utils.errors import WorkspaceError
from fanops_utils.workspace import Workspace

LEDGER, ERASED_PEOPLE = "privacy_ledger.jsonl", "privacy_erased.txt"
REASON = "this person was erased at their request: the record is not kept"
HEADER = "# Marks of people who were erased: hashes under the workspace's key. Imports leave their records out.\n"


def note(workspace: Workspace, action: str, facts: Mapping[str, Any]) -> None:
    """Add a line to the ledger of *workspace*: time, action, id of the key and *facts*, which must name nobody."""
    line = {
        "time": datetime.now(UTC).isoformat(timespec="seconds"), "action": action,
        "key": Pseudonyms.of(workspace).key_id, **facts,
    }  # fmt: skip
    with (workspace.path / LEDGER).open("a", encoding="utf-8") as file:
        file.write(json.dumps(line, ensure_ascii=False) + "\n")


def read_ledger(workspace: Workspace) -> list[dict[str, Any]]:
    """Return the lines of the ledger, oldest first; raise WorkspaceError where one cannot be read."""
    path = workspace.path / LEDGER
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    try:
        return [json.loads(line) for line in lines]
    except ValueError as error:
        raise WorkspaceError(f"the ledger is damaged ({error})", file=path) from None


def remember_erased(workspace: Workspace, keys: Iterable[str]) -> None:
    """Put the people with the pseudonyms *keys* on the list that imports leave out."""
    people, path = Pseudonyms.of(workspace), workspace.path / ERASED_PEOPLE
    marks = _marks(path) | {people.erased_mark(key) for key in keys}
    temporary = path.with_name(f".{path.name}")
    temporary.write_text(HEADER + "".join(f"{mark}\n" for mark in sorted(marks)), encoding="utf-8")
    temporary.replace(path)


def _marks(path: Path) -> set[str]:
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except FileNotFoundError:
        return set()
    return {line.strip() for line in lines if line.strip() and not line.startswith("#")}


class Erased:
    """The people an import leaves out; asks once per pseudonym."""

    def __init__(self, workspace: Workspace) -> None:
        self._marks = _marks(workspace.path / ERASED_PEOPLE)
        self._people = Pseudonyms.of(workspace) if self._marks else None
        self._known: dict[str, bool] = {}

    def __bool__(self) -> bool:
        return bool(self._marks)

    def has(self, keys: pd.Series) -> pd.Series:
        """Return for each pseudonym whether its person was erased."""
        codes, distinct = pd.factorize(keys)
        found = np.array([*(self._is_erased(str(key)) for key in distinct), False])
        return pd.Series(found[codes], index=keys.index)  # a null has code -1: the last

    def _is_erased(self, key: str) -> bool:
        if key not in self._known:
            self._known[key] = self._people is not None and self._people.erased_mark(key) in self._marks
        return self._known[key]

    def without(self, parsed: Parsed) -> Parsed:
        """Return *parsed* with the records of erased people set aside, not loaded; nothing of them is quoted."""
        if self._people is None:
            return parsed
        bad: set[int] = set()
        for frame in parsed.tables.values():
            for column in [name for name in map(str, frame) if name.endswith("_key")]:
                bad |= set(frame.loc[self.has(frame[column]), "source_row"].astype(int))
        orders, lines = parsed.tables.get("orders"), parsed.tables.get("order_lines")
        if bad and orders is not None and lines is not None:
            theirs = orders.loc[orders["source_row"].isin(bad), "order_id"]
            bad |= set(lines.loc[lines["order_id"].isin(theirs), "source_row"].astype(int))
        tables = (
            {name: frame[~frame["source_row"].isin(bad)] for name, frame in parsed.tables.items()}
            if bad
            else parsed.tables
        )
        rejects = [
            replace(one, value="") if self._is_erased(self._people.key_for(one.value)) else one
            for one in parsed.rejects
        ]
        return replace(parsed, tables=tables, rejects=[*rejects, *(Reject(row, "", "", REASON) for row in sorted(bad))])
