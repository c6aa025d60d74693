"""What is said about the brand and its rivals: how often of each kind, and single mentions where their rows are wanted."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

import ibis
import pandas as pd

from fanops_utils.data.warehouse.asking.common import between, dated
from fanops_utils.data.warehouse.asking.quantiles import quantiles
from fanops_utils.data.warehouse.store import Store

if TYPE_CHECKING:
    import ibis.expr.types as ir

KINDS = ["date_day", "platform", "market", "brand", "sentiment", "topic", "origin"]
ROWS = [*KINDS, "mentioned_at", "author_followers", "answered_at", "mention_id", "source_file", "exported_at"]


def mention_counts(
    store: Store,
    *,
    market: str | Sequence[str] | None = None,
    start: date | None = None,
    end: date | None = None,
    loud: int | None = None,
    scored: bool = False,
) -> pd.DataFrame:
    """Return how many mentions there were of each kind: date_day, platform, market, brand, sentiment, topic, origin, mentions.

    *market*: one market, several, or all. With *loud*, kinds are told apart by local_hour too (NaN where the market or the
    time of day is not known) and by loud: whether the voice has at least so many followers. Days are cut in the time zone
    of the mention's market, in UTC where it has none that brand.yml knows. A brand that the tool knows by another name
    (`aliases` in brand.yml) has its own. With *scored* a tone that only a scorer gave counts, too. The frame
    grows with days and kinds, not with mentions.
    """
    rows, kinds = _mentions(store, market, start, end, scored=scored), list(KINDS)
    if loud is not None:
        hour = (rows.minute_of_day // 60).cast("float64")
        rows = rows.mutate(local_hour=hour, loud=(rows.author_followers >= loud).fill_null(False))
        kinds += ["local_hour", "loud"]
    frame = dated(rows.group_by(kinds).agg(mentions=rows.count()).order_by(kinds).to_pandas())
    return frame.astype({"mentions": "int64"})


def heard(
    store: Store,
    *,
    market: str | None = None,
    start: date | None = None,
    end: date | None = None,
    scored: bool = False,
) -> pd.DataFrame:
    """Return each mention from *start* to *end*, as `mention_counts` has them, with what proves it and who wrote it.

    Columns beside those kinds: mentioned_at, author_followers, answered_at, mention_id, source_file, exported_at. The
    frame grows with mentions: ask for the days whose rows are shown.
    """
    rows = _mentions(store, market, start, end, scored=scored)
    return dated(rows.select(ROWS).order_by("mentioned_at", "mention_id").to_pandas())


def answer_times(
    store: Store, *, market: str | None = None, start: date | None = None, end: date | None = None, hours: float = 24.0
) -> pd.DataFrame:
    """Return per brand how its negative mentions were answered: brand, negatives, answered, in_time, median_hours.

    in_time: within *hours*; mentions younger than that at the last mention are left out; median_hours: of the answered.
    """
    rows = _mentions(store, market, start, end)
    last = rows.mentioned_at.max().as_scalar()
    old = rows.mentioned_at.epoch_seconds() <= last.epoch_seconds() - int(3600 * hours)
    bad = rows.filter(rows.sentiment == "negative", rows.brand.notnull(), old)
    seconds = bad.answered_at.epoch_seconds() - bad.mentioned_at.epoch_seconds()
    wait = (
        seconds.cast("float64") / 3600.0
    )  # a number with a point is a decimal of six places in Spark, unless beside a float
    found = bad.group_by("brand").agg(
        negatives=bad.count(),
        answered=wait.count(),
        in_time=(wait <= hours).sum().fill_null(0),
    )
    middle = quantiles(bad, wait, by=["brand"], median_hours=0.5)
    frame = found.left_join(middle, "brand").drop("brand_right").order_by("brand").to_pandas()
    whole = dict.fromkeys(("negatives", "answered", "in_time"), "int64")
    return frame.astype({**whole, "median_hours": "float64"})


def _mentions(
    store: Store, market: str | Sequence[str] | None, start: date | None, end: date | None, *, scored: bool = False
) -> ibis.Table:
    """Return the mentions of *market* in the engine, each brand under its own name."""
    rows, names = store.table("mentions"), store.workspace.brand.names
    rows = with_tones(store, rows) if scored else rows
    places = [market] if isinstance(market, str) else market
    wanted = [*between(rows.date_day, start, end), *([rows.market.isin(list(places))] if places else [])]
    rows = rows.filter(wanted) if wanted else rows
    return rows.mutate(brand=_named(rows.brand, names)) if names else rows


def with_tones(store: Store, rows: ibis.Table) -> ibis.Table:
    """Return *rows* of mentions with a scorer's tone where the tool gave none; `toned_by`: who gave it (null: nobody)."""
    own = ibis.cases((rows.sentiment.notnull(), "tool"), else_=ibis.null("string"))
    if not store.has("scored_mentions"):
        return rows.mutate(toned_by=own)
    told = store.table("scored_mentions").select("mention_id", told="sentiment", by="scored_by")
    both = rows.left_join(told, "mention_id")
    return both.mutate(
        toned_by=ibis.cases((both.sentiment.notnull(), "tool"), else_=both.by),
        sentiment=both.sentiment.coalesce(both.told),
    ).drop("told", "by", "mention_id_right")


def tones_by(
    store: Store, *, market: str | None = None, start: date | None = None, end: date | None = None
) -> pd.DataFrame:
    """Return who gave the tones of the brand's mentions: toned_by (tool, vader, model; null: nobody), mentions."""
    rows = _mentions(store, market, start, end, scored=True)
    rows = rows.filter(rows.brand == store.workspace.brand.name)
    found = rows.group_by("toned_by").agg(mentions=rows.count()).order_by("toned_by").to_pandas()
    return found.astype({"mentions": "int64"})


def _named(brand: Any, names: dict[str, str]) -> ir.StringValue:
    return ibis.cases(*((brand == alias, name) for alias, name in names.items()), else_=brand)


def digest_of(rows: pd.DataFrame) -> str:
    """Return the SHA-256 of *rows* of `heard`, by their ids, times, labels and files: the same rows give the same."""
    told = (
        rows[["platform", "mention_id", "mentioned_at", "brand", "sentiment", "source_file"]]
        .astype("string")
        .fillna("")
    )
    lines = "\n".join("\t".join(row) for row in told.itertuples(index=False))
    return hashlib.sha256(lines.encode("utf-8")).hexdigest()
