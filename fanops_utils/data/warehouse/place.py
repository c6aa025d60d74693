"""Where the tables of a brand lie: in its workspace, on object storage, or in a warehouse that somebody else runs."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from fanops_utils.data.warehouse.stored import Stored, stored_at
from fanops_utils.errors import WorkspaceError
from fanops_utils.text import Written, say
from fanops_utils.workspace import Workspace
from fanops_utils.workspace.kinds import BRAND

if TYPE_CHECKING:
    from fanops_utils.data.warehouse.foreign.tables import ForeignTables
    from fanops_utils.text import Sayable


class Place:
    """Where the tables of *workspace* lie, as its `brand.yml` says: they are written in the workspace only."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace, self.folder = workspace, workspace.warehouse
        self.brand = workspace.path / BRAND.files

    @cached_property
    def stored(self) -> Stored | None:
        """The folder on object storage (`warehouse:`); None where the files lie in the workspace."""
        return stored_at(self.workspace.storage) if self.workspace.storage else None

    @cached_property
    def foreign(self) -> ForeignTables | None:
        """The tables in the warehouse that somebody else runs (`engine:`); None where they are the workspace's own."""
        if not self.brand.is_file() or (engine := self.workspace.brand.engine) is None:
            return None
        from fanops_utils.data.warehouse.foreign.tables import ForeignTables

        return ForeignTables(engine, file=self.brand)

    def at(self, name: str) -> Path | Stored:
        """Return where the file *name* of the warehouse lies."""
        return self.stored / name if self.stored else self.folder / name

    def only_on_disk(self) -> None:
        """Raise WorkspaceError where the warehouse lies on object storage: there it is only read."""
        if self.stored:
            raise WorkspaceError(
                say("a warehouse on object storage is only read"), file=self.brand, value=self.workspace.storage,
                hint=say("Whole workspaces stay on disks: do it in the one it was sent from"),
            )  # fmt: skip

    def only_here(self, what: Sayable) -> None:
        """Raise WorkspaceError where the tables are read from a warehouse somebody else runs: *what* is not done there."""
        if self.foreign is None:
            return
        told = say(
            "{what} is not done in a warehouse that somebody else runs, where fanops only reads (engine: {kind})",
            what=what, kind=Written(self.foreign.engine.kind),
        )  # fmt: skip
        hint = say(
            "Have it done where the tables are written, or take engine: out of brand.yml to use tables of your own"
        )
        raise WorkspaceError(told, file=self.brand, hint=hint)
