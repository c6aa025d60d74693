"""LinkedIn's export of a person's own posts: a workbook whose TOP POSTS are two tables side by side."""

from __future__ import annotations

import re

import pandas as pd

from fanops_utils.data.sources.files.reading import HEADER_WITHIN, Grid
from fanops_utils.data.sources.shared.owners import account_key
from fanops_utils.data.sources.shared.post_ids import linkedin_time
from fanops_utils.data.sources.shared.publication import by_day, decoded
from fanops_utils.data.sources.shared.resaved import counts, printed_day, printed_time
from fanops_utils.data.sources.shared.sheet import Sheet, accepted, cells_of, fold, sheet_at
from fanops_utils.data.sources.shared.source import Context, Parsed, Source
from fanops_utils.data.sources.social.linkedin import PLATFORM, account_of, activity, daily, exported_at

HALF = ("post url", "post publish date")
SIDES = ("engagements", "impressions")
ON = re.compile(r"total followers on (\d{1,2}/\d{1,2}/\d{4}):?", re.IGNORECASE)
DIMENSIONS = {
    "job titles": "job_title", "locations": "location", "industries": "industry", "seniority": "seniority",
    "company size": "company_size", "companies": "company",
}  # fmt: skip
BELOW = re.compile(r"<\s*([\d.]+)\s*%?")


def find_top_posts(grid: Grid) -> Sheet | None:
    """Return the two tables of TOP POSTS joined on the post, both ranks kept; None where *grid* holds none."""
    for number, row in enumerate(grid.rows[:HEADER_WITHIN]):
        titles = [fold(cell) for cell in row]
        starts = {
            titles[place + 2]: place for place in range(len(titles) - 2) if tuple(titles[place : place + 2]) == HALF
        }
        if set(SIDES) <= set(starts):
            halves = [_half(grid.rows[number + 1 :], starts[side], side) for side in SIDES]
            names = ["post_url", "date", *SIDES]
            joined = halves[0].merge(halves[1], on=["post_url", "nth"], how="outer", sort=False)
            joined["date"] = joined["date_x"].fillna(joined["date_y"])
            records = joined[names].fillna("").to_numpy().tolist()
            cells = cells_of(records, {name: place for place, name in enumerate(names)}, names)
            return Sheet(cells, names, grid.rows[:number], grid)
    return None


def _half(rows: list[list[str]], start: int, side: str) -> pd.DataFrame:
    """Return one of the two tables; a row whose link is missing is a record of its own, to be rejected by its empty link."""
    cut = [[cell.strip() for cell in (*row[start : start + 3], "", "", "")][:3] for row in rows]
    frame = pd.DataFrame([row for row in cut if any(row)], columns=["post_url", "date", side], dtype="string")
    unlinked = frame["post_url"] == ""
    frame["nth"] = frame.groupby("post_url").cumcount().astype("string")
    frame["nth"] = frame["nth"].mask(unlinked, side + frame["nth"])
    return frame


def parse_top_posts(sheet: Sheet, context: Context) -> Parsed:
    """Return posts and their engagements and impressions; a post in only one of the lists lacks the other number.

    A record is a post, wherever it stands in the two lists. The minute comes from the activity's number.
    """
    post_id = activity(sheet, "post_url")
    ids = decoded(post_id, linkedin_time, post_id.index)
    days, said = printed_day(sheet, "date", context, ids=ids)
    published = by_day(days, ids)
    exported = exported_at(context, days.max())
    same = {"platform": "linkedin", "post_id": post_id}
    posts = accepted(sheet, {
        **same, "account_id": account_key(account_of(context)), "post_url": sheet.cells.raw("post_url"),
        **published.columns(), "is_collab": False, "is_reply": False,
    })  # fmt: skip
    metrics = {**same, "metric_window": "lifetime", "snapshot_at": exported, **counts(sheet, SIDES)}
    tables = {"posts": posts, "post_metrics": accepted(sheet, metrics)}
    warnings = [*said, *published.warnings, "LinkedIn lists at most 50 posts a side: this is not a count of posts"]
    return Parsed(tables, sheet.cells.rejects, sheet.rows_in, exported, warnings)


def _find_exactly(grid: Grid, *names: str) -> Sheet | None:
    """Return the sheet of a workbook whose header is *names* and nothing else (they are too plain to go by in a CSV)."""
    for number, row in enumerate(grid.rows[:HEADER_WITHIN] if grid.encoding in ("xlsx", "xls") else []):
        titles = [fold(cell) for cell in row]
        if tuple(title for title in titles if title) == names:
            return sheet_at(grid, (number, {titles.index(name): name.replace(" ", "_") for name in names}))
    return None


