"""Tables the warehouse keeps for itself: what was imported, what was set aside, what was counted once."""

from __future__ import annotations

from fanops_utils.data.columns import count, day, moment, number, text
from fanops_utils.data.table import Table

TABLES = (
    Table("import_log", "one row per file imported", ("file",), {
        "file": text("path, from the workspace where it lies inside it; archive members behind a slash"),
        "fingerprint": text("hash of the bytes and of the registers that decide how they are read"),
        "status": text("loaded, unchanged or refused"), "source": text("platform, or mapping"),
        "report_type": text("report, or name of the mapping"), "rows_in": count("records in the file"),
        "rows_loaded": count("records loaded"), "rows_quarantined": count("records set aside"),
        "rows_duplicate": count("records already there"), "warnings": text("what to know, one per line"),
        "exported_at": moment("when the platform wrote the file"),
        "age_from": text("how that is known: told, export (its name or content), or file date"),
        "strange_markets": count("records of a market that brand.yml does not know: no report of a market counts them"),
        "undated_posts": count("posts without a date: no report counts them"),
        "unread": text("columns of the file that nothing is read from, one per line"),
        "imported_at": moment("when it was imported"),
    }),
    Table("quarantine", "one row per record that could not be loaded", ("file", "source_row", "column"), {
        "file": text("as in import_log"), "source_row": count("record number in the file"),
        "column": text("column of the file"), "value": text("the cell, as written"), "reason": text("why not"),
    }),
    Table("fan_day", "one row per member and day: what member_events holds, counted", ("platform", "member_key", "date_day"), {
        "platform": text("platform"), "member_key": text("pseudonym of the member"), "market": text("market code"),
        "date_day": day("day in the market's time zone"), "events": count("acts that day"),
        "likes": count("likes"), "comments": count("comments"), "shares": count("shares"), "buys": count("purchases"),
        "value": number("money or points of the day", signed=True),
    }),
)  # fmt: skip
