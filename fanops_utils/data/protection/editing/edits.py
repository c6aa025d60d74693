"""What one file holds of a person, and why a file cannot be edited or searched."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from fanops_utils.data.protection.editing.sieve import Record, Sieve
from fanops_utils.errors import ImportRefused


class CannotEdit(ImportRefused):
    """A file holds the person and cannot be edited safely."""


class CannotSearch(ImportRefused):
    """Nobody can say whether a file holds the person."""


@dataclass
class Edit:
    """What one file holds of a person; `content` or the file `staged` is the file without them."""

    label: str
    sieves: list[Sieve] = field(default_factory=list)
    content: bytes | None = None
    beside: int = 0  # links, comments, properties and the like
    staged: Path | None = None

    @property
    def records(self) -> list[Record]:
        return [record for sieve in self.sieves for record in sieve.records]
