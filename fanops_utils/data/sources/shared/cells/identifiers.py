"""Cells as ids that can be trusted: what a spreadsheet has spoilt is mended by a link beside it, or rejected."""

from __future__ import annotations

import pandas as pd

from fanops_utils.data.sources.shared import ids
from fanops_utils.data.sources.shared.cells.texts import BROKEN, Texts

DESTROYED = "a spreadsheet has destroyed this id (E-notation): export the file again"


class Identifiers(Texts):
    """Columns of ids."""

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
