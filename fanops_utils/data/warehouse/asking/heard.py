"""What is said about the brand and its rivals, as the crisis watch asks for it: with voices, answers and the rows' origin."""

from __future__ import annotations

import hashlib
from datetime import date

import pandas as pd

from fanops_utils.data.warehouse.asking.common import between, dated
from fanops_utils.data.warehouse.store import Store

COLUMNS = (
    "date_day", "mentioned_at", "platform", "market", "brand", "sentiment", "topic", "origin", "author_followers", "answered_at",
    "mention_id", "source_file", "exported_at",
)  # fmt: skip


def heard(store: Store, *, market: str | None = None, end: date | None = None) -> pd.DataFrame:
    """Return all mentions up to *end* with local_hour (of the mention's market, NaN where its zone is not known).

    Columns beside `mentions_of`: origin, author_followers, answered_at, mention_id, source_file, exported_at.
    """
    rows = store.table("mentions")
    wanted = [*between(rows.date_day, None, end), *([rows.market == market] if market else [])]
    rows = rows.filter(wanted) if wanted else rows
    frame = dated(rows.select(*COLUMNS).order_by("mentioned_at", "mention_id").to_pandas())
    frame["local_hour"] = float("nan")
    for one in store.workspace.brand.markets:
        mine = frame["market"] == one.code
        frame.loc[mine, "local_hour"] = (
            frame.loc[mine, "mentioned_at"].dt.tz_convert(one.time_zone).dt.hour.astype(float)
        )
    return frame


def digest_of(rows: pd.DataFrame) -> str:
    """Return the SHA-256 of *rows* of `heard`, by their ids, times, labels and files: the same rows give the same."""
    told = (
        rows[["platform", "mention_id", "mentioned_at", "brand", "sentiment", "source_file"]]
        .astype("string")
        .fillna("")
    )
    lines = "\n".join("\t".join(row) for row in told.itertuples(index=False))
    return hashlib.sha256(lines.encode("utf-8")).hexdigest()
