"""Columns of tables whose cells are messages and values ready to be said."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any


def cells(values: Iterable[Any]) -> list[Any]:
    """Return *values* (sayables, None for an empty cell) as a column of a frame to be shown."""
    return list(values)
