"""Meta's daily metrics and Audience file, for Instagram and Facebook: the first lines say which, not the file's name."""

from __future__ import annotations

import pandas as pd

from fanops_utils.data.sources.files.reading import HEADER_WITHIN, Grid
from fanops_utils.data.sources.shared.owners import account_key, whose
from fanops_utils.data.sources.shared.sheet import Sheet, accepted, cells_of, sheet_at
from fanops_utils.data.sources.shared.source import Context, Parsed, Source
from fanops_utils.errors import ImportRefused, counted

BOTH = ("instagram", "facebook")
# What a file of one platform is called; the platform's name may stand before it.
TITLES = {
    "reach": "reach", "views": "views", "impressions": "impressions", "viewers": "viewers",
    "content interactions": "engagements", "interactions": "engagements", "follows": "followers_gained",
    "link clicks": "link_clicks", "profile visits": "profile_visits", "visits": "profile_visits",
}  # fmt: skip
SILENT_ON_ZERO = "followers_gained"  # only these files leave a day without any out; the others print its zero
DIMENSIONS = {"gender": "gender_age", "cit": "city", "countr": "country"}


def metric_of(title: str) -> tuple[tuple[str, ...], str] | None:
    """Return the platforms that a file titled *title* can be of and its metric; None where it is no daily metric.

    >>> metric_of("Instagram profile visits"), metric_of("Reach")
    ((('instagram',), 'profile_visits'), (('instagram', 'facebook'), 'reach'))
    """
    folded = " ".join(title.casefold().split())
    platforms = next(((one,) for one in BOTH if folded.startswith(f"{one} ")), BOTH)
    metric = TITLES.get(folded.removeprefix(f"{platforms[0]} ") if len(platforms) == 1 else folded)
    return (platforms, metric) if metric else None


def find_daily(grid: Grid) -> Sheet | None:
    """Return the days of a daily file as one sheet; None where *grid* is none."""
    for number, row in enumerate(grid.rows[:HEADER_WITHIN]):
        if [cell.strip().casefold() for cell in row[:2]] == ["date", "primary"]:
            return sheet_at(grid, (number, {0: "date", 1: "value"}))
    return None


def parse_daily(sheet: Sheet, context: Context) -> Parsed:
    """Return one daily metric of table account_daily; the line above the header says which.

    Files of new followers leave days of zero out: between the first and the last day they are put back. In all other
    files a day that is missing stays missing. Raises ImportRefused for a second series (the days of another period,
    without their dates) and for a metric that no column holds.
    """
    title = next((row[0].strip() for row in reversed(sheet.preamble) if row and row[0].strip()), "")
    known = metric_of(title)
    if known is None:
        raise ImportRefused("not a daily metric fanops knows", file=context.export.label, value=title, choices=TITLES)
    if second := [name for name in sheet.header[2:] if name]:
        hint = "Export it again without comparing to another period"
        raise ImportRefused(
            "a second series stands beside the first", file=context.export.label, value=second[0], hint=hint
        )
    platforms, metric = known
    account, exported = whose(context, platforms), context.exported_at()
    days = sheet.cells.iso_day("date")
    sheet.cells.reject("date", sheet.cells.raw("date").isna(), "the cell is empty")
    daily = accepted(sheet, {"date_day": days, metric: sheet.cells.count("value")})
    filled = 0
    if metric == SILENT_ON_ZERO and len(daily):
        daily, filled = _fill_days(daily, days)
    unfinished = daily["date_day"] == pd.Timestamp(exported.date())
    daily = daily.assign(platform=account.platform, account_id=account_key(account), is_partial=unfinished)
    said = [f"{counted(filled, 'day')} without a row: no new followers then"] if filled else []
    return Parsed({"account_daily": daily}, sheet.cells.rejects, sheet.rows_in, exported, said)


def _fill_days(daily: pd.DataFrame, printed: pd.Series) -> tuple[pd.DataFrame, int]:
    """Return *daily* with the days that no row was *printed* for, and their number.

    A day whose row was rejected is not a day without a row; where a rejected row does not even say its day, no day is.
    """
    if printed.isna().any():
        return daily, 0
    every = pd.DataFrame({"date_day": pd.date_range(printed.min(), printed.max(), unit="us")})
    missing = every[~every["date_day"].isin(printed)].assign(**{SILENT_ON_ZERO: 0})
    return pd.concat([daily, missing], ignore_index=True).astype({SILENT_ON_ZERO: "Int64"}), len(missing)


def find_audience(grid: Grid) -> Sheet | None:
    """Return the sections of an Audience file as one sheet (section, segment, title, value); None if it is none."""
    titles = [row[0].strip().casefold() for row in grid.rows[:4] if row]
    if not {f"{one} followers" for one in BOTH} & set(titles):
        return None
    records: list[list[str]] = []
    section, header = "", [""]
    for row in grid.rows:
        cells = [cell.strip() for cell in row]
        while cells and not cells[-1]:
            cells.pop()
        if not cells:
            section, header = "", [""]
        elif not section:
            section = "" if cells[0].casefold().startswith("sep=") else cells[0]
        elif header == [""]:
            header = cells
        elif len(header) == 1:
            records.append([section, "all", header[0], *cells])
        else:
            # cells too many or too few: they are out of place, and the record is set aside
            surplus = cells[len(header) :] or (["?"] if len(row) < len(header) else [])
            cells += [""] * (len(header) - len(cells))
            pairs = zip(header[1:], cells[1 : len(header)], strict=True)
            records += [[section, cells[0], title, value, *surplus] for title, value in pairs]
    names = ["section", "segment", "title", "value"]
    return Sheet(cells_of(records, {name: place for place, name in enumerate(names)}, names), names, [], grid)


def parse_audience(sheet: Sheet, context: Context) -> Parsed:
    """Return the composition of the followers at export: gender and age, cities, countries (the top ones), the total.

    A record is one number of the file.
    """
    cells, frame = sheet.cells, sheet.cells.frame
    section = frame["section"].str.casefold()
    platform = next((one for one in BOTH if section.str.startswith(one).any()), BOTH[0])
    account, exported = whose(context, (platform,)), context.exported_at()
    dimension = pd.Series("other", index=frame.index, dtype="string")
    for word, name in DIMENSIONS.items():
        dimension = dimension.mask(section.str.contains(word), name)
    dimension = dimension.mask(frame["segment"] == "all", "total")
    segment = frame["segment"].where(dimension != "gender_age", frame["segment"] + " " + frame["title"].str.casefold())
    is_share = frame["value"].str.contains("%").fillna(value=False)
    shares, numbers = _part(sheet, is_share), _part(sheet, ~is_share)
    share, number = shares.cells.percent("value"), numbers.cells.count("value")
    cells.rejects += [*shares.cells.rejects, *numbers.cells.rejects]
    audience = accepted(sheet, {
        "platform": account.platform, "account_id": account_key(account), "snapshot_at": exported,
        "dimension": dimension, "segment": segment, "share": share.reindex(frame.index),
        "count": number.reindex(frame.index),
    })  # fmt: skip
    return Parsed({"audience_snapshot": audience}, cells.rejects, sheet.rows_in, exported)


def _part(sheet: Sheet, where: pd.Series) -> Sheet:
    part = type(sheet.cells)(sheet.cells.frame[where], sheet.cells.names, numbers=sheet.cells.numbers)
    return Sheet(part, sheet.header, sheet.preamble, sheet.grid)


SOURCES = (
    Source("instagram", "daily", BOTH, {}, frozenset(), parse_daily, find_daily),
    Source("instagram", "audience", BOTH, {}, frozenset(), parse_audience, find_audience),
)
