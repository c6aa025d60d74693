"""Mentions counted by the engine are those that plain pandas counts from the rows, days of the clock change included."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest

from fanops_utils.data import warehouse
from fanops_utils.data.warehouse import Store
from fanops_utils.workspace import Workspace

ZONES = {"US": "America/New_York", "DE": "Europe/Berlin"}
BRAND = """name: Ours
aliases: {Theirs: [Theirs Ltd]}
competitors: [Theirs]
markets:
  - {code: US, name: United States, language: en, time_zone: America/New_York, currency: USD}
  - {code: DE, name: Germany, language: de, time_zone: Europe/Berlin, currency: EUR}
accounts: []
"""


@pytest.fixture
def store(brand_workspace: Workspace) -> Store:
    (brand_workspace.path / "brand.yml").write_text(BRAND, encoding="utf-8")
    return Store(Workspace(brand_workspace.path))


def mentions(size: int, seed: int = 1) -> pd.DataFrame:
    """Mentions around the clock change of 29 March 2026, some without market, label or answer."""
    rng = np.random.default_rng(seed)
    at = pd.Timestamp("2026-03-27", tz="UTC") + pd.to_timedelta(rng.integers(0, 5 * 86_400, size), unit="s")
    waited = pd.to_timedelta(rng.integers(60, 3 * 86_400, size), unit="s")
    return pd.DataFrame({
        "platform": rng.choice(["x", "reddit"], size), "mention_id": [f"m{place}" for place in range(size)],
        "mentioned_at": at, "market": rng.choice(["US", "DE", None], size), "brand": rng.choice(["Ours", "Theirs Ltd"], size),
        "sentiment": rng.choice(["negative", "positive", None], size), "topic": rng.choice(["taste", None], size),
        "author_followers": pd.array(np.where(rng.random(size) < 0.2, pd.NA, rng.integers(0, 20, size)), dtype="Int64"),
        "answered_at": pd.Series(at + waited).where(rng.random(size) < 0.6),
    })  # fmt: skip


def told(rows: pd.DataFrame) -> pd.DataFrame:
    """Return *rows* with what the engine is to find: the brand's own name, local day and hour, and whether it is loud."""
    local = [
        moment.tz_convert(ZONES.get(market, "UTC"))
        for moment, market in zip(rows["mentioned_at"], rows["market"], strict=True)
    ]
    known = rows["market"].isin(list(ZONES)).to_numpy()
    return rows.assign(
        brand=rows["brand"].replace({"Theirs Ltd": "Theirs"}), date_day=[pd.Timestamp(one.date()) for one in local],
        local_hour=np.where(known, [one.hour for one in local], np.nan), loud=(rows["author_followers"] >= 10).fillna(False),
    )  # fmt: skip


@pytest.mark.parametrize("size", [0, 1, 400])
def test_counts_are_those_of_the_rows(store: Store, size: int) -> None:
    rows = mentions(size)
    store.commit({"mentions": rows})
    keys = ["date_day", "platform", "market", "brand", "sentiment", "topic", "local_hour", "loud"]
    wanted = told(rows).groupby(keys, dropna=False).size() if size else pd.Series(dtype="int64")
    found = warehouse.mention_counts(store, loud=10)
    assert found["mentions"].sum() == size
    assert sorted(map(str, found.set_index(keys)["mentions"].items())) == sorted(map(str, plain(wanted, keys)))
    german = warehouse.mention_counts(store, market="DE", start=date(2026, 3, 29), end=date(2026, 3, 29))
    there = (
        told(rows)[(rows["market"] == "DE") & (told(rows)["date_day"] == pd.Timestamp("2026-03-29"))] if size else rows
    )
    assert german["mentions"].sum() == len(there)


def plain(wanted: pd.Series, keys: list[str]) -> list[tuple[object, int]]:
    frame = wanted.rename("mentions").reset_index() if len(wanted) else pd.DataFrame(columns=[*keys, "mentions"])
    kinds = {"date_day": "datetime64[us]", "local_hour": "float64", "loud": "bool", "mentions": "int64"}
    return list(frame.astype(kinds).set_index(keys)["mentions"].items())


@pytest.mark.parametrize("size", [0, 1, 400])
def test_times_to_answers_are_those_of_the_rows(store: Store, size: int) -> None:
    rows = mentions(size)
    store.commit({"mentions": rows})
    found = warehouse.answer_times(store).set_index("brand")
    bad = told(rows) if size else rows
    bad = bad[
        (bad["sentiment"] == "negative") & (bad["mentioned_at"] <= bad["mentioned_at"].max() - pd.Timedelta(hours=24))
    ]
    assert sorted(found.index) == sorted(bad["brand"].unique())
    for brand, own in bad.groupby("brand"):
        wait = (own["answered_at"] - own["mentioned_at"]).dt.total_seconds() / 3600
        numbers = (len(own), wait.notna().sum(), (wait <= 24).sum())
        assert tuple(found.loc[brand, ["negatives", "answered", "in_time"]]) == numbers
        assert found.loc[brand, "median_hours"] == pytest.approx(wait.median(), nan_ok=True)
