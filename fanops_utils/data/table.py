"""One canonical table: its columns and key, its pandera and Arrow schemas, and how a frame is brought into its form."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, TypeAlias

import pandas as pd
import pandera.errors
import pandera.pandas as pa
import pyarrow as arrow

from fanops_utils.data.columns import Column, count, day, moment, text
from fanops_utils.errors import DataError
from fanops_utils.text import say

Place: TypeAlias = Literal["market", "country", "account"]


@dataclass(frozen=True)
class Table:
    """One canonical table; `open` tables accept further numeric columns, named by the mapping."""

    name: str
    description: str
    key: tuple[str, ...]
    columns: dict[str, Column]
    open: bool = False
    merge_columns: bool = field(default=False, metadata={"doc": "a later row fills gaps of an earlier one"})
    local: tuple[str, Place] | None = field(default=None, metadata={"doc": "moment whose day is cut, and where by"})

    @property
    def by_month(self) -> bool:
        """Whether its files are divided by the months of its days."""
        return "date_day" in self.columns

    @property
    def payload(self) -> list[str]:
        """Columns that files carry facts in: all but the provenance and what is cut at import."""
        return [name for name in self.columns if name not in PROVENANCE and not (self.local and name in LOCAL)]

    def schema(self) -> pa.DataFrameSchema:
        """Return the pandera schema that a frame of this table must pass."""
        columns = {
            name: pa.Column(spec.dtype, checks=spec.check, nullable=not spec.required, description=spec.description)
            for name, spec in self.columns.items()
        }
        return pa.DataFrameSchema(columns, name=self.name, strict=not self.open)

    def failures(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Return what in *frame*, already conformed, is against the schema: index, column, check, failure_case."""
        telling = [
            name for name, spec in self.columns.items() if spec.required or (spec.check and frame[name].notna().any())
        ]
        try:
            self.schema().select_columns(telling).validate(frame[telling], lazy=True)
        except pandera.errors.SchemaErrors as error:
            return error.failure_cases
        return pd.DataFrame(columns=["index", "column", "check", "failure_case"])

    def conform(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Return *frame* with exactly this table's columns, in order and in type; absent ones are null."""
        extra = [name for name in frame.columns if name not in self.columns]
        if extra and not self.open:
            raise DataError(
                say("table {table} has no such column", table=self.name), column=extra[0], choices=self.columns
            )
        ready = {
            name: frame[name].astype(spec.dtype)
            if name in frame
            else pd.Series(None, index=frame.index, dtype=spec.dtype)
            for name, spec in self.columns.items()
        }
        ready.update({name: frame[name].astype("Float64") for name in extra})
        return pd.DataFrame(ready, index=frame.index)

    def arrow_schema(self, frame: pd.DataFrame) -> arrow.Schema:
        """Return the Arrow schema that *frame* is stored with."""
        return arrow.schema(
            [(name, self.columns[name].arrow if name in self.columns else arrow.float64()) for name in frame.columns]
        )


PROVENANCE: dict[str, Column] = {
    "source_file": text("file the row came from, relative to the workspace where it lies there"),
    "source_row": count("record number in that file, 1 = first record after the header"),
    "exported_at": moment("when the platform wrote the file; decides which of two exports is newer"),
    "imported_at": moment("when the row was loaded"),
}

# Cut at import from the moment of the row; the zones are noted with the table's files.
LOCAL = {
    "date_day": day("day in the time of the row's market; of UTC where none is known"),
    "minute_of_day": count("minute of that day, from 0; null where the market or the time of day is not known"),
}

OWNER = {
    "platform": text("platform as in brand.yml", required=True),
    "account_id": text("account as in brand.yml (id, or handle where it has none)", required=True),
}
PERSON = {"member_key": text("pseudonym of a member: keyed HMAC-SHA256 of the platform's id", required=True)}


def define(
    name: str,
    description: str,
    key: str,
    columns: dict[str, Column],
    *,
    local: tuple[str, Place] | None = None,
    **options: bool,
) -> Table:
    """Return a canonical table: *columns* with the provenance every row carries, keyed by the words of *key*.

    *local* names the moment whose local day is cut at import, and by which place: such a table has the columns LOCAL.
    """
    whole = {**columns, **(LOCAL if local else {}), **PROVENANCE}
    return Table(name, description, tuple(key.split()), whole, local=local, **options)
