"""Instagram from Meta Business Suite: content, daily metrics and audience files."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pandas as pd

from fanops_utils.data.sources.base import (
    Context,
    Parsed,
    Sheet,
    Source,
    accepted,
    account_key,
    cells_of,
    sheet_at,
    whose,
)  # fmt: skip
from fanops_utils.data.sources.post_ids import instagram_time
from fanops_utils.data.sources.reading import Grid
from fanops_utils.errors import ImportRefused

# Meta prints "Publish time" in US Pacific time whatever the account's zone is; shortcodes prove it row by row.
META_ZONE = "America/Los_Angeles"
FILE_RANGE = re.compile(r"([A-Z][a-z]{2}-\d{2}-\d{4})_([A-Z][a-z]{2}-\d{2}-\d{4})_")
ZONES_APART = 27  # hours: the two most distant zones of the world

CONTENT = {
    "post_id": ("Post ID", "Identificação do post", "identificador de la publicación"),
    "account_id": ("Account ID", "Identificação da conta", "identificador de la cuenta"),
    "username": ("Account username", "Nome de usuário da conta", "Nombre de usuario de la cuenta"),
    "account_name": ("Account name", "Nome da conta", "Nombre de la cuenta"),
    "post_message": ("Description", "Descrição", "Descripción"),
    "duration_seconds": ("Duration (sec)", "Duração (s)", "Duración (segundos)"),
    "publish_time": ("Publish time", "Horário de publicação", "Hora de publicación"),
    "post_url": ("Permalink", "Link permanente", "Enlace permanente"),
    "post_type": ("Post type", "Tipo de post", "Tipo de publicación"),
    "views": ("Views", "Visualizações", "Visualizaciones"),
    "impressions": ("Impressions", "Impressões", "Impresiones"),
    "reach": ("Reach", "Alcance"),
    "likes": ("Likes", "Curtidas", "Me gusta"),
    "shares": ("Shares", "Compartilhamentos", "Veces que se ha compartido"),
    "follows": ("Follows", "Seguimentos", "Seguidores"),
    "comments": ("Comments", "Comentários", "Comentarios"),
    "saves": ("Saves", "Salvamentos", "Veces guardado"),
    "link_clicks": ("Link clicks", "Clics en el enlace"),
    "profile_visits": ("Profile visits", "Visitas al perfil"),
}
POST_TYPES = {
    "IG image": "image", "IG reel": "short_video", "IG carousel": "carousel", "IG story": "story",
    "Imagem do Instagram": "image", "Reel do Instagram": "short_video", "Carrossel do Instagram": "carousel",
    "Story do Instagram": "story", "Imagen de Instagram": "image", "Reel de Instagram": "short_video",
    "Secuencia de Instagram": "carousel", "Historia de Instagram": "story",
}  # fmt: skip
COUNTS = (
    "impressions",
    "views",
    "reach",
    "likes",
    "comments",
    "shares",
    "saves",
    "link_clicks",
    "profile_visits",
    "follows",
)

DAILY_TITLES = {
    "reach": "reach", "views": "views", "impressions": "impressions", "content interactions": "engagements",
    "instagram follows": "followers_gained", "instagram link clicks": "link_clicks",
    "instagram profile visits": "profile_visits", "instagram reach": "reach", "instagram views": "views",
}  # fmt: skip


def parse_content(sheet: Sheet, context: Context) -> Parsed:
    """Return posts and lifetime metrics of a content export, with publication times proved by shortcodes."""
    cells = sheet.cells
    named = [*cells.raw("account_id").dropna().unique(), *cells.raw("username").dropna().unique()]
    own = {name for account in context.brand.accounts for name in (account.handle, account.id) if name}
    account = whose(context, ("instagram",), named=[name for name in named if name in own] or named)
    created, source, zone, warnings = _publication(
        cells.frame, cells.local_time("publish_time", "%m/%d/%Y %H:%M", META_ZONE)
    )
    exported = context.exported_at(named=_range_end(context.export.name))
    post_id = cells.identifier("post_id")
    theirs = ~cells.raw("account_id").isin([account.id]) & ~cells.raw("username").isin([account.handle])
    kind = cells.choice("post_type", POST_TYPES)
    counts = {name: cells.count(name) for name in COUNTS if cells.has(name)}
    duration = cells.number("duration_seconds")
    if collab := int(theirs.sum()):
        warnings.append(f"{collab} posts belong to other accounts (collaborations): kept and marked")
    same = {"platform": "instagram", "post_id": post_id}
    posts = accepted(sheet, {
        **same, "account_id": account_key(account), "account_name": cells.text("account_name"),
        "post_url": cells.raw("post_url"), "post_message": cells.text("post_message"), "post_type": kind,
        "created_timestamp": created, "created_precision": "minute", "created_source": source, "tz_source": zone,
        "is_scheduled": (zone == "assumed") & cells.frame["post_url"].map(instagram_time).notna(),
        "is_collab": theirs, "is_reply": False, "duration_seconds": duration.where(duration > 0),
    })  # fmt: skip
    metrics = accepted(sheet, {**same, "metric_window": "lifetime", "snapshot_at": exported, **counts})
    return Parsed({"posts": posts, "post_metrics": metrics}, cells.rejects, sheet.rows_in, exported, warnings)


def _publication(frame: pd.DataFrame, printed: pd.Series) -> tuple[pd.Series, pd.Series, pd.Series, list[str]]:
    """Return publication time, its source and how the zone is known, and warnings about the printed zone.

    One zone prints the whole file, so all rows lie equally far (but for daylight saving) from their ids; a row that
    does not was created long before it was published, and keeps its printed time.
    """
    decoded = pd.Series(
        [instagram_time(str(url)) for url in frame["post_url"]], index=frame.index, dtype="datetime64[us, UTC]"
    )
    gap = (printed - decoded.dt.floor("min")) / timedelta(hours=1)
    plausible = gap[gap.abs() <= ZONES_APART]
    usual = plausible.round(1).mode().min() if len(plausible) else 0.0
    proved = (gap - usual).abs() <= 1.05
    warnings = []
    if abs(usual) > 0.1:
        warnings.append(f"the printed times lie {usual:+g} h from US Pacific time by the post ids: the ids are used")
    if unproved := int((printed.notna() & ~proved).sum()):
        warnings.append(f"{unproved} publication times cannot be proved by the post id: read as US Pacific time")
    source = pd.Series("export", index=frame.index).mask(proved, "post_id")
    zone = pd.Series("assumed", index=frame.index).mask(proved, "proved")
    return decoded.where(proved, printed), source, zone, warnings


def _range_end(name: str) -> datetime | None:
    found = FILE_RANGE.search(name)
    try:
        return (
            datetime.strptime(f"{found.group(2)} 23:59:59", "%b-%d-%Y %H:%M:%S").replace(tzinfo=UTC) if found else None
        )
    except ValueError:
        return None


def parse_daily(sheet: Sheet, context: Context) -> Parsed:
    """Return one daily metric; the title line says which. Follows files leave days of zero out: they are put back."""
    title = next((row[0].strip() for row in reversed(sheet.preamble) if row and row[0].strip()), "")
    column = DAILY_TITLES.get(title.casefold())
    if column is None:
        raise ImportRefused(
            "not a daily metric fanops knows", file=context.export.label, value=title, choices=DAILY_TITLES
        )
    account = whose(context, ("instagram",) if "instagram" in title.casefold() else ("instagram", "facebook"))
    exported = context.exported_at()
    days, values = sheet.cells.iso_day("date"), sheet.cells.count("value")
    daily = accepted(sheet, {"date_day": days, column: values})
    warnings: list[str] = []
    if column == "followers_gained" and len(daily):
        daily, filled = _fill_days(daily, column)
        warnings += [f"{filled} days without a row are days without new followers"] if filled else []
    daily = daily.assign(platform=account.platform, account_id=account_key(account), is_partial=False)
    return Parsed({"account_daily": daily}, sheet.cells.rejects, sheet.rows_in, exported, warnings)


def _fill_days(daily: pd.DataFrame, column: str) -> tuple[pd.DataFrame, int]:
    every = pd.DataFrame({"date_day": pd.date_range(daily["date_day"].min(), daily["date_day"].max())})
    missing = every[~every["date_day"].isin(daily["date_day"])].assign(**{column: 0})
    return pd.concat([daily, missing], ignore_index=True).astype({column: "Int64"}), len(missing)


def find_audience(grid: Grid) -> Sheet | None:
    """Return the sections of an Audience file as one sheet (dimension, segment, column, value); None if it is none."""
    titles = [row[0].strip().casefold() for row in grid.rows[:4] if row]
    if "instagram followers" not in titles:
        return None
    records: list[list[str]] = []
    section = ""
    header: list[str] = []
    for row in [*grid.rows, []]:
        cells = [cell.strip() for cell in row if cell.strip()]
        if not cells:
            section, header = "", []
        elif not section and not cells[0].casefold().startswith("sep="):
            section = cells[0]
        elif section and not header:
            header = cells
        elif section:
            records += [[section, cells[0], title, value] for title, value in zip(header[1:], cells[1:], strict=False)]
            records += [[section, "all", header[0], cells[0]]] if len(header) == 1 else []
    names = ["section", "segment", "title", "value"]
    return Sheet(cells_of(records, {name: place for place, name in enumerate(names)}, names), names, [], grid)


def parse_audience(sheet: Sheet, context: Context) -> Parsed:
    """Return the composition of the followers at export: gender and age, cities, countries and the total."""
    account = whose(context, ("instagram",))
    exported = context.exported_at()
    frame = sheet.cells.frame
    section = frame["section"].str.casefold()
    dimension = pd.Series("other", index=frame.index, dtype="string")
    for word, name in (("gender", "gender_age"), ("cit", "city"), ("countr", "country")):
        dimension = dimension.mask(section.str.contains(word), name)
    total = frame["segment"] == "all"
    dimension = dimension.mask(total, "total")
    segment = frame["segment"].where(dimension != "gender_age", frame["segment"] + " " + frame["title"].str.casefold())
    is_share = frame["value"].str.contains("%")
    share = sheet.cells.percent("value").where(is_share)
    counted = pd.to_numeric(frame["value"].where(~is_share).str.replace(",", ""), errors="coerce").astype("Int64")
    audience = accepted(sheet, {
        "platform": "instagram", "account_id": account_key(account), "snapshot_at": exported,
        "dimension": dimension, "segment": segment, "share": share, "count": counted,
    })  # fmt: skip
    return Parsed({"audience_snapshot": audience}, sheet.cells.rejects, sheet.rows_in, exported)


def _find_daily(grid: Grid) -> Sheet | None:
    for number, row in enumerate(grid.rows[:6]):
        if [cell.strip().casefold() for cell in row] == ["date", "primary"]:
            return sheet_at(grid, (number, {0: "date", 1: "value"}))
    return None


SOURCES = (
    Source("instagram", "content", ("instagram",), CONTENT,
           frozenset({"post_id", "account_id", "username", "publish_time", "post_url", "post_type"}), parse_content),
    Source("instagram", "daily", ("instagram", "facebook"), {}, frozenset(), parse_daily, _find_daily),
    Source("instagram", "audience", ("instagram",), {}, frozenset(), parse_audience, find_audience),
)  # fmt: skip
