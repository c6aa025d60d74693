"""Cells as texts, codes, answers: what every reading of a column begins with, and what it notes of cells it cannot use."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import pandas as pd

from fanops_utils.data.sources.shared import ids
from fanops_utils.data.sources.shared.numbers import Numbers

NULL_TOKENS = {"", "undefined", "-", "--", "—", "n/a", "na", "nan", "null", "none"}
TRUTHS = {"true": True, "yes": True, "1": True, "1.0": True, "false": False, "no": False, "0": False, "0.0": False}
NEVER_COMPUTED = "a formula without its value: open the workbook, save it, and export it again"
BROKEN = "a spreadsheet has put an error or a formula in the place of this cell"


@dataclass(frozen=True)
class Reject:
    """One record that cannot be loaded, and why."""

    row: int
    column: str
    value: str
    reason: str


@dataclass
class Texts:
    """The text cells of one table: index = record number in the file, columns = canonical field names."""

    frame: pd.DataFrame
    names: dict[str, str] = field(default_factory=dict)
    rejects: list[Reject] = field(default_factory=list)
    numbers: Numbers = None  # type: ignore[assignment]

    def __post_init__(self) -> None:
        if self.numbers is None:
            self.numbers = Numbers(self.frame, self.names)

    def has(self, column: str) -> bool:
        return column in self.frame

    def raw(self, column: str) -> pd.Series:
        """Return the stripped text of *column*, null tokens as null; all null where the file lacks it."""
        if column not in self.frame:
            return pd.Series(pd.NA, index=self.frame.index, dtype="string")
        found = self.frame[column].astype("string").str.strip()
        return found.mask(found.str.lower().isin(NULL_TOKENS))

    def reject(self, column: str, where: pd.Series, reason: str) -> None:
        """Note every record where *where* holds: its cell in *column* cannot be used."""
        hits = where.fillna(value=False).astype(bool)
        if not hits.any():
            return
        shown = self.frame[column] if column in self.frame else pd.Series("", index=self.frame.index)
        name = self.names.get(column, column)
        self.rejects += [Reject(int(row), name, str(shown[row])[:200], reason) for row in self.frame.index[hits]]

    def required(self, column: str) -> pd.Series:
        """Return *column* as text, rejecting records where it is empty."""
        values = self.raw(column)
        self.reject(column, values.isna(), "the cell is empty")
        return values

    def text(self, column: str) -> pd.Series:
        """Return *column* as written (null only where empty): captions and titles keep their dashes."""
        if column not in self.frame:
            return self.raw(column)
        found = self.frame[column].astype("string")
        self.reject(column, found.str.startswith(ids.UNCOMPUTED), NEVER_COMPUTED)
        return found.mask(found.str.strip() == "")

    def code(self, column: str) -> pd.Series:
        """Return *column* as a code, null only where empty: NA is Namibia, NONE may be a discount code."""
        if column not in self.frame:
            return self.raw(column)
        found = self.frame[column].astype("string").str.strip()
        self.reject(column, found.str.startswith(ids.UNCOMPUTED), NEVER_COMPUTED)
        self.reject(column, ids.is_broken(found) & ~found.str.startswith(ids.UNCOMPUTED), BROKEN)
        return found.mask(found.str.casefold().isin(NULL_TOKENS - {"na", "none"}))

    def flag(self, column: str) -> pd.Series:
        """Return *column* as boolean; anything but yes/no, true/false, 1/0 is rejected."""
        values = self.raw(column).str.casefold()
        self.reject(column, values.notna() & ~values.isin(TRUTHS), "neither yes nor no")
        return values.map(TRUTHS).astype("boolean")

    def choice(self, column: str, choices: dict[str, str]) -> pd.Series:
        """Return *column* translated by *choices* (keys compared without case); other text is rejected."""
        folded = {key.casefold(): value for key, value in choices.items()}
        values = self.raw(column)
        found = values.str.casefold().map(folded).astype("string")
        self.reject(column, values.notna() & found.isna(), f"not one of {', '.join(choices)}")
        return found

    def apply(self, column: str, read: Callable[[str], object], reason: str) -> pd.Series:
        """Return *column* read cell by cell; cells for which *read* gives None are rejected."""
        values = self.raw(column)
        found = values.map(read, na_action="ignore").astype("object")
        self.reject(column, values.notna() & found.isna(), reason)
        return found
