"""What was done for whom, without saying for whom."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from fanops_utils.data.privacy.pseudonyms import Pseudonyms
from fanops_utils.errors import WorkspaceError
from fanops_utils.workspace import Workspace

LEDGER = "privacy_ledger.jsonl"


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
