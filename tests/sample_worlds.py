"""The simulated brand's files as tables, by seed, read without any help of the package, and what makes a share near."""

from __future__ import annotations

import io
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

from fanops_utils.data.sample.formats.files import RawFile
from fanops_utils.data.sample.formats.shopify import shopify_files
from fanops_utils.data.sample.setting import Setting
from fanops_utils.data.sample.truths import Truths
from fanops_utils.data.sample.worlds.registry import WORLDS
from fanops_utils.workspace import open_workspace

SEEDS = (20261122, 1, 77)
ZONES = {
    "US": "America/New_York", "MX": "America/Mexico_City", "BR": "America/Sao_Paulo",
    "DE": "Europe/Berlin", "FR": "Europe/Paris", "JP": "Asia/Tokyo",
}  # fmt: skip
END = pd.Timestamp("2026-11-01", tz="UTC")
TRUTHS = Truths()


def setting(seed: int, scale: float = 1.0, truths: Truths = TRUTHS) -> Setting:
    workspace = open_workspace("sample", root=Path(__file__).parents[1])
    return Setting(workspace, seed, scale, truths)


def files_of(making: Setting) -> dict[str, RawFile]:
    """Return the files of all worlds and of the shop."""
    account = next(one for one in making.workspace.brand.accounts if one.platform == "shopify")
    found = [file for world in WORLDS.values() for file in world.files(making)]
    return {file.path: file for file in [*found, *shopify_files(making.workspace, account, making.sales)]}


@cache
def making(seed: int) -> Setting:
    """Return the making of *seed* that all files of it come from."""
    return setting(seed)


@cache
def _persons(seed: int) -> pd.Series:
    """Return when each member of the one population joined, by the id the community tool gives."""
    persons = making(seed).people.persons
    return persons["joined"].set_axis([f"LC-{number + 1:06d}" for number in persons["person"]])


@cache
def _days_there(seed: int) -> pd.MultiIndex:
    """Return the days on which each member was there: id and local day."""
    days = making(seed).people.days
    first = pd.Timestamp("2024-11-01")
    ids = [f"LC-{number + 1:06d}" for number in days["person"]]
    return pd.MultiIndex.from_arrays([ids, first + pd.to_timedelta(days["day"].to_numpy(), unit="D")])


def are_members(seed: int, ids: pd.Series, times: pd.Series | None = None) -> bool:
    """Return whether all of *ids* are people of the one population, and *times* none before their joining."""
    joined = ids.map(_persons(seed))
    known = times is None or times.isna() | (times >= joined)
    return bool(joined.notna().all() and np.all(known))


def share_there(seed: int, ids: pd.Series, days: pd.Series) -> float:
    """Return the share of *ids* who were there on the local *days* by the one population's own diary."""
    return float(pd.MultiIndex.from_arrays([ids, days]).isin(_days_there(seed)).mean())


@cache
def _of_world(seed: int, name: str) -> dict[str, RawFile]:
    return {file.path: file for file in WORLDS[name].files(making(seed))}


@cache
def _of_shop(seed: int) -> dict[str, RawFile]:
    made = making(seed)
    account = next(one for one in made.workspace.brand.accounts if one.platform == "shopify")
    return {file.path: file for file in shopify_files(made.workspace, account, made.sales)}


def _file(seed: int, path: str) -> RawFile:
    """Return the file at *path*; only the worlds that may write it are made."""
    if path.startswith("shopify/"):
        return _of_shop(seed)[path]
    likely = [name for name, world in WORLDS.items() if any(fnmatchcase(path, one) for one in world.writes)]
    return next(found[path] for name in likely if path in (found := _of_world(seed, name)))


@cache
def table(seed: int, path: str) -> pd.DataFrame:
    """Return the file at *path* without rows that stand twice; its times are UTC, broken ones null."""
    frame = pd.read_csv(io.BytesIO(_file(seed, path).content), low_memory=False).drop_duplicates()
    for name in frame:
        if frame[name].dtype == object or str(frame[name].dtype) == "str":
            first = frame[name].dropna().astype(str).head(3)
            if len(first) and first.str.fullmatch(r"\d{4}-\d\d-\d\dT\S+").all():
                frame[name] = pd.to_datetime(frame[name], errors="coerce", utc=True)
    return frame


@cache
def orders(seed: int) -> pd.DataFrame:
    """Return the orders of the shop's export: email, market, created (UTC), day (local), code, state, total."""
    rows = table(seed, "shopify/lumentea-shop/orders_export_1.csv").dropna(subset=["Email"])
    created = pd.to_datetime(rows["Created at"], utc=True, format="mixed")
    found = pd.DataFrame({
        "email": rows["Email"], "market": rows["Shipping Country"], "created": created, "code": rows["Discount Code"].fillna(""),
        "state": rows["Financial Status"], "total": rows["Total"].astype(float), "refunded": rows["Refunded Amount"].astype(float),
    }).reset_index(drop=True)  # fmt: skip
    return found.assign(day=local_day(found["created"], found["market"]))


def local_day(times: pd.Series, markets: pd.Series) -> pd.Series:
    """Return the calendar days of *times* in the zones of *markets*."""
    found = pd.Series(pd.NaT, index=times.index, dtype="datetime64[ns]")
    for code, zone in ZONES.items():
        mine = markets == code
        found[mine] = times[mine].dt.tz_convert(zone).dt.tz_localize(None).dt.normalize().astype("datetime64[ns]")
    return found


def is_near(count: float, of: float, planted: float, *, errors: float = 4.0, beside: float = 0.0) -> bool:
    """Return whether *count* of *of* agrees with the share *planted*: within standard errors, and what lies beside."""
    return abs(count / of - planted) <= errors * np.sqrt(planted * (1 - planted) / of) + beside


def differ(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Return by how many standard errors the shares a and b (count, of) differ, a - b."""
    pooled = (a[0] + b[0]) / (a[1] + b[1])
    return (a[0] / a[1] - b[0] / b[1]) / np.sqrt(pooled * (1 - pooled) * (1 / a[1] + 1 / b[1]))
