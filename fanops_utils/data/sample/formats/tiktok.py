"""TikTok Studio downloads: one zip per tab, dates without a year, a tail that is not counted yet."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from fanops_utils.data.sample.draws import MONTHS, WAKING, to_utc
from fanops_utils.data.sample.formats.files import RawFile, quoted_csv
from fanops_utils.data.sample.period import EXPORTED
from fanops_utils.data.sample.texts import PLACES, TITLES
from fanops_utils.data.sample.worlds.channels.daily import tiktok_days
from fanops_utils.errors import WorkspaceError
from fanops_utils.workspace import Account

if TYPE_CHECKING:
    from fanops_utils.data.sample.setting import Setting

TAIL_DAYS = 2  # counted late: false zeros, then `undefined`
LISTED_POSTS = 15
OVERVIEW = {
    "Video Views": "views",
    "Profile Views": "profile_visits",
    "Likes": "likes",
    "Comments": "comments",
    "Shares": "shares",
}
VIEWERS = {"Total Viewers": "viewers", "New Viewers": "new_viewers", "Returning Viewers": "returning_viewers"}


@dataclass(frozen=True)
class Export:
    """One download: when it happened and how many days its history goes back."""

    at: datetime
    days: int

    @property
    def first_day(self) -> date:
        return self.at.date() - timedelta(days=self.days - 1)


EXPORTS = (  # overlapping, so that every day is fully counted in one of them
    Export(datetime(2025, 10, 31, 9, tzinfo=UTC), 365),
    Export(datetime(2025, 12, 15, 9, tzinfo=UTC), 60),
    Export(EXPORTED, 365),
)


def tiktok_files(setting: Setting, account: Account) -> list[RawFile]:
    """Return the account's zips: history at every export, the other tabs at the newest one.

    Raises WorkspaceError where brand.yml gives the account no market.
    """
    if account.market is None:
        raise WorkspaceError("a TikTok account needs its market", file="brand.yml", value=account.handle)
    market, days = setting.workspace.market(account.market), tiktok_days(setting, account.market)
    files = []
    for export in EXPORTS:
        newest, window = export is EXPORTS[-1], history(days, export)
        dates = [short_date(day, market.language) for day in window["date_day"]]
        followers = {"FollowerHistory.csv": follower_history(window, dates, previous_day=newest)}
        tabs = {
            "Overview": {"Overview.csv": tail(window[list(OVERVIEW.values())], dates, OVERVIEW)},
            "Followers": followers,
        }
        if newest:
            rng = setting.rng(f"tiktok audience {market.code}")
            followers |= audience(market.code, window, market.language, rng)
            tabs["Viewers"] = {"Viewers.csv": tail(window[list(VIEWERS.values())], dates, VIEWERS, undefined=1)}
            listed = content(account.handle, market.language, market.time_zone, rng)
            tabs["Content"] = {"Content.csv": listed}
        files += [_zip_file(account.handle, tab, export, members) for tab, members in tabs.items()]
    return files


def history(days: pd.DataFrame, export: Export) -> pd.DataFrame:
    """Return the days an export lists, up to the export day; days after the simulated ones are missing values."""
    listed = pd.date_range(export.first_day, export.at.date(), unit="s")
    return days.set_index("date_day").reindex(listed).rename_axis("date_day").reset_index()


def tail(
    counts: pd.DataFrame, dates: list[str], names: dict[str, str], *, undefined: int | None = None
) -> pd.DataFrame:
    """Return *counts* as text; the uncounted tail has false zeros, its last row `undefined` in the first columns."""
    text = counts.iloc[: len(counts) - TAIL_DAYS].astype("int64").astype(str)
    text = text.reindex(counts.index, fill_value="0").set_axis(list(names), axis=1)
    text.iloc[-1, : undefined if undefined is not None else text.shape[1]] = "undefined"
    text.insert(0, "Date", dates)
    return text


def follower_history(window: pd.DataFrame, dates: list[str], *, previous_day: bool) -> pd.DataFrame:
    """Return the follower totals; the difference is to the previous day, or, in some exports, to the next one."""
    total = window["followers"].where(window.index < len(window) - TAIL_DAYS)
    change = total.diff() if previous_day else -total.diff(-1)
    cells = {
        "Date": dates,
        "Followers": ["undefined" if pd.isna(value) else str(int(value)) for value in total],
        "Difference in followers from previous day": [str(int(value)) for value in change.fillna(0)],
    }
    return pd.DataFrame(cells)


def audience(market: str, window: pd.DataFrame, language: str, rng: np.random.Generator) -> dict[str, pd.DataFrame]:
    """Return activity per hour of the last week (its last day breaks off), gender, and top territories."""
    week = window.iloc[-TAIL_DAYS - 7 : -TAIL_DAYS]
    active = rng.poisson(np.outer(week["followers"], 0.5 * WAKING / WAKING.max())).ravel()
    active[-21:] = 0
    hourly = {
        "Date": np.repeat([short_date(day, language) for day in week["date_day"]], 24),
        "Hour": np.tile(np.arange(24), 7),
        "Active followers": active,
    }
    home, near, women = 700 + int(rng.integers(120)), 20 + int(rng.integers(40)), 0.48 + round(0.2 * rng.random(), 2)
    abroad = next(code for code in PLACES if code != market)
    return {
        "FollowerActivity.csv": pd.DataFrame(hourly),
        "FollowerGender.csv": _shares("Gender", {"Female": women, "Male": 0.99 - women, "Other": 0.01}),
        "FollowerTopTerritories.csv": _shares(
            "Top territories", {market: home / 1000, abroad: near / 1000, "Others": (1000 - home - near) / 1000}
        ),
    }


def content(handle: str, language: str, zone: str, rng: np.random.Generator) -> pd.DataFrame:
    """Return the newest videos, 15 at most; the id carries the second of the upload."""
    ages = np.sort(rng.choice(np.arange(3, 60), LISTED_POSTS, replace=False))
    day = pd.DatetimeIndex(pd.Timestamp(EXPORTED.date()) - pd.to_timedelta(ages, unit="D"))
    uploaded = to_utc(day, rng.uniform(10, 16, LISTED_POSTS), zone)  # the same day in UTC
    waited = np.where(np.arange(LISTED_POSTS) == 4, 3, 0)  # one video was uploaded early and scheduled
    seconds = [
        int((moment - pd.Timedelta(days=int(wait))).timestamp()) for moment, wait in zip(uploaded, waited, strict=True)
    ]
    views = rng.lognormal(9, 1.2, LISTED_POSTS).astype("int64") + 50
    ids = [(second << 32) + int(rng.integers(2**31)) for second in seconds]
    cells = {
        "Time": short_date(EXPORTED, language),
        "Video title": [
            f"{title}, part {part} #lumentea" for part, title in enumerate(rng.choice(TITLES, LISTED_POSTS), start=1)
        ],
        "Video link": [f"https://www.tiktok.com/@{handle}/video/{number}" for number in ids],
        "Post time": [short_date(moment, language) for moment in day],
        "Total likes": rng.binomial(views, 0.06),
        "Total comments": rng.binomial(views, 0.004),
        "Total shares": rng.binomial(views, 0.006),
        "Total views": views,
    }
    return pd.DataFrame(cells)


def short_date(day: date, language: str) -> str:
    """Return a day as TikTok prints it, without a year and in the language of the interface.

    >>> short_date(date(2026, 9, 13), "ja"), short_date(date(2026, 1, 5), "en")
    ('9月13日', 'January 5')
    """
    return f"{day.month}月{day.day}日" if language.startswith("ja") else f"{MONTHS[day.month - 1]} {day.day}"


def _shares(name: str, shares: dict[str, float]) -> pd.DataFrame:
    return pd.DataFrame({name: list(shares), "Distribution": [f"{share:.3f}".rstrip("0") for share in shares.values()]})


def _zip_file(handle: str, tab: str, export: Export, members: dict[str, pd.DataFrame]) -> RawFile:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for name, frame in members.items():
            entry = zipfile.ZipInfo(name, export.at.timetuple()[:6])
            entry.create_system = 3  # the same bytes on every system
            archive.writestr(entry, b"\xef\xbb\xbf" + quoted_csv(frame).rstrip("\n").encode())
    path = f"tiktok/{handle}/{tab}_{export.first_day}_{int(export.at.timestamp())}_{handle}.zip"
    return RawFile(path, f"tiktok_{tab.lower()}", sum(map(len, members.values())), packed.getvalue(), export.at)
