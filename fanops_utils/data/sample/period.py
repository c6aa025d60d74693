"""The simulated days, and when the exports were made."""

from __future__ import annotations

from datetime import UTC, date, datetime

FIRST_DAY, LAST_DAY = date(2024, 11, 1), date(2026, 10, 31)
EXPORTED = datetime(2026, 11, 2, 9, tzinfo=UTC)
DAYS_PER_MONTH = 365.25 / 12
