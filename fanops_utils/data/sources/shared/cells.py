"""Cells to values, column by column; a cell that cannot be read is noted with its row, value and reason."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import pandas as pd

from fanops_utils.data.sources.shared import ids
from fanops_utils.data.sources.shared.clocks import localized, sensible
from fanops_utils.data.sources.shared.numbers import (
    DECIMAL,
    OPEN_COMMA,
    OPEN_POINT,
    OTHER_DIGITS,
    PLAIN,
    SURE,
    Numbers,
    as_point,
    is_cut,
)

NULL_TOKENS = {"", "undefined", "-", "--", "—", "n/a", "na", "nan", "null", "none"}
ABBREVIATED = r"([+-]?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]*)?)\s*([kmw万萬亿億])\+?"
FACTORS = {"k": 1e3, "m": 1e6, "w": 1e4, "万": 1e4, "萬": 1e4, "亿": 1e8, "億": 1e8}
OFFSET = r"(?:Z|[+-]\d{2}:?\d{2}|:\d{2}(?:\.\d+)?[+-]\d{2})$"  # at the end of a time; a database may write +00 alone
ISO_DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
TRUTHS = {"true": True, "yes": True, "1": True, "1.0": True, "false": False, "no": False, "0": False, "0.0": False}


NO_SIGN = "a fraction or a percentage: others of its column are percentages without their sign"
NEVER_COMPUTED = "a formula without its value: open the workbook, save it, and export it again"
CUT = "a spreadsheet shows only the first digits of this number (E-notation): export the file again"
DESTROYED = "a spreadsheet has destroyed this id (E-notation): export the file again"
BROKEN = "a spreadsheet has put an error or a formula in the place of this cell"
OPEN = f"{OPEN_COMMA}|{OPEN_POINT}"
TWO_READINGS = (
    "the mark may group thousands or begin the decimals, and nothing in the file decides: export it again, or say "
    "`decimal:` in a mapping"
)


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
    numbers: Numbers = None  # type: ignore[assignment]

    def __post_init__(self) -> None:
        if self.numbers is None:
            self.numbers = Numbers(self.frame, self.names)

    def _with(self, column: str, values: pd.Series) -> Cells:
        """Return the same cells with others in *column*; what is rejected there is rejected here."""
        return Cells(self.frame.assign(**{column: values}), self.names, self.rejects, self.numbers)

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

    def identifier(self, column: str, *, shape: str = "", linked: pd.Series | None = None) -> pd.Series:
        """Return *column* as an id that can be trusted; records whose id cannot be are rejected, also empty ones.

        *linked* are the ids that links beside it hold: they mend what a spreadsheet has spoilt, and an id that says
        something else is rejected. *shape* is the pattern the platform's ids keep to.
        """
        values = self.raw(column)
        found = self.optional_id(column, linked=linked)
        if linked is not None:
            found = found.fillna(linked.mask(values.notna()))
        if shape:
            known = {reject.row for reject in self.rejects}
            wrong = found.notna() & ~found.str.fullmatch(shape).fillna(value=False) & ~found.index.isin(known)
            self.reject(column, wrong, "not the shape that this platform's ids have")
        self.reject(column, values.isna() & found.isna(), "the cell is empty")
        return found

    def optional_id(self, column: str, *, linked: pd.Series | None = None) -> pd.Series:
        """Return *column* as `identifier` does, null where the cell is empty."""
        values = self.raw(column)
        if linked is None and not values.str.contains(ids.SUSPECT, regex=True).fillna(value=False).any():
            return values
        printed = ids.bare(values).replace("", pd.NA)
        self.reject(column, ids.is_total(values), "a row that adds others up, not a record")
        broken = ids.is_broken(printed)
        self.reject(column, broken & ~ids.is_total(values), BROKEN)
        whole = printed.str.extract(f"^{ids.POINT_ZERO}$", expand=False)
        printed = whole.where(whole.str.len() <= ids.EXCEL_DIGITS).fillna(printed)
        spoilt = printed.str.fullmatch(f"{ids.E_NOTATION}|{ids.POINT_ZERO}").fillna(value=False).astype(bool)
        spoilt |= ids.is_rounded(printed)
        if linked is not None:
            other = printed.notna() & linked.notna() & (printed != linked).fillna(value=False) & ~broken
            mended = (
                other
                & (spoilt | ids.is_rounded(printed) | printed.str.endswith("0"))
                & ids.same_but_rounded(printed, linked)
            )
            if mended.any():
                self.numbers.note(f"{int(mended.sum())} ids that a spreadsheet had rounded are read from their links")
            agreeing = other & ~mended & ~spoilt
            self.reject(column, agreeing, "the id and the link beside it name different posts")
            spoilt &= ~(mended | (printed == linked).fillna(value=False)).astype(bool)
            printed = linked.where(mended, printed)
        shortened = printed.str.fullmatch(ids.E_NOTATION).fillna(value=False)
        self.reject(column, spoilt & shortened, DESTROYED)
        self.reject(
            column, spoilt & ~shortened, "a spreadsheet keeps 15 digits and has rounded this id: export the file again"
        )
        return printed

    def refuse_e_notation(self, column: str) -> None:
        """Reject records whose id in *column* a spreadsheet turned into 1.2E+17."""
        broken = self.raw(column).str.fullmatch(ids.E_NOTATION)
        self.reject(column, broken, DESTROYED)

    def number(self, column: str, *, scale: float = 1.0, decimal: str | None = None, whole: bool = False) -> pd.Series:
        """Return *column* as Float64 times *scale*; text in it is rejected, and so is what can be read two ways.

        The decimal mark is that of the file (`Numbers`) unless *decimal* says it. In *whole* numbers a comma before
        three digits groups them, whatever the file's mark, where nothing speaks for a decimal comma.
        """
        values = self.raw(column)
        if decimal in (None, ".") and (values.isna() | values.str.fullmatch(SURE).fillna(value=False)).all():
            return pd.to_numeric(values).astype("Float64") * scale
        mark = decimal or (None if self.numbers.is_open(column) else self.numbers.mark)
        if mark == "." and (values.isna() | values.str.fullmatch(PLAIN).fillna(value=False)).all():
            if decimal is None:
                self.numbers.note_mark()
            return pd.to_numeric(values).astype("Float64") * scale
        odd = values.str.contains(r"[^\x00-\x7f]", regex=True).fillna(value=False)
        digits = values.str.translate(OTHER_DIGITS) if odd.any() else values
        if mark is None and whole and "," not in self.numbers.evidence:
            commas = digits.str.fullmatch(r"[+-]?[1-9][0-9]{0,2},[0-9]{3}").fillna(value=False)
            digits = digits.str.replace(",", "", regex=False).where(commas, digits)
        elif decimal is None and (mark == "," or digits.str.fullmatch(OPEN).fillna(value=False).any()):
            self.numbers.note_mark()
        digits, unclear = as_point(digits, mark)
        self.reject(column, unclear, TWO_READINGS)
        cut = is_cut(digits)
        self.reject(column, cut, CUT)
        readable = digits.str.fullmatch(DECIMAL).fillna(value=False) & ~unclear & ~cut
        found = pd.to_numeric(digits.where(readable), errors="coerce").astype("Float64") * scale
        finite = readable & (found.abs() < float("inf")).fillna(value=False)
        never = values.str.startswith(ids.UNCOMPUTED).fillna(value=False)
        self.reject(column, never, NEVER_COMPUTED)
        self.reject(column, values.notna() & ~finite & ~unclear & ~cut & ~never, "not a number")
        return found.where(finite)

    def count(self, column: str, *, decimal: str | None = None) -> pd.Series:
        """Return *column* as Int64; text and fractions in it are rejected."""
        values = self.number(column, decimal=decimal, whole=True)
        fractions = ((values - values.round()).abs() > 0) | (values.abs() > ids.EXACT)
        self.reject(column, fractions, "not a whole number")
        return values.mask(fractions.fillna(value=False)).round().astype("Int64")

    def large(self, column: str) -> pd.Series:
        """Return *column* as Int64 where the platform shortens what is large: 1.2万 and 1.2w are 12000, 3K is 3000."""
        parts = self.raw(column).str.casefold().str.extract(f"^{ABBREVIATED}$")
        short = parts[0].notna()
        written = pd.to_numeric(parts[0].str.replace(",", "", regex=False), errors="coerce").astype("Float64")
        whole = (written * parts[1].map(FACTORS).astype("Float64")).round().astype("Int64")
        return self._with(column, self.raw(column).mask(short)).count(column).fillna(whole)

    def rate(self, column: str) -> pd.Series:
        """Return *column* as a fraction: 12.5% and 0.125 are the same; a bare number above 1 is rejected.

        Beside one above 1 the other bare numbers may be percentages that have lost their sign too: rejected as well.
        """
        values = self.raw(column)
        signed = values.str.endswith(("%", "％")).fillna(value=False)
        bare = values.str.rstrip("%％ \u00a0\u202f")
        found = self._with(column, bare).number(column)
        above = ((found > 1) & ~signed).fillna(value=False)
        self.reject(column, above, "neither a fraction nor a percentage")
        if above.any():
            self.reject(column, found.notna() & (found != 0) & ~signed & ~above, NO_SIGN)
        return found.where(~signed, found / 100)

    def percent(self, column: str) -> pd.Series:
        """Return *column*, a percent number with or without the sign, as a fraction."""
        return self._with(column, self.raw(column).str.rstrip("%％ \u00a0\u202f")).number(column, scale=0.01)

    def flag(self, column: str) -> pd.Series:
        """Return *column* as boolean; anything but yes/no, true/false, 1/0 is rejected."""
        values = self.raw(column).str.casefold()
        self.reject(column, values.notna() & ~values.isin(TRUTHS), "neither yes nor no")
        return values.map(TRUTHS).astype("boolean")

    def outcome(self, column: str) -> pd.Series:
        """Return *column* as Float64 where true/false count as 1/0; other text is rejected."""
        values = self.raw(column).str.casefold()
        words = values.map({word: str(int(truth)) for word, truth in TRUTHS.items() if word.isalpha()})
        return self._with(column, words.fillna(values)).number(column)

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
        naive = sensible(naive)
        reason = (
            f"not a time like {pattern}, the `time_format:` of its mapping: correct that line where all times are so"
        )
        self.reject(column, values.notna() & naive.isna(), reason)
        return self._in_utc(naive, zone)

    def _in_utc(self, naive: pd.Series, zone: str) -> pd.Series:
        found, skipped = localized(naive, zone)
        if skipped:
            self.numbers.note(f"{skipped} times fall into the hour that clocks in {zone} skip: read as its end")
        return found

    def iso_time(self, column: str, zone: str) -> pd.Series:
        """Return *column*, ISO 8601 with an offset or else wall-clock time in *zone*, in UTC."""
        values = self.raw(column).str.replace(r"\s+(?=[+-]\d{2}:?(?:\d{2})?$)", "", regex=True)
        values = values.str.replace(r" ?(?:UTC|GMT)$", "Z", regex=True)
        offset = values.str.contains(OFFSET, regex=True).fillna(value=False)
        aware = pd.to_datetime(values.where(offset), format="ISO8601", errors="coerce", utc=True)
        naive = sensible(pd.to_datetime(values.mask(offset), format="ISO8601", errors="coerce"))
        found = sensible(aware).astype("datetime64[us, UTC]").fillna(self._in_utc(naive, zone))
        found = found.mask(values.str.fullmatch(r"[0-9]{4}([-./ ]?[0-9]{1,2})?").fillna(value=False))  # a year, a month
        self.reject(column, values.notna() & found.isna(), "not a date or time (write 2026-11-22 10:30)")
        return found

    def iso_day(self, column: str) -> pd.Series:
        """Return *column*, an ISO date (a time after it is ignored), as a day."""
        values = self.raw(column)
        dated = values.str.fullmatch(f"{ISO_DAY}(?:[T ][0-9:.]+(?:Z| ?[+-][0-9:]+)?)?").fillna(value=False)
        found = pd.to_datetime(values.str.slice(0, 10).where(dated), format="%Y-%m-%d", errors="coerce")
        self.reject(column, values.notna() & found.isna(), "not a date like 2026-11-22")
        return found.astype("datetime64[us]")
