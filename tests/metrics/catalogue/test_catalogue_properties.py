"""What holds for every entry of the catalogue, whatever stands in the tables: random small ones, many of their cells missing.

By default one entry of each way of counting is looked at; with FANOPS_LONG set all of them, in more worlds.
"""

from __future__ import annotations

import os
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from metric_worlds import ACCOUNTS, MARKETS, maybe, store
from pandas.testing import assert_frame_equal

from fanops_utils.data.schema import table
from fanops_utils.data.table import PROVENANCE
from fanops_utils.data.warehouse import Store
from fanops_utils.metrics import MetricSeries, series
from fanops_utils.metrics.catalogue import METRICS

LONG = bool(os.environ.get("FANOPS_LONG"))
SEEDS = (1, 2, 3) if LONG else (2,)
SIZE, DAYS = 120, 100
FIRST = pd.Timestamp("2025-03-01")
WORDS: dict[str, list[Any]] = {
    "market": [*MARKETS, None], "country": ["DE", "AT", "US", "Germany", "India", None], "currency": ["EUR", "USD"],
    "brand": ["Ours", "Theirs", "Somebody"], "question": ["nps", "recommend", "satisfaction"], "metric_window": ["day", "lifetime"],
    "channel_group": ["Organic Social", "Paid Social", "Direct", None], "breakdown": [None], "origin": ["UGC", "PGC", None],
    "source": ["web", "tiktok", None], "discount_code": ["HELLO", None], "code": ["HELLO", None], "post_type": ["video", "image"],
    "created_precision": ["minute", "day"], "post_id": [f"p{number}" for number in range(40)],
    "acquisition": ["referral", "organic", None],
}  # fmt: skip
WAYS = {(one.estimator.code, one.tables[0], one.window): one.id for one in METRICS.values()}
ENTRIES = list(METRICS) if LONG else sorted(WAYS.values())
PEOPLE = [f"m{number}" for number in range(30)]
NAMES = ("member_key", "customer_key", "partner_key", "inviter_key", "invited_key", "respondent_key")


def column(name: str, kind: Any, rng: np.random.Generator) -> Any:
    """Return random values of a column: words it may have, moments and days, small numbers with some missing."""
    if name in NAMES:
        return rng.choice(np.array(PEOPLE, dtype=object), SIZE)
    if name in WORDS:
        return [WORDS[name][place] for place in rng.integers(0, len(WORDS[name]), SIZE)]
    if kind.check is not None and "isin" in str(kind.check.name):
        choices = list(kind.check.statistics["allowed_values"])
        return [choices[place] for place in rng.integers(0, len(choices), SIZE)]
    whole = str(kind.dtype)
    if whole.startswith("datetime64[us, UTC"):
        when = pd.Series(FIRST.tz_localize("UTC") + pd.to_timedelta(rng.integers(0, DAYS * 1440, SIZE), unit="min"))
        return when if kind.required else when.mask(pd.Series(rng.random(SIZE) < 0.3))
    if whole.startswith("datetime64"):
        return FIRST + pd.to_timedelta(rng.integers(0, DAYS, SIZE), unit="D")
    if whole == "boolean":
        return [[True, False, None][place] for place in rng.integers(0, 3, SIZE)]
    if whole in ("Int64", "Float64"):
        share = kind.check is not None and "in_range" in str(kind.check.name)
        return maybe(rng, rng.random(SIZE) if share else rng.integers(0, 11, SIZE), 0.2)
    return [f"{name}{number}" for number in range(SIZE)]


def random_table(name: str, rng: np.random.Generator) -> pd.DataFrame:
    """Return up to 120 random rows of table *name*, no two with the same key."""
    spec = table(name)
    frame = pd.DataFrame({one: column(one, kind, rng) for one, kind in spec.columns.items() if one not in PROVENANCE})
    if spec.local:
        frame = frame.drop(columns=[one for one in ("date_day", "minute_of_day") if one in frame])
    owned = [list(ACCOUNTS)[place] for place in rng.integers(0, len(ACCOUNTS), SIZE)]
    for place, one in enumerate(("platform", "account_id")):
        if one in frame:
            frame[one] = [pair[place] for pair in owned] if "account_id" in frame else "instagram"
    return frame.drop_duplicates(list(spec.key), ignore_index=True)


