"""A warehouse sent to object storage, where other machines read it: files first, then the manifest that names them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from fanops_utils.data.storage import short
from fanops_utils.data.warehouse.manifest import MANIFEST
from fanops_utils.data.warehouse.store import Store
from fanops_utils.data.warehouse.stored import Stored, stored_at
from fanops_utils.errors import WorkspaceError
from fanops_utils.text import Written, say


@dataclass(frozen=True)
class Sent:
    """What became of a warehouse that was sent: files it has, how many of them were not there yet, how many went."""

    files: int
    new: int
    gone: int


def send_warehouse(store: Store, address: str) -> Sent:
    """Send the warehouse of *store* to the *address* (s3://bucket/folder), and return what became of it.

    Files there already, by the names of their content, are not sent again. The manifest is replaced in one step once all
    that it names is there: who reads finds all of the old state or all of the new. Then what neither this state nor the
    one before it names is deleted, so that what was erased here is gone there. Raises WorkspaceError where the storage
    refuses, or there is nothing to send.
    """
    target = stored_at(address)
    with store.locked(), _refusals(address):
        tables = store.manifest()
        if not tables:
            raise WorkspaceError(say("the warehouse is empty"), file=store.folder)
        named = {file for entry in tables.values() for file in entry.files}
        if target.files.type_name == "local":
            target.files.create_dir(target.path, recursive=True)
        there = _names(target)
        for name in sorted(named - there):
            _put(target / name, (store.folder / name).read_bytes())
        text = (store.folder / MANIFEST).read_bytes()
        kept = {*named, *json.loads(text).get("previous", [])}
        _put(target / MANIFEST, text)
        gone = sorted(name for name in there - kept if name.endswith(".parquet"))
        for name in gone:
            target.files.delete_file((target / name).path)
    return Sent(len(named), len(named - there), len(gone))


def _names(target: Stored) -> set[str]:
    from pyarrow.fs import FileSelector

    return {one.base_name for one in target.files.get_file_info(FileSelector(target.path, allow_not_found=True))}


def _put(target: Stored, data: bytes) -> None:
    with target.files.open_output_stream(target.path) as stream:
        stream.write(data)


@contextmanager
def _refusals(address: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        refused = say("the storage refuses ({error})", error=Written(short(error), "en"))
        raise WorkspaceError(refused, value=address) from None
