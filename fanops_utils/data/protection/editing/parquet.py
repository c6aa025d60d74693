"""Parquet files without one person: rows, metadata and dictionaries."""

from __future__ import annotations

import io

from fanops_utils.data.protection.editing.edits import CannotEdit, CannotSearch, Edit
from fanops_utils.data.protection.editing.parcels import (
    clean_fields,
    clean_metadata,
    names,
    naming_dictionaries,
    without_dictionaries,
)
from fanops_utils.data.protection.editing.sieve import Sieve
from fanops_utils.data.protection.subjects import Subject


def edit_parquet(data: bytes, label: str, subject: Subject) -> Edit | None:
    """Return what the Parquet file holds of *subject*; raise CannotSearch where it cannot be read."""
    import pyarrow as arrow
    import pyarrow.parquet as parquet

    try:
        table = parquet.read_table(io.BytesIO(data))
        rows = list(zip(*([_text(one) for one in column.to_pylist()] for column in table.columns), strict=True))
    except Exception as error:  # a damaged one raises whatever its reader stumbles over
        raise CannotSearch(f"this Parquet file cannot be read ({error})", file=label) from None
    sieve = Sieve(subject, label)
    sieve.take(table.column_names)
    verdicts = [sieve.take(row) for row in rows]
    if any(names(title, subject) for title in table.column_names):
        raise CannotEdit("the name of a column holds the person: save it as CSV", file=label)
    metadata, fields = clean_metadata(table.schema.metadata, subject), clean_fields(table.schema, subject)
    beside = (metadata != table.schema.metadata) + naming_dictionaries(table, subject)
    beside += not table.schema.equals(fields, check_metadata=True)
    if not sieve.records and not beside:
        return None
    table = without_dictionaries(table.cast(fields).replace_schema_metadata(metadata))
    table = table.filter(arrow.array([verdict != "remove" for verdict in verdicts]))
    for place, one in enumerate(table.schema):
        if arrow.types.is_string(one.type) or arrow.types.is_large_string(one.type):
            texts = [None if text is None else subject.without(text) for text in table.column(place).to_pylist()]
            table = table.set_column(place, one, arrow.array(texts, one.type))
        elif any(names(_text(value), subject) for value in table.column(place).to_pylist()):
            raise CannotEdit("it holds the person in a column of lists, bytes or the like: save it as CSV", file=label)
    out = io.BytesIO()
    parquet.write_table(table, out, compression="zstd")
    return Edit(label, [sieve], out.getvalue(), beside)


def _text(value: object) -> str:
    if isinstance(value, bytes):
        return value.decode("utf-8", errors="replace")
    return "" if value is None else str(value)
