"""What a workbook or a Parquet file holds beside its rows, without one person: links, comments, properties, names, metadata."""

from __future__ import annotations

from typing import Any

from fanops_utils.data.protection.subjects import ERASED, Subject

PROPERTIES = (
    "creator", "lastModifiedBy", "title", "subject", "description", "keywords", "category", "contentStatus", "identifier",
)  # fmt: skip
MARGINS = ("oddHeader", "oddFooter", "evenHeader", "evenFooter", "firstHeader", "firstFooter")
NO_TITLE = str.maketrans("", "", "[]:*?/\\")  # what the name of a sheet may not hold


def clean_book(book: Any, subject: Subject) -> int:
    """Strike *subject* out of links, comments, properties, headers and names of the openpyxl workbook; return how often."""
    struck = 0
    for sheet in book.worksheets:
        struck += sum(_clean_cell(cell, subject) for row in sheet.iter_rows() for cell in row)
        struck += _clean_texts(sheet, ("title",), subject, form=ERASED.translate(NO_TITLE))
        for margin in MARGINS:
            for side in ("left", "center", "right"):
                struck += _clean_texts(getattr(getattr(sheet, margin), side), ("text",), subject)
    struck += _clean_texts(book.properties, PROPERTIES, subject)
    for own in list(book.custom_doc_props.props):
        if names(f"{own.name} {own.value}", subject):
            book.custom_doc_props.remove(own)
            struck += 1
    for names_of in (book.defined_names, *(sheet.defined_names for sheet in book.worksheets)):
        for name in [name for name, one in names_of.items() if names(f"{name} {one.attr_text} {one.comment}", subject)]:
            del names_of[name]
            struck += 1
    return struck


def _clean_cell(cell: Any, subject: Subject) -> int:
    struck = 0
    link = getattr(cell, "hyperlink", None)
    if link is not None and names(f"{link.target} {link.location} {link.tooltip} {link.display}", subject):
        cell._hyperlink = None  # the setter would write the address into the cell
        cell.parent._hyperlinks = [one for one in cell.parent._hyperlinks if one is not link]
        struck += 1
    comment = getattr(cell, "comment", None)
    if comment is not None and names(f"{comment.text} {comment.author}", subject):
        cell.comment = None
        struck += 1
    return struck


def _clean_texts(holder: Any, fields: tuple[str, ...], subject: Subject, *, form: str = ERASED) -> int:
    struck = 0
    for field in fields:
        text = getattr(holder, field, None)
        if isinstance(text, str) and names(text, subject):
            setattr(holder, field, subject.without(text).replace(ERASED, form))
            struck += 1
    return struck


def clean_metadata(metadata: dict[bytes, bytes] | None, subject: Subject) -> dict[bytes, bytes] | None:
    """Return the *metadata* of a Parquet file without the entries that name *subject*."""
    if not metadata:
        return metadata
    kept = {name: value for name, value in metadata.items() if not _in_bytes(name + b" " + value, subject)}
    return kept or None


def clean_fields(schema: Any, subject: Subject) -> Any:
    """Return the Arrow *schema* of a Parquet file without the metadata of columns that name *subject*."""
    import pyarrow as arrow

    return arrow.schema(
        [one.with_metadata(clean_metadata(one.metadata, subject)) for one in schema], metadata=schema.metadata
    )


def names(text: str, subject: Subject) -> bool:
    """Return whether *text* names *subject*, however it is written."""
    return bool(subject.text.search(text))


def _in_bytes(data: bytes, subject: Subject) -> bool:
    return names(data.decode("utf-8", errors="replace"), subject)


def naming_dictionaries(table: Any, subject: Subject) -> int:
    """Return how many dictionaries of *table* name the person: they may hold values that no row has."""
    import pyarrow as arrow

    chunks = [chunk for column in table.columns for chunk in column.chunks if arrow.types.is_dictionary(chunk.type)]
    return sum(any(subject.text.search(str(one)) for one in chunk.dictionary.to_pylist()) for chunk in chunks)


def without_dictionaries(table: Any) -> Any:
    """Return *table* with its dictionaries written out: what is written again has only the values of its rows."""
    import pyarrow as arrow

    for place, one in enumerate(table.schema):
        if arrow.types.is_dictionary(one.type):
            plain = table.column(place).cast(one.type.value_type)
            table = table.set_column(place, arrow.field(one.name, one.type.value_type, one.nullable), plain)
    return table
