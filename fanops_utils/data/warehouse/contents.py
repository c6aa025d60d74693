"""What a table is to hold, written as its Parquet files: a frame, an expression, a reader, files already written."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import pandas as pd
import pyarrow as arrow
import pyarrow.parquet as parquet

from fanops_utils.data import schema
from fanops_utils.data.parts import NewPart, Part, Parts, TableFiles, ordered
from fanops_utils.data.warehouse.files import settle
from fanops_utils.data.warehouse.views import canonical

if TYPE_CHECKING:
    import ibis

    Content: TypeAlias = pd.DataFrame | ibis.Table | arrow.RecordBatchReader | Path | Parts


def write_table(name: str, content: Content, folder: Path, *, engine: Callable[[], Any]) -> TableFiles:
    """Write *content* as the files of table *name* into *folder*; *engine* gives the Ibis backend of an expression."""
    if isinstance(content, Parts):
        parts = (part if isinstance(part, Part) else _settled(name, part, folder) for part in content.parts)
        return TableFiles(ordered(parts), content.zones)
    temporary = folder / f".{name}.{os.getpid()}"
    try:
        if isinstance(content, Path):
            temporary = content
        elif isinstance(content, pd.DataFrame):
            ready = schema.table(name).conform(content)
            packed = arrow.Table.from_pandas(ready, schema.table(name).arrow_schema(ready), preserve_index=False)
            parquet.write_table(packed, temporary, compression="zstd")
        elif isinstance(content, arrow.RecordBatchReader):
            with parquet.ParquetWriter(temporary, content.schema, compression="zstd") as writer:
                for batch in content:
                    writer.write_batch(batch)
        else:
            engine().to_parquet(canonical(name, content), temporary, compression="zstd")
        return TableFiles((_settled(name, NewPart(temporary), folder),))
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _settled(name: str, part: NewPart, folder: Path) -> Part:
    rows = parquet.read_metadata(part.path).num_rows
    return Part(settle(part.path, folder, name), rows, part.first, part.last)
