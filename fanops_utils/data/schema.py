"""The canonical tables: columns, types, units and keys; every import ends in them.

All metrics are nullable and never filled with zero, rates are fractions, times are UTC, ids are text.
"""

from __future__ import annotations

from fanops_utils.data.table import PROVENANCE, Table
from fanops_utils.data.tables import club, commerce, members, money, outside, own, social, tone
from fanops_utils.errors import DataError
from fanops_utils.text import say

__all__ = ["PROVENANCE", "SYSTEM_TABLES", "TABLES", "Table", "table"]

TABLES: dict[str, Table] = {
    one.name: one for group in (social, outside, members, club, commerce, money, tone) for one in group.TABLES
}
SYSTEM_TABLES: dict[str, Table] = {one.name: one for one in own.TABLES}


def table(name: str) -> Table:
    """Return the table *name*, canonical or the warehouse's own; raise DataError naming the nearest one."""
    known = {**TABLES, **SYSTEM_TABLES}
    if name not in known:
        raise DataError(say("no such table"), value=name, choices=known)
    return known[name]
