"""Cells as moments in UTC and as days."""

from __future__ import annotations

import pandas as pd

from fanops_utils.data.sources.shared.cells.texts import Texts
from fanops_utils.data.sources.shared.clocks import localized, sensible

OFFSET = r"(?:Z|[+-]\d{2}:?\d{2}|:\d{2}(?:\.\d+)?[+-]\d{2})$"  # at the end of a time; a database may write +00 alone
ISO_DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"


class Times(Texts):
    """Columns of times: with an offset, or of clocks in a zone."""

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

    def unix_time(self, column: str, unit: str) -> pd.Series:
        """Return *column*, whole *unit* (s or ms) since 1970 in UTC, as a time."""
        values = self.raw(column)
        count = pd.to_numeric(values.where(values.str.fullmatch(r"-?[0-9]{1,16}").fillna(value=False)), errors="coerce")
        found = sensible(pd.to_datetime(count.astype("Int64"), unit=unit, errors="coerce", utc=True))  # type: ignore[call-overload]
        self.reject(column, values.notna() & found.isna(), f"not a time as a count of {unit} since 1970")
        return found.astype("datetime64[us, UTC]")

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
