"""Cells to values, column by column; a cell that cannot be read is noted with its row, value and reason."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC
from zoneinfo import ZoneInfo

import pandas as pd

NULL_TOKENS = {"", "undefined", "-", "--", "—", "n/a", "na", "nan", "null", "none"}
WHOLE = re.compile(r"[+-]?\d+(\.0+)?")
GROUPED = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?")
DECIMAL = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
E_NOTATION = re.compile(r"[+-]?\d+([.,]\d+)?[eE][+-]?\d+")
TRUTHS = {"true": True, "yes": True, "1": True, "1.0": True, "false": False, "no": False, "0": False, "0.0": False}


@dataclass(frozen=True)
class Reject:
    """One record that cannot be loaded, and why."""

    row: int
    column: str
    value: str
    reason: str


@dataclass
class Cells:
    """The text cells of one table: index = record number in the file, columns = canonical field names."""

    frame: pd.DataFrame
    names: dict[str, str] = field(default_factory=dict)
    rejects: list[Reject] = field(default_factory=list)

    def has(self, column: str) -> bool:
        return column in self.frame

    def raw(self, column: str) -> pd.Series:
        """Return the stripped text of *column*, null tokens as null; all null where the file lacks it."""
        if column not in self.frame:
            return pd.Series(pd.NA, index=self.frame.index, dtype="string")
        found = self.frame[column].astype("string").str.strip()
        return found.mask(found.str.casefold().isin(NULL_TOKENS))

    def reject(self, column: str, where: pd.Series, reason: str) -> None:
        """Note every record where *where* holds: its cell in *column* cannot be used."""
        shown = self.frame[column] if column in self.frame else pd.Series("", index=self.frame.index)
        name = self.names.get(column, column)
        hits = where.fillna(value=False).astype(bool)
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
        return found.mask(found.str.strip() == "")

    def identifier(self, column: str) -> pd.Series:
        """Return *column* as an id; empty ones and ids that a spreadsheet turned into 1.2E+17 are rejected."""
        values = self.required(column)
        self.refuse_e_notation(column)
        return values

    def refuse_e_notation(self, column: str) -> None:
        """Reject records whose id in *column* a spreadsheet turned into 1.2E+17."""
        broken = self.raw(column).str.fullmatch(E_NOTATION)
        self.reject(column, broken, "a spreadsheet has destroyed this id (E-notation): export the file again")

    def number(self, column: str, *, scale: float = 1.0) -> pd.Series:
        """Return *column* as Float64 times *scale*; text in it is rejected."""
        values = self.raw(column)
        plain = values.str.replace(",", "", regex=False).where(
            values.str.fullmatch(GROUPED).fillna(value=False), values
        )
        readable = plain.str.fullmatch(DECIMAL)
        self.reject(column, values.notna() & ~readable, "not a number")
        return pd.to_numeric(plain.where(readable.fillna(value=False)), errors="coerce").astype("Float64") * scale

    def count(self, column: str) -> pd.Series:
        """Return *column* as Int64; text and fractions in it are rejected."""
        values = self.number(column)
        fractions = (values - values.round()).abs() > 0
        self.reject(column, fractions, "not a whole number")
        return values.mask(fractions.fillna(value=False)).round().astype("Int64")

    def percent(self, column: str) -> pd.Series:
        """Return *column*, a percent number with or without the sign, as a fraction."""
        cleaned = Cells(self.frame.assign(**{column: self.raw(column).str.rstrip("% ")}), self.names, self.rejects)
        return cleaned.number(column, scale=0.01)

    def flag(self, column: str) -> pd.Series:
        """Return *column* as boolean; anything but yes/no, true/false, 1/0 is rejected."""
        values = self.raw(column).str.casefold()
        self.reject(column, values.notna() & ~values.isin(TRUTHS), "neither yes nor no")
        return values.map(TRUTHS).astype("boolean")

    def outcome(self, column: str) -> pd.Series:
        """Return *column* as Float64 where true/false count as 1/0; other text is rejected."""
        values = self.raw(column).str.casefold()
        words = values.map({word: str(int(truth)) for word, truth in TRUTHS.items() if word.isalpha()})
        return Cells(self.frame.assign(**{column: words.fillna(values)}), self.names, self.rejects).number(column)

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

    def local_time(self, column: str, pattern: str, zone: str) -> pd.Series:
        """Return *column*, a wall-clock time in *zone* written as *pattern*, in UTC."""
        values = self.raw(column)
        naive = pd.to_datetime(values, format=pattern, errors="coerce")
        self.reject(column, values.notna() & naive.isna(), f"not a time like {pattern}")
        local = naive.dt.tz_localize(ZoneInfo(zone), ambiguous=True, nonexistent="shift_forward")
        return local.dt.tz_convert(UTC).astype("datetime64[us, UTC]")

    def iso_time(self, column: str, zone: str) -> pd.Series:
        """Return *column*, ISO 8601 with an offset or else wall-clock time in *zone*, in UTC."""
        values = self.raw(column).str.replace(r"\s+(?=[+-]\d{2}:?\d{2}$)", "", regex=True)
        offset = values.str.contains(r"(?:Z|[+-]\d{2}:?\d{2})$", regex=True).fillna(value=False)
        aware = pd.to_datetime(values.where(offset), format="ISO8601", errors="coerce", utc=True)
        naive = pd.to_datetime(values.mask(offset), format="ISO8601", errors="coerce")
        local = naive.dt.tz_localize(ZoneInfo(zone), ambiguous=True, nonexistent="shift_forward").dt.tz_convert(UTC)
        found = aware.astype("datetime64[us, UTC]").fillna(local.astype("datetime64[us, UTC]"))
        self.reject(column, values.notna() & found.isna(), "not a date or time (write 2026-11-22 10:30)")
        return found

    def iso_day(self, column: str) -> pd.Series:
        """Return *column*, an ISO date (a time after it is ignored), as a day."""
        values = self.raw(column)
        found = pd.to_datetime(values.str.slice(0, 10), format="%Y-%m-%d", errors="coerce")
        self.reject(column, values.notna() & found.isna(), "not a date like 2026-11-22")
        return found.astype("datetime64[us]")
