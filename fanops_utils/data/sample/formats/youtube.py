"""YouTube Studio's advanced export of a channel: table, chart and totals."""

from __future__ import annotations

import string
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from fanops_utils.data.sample.draws import MONTHS, calendar
from fanops_utils.data.sample.formats.files import RawFile, plain_csv
from fanops_utils.data.sample.texts import TITLES
from fanops_utils.data.sample.worlds.channels.daily import youtube_days
from fanops_utils.errors import WorkspaceError
from fanops_utils.workspace import Account

if TYPE_CHECKING:
    from fanops_utils.data.sample.setting import Setting

ID_LETTERS = np.array(list(string.ascii_letters + string.digits + "-_"))
ADDITIVE = (
    "Likes", "Dislikes", "New viewers", "Returning viewers", "Views", "Watch time (hours)", "Subscribers",
    "Thumbnail impressions",
)  # fmt: skip
RATE = "Thumbnail click-through rate (%)"


def youtube_files(setting: Setting, account: Account) -> list[RawFile]:
    """Return the three files of the channel's folder.

    Raises WorkspaceError where brand.yml gives the account no market.
    """
    if account.market is None:
        raise WorkspaceError("a YouTube account needs its market", file="brand.yml", value=account.handle)
    rng, days = setting.rng(f"youtube {account.market}"), youtube_days(setting, account.market)
    table = videos(int(days["views"].sum()), size=max(5, round(52 * setting.scale)), rng=rng)
    first, last = calendar()[0].date(), calendar()[-1].date()
    folder = f"youtube/{account.handle}/Content {first}_{last} {setting.workspace.brand.name} {account.market}"
    year = days.iloc[-365:]
    daily = pd.DataFrame({"Date": year["date_day"].dt.strftime("%Y-%m-%d"), "Views": year["views"]})
    shown = pd.concat([totals(table), table], ignore_index=True).astype(object)
    return [
        RawFile(f"{folder}/{name}.csv", f"youtube_{name.split()[0].lower()}", len(frame), plain_csv(frame))
        for name, frame in {
            "Table data": shown.where(shown.notna(), ""),
            "Chart data": chart(table, year.iloc[-14:]),
            "Totals": daily,
        }.items()
    ]


def videos(views: int, *, size: int, rng: np.random.Generator) -> pd.DataFrame:
    """Return the table of *size* videos that share *views* unequally, most viewed first."""
    days = calendar()
    order = np.sort(rng.choice(len(days) - 10, size, replace=False))
    weight = rng.lognormal(0, 1.1, size) * np.sqrt(len(days) - order)
    seen = rng.multinomial(views, weight / weight.sum())
    duration = rng.integers(30, 1500, size)
    shown = rng.poisson(seen * rng.uniform(5, 12, size)) + 1
    viewers = pd.array(rng.binomial(seen, 0.5), dtype="Int64")
    known = rng.random(size) < 0.6  # the platform leaves viewer counts out for most small videos
    table = pd.DataFrame(
        {
            "Content": video_ids(size, rng),
            "Video title": [f"{title}, part {part}" for part, title in enumerate(rng.choice(TITLES, size), start=1)],
            "Video publish time": [f"{MONTHS[day.month - 1][:3]} {day.day}, {day.year}" for day in days[order]],
            "Duration": duration,
            "Likes": rng.binomial(seen, 0.035),
            "Dislikes": rng.binomial(seen, 0.001),
            "New viewers": pd.Series(viewers).where(known),
            "Returning viewers": pd.Series(pd.array(rng.binomial(seen, 0.2), dtype="Int64")).where(known),
            "Views": seen,
            "Watch time (hours)": np.round(seen * duration * rng.uniform(0.3, 0.6, size) / 3600, 4),
            "Subscribers": rng.poisson(seen * 0.004) - rng.poisson(2, size),
            "Thumbnail impressions": shown,
            RATE: np.round(100 * seen * 0.6 / shown, 2),
        }
    )
    return table.sort_values("Views", ascending=False, ignore_index=True)


def totals(table: pd.DataFrame) -> pd.DataFrame:
    """Return the Total row: sums of the columns that add up, and the rate weighted by impressions."""
    shown = table["Thumbnail impressions"]
    row: dict[str, object] = {"Content": "Total", "Video title": "", "Video publish time": "", "Duration": ""}
    row |= {name: table[name].sum() for name in ADDITIVE}
    row["Watch time (hours)"] = round(float(table["Watch time (hours)"].sum()), 4)
    row[RATE] = round(float((table[RATE] * shown).sum() / shown.sum()), 2)
    return pd.DataFrame([row])


def chart(table: pd.DataFrame, days: pd.DataFrame) -> pd.DataFrame:
    """Return daily views of the three most viewed videos, their share of the channel's views."""
    top = table.loc[:2, ["Content", "Video title", "Video publish time", "Duration", "Views"]]
    share = top["Views"] / table["Views"].sum()
    grid = days.rename(columns={"views": "day_views"}).merge(top.assign(share=share), how="cross")
    grid["Views"] = np.rint(grid["day_views"] * grid["share"]).astype("int64")
    grid.insert(0, "Date", grid["date_day"].dt.strftime("%Y-%m-%d"))
    return grid[["Date", "Content", "Video title", "Video publish time", "Duration", "Views"]]


def video_ids(size: int, rng: np.random.Generator) -> list[str]:
    """Return ids of 11 characters; one of them starts with a dash, as real ones do."""
    ids = ["".join(letters) for letters in rng.choice(ID_LETTERS, (size, 11))]
    ids[0] = "-" + ids[0][1:]
    return ids
