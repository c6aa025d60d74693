"""Raw files in memory: their bytes, their export moment, and the few rows that are broken on purpose."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from fnmatch import fnmatchcase

import pandas as pd

from fanops_utils.data.sample.period import EXPORTED


@dataclass(frozen=True)
class RawFile:
    """One export file: path relative to `raw/`, content, and how many of its rows an import must turn away."""

    path: str
    kind: str
    rows: int
    content: bytes
    exported: datetime = EXPORTED
    quarantined: int = 0
    duplicate: int = 0


@dataclass(frozen=True)
class Break:
    """One broken row: *text* overwrites the cell in *column*; without a column the row is written twice."""

    column: str | None = None
    text: str = ""
    place: float = 0.4  # position in the file, 0 = first row, 1 = last


BREAKS: dict[str, tuple[Break, ...]] = {
    "instagram/lumentea.us/Apr-11-2025_*.csv": (Break("Likes", "many"),),
    "instagram/lumentea.de/Apr-11-2025_*.csv": (Break("Post ID", "1.79E+16"),),
    "instagram/lumentea.fr/Nov-01-2024_*.csv": (Break("Publish time", "31/31/2025 25:61"),),
    "instagram/lumentea.jp/Apr-11-2025_*.csv": (Break(),),
    "instagram/lumentea.mx/2025-07-29_*/Visits.csv": (Break("Primary", "twelve"),),
    "shopify/*/orders_export_1.csv": (Break("Id", "5.55E+12"),),
    "community/members.csv": (Break("Joined", "the other day"), Break(place=0.6)),
    "community/events.csv": (Break("Value", "12,5O"), Break(place=0.6)),
    "listening/mentions.csv": (Break("Time", "2026-13-45T99:00:00+00:00"), Break(place=0.6)),
    "experiments/welcome_message.csv": (Break(place=0.5),),
}


def raw_file(
    path: str, kind: str, frame: pd.DataFrame, render: Callable[[pd.DataFrame], bytes], *, exported: datetime = EXPORTED
) -> RawFile:
    """Return *frame* as the file *path*, rendered to bytes after the breaks planned for that path."""
    breaks = [item for pattern, items in BREAKS.items() if fnmatchcase(path, pattern) for item in items]
    spoiled = [item for item in breaks if item.column is not None]
    for item in spoiled + [item for item in breaks if item.column is None]:
        frame = damage(frame, item)
    repeated = len(breaks) - len(spoiled)
    return RawFile(path, kind, len(frame), render(frame), exported, len(spoiled), repeated)


def damage(frame: pd.DataFrame, item: Break) -> pd.DataFrame:
    """Return *frame* with one row broken as *item* says; order rows are broken only where they stand alone.

    >>> damage(pd.DataFrame({"Likes": [1, 2, 3]}), Break("Likes", "many", place=0.5))["Likes"].tolist()
    [1, 'many', 3]
    >>> damage(pd.DataFrame({"Likes": [1, 2, 3]}), Break(place=1))["Likes"].tolist()
    [1, 2, 3, 3]
    """
    rows = frame.reset_index(drop=True)
    at = round(item.place * (len(rows) - 1))
    if item.column is None:
        return rows.iloc[[*range(at + 1), *range(at, len(rows))]].reset_index(drop=True)
    filled = rows[item.column].astype(object)
    if "Lineitem name" in rows:
        alone = ~rows["Name"].duplicated(keep=False)
        at = int(alone.index[alone & (rows.index >= at)][0])
    elif item.column == "Value":
        at = int(rows.index[filled.ne("") & (rows.index >= at)][0])
    filled.iloc[at] = item.text
    return rows.assign(**{item.column: filled})


def plain_csv(frame: pd.DataFrame) -> bytes:
    """Return comma-separated UTF-8 without BOM, quoted only where needed, LF."""
    return frame.to_csv(index=False, lineterminator="\n").encode()


def quoted_csv(frame: pd.DataFrame) -> str:
    """Return comma-separated text with every field quoted, LF after every line."""
    return frame.to_csv(index=False, lineterminator="\n", quoting=csv.QUOTE_ALL)


def spaced_csv(frame: pd.DataFrame) -> str:
    """Return comma-separated text where also cells with a space are quoted, LF.

    >>> spaced_csv(pd.DataFrame({"Post ID": ["1"], "Type": ["IG image"]}))
    '"Post ID",Type\\n1,"IG image"\\n'
    """
    lines = [frame.columns.tolist(), *frame.to_numpy().tolist()]
    return "".join(",".join(_spaced(str(cell)) for cell in line) + "\n" for line in lines)


def _spaced(cell: str) -> str:
    escaped = cell.replace('"', '""')
    return f'"{escaped}"' if any(mark in cell for mark in ' ,"\n') else cell
