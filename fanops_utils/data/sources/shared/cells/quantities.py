"""Cells as numbers, counts, rates."""

from __future__ import annotations

from dataclasses import replace
from typing import Self

import pandas as pd

from fanops_utils.data.sources.shared import ids
from fanops_utils.data.sources.shared.cells.texts import NEVER_COMPUTED, TRUTHS, Texts
from fanops_utils.data.sources.shared.numbers import (
    DECIMAL,
    OPEN_COMMA,
    OPEN_POINT,
    OTHER_DIGITS,
    PLAIN,
    SURE,
    as_point,
    is_cut,
)

ABBREVIATED = r"([+-]?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]*)?)\s*([kmw万萬亿億])\+?"
FACTORS = {"k": 1e3, "m": 1e6, "w": 1e4, "万": 1e4, "萬": 1e4, "亿": 1e8, "億": 1e8}
OPEN = f"{OPEN_COMMA}|{OPEN_POINT}"
NO_SIGN = "a fraction or a percentage: others of its column are percentages without their sign"
CUT = "a spreadsheet shows only the first digits of this number (E-notation): export the file again"
TWO_READINGS = (
    "the mark may group thousands or begin the decimals, and nothing in the file decides: export it again, or say "
    "`decimal:` in a mapping"
)


class Quantities(Texts):
    """Columns of numbers; in which of two ways a number is written is the file's to say."""

    def _with(self, column: str, values: pd.Series) -> Self:
        """Return the same cells with others in *column*; what is rejected there is rejected here."""
        return replace(self, frame=self.frame.assign(**{column: values}))

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

    def outcome(self, column: str) -> pd.Series:
        """Return *column* as Float64 where true/false count as 1/0; other text is rejected."""
        values = self.raw(column).str.casefold()
        words = values.map({word: str(int(truth)) for word, truth in TRUTHS.items() if word.isalpha()})
        return self._with(column, words.fillna(values)).number(column)
