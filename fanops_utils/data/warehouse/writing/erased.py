"""Records of people who were erased are left out of every import."""

from __future__ import annotations

from dataclasses import replace

from fanops_utils.data.privacy.erased import Erased
from fanops_utils.data.sources.shared.cells import Reject
from fanops_utils.data.sources.shared.source import Parsed

REASON = "this person was erased at their request: the record is not kept"


def without_erased(parsed: Parsed, erased: Erased) -> Parsed:
    """Return *parsed* with the records of erased people set aside, not loaded; nothing of them is quoted."""
    if not erased:
        return parsed
    bad: set[int] = set()
    for frame in parsed.tables.values():
        for column in [name for name in map(str, frame) if name.endswith("_key")]:
            bad |= set(frame.loc[erased.has(frame[column]), "source_row"].astype(int))
    orders, lines = parsed.tables.get("orders"), parsed.tables.get("order_lines")
    if bad and orders is not None and lines is not None:
        theirs = orders.loc[orders["source_row"].isin(bad), "order_id"]
        bad |= set(lines.loc[lines["order_id"].isin(theirs), "source_row"].astype(int))
    tables = (
        {name: frame[~frame["source_row"].isin(bad)] for name, frame in parsed.tables.items()} if bad else parsed.tables
    )
    rejects = [replace(one, value="") if erased.is_id_of_erased(one.value) else one for one in parsed.rejects]
    return replace(parsed, tables=tables, rejects=[*rejects, *(Reject(row, "", "", REASON) for row in sorted(bad))])
