"""Files that bring an erased person back: the import leaves their records out, here they leave all the rest too."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property

from fanops_utils.data.privacy.erased import Erased
from fanops_utils.data.protection.editing.edits import CannotEdit, CannotSearch
from fanops_utils.data.protection.editing.raw_files import edit_file
from fanops_utils.data.protection.erasing import erase
from fanops_utils.data.protection.in_raw import raw_files
from fanops_utils.data.protection.subjects import Subject, id_columns, is_telling, plain_id
from fanops_utils.data.sources.shared.sheet import fold
from fanops_utils.data.warehouse.store import Store
from fanops_utils.data.warehouse.writing.erased import REASON
from fanops_utils.errors import WorkspaceError
from fanops_utils.workspace import Workspace


@dataclass(frozen=True)
class Returned:
    """What became of files under raw/ with records of erased people: `mended` by themselves, or `left` as they are."""

    mended: tuple[str, ...] = ()
    left: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Anybody(Subject):
    """Whoever was erased: nobody remembers their ids, an id tells itself by its mark."""

    erased: Erased | None = None

    @cached_property
    def needles(self) -> str:
        return "(?:)"

    @cached_property
    def traces(self) -> str:
        return "(?:)"

    @cached_property
    def quick(self) -> re.Pattern[str]:
        return re.compile("")

    @cached_property
    def text(self) -> re.Pattern[str]:
        return re.compile("(?!)")

    def is_cell(self, cell: str, column: str = "") -> bool:
        plain = plain_id(cell)
        may_be = is_telling(plain) or fold(column) in self.id_columns
        bare = cell.strip().removeprefix("'")
        return may_be and self.erased is not None and any(map(self.erased.is_id_of_erased, {bare, bare.lower(), plain}))


def leave_out_returned(workspace: Workspace, labels: Collection[str]) -> Returned:
    """Erase again whoever was erased and stands in the files *labels* (raw/…), as far as an import set them aside there."""
    erased, store = Erased(workspace), Store(workspace)
    if not erased or not labels:
        return Returned()
    with store.locked():
        aside = store.read("quarantine")
        met = set(aside.loc[aside["reason"] == REASON, "file"]) & set(labels)
        files = {path: label for path, label in raw_files(workspace)
                 if any(one == label or one.startswith(f"{label}/") for one in met)}  # fmt: skip
        anybody, ids, left = _Anybody(frozenset(), frozenset(), id_columns(workspace), erased), set[str](), list[str]()
        for path, label in files.items():
            try:
                seen = edit_file(path, label, anybody)
            except (CannotEdit, CannotSearch) as error:
                left.append(str(error))
                continue
            ids |= {cell for sieve in seen.sieves for cell in sieve.spelt} if seen else set()
        if not ids:
            return Returned((), tuple(left))
        try:
            done = erase(workspace, ids)
        except WorkspaceError as error:
            return Returned((), (*left, str(error)))
    return Returned(tuple(done.files), tuple(dict.fromkeys([*left, *done.left])))
