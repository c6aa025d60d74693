"""Rows on their way into the warehouse: checked, numbered and set down as Parquet beside it until the import commits."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as arrow
import pyarrow.parquet as parquet

from fanops_utils.data.privacy.erased import Erased
from fanops_utils.data.privacy.personal import Personal
from fanops_utils.data.schema import TABLES, Table
from fanops_utils.data.sources.shared.cells import Reject
from fanops_utils.data.sources.shared.source import Parsed
from fanops_utils.data.warehouse.writing.erased import without_erased
from fanops_utils.data.warehouse.writing.personal import without_persons

HELD_ROWS = 200_000


@dataclass
class Held:
    """One file on its way in: what it is, and what became of its records so far."""

    number: int
    label: str
    source: str
    report_type: str
    fingerprint: str
    exported_at: datetime | None = None
    rows_in: int = 0
    rejects: list[Reject] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    tables: set[str] = field(default_factory=set)
    one_row_per_record: bool = False
    corrected_by: str = ""
    correction: str = ""
    age_from: str = ""
    unread: tuple[str, ...] = ()
    strange_markets: Counter[str] = field(default_factory=Counter)
    strange_brands: Counter[str] = field(default_factory=Counter)
    undated_posts: int = 0

    @property
    def bad(self) -> set[int]:
        """Numbers of the records that go into quarantine."""
        return {reject.row for reject in self.rejects}


class Staging:
    """Frames of many files gathered table by table, checked together and written as Parquet under *folder*."""

    def __init__(
        self, folder: Path, imported_at: datetime, erased: Erased | None = None, markets: Iterable[str] = (),
        personal: Personal | None = None, brands: Iterable[str] = (),
    ) -> None:  # fmt: skip
        self.personal = personal or Personal()
        self.folder, self.imported_at, self.erased, self.markets = folder, imported_at, erased, set(markets)
        self.brands = set(brands)
        self.parts: dict[str, list[Path]] = defaultdict(list)
        self._waiting: dict[str, list[pd.DataFrame]] = defaultdict(list)
        self._files: dict[int, Held] = {}
        self.refused: dict[int, Exception] = {}
        self._rows = self._seq = 0

    def add(self, file: Held, parsed: Parsed) -> None:
        """Take what was *parsed* of *file*; its rejects and numbers of records are noted there."""
        parsed = without_erased(parsed, self.erased) if self.erased else parsed
        parsed = without_persons(parsed, self.personal)
        file.rows_in += parsed.rows_in
        file.rejects += parsed.rejects
        file.exported_at = parsed.exported_at
        file.age_from, file.unread = parsed.age_from or file.age_from, parsed.unread or file.unread
        self._look_at(file, parsed)
        # All of a file's frames or none: one that cannot be taken leaves nothing among its neighbours'.
        typed = {name: _typed(TABLES[name], frame).assign(file_no=file.number) for name, frame in parsed.tables.items()}
        self._files[file.number] = file
        for name, frame in typed.items():
            if len(frame):
                file.tables.add(name)
                self._waiting[name].append(frame)
                self._rows += len(frame)
        if self._rows > HELD_ROWS:
            self.settle()

    def _look_at(self, file: Held, parsed: Parsed) -> None:
        """Count what would be loaded and never be seen: markets and brands that brand.yml does not know, posts without a date."""
        for name, frame in parsed.tables.items():
            if "market" in frame and self.markets:
                distinct = frame["market"].value_counts()
                file.strange_markets.update(
                    {str(one): int(n) for one, n in distinct.items() if one not in self.markets}
                )
            if name == "mentions" and "brand" in frame and self.brands:
                heard = frame["brand"].value_counts()
                file.strange_brands.update({str(one): int(n) for one, n in heard.items() if one not in self.brands})
            if name == "posts" and "created_timestamp" in frame:
                file.undated_posts += int(frame["created_timestamp"].isna().sum())

    def settle(self) -> None:
        """Check the rows that wait and write them down; those against the schema join their file's rejects.

        Where that meets what nobody foresaw, each file is tried by itself, and the one at fault is noted as `refused`.
        """
        waiting, files = dict(self._waiting), dict(self._files)
        noted = {number: list(file.rejects) for number, file in files.items()}
        try:
            self._settle()
        except OSError:
            raise  # the disk: no file's fault
        except Exception:
            for number, file in files.items():
                file.rejects = noted[number]
                mine = {
                    name: [one for one in frames if one["file_no"].iloc[0] == number]
                    for name, frames in waiting.items()
                }
                self._waiting = defaultdict(list, {name: frames for name, frames in mine.items() if frames})
                self._files = {number: file}
                try:
                    self._settle()
                except OSError:
                    raise
                except Exception as error:
                    self.refused[number] = error
        self._waiting.clear()
        self._files.clear()
        self._rows = 0

    def _settle(self) -> None:
        ready = {name: self._together(TABLES[name], frames) for name, frames in self._waiting.items()}
        for name, frame in ready.items():
            self._check(TABLES[name], frame)
        bad = {(file.number, row) for file in self._files.values() for row in file.bad}
        for name, frame in ready.items():
            self._write(name, _without(frame, bad))

    def since(self) -> dict[str, int]:
        """Return a mark to go back to: what was written so far, once the rows that wait are."""
        self.settle()
        return {name: len(files) for name, files in self.parts.items()}

    def back_to(self, mark: dict[str, int]) -> None:
        """Forget what was added after *mark* (of `since`)."""
        self._waiting.clear()
        self._files.clear()
        self._rows = 0
        for name, files in self.parts.items():
            for path in files[mark.get(name, 0) :]:
                path.unlink(missing_ok=True)
            del files[mark.get(name, 0) :]

    def _together(self, table: Table, frames: list[pd.DataFrame]) -> pd.DataFrame:
        """Return *frames* as one in canonical types, with provenance and the number of each row's file."""
        whole = pd.concat(frames, ignore_index=True)
        numbers = whole.pop("file_no")
        provenance: dict[str, Any] = {
            "source_file": numbers.map({number: file.label for number, file in self._files.items()}),
            "exported_at": numbers.map({number: file.exported_at for number, file in self._files.items()}),
            "imported_at": self.imported_at,
        }
        return table.conform(whole.assign(**provenance)).assign(file_no=numbers)

    def _check(self, table: Table, frame: pd.DataFrame) -> None:
        """Add the rows of *frame* against the schema to the rejects of their files."""
        for case in table.failures(frame.drop(columns="file_no")).to_dict("records"):
            if pd.isna(case["index"]):
                raise TypeError(f"table {table.name}: {case['check']}")  # a fault of a source, not of a file
            number, row = frame.loc[case["index"], ["file_no", "source_row"]]
            reason = (
                "required, but missing" if case["check"] == "not_nullable" else f"against the schema: {case['check']}"
            )
            value = "" if pd.isna(case["failure_case"]) else str(case["failure_case"])
            self._files[number].rejects.append(
                Reject(0 if pd.isna(row) else int(row), str(case["column"]), value, reason)
            )

    def _write(self, name: str, frame: pd.DataFrame) -> None:
        if frame.empty:
            return
        frame = frame.assign(seq=range(self._seq, self._seq + len(frame)))
        self._seq += len(frame)
        kept = frame.drop(columns=["file_no", "seq"])
        schema = TABLES[name].arrow_schema(kept).append(arrow.field("file_no", arrow.int32()))
        packed = arrow.Table.from_pandas(frame, schema.append(arrow.field("seq", arrow.int64())), preserve_index=False)
        path = self.folder / f"{name}-{len(self.parts[name])}.parquet"
        parquet.write_table(packed, path, compression="snappy")
        self.parts[name].append(path)


def _typed(table: Table, frame: pd.DataFrame) -> pd.DataFrame:
    """Return *frame* with the columns it has in canonical types."""
    kinds = {name: table.columns[name].dtype for name in frame.columns if name in table.columns}
    extra = {} if not table.open else {name: "Float64" for name in frame.columns if name not in table.columns}
    return frame.astype({**kinds, **extra})


def _without(frame: pd.DataFrame, bad: set[tuple[int, int]]) -> pd.DataFrame:
    """Return *frame* without the records *bad* (file number, record number): one bad cell keeps out the whole record."""
    touched = frame["file_no"].isin({number for number, _ in bad})
    if not touched.any():
        return frame
    pairs = zip(frame.loc[touched, "file_no"], frame.loc[touched, "source_row"], strict=True)
    out = pd.Series([pair in bad for pair in pairs], index=frame.index[touched])
    return frame[~out.reindex(frame.index, fill_value=False)]
