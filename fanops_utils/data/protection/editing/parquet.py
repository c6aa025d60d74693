"""Parquet files without one person: rows, metadata and dictionaries."""

from __future__ import annotations

import io

from fanops_utils.data.protection.editing.edits import CannotSearch, Edit
from fanops_utils.data.protection.editing.parcels import clean_metadata, naming_dictionaries, without_dictionaries
from fanops_utils.data.protection.editing.sieve import Sieve
from fanops_utils.data.protection.subjects import Subject


def edit_parquet(data: bytes, label: str, subject: Subject) -> Edit | None:
    """Return what the Parquet file holds of *subject*; raise CannotSearch where it cannot be read."""
    import pyarrow as arrow
    import pyarrow.parquet as parquet

    try:
        table = parquet.read_table(io.BytesIO(data))
    except (arrow.ArrowException, OSError) as error:
        raise CannotSearch(f"this Parquet file cannot be read ({error})", file=label) from None
    sieve = Sieve(subject, label)
    sieve.take(table.column_names)
    rows = zip(
        *(["" if one is None else str(one) for one in column.to_pylist()] for column in table.columns), strict=True
    )
    verdicts = [sieve.take(row) for row in rows]
    metadata = clean_metadata(table.schema.metadata, subject)
    beside = (metadata != table.schema.metadata) + naming_dictionaries(table, subject)
    if not sieve.records and not beside:
        return None
    table = without_dictionaries(table.replace_schema_metadata(metadata))
    table = table.filter(arrow.array([verdict != "remove" for verdict in verdicts]))
    for place, one in enumerate(table.schema):
        if arrow.types.is_string(one.type) or arrow.types.is_large_string(one.type):
            texts = [None if text is None else subject.without(text) for text in table.column(place).to_pylist()]
            table = table.set_column(place, one, arrow.array(texts, one.type))
    out = io.BytesIO()
    parquet.write_table(table, out, compression="zstd")
    return Edit(label, [sieve], out.getvalue(), beside)
