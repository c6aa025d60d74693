"""The manifest: which Parquet files each table has, and whether they can be read."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as arrow
import pyarrow.parquet as parquet

from fanops_utils.data.parts import TableFiles
from fanops_utils.data.warehouse.place import Place
from fanops_utils.errors import WorkspaceError
from fanops_utils.text import Written, say
from fanops_utils.workspace.reads import note_table

MANIFEST = "manifest.json"


class Manifest:
    """The tables of the warehouse at *place* as its manifest names them, read anew at each question."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self._looked_at: set[str] = set()

    def tables(self) -> dict[str, TableFiles]:
        """Return per table its files and rows; raise WorkspaceError where the manifest is damaged."""
        try:
            tables = json.loads(self.place.at(MANIFEST).read_text())["tables"]
            return {name: TableFiles.from_json(entry) for name, entry in tables.items()}
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise self._damaged(MANIFEST, error) from None

    def files(self, name: str) -> TableFiles | None:
        """Return the files of table *name*, declared as read; None where it has none; raise where one is damaged."""
        entry = self._entry(name)
        while entry is not None:
            file = ""
            try:
                for file in entry.files:
                    self._look_at(file)
                return entry
            except (OSError, arrow.ArrowException) as error:
                newer = self._entry(name)
                if newer == entry:
                    raise self._damaged(file, error) from None
                entry = newer  # two imports committed since the manifest was read
        return None

    def _entry(self, name: str) -> TableFiles | None:
        entry = self.tables().get(name)
        note_table(name, entry.identity if entry else None, entry.files if entry else ())
        return entry

    def _look_at(self, file: str) -> None:
        """Read what the Parquet *file* says of itself; on storage, where a name never changes its content, once."""
        where = self.place.at(file)
        if isinstance(where, Path):
            parquet.read_metadata(where)
        elif file not in self._looked_at:
            with where.open() as opened:
                parquet.read_metadata(opened)
            self._looked_at.add(file)

    def _damaged(self, name: str, error: Exception) -> WorkspaceError:
        again = say("Delete the warehouse folder and import raw/ again")
        return WorkspaceError(
            say("the warehouse is damaged ({error})", error=Written(str(error), "en")),
            file=str(self.place.at(name)),
            hint=say("Send it anew: fanops publish --warehouse") if self.place.stored else again,
        )
