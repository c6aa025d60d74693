"""A warehouse on object storage, as it is read: its files by name, and the door by which DuckDB reads them as any others.

DuckDB's own way to S3 is an extension that is downloaded; this one is a file system of Arrow's, told to DuckDB.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from fanops_utils.data.storage import storage_at
from fanops_utils.errors import WorkspaceError
from fanops_utils.text import say

if TYPE_CHECKING:
    from pyarrow import NativeFile
    from pyarrow.fs import FileSystem

PROTOCOL = "fanops"


@dataclass(frozen=True)
class Stored:
    """A folder or file on storage, joined by / like a path; as text it is what DuckDB calls it."""

    files: FileSystem
    path: str

    def __truediv__(self, name: str) -> Stored:
        return Stored(self.files, f"{self.path}/{name}")

    def __str__(self) -> str:
        return f"{PROTOCOL}://{self.path}"

    def open(self) -> NativeFile:
        """Open the file; raise OSError where it is not there or not to be had."""
        return self.files.open_input_file(self.path)

    def read_text(self) -> str:
        """Return the text of the file, all of one state of it."""
        with self.open() as file:
            return bytes(file.read()).decode("utf-8")


def stored_at(address: str) -> Stored:
    """Return the folder at the *address* (s3://bucket/folder); raise WorkspaceError for an address of no storage."""
    return Stored(*storage_at(address, refusal=WorkspaceError))


def introduce(connection: Any, where: Stored) -> None:
    """Have the DuckDB *connection* read files on the storage of *where*."""
    try:
        from fsspec.implementations.arrow import ArrowFSWrapper
    except ImportError:
        hint = say("pip install 'fanops[storage]'")
        raise WorkspaceError(say("object storage needs a library more"), value="fsspec", hint=hint) from None

    class Door(ArrowFSWrapper):  # type: ignore[misc]
        protocol = PROTOCOL
        cachable = False

        @classmethod
        def _strip_protocol(cls, path: str) -> str:
            return path.removeprefix(f"{PROTOCOL}://")

    connection.register_filesystem(Door(where.files))
