"""Cells to values, column by column; a cell that cannot be read is noted with its row, value and reason."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC
from zoneinfo import ZoneInfo

import pandas as pd

NULL_TOKENS = {"", "undefined", "-", "--", "—", "n/a", "na", "nan", "null", "none"}
GROUPED = r"[+-]?[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?"
GROUPED_BY_SPACE = r"[+-]?[0-9]{1,3}(?:[ .\u00a0\u202f'][0-9]{3})+(?:,[0-9]+)?"
DECIMAL = r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?"
PLAIN = r"-?[0-9]{1,15}(?:\.[0-9]{1,15})?"
E_NOTATION = r"[+-]?[0-9]+(?:[.,][0-9]+)?[eE][+-]?[0-9]+"
ABBREVIATED = r"([+-]?[0-9][0-9,]*\.?[0-9]*)\s*([kmw万萬亿億])\+?"
FACTORS = {"k": 1e3, "m": 1e6, "w": 1e4, "万": 1e4, "萬": 1e4, "亿": 1e8, "億": 1e8}
ISO_DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
OTHER_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹０１２３４５６７８９−٫٬", "0123456789" * 3 + "-.,")
EXACT = 2**53
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

    def number(self, column: str, *, scale: float = 1.0, decimal: str = ".") -> pd.Series:
        """Return *column* as Float64 times *scale*; text in it is rejected.

        With *decimal* "," numbers stand as in most of Europe: 1 234,56 or 1.234,56.
        """
        values = self.raw(column)
        if decimal == "." and (values.isna() | values.str.fullmatch(PLAIN).fillna(value=False)).all():
            return pd.to_numeric(values).astype("Float64") * scale
        odd = values.str.contains(r"[^\x00-\x7f]", regex=True).fillna(value=False)
        digits = values.str.translate(OTHER_DIGITS) if odd.any() else values
        unclear = pd.Series(False, index=values.index)
        if decimal == ",":
            unclear = digits.str.fullmatch(r"[+-]?[1-9][0-9]{0,2},[0-9]{3}").fillna(value=False)
            self.reject(column, unclear, "the comma may group thousands: export the file again")
            grouped = digits.str.fullmatch(GROUPED_BY_SPACE).fillna(value=False)
            digits = digits.str.replace(r"[ .\u00a0\u202f']", "", regex=True).where(grouped, digits)
            digits = digits.str.replace(",", ".", regex=False)
        else:
            grouped = digits.str.fullmatch(GROUPED).fillna(value=False)
            digits = digits.str.replace(",", "", regex=False).where(grouped, digits)
        readable = digits.str.fullmatch(DECIMAL).fillna(value=False) & ~unclear
        found = pd.to_numeric(digits.where(readable), errors="coerce").astype("Float64") * scale
        finite = readable & (found.abs() < float("inf")).fillna(value=False)
        self.reject(column, values.notna() & ~finite & ~unclear, "not a number")
        return found.where(finite)

    def count(self, column: str, *, decimal: str = ".") -> pd.Series:
        """Return *column* as Int64; text and fractions in it are rejected."""
        values = self.number(column, decimal=decimal)
        fractions = ((values - values.round()).abs() > 0) | (values.abs() > EXACT)
        self.reject(column, fractions, "not a whole number")
        return values.mask(fractions.fillna(value=False)).round().astype("Int64")

    def large(self, column: str) -> pd.Series:
        """Return *column* as Int64 where the platform shortens what is large: 1.2万 and 1.2w are 12000, 3K is 3000."""
        parts = self.raw(column).str.casefold().str.extract(f"^{ABBREVIATED}$")
        short = parts[0].notna()
        written = pd.to_numeric(parts[0].str.replace(",", "", regex=False), errors="coerce").astype("Float64")
        whole = (written * parts[1].map(FACTORS).astype("Float64")).round().astype("Int64")
        plain = Cells(self.frame.assign(**{column: self.raw(column).mask(short)}), self.names, self.rejects)
        return plain.count(column).fillna(whole)

    def rate(self, column: str) -> pd.Series:
        """Return *column* as a fraction: 12.5% and 0.125 are the same; a bare number above 1 is rejected."""
        values = self.raw(column)
        signed = values.str.endswith(("%", "％")).fillna(value=False)
        bare = values.str.rstrip("%％ ")
        found = Cells(self.frame.assign(**{column: bare}), self.names, self.rejects).number(column)
        self.reject(column, (found > 1) & ~signed, "neither a fraction nor a percentage")
        return found.where(~signed, found / 100)

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
        found = found.mask(values.str.fullmatch(r"[0-9]{4}(-?[0-9]{2})?").fillna(value=False))  # a year, a month
        self.reject(column, values.notna() & found.isna(), "not a date or time (write 2026-11-22 10:30)")
        return found

    def iso_day(self, column: str) -> pd.Series:
        """Return *column*, an ISO date (a time after it is ignored), as a day."""
        values = self.raw(column)
        dated = values.str.fullmatch(f"{ISO_DAY}(?:[T ][0-9:.]+(?:Z| ?[+-][0-9:]+)?)?").fillna(value=False)
        found = pd.to_datetime(values.str.slice(0, 10).where(dated), format="%Y-%m-%d", errors="coerce")
        self.reject(column, values.notna() & found.isna(), "not a date like 2026-11-22")
        return found.astype("datetime64[us]")