@cache
def world(seed: int, without: tuple[str, ...] = ()) -> Store:
    """Return a warehouse of random tables for all metrics; the columns *without* ("table.column") are null in it."""
    rng = np.random.default_rng(seed)
    names = sorted({name for one in METRICS.values() for name in one.tables} | {"posts", "fans", "cases"})
    frames = {name: random_table(name, rng) for name in names}
    for source in without:
        name, _, lacking = source.partition(".")
        frames[name] = frames[name].assign(**{lacking: pd.Series(pd.NA, frames[name].index, dtype="Int64")})
    return store(Path(tempfile.mkdtemp()), **frames)


@cache
def told(seed: int, name: str, grain: str | None = None) -> MetricSeries:
    return series(world(seed), name, grain=grain)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ENTRIES)
def test_numbers_lie_where_they_can(name: str) -> None:
    entry = METRICS[name]
    for seed in SEEDS:
        rows = told(seed, name).table
        known = rows.dropna(subset=["estimate"])
        assert not rows.duplicated(["date_day", "stretch", *told(seed, name).keys]).any()
        assert (rows["n"] >= 0).all() and (known["days"] >= 1).all() and (rows["days"] <= rows["of_days"]).all()
        assert np.isfinite(known["estimate"]).all()
        bounded = known.dropna(subset=["ci_lower", "ci_upper"])
        slack = 1e-9 * bounded["estimate"].abs()
        assert (bounded["ci_lower"] <= bounded["estimate"] + slack).all()
        assert (bounded["estimate"] - slack <= bounded["ci_upper"]).all()
        if entry.estimator.code in ("share", "last_share"):
            parts = known[["estimate", "ci_lower", "ci_upper"]].to_numpy(float)
            assert ((parts >= 0) & (parts <= 1)).all(), "a part is not more than the whole"
        if entry.unit.kind in ("count", "share", "number", "times", "money") and name != "followers_net":
            assert (known["estimate"] >= 0).all()


def test_the_random_worlds_show_something() -> None:
    with_numbers = [name for name in ENTRIES if told(SEEDS[0], name).table["estimate"].notna().any()]
    assert len(with_numbers) >= 0.9 * len(ENTRIES), sorted(set(ENTRIES) - set(with_numbers))


@pytest.mark.parametrize("name", ENTRIES)
def test_a_market_asked_for_is_that_market_s_rows(name: str) -> None:
    """The days a series covers are the table's: a market asked for alone has the same ones, zeros and gaps alike."""
    whole = told(SEEDS[0], name).table
    mine = whole[whole["market"] == "DE"].reset_index(drop=True)
    assert_frame_equal(series(world(SEEDS[0]), name, market="DE").table, mine, check_dtype=False, check_exact=False)


TOTALS = [name for name in ENTRIES if METRICS[name].estimator.code == "total"]


@pytest.mark.parametrize("name", TOTALS)
def test_a_total_is_the_sum_of_its_days_or_not_known(name: str) -> None:
    weeks = told(SEEDS[0], name, "week")
    keys = [*weeks.keys, "stretch"]
    days = told(SEEDS[0], name).table.dropna(subset=weeks.keys)
    monday = days["date_day"] - pd.to_timedelta(days["date_day"].dt.day_of_week, unit="D")
    sums = days.assign(date_day=monday).groupby(["date_day", *keys], dropna=False)["estimate"].agg(["sum", "count"])
    found = weeks.table.set_index(["date_day", *keys])["estimate"].reindex(sums.index)
    assert (found.notna() == (sums["count"] == 7)).all(), "what lacks a day, or does not know one, has no total"
    assert np.allclose(found.dropna(), sums.loc[found.notna(), "sum"])


def _numeric(name: str) -> tuple[str, ...]:
    found = (source.partition(".") for source in METRICS[name].sources)
    return tuple(".".join((one, "", other)).replace("..", ".") for one, _, other in found
                 if str(table(one).columns[other].dtype) in ("Int64", "Float64"))  # fmt: skip


@pytest.mark.parametrize("name", [name for name in ENTRIES if _numeric(name)])
def test_what_is_missing_is_not_zero(name: str) -> None:
    """A day without a row may be a zero (no orders, no spend); one whose rows say nothing never is."""
    rows = series(world(SEEDS[0], _numeric(name)), name).table
    known = rows["estimate"].dropna()
    if METRICS[name].gaps == "zero":
        assert known.eq(0).all() and len(known) < len(rows)
    else:
        assert known.empty, "nothing was counted: there is no number, not even none"
