"""Files a report hands over: lists of people to act on, statements line by line."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pandas as pd

from fanops_utils.playbook.handouts import Cell, Listing
from fanops_utils.text import Sayable, Written, term

FEWEST = 10  # people a list must hold: of fewer each could be told
MOST = 5_000


def people(name: str, title: Sayable, frame: pd.DataFrame, *, columns: Mapping[str, Sayable]) -> Listing | None:
    """Return the members in *frame* as a list by pseudonym (`member_key`), *columns* after it; None for fewer than ten.

    At most 5,000, in the order of *frame*; its cells are numbers, days, texts and sayables, missing ones stay empty. The file
    is its owner's alone.
    """
    if len(frame) < FEWEST:
        return None
    heads = {"member_key": term("Pseudonym", "column"), **columns}
    return listing(name, title, frame.head(MOST), columns=heads, private=True)


def listing(
    name: str, title: Sayable, frame: pd.DataFrame, *, columns: Mapping[str, Sayable], private: bool = False
) -> Listing:
    """Return the *columns* (name: heading) of *frame* as a list; cells are numbers, days, texts and sayables."""
    rows = tuple(tuple(_cell(cell) for cell in row) for row in frame[list(columns)].itertuples(index=False))
    return Listing(name, title, tuple(columns.values()), rows, private)


def _cell(value: object) -> Cell:
    if isinstance(value, Sayable):
        return value
    if value is None or pd.isna(value):  # type: ignore[call-overload]
        return None
    if isinstance(value, date):
        return date(value.year, value.month, value.day)
    plain = value.item() if hasattr(value, "item") else value
    return plain if isinstance(plain, int | float) else Written(str(plain))
