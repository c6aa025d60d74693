"""What names a person is struck out of every text and of every cell set aside, whatever file it came from."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from fanops_utils.data.privacy.personal import IDS, Personal, withheld
from fanops_utils.data.schema import TABLES
from fanops_utils.data.sources.shared.source import Parsed

# Codes of places and moneys, and the public accounts that a register names.
FIXED = {"source_file", "platform", "market", "currency", "country", "handle", "tz", "tz_source", "language"}


def without_persons(parsed: Parsed, personal: Personal) -> Parsed:
    """Return *parsed* with persons struck out of its texts, and of its rejects what they would quote."""
    tables = {}
    for name, frame in parsed.tables.items():
        struck = {
            column: personal.without(frame[column].astype("string"), only_sure=column.endswith(IDS))
            for column in texts_of(name)
            if column in frame
        }
        tables[name] = frame.assign(**struck) if struck else frame
    rejects = [replace(one, value=withheld(personal.struck(one.value, only_sure=one.column.endswith(IDS)), one.column))
               for one in parsed.rejects]  # fmt: skip
    warnings = [personal.struck(one) for one in parsed.warnings]
    return replace(parsed, tables=tables, rejects=rejects, warnings=warnings)


@cache
def texts_of(table: str) -> tuple[str, ...]:
    """Return the columns of *table* that hold text as somebody wrote it, and ids, which may be e-mails."""
    return tuple(
        name for name, column in TABLES[table].columns.items()
        if column.dtype == "string" and column.check is None and name not in FIXED and not name.endswith("_key")
    )  # fmt: skip
