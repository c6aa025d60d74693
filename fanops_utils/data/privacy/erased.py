"""Who was erased: marks under the workspace's key, so that no later import brings anybody back."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pandas as pd

from fanops_utils.data.privacy.pseudonyms import Pseudonyms
from fanops_utils.workspace import Workspace

ERASED_PEOPLE = "privacy_erased.txt"
HEADER = "# Marks of people who were erased: hashes under the workspace's key. Imports leave their records out.\n"


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
        found = np.array([*(self.is_erased(str(key)) for key in distinct), False])
        return pd.Series(found[codes], index=keys.index)  # a null has code -1: the last

    def is_erased(self, key: str) -> bool:
        """Return whether the person with the pseudonym *key* was erased."""
        if key not in self._known:
            self._known[key] = self._people is not None and self._people.erased_mark(key) in self._marks
        return self._known[key]

    def is_id_of_erased(self, text: str) -> bool:
        """Return whether *text* is an id of somebody who was erased."""
        return self._people is not None and self.is_erased(self._people.key_for(text))