def find_engagement(grid: Grid) -> Sheet | None:
    """Return the sheet ENGAGEMENT; None where *grid* is none."""
    return _find_exactly(grid, "date", "impressions", "engagements")


def parse_engagement(sheet: Sheet, context: Context) -> Parsed:
    """Return impressions and engagements per day."""
    return daily(sheet, context, counts(sheet, ("impressions", "engagements")), [])


def find_followers(grid: Grid) -> Sheet | None:
    """Return the sheet FOLLOWERS; None where *grid* is none."""
    return _find_exactly(grid, "date", "new followers")


def parse_followers(sheet: Sheet, context: Context) -> Parsed:
    """Return new followers per day, and on its day the total that stands above the table."""
    gained = counts(sheet, ("new_followers",))["new_followers"]
    parsed = daily(sheet, context, {"followers_gained": gained}, [])
    frame = parsed.tables["account_daily"].assign(followers_total=pd.Series(pd.NA, dtype="Int64"))
    for row in sheet.preamble:
        title, value, *_ = [*(cell.strip() for cell in row if cell.strip()), "", ""]
        if (found := ON.fullmatch(title)) and value.replace(",", "").isdigit():
            cells = cells_of([[found.group(1)]], {"date": 0}, ["date"])
            when, _ = printed_time(Sheet(cells, ["date"], [], sheet.grid), "date", context)
            on = frame["date_day"] == when.dt.tz_localize(None).iloc[0]
            frame.loc[on, "followers_total"] = int(value.replace(",", ""))
            if not on.any():
                parsed.warnings.append(
                    f"the total of {value} followers on {found.group(1)} has no row of its day: not read"
                )
    parsed.tables["account_daily"] = frame
    return parsed


def find_demographics(grid: Grid) -> Sheet | None:
    """Return the sheet DEMOGRAPHICS; None where *grid* is none."""
    return _find_exactly(grid, "top demographics", "value", "percentage")


def parse_demographics(sheet: Sheet, context: Context) -> Parsed:
    """Return the followers' shares by job title, location, …; a share given as below 1 % is not a number: null."""
    cells, exported = sheet.cells, exported_at(context)
    below = cells.raw("percentage").str.fullmatch(BELOW).fillna(value=False)
    known = Sheet(type(cells)(cells.frame.assign(percentage=cells.frame["percentage"].mask(below, "")), cells.names),
                  sheet.header, sheet.preamble, sheet.grid)  # fmt: skip
    rate = known.cells.percent if known.cells.raw("percentage").str.endswith("%").any() else known.cells.number
    share = rate("percentage")
    cells.rejects += known.cells.rejects
    kind = cells.required("top_demographics").str.casefold()
    audience = accepted(sheet, {
        "platform": "linkedin", "account_id": account_key(account_of(context)), "snapshot_at": exported,
        "dimension": kind.map(DIMENSIONS).astype("string").fillna(kind.str.replace(" ", "_")),
        "segment": cells.required("value"), "share": share,
    })  # fmt: skip
    said = [f"{int(below.sum())} shares are given only as below a limit: left open"] if below.any() else []
    return Parsed({"audience_snapshot": audience}, cells.rejects, sheet.rows_in, exported, said)


def find_discovery(grid: Grid) -> Sheet | None:
    """Return the sheet DISCOVERY as a sheet without records; None where *grid* is none."""
    titles = [fold(row[0]) for row in grid.rows[:HEADER_WITHIN] if row]
    if grid.encoding not in ("xlsx", "xls") or not {"impressions", "members reached"} <= set(titles):
        return None
    return Sheet(cells_of([], {"title": 0, "value": 1}, ["title", "value"]), ["title", "value"], grid.rows, grid)


def parse_discovery(sheet: Sheet, context: Context) -> Parsed:
    """Return nothing but a warning with the figures: totals of the whole period, which no table of days can hold."""
    told = [", ".join(cell.strip() for cell in row if cell.strip()) for row in sheet.preamble]
    said = f"DISCOVERY holds totals of the period, not days: not read ({'; '.join(line for line in told if line)})"
    return Parsed({}, [], 0, exported_at(context), [said])


SOURCES = (
    Source("linkedin", "personal_posts", PLATFORM, {}, frozenset(), parse_top_posts, find_top_posts),
    Source("linkedin", "personal_days", PLATFORM, {}, frozenset(), parse_engagement, find_engagement),
    Source("linkedin", "personal_followers", PLATFORM, {}, frozenset(), parse_followers, find_followers),
    Source("linkedin", "personal_audience", PLATFORM, {}, frozenset(), parse_demographics, find_demographics),
    Source("linkedin", "personal_discovery", PLATFORM, {}, frozenset(), parse_discovery, find_discovery),
)
