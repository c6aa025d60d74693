"""Facebook page content from Meta Business Suite: the post export in all its vintages, and the one of videos only."""

from __future__ import annotations

import re

import pandas as pd

from fanops_utils.data.sources.shared.cells import Cells
from fanops_utils.data.sources.shared.owners import owners
from fanops_utils.data.sources.shared.resaved import counts, printed_time
from fanops_utils.data.sources.shared.sheet import Sheet, accepted
from fanops_utils.data.sources.shared.source import Context, Parsed, Source
from fanops_utils.data.sources.social.instagram import META_ID, META_ZONE, range_end, refuse_other_windows

PAGE = re.compile(r"facebook\.com/([\w.-]+)/(?:posts|videos|photos|reels?)/")
# "Ad impressions" are of advertising inside the page's videos, REELS_PLAYS:COUNT counts replays: neither is read.
CONTENT = {
    "post_id": ("Post ID", "Identificador de la publicación", "Identificação do post"),
    "asset_id": ("Video asset ID", "Identificador de la pieza de vídeo", "Identificador de la pieza de video"),
    "page_id": ("Page ID", "Identificador de la página", "Identificação da página"),
    "account_name": ("Page name", "Nombre de la página", "Nome da página"),
    "title": ("Title", "Título"),
    "description": ("Description", "Descripción", "Descrição"),
    "duration_seconds": ("Duration (sec)", "Duración (segundos)", "Duração (s)"),
    "publish_time": ("Publish time", "Hora de publicación", "Horário de publicação"),
    "post_url": ("Permalink", "Enlace permanente", "Link permanente"),
    "is_share": ("Is share",),
    "post_type": ("Post type", "Tipo de publicación", "Tipo de post"),
    "counted": ("Date", "Data", "Fecha", "Datum", "日付", "날짜"),
    "views": ("Views", "Visualizaciones", "Visualizações"),
    "impressions": ("Impressions", "Impresiones", "Impressões"),
    "reach": ("Reach", "Alcance"),
    "engagements": (
        "Reactions, Comments and Shares", "Reacciones, comentarios y veces que se ha compartido",
    ),
    "likes": ("Reactions", "Reacciones"),
    "comments": ("Comments", "Comentarios"),
    "shares": ("Shares", "Veces que se ha compartido"),
    "clicks": ("Total clicks",),
    "link_clicks": ("Link Clicks",),
    "negative_feedback": ("Negative feedback from users",),
    "reach_paid": ("Reach from Boosted posts",),
    "views_paid": ("Views from Boosted posts",),
    "impressions_paid": ("Impressions from Boosted posts",),
    "views_3s": ("3-Second Video Views", "Visualizaciones de vídeo de 3 segundos", "Visualizaciones de video de 3 segundos"),
    "views_1min": ("1-Minute Video Views", "Visualizaciones de vídeo de 1 minuto", "Visualizaciones de video de 1 minuto"),
    "watch_time_seconds": ("Seconds viewed", "Segundos reproducidos"),
    "average_view_duration_seconds": ("Average Seconds viewed", "Segundos reproducidos de media"),
}  # fmt: skip
POST_TYPES = {
    "photos": "image", "photo": "image", "image": "image", "albums": "carousel", "carousel": "carousel",
    "reels": "short_video", "reel": "short_video", "videos": "video", "video": "video", "live videos": "live",
    "live": "live", "live video": "live", "text": "text", "status": "text", "links": "link", "link": "link",
    "stories": "story", "story": "story", "fotos": "image", "vídeos": "video", "enlaces": "link",
}  # fmt: skip
COUNTS = (
    "views", "impressions", "reach", "engagements", "likes", "comments", "shares", "clicks", "link_clicks",
    "negative_feedback", "reach_paid", "views_paid", "impressions_paid", "views_3s", "views_1min",
)  # fmt: skip
SECONDS = ("watch_time_seconds", "average_view_duration_seconds")


def parse_content(sheet: Sheet, context: Context) -> Parsed:
    """Return posts and their lifetime metrics; reactions are the likes, the caption stands in Title.

    The publication time is read as US Pacific time, which nothing in the file proves. Posts are told apart by id: their
    links change from export to export.
    """
    return _parse(sheet, context, "post_id", [])


def parse_videos(sheet: Sheet, context: Context) -> Parsed:
    """Return videos and their lifetime metrics, under the id of the video: this export does not name the post."""
    said = ["videos are told apart by the id of the video, not of the post: beside an export of posts they count twice"]
    return _parse(sheet, context, "asset_id", said)


def _parse(sheet: Sheet, context: Context, key: str, warnings: list[str]) -> Parsed:
    cells = sheet.cells
    pages = cells.raw("post_url").str.extract(PAGE, expand=False)
    account, theirs = owners(context, "facebook", [cells.raw("page_id"), cells.raw("account_name"), pages])
    created, said = printed_time(sheet, "publish_time", context, zone=META_ZONE)
    cells.reject("publish_time", cells.raw("publish_time").isna(), "the cell is empty")
    refuse_other_windows(cells)
    exported = context.exported_at(named=range_end(context.export.name))
    metrics = {**counts(sheet, COUNTS), **{name: cells.number(name) for name in SECONDS if cells.has(name)}}
    kind, unknown = _kind(cells)
    duration = cells.number("duration_seconds")
    same = {"platform": "facebook", "post_id": cells.identifier(key, shape=META_ID)}
    posts = accepted(sheet, {
        **same, "account_id": account, "account_name": cells.text("account_name"), "post_url": cells.raw("post_url"),
        "post_message": cells.text("title").fillna(cells.text("description")), "post_type": kind,
        "created_timestamp": created, "created_precision": "minute", "created_source": "export", "tz_source": "assumed",
        "is_collab": theirs, "is_reply": False, "is_paid": _is_paid(metrics, cells.frame.index),
        "duration_seconds": duration.where(duration > 0),
    })  # fmt: skip
    lifetime = accepted(sheet, {**same, "metric_window": "lifetime", "snapshot_at": exported, **metrics})
    said += [f"post type '{name}' is not known: left open" for name in unknown]
    said.append("publication times are read as US Pacific time, as Meta prints them; nothing in this file proves it")
    tables = {"posts": posts, "post_metrics": lifetime}
    return Parsed(tables, cells.rejects, sheet.rows_in, exported, [*warnings, *said])


def _kind(cells: Cells) -> tuple[pd.Series, list[str]]:
    """Return the post type of each row and the spellings that are not known."""
    printed = cells.raw("post_type")
    found = printed.str.casefold().map(POST_TYPES).astype("string")
    return found, sorted(printed[printed.notna() & found.isna()].unique())


def _is_paid(metrics: dict[str, pd.Series], index: pd.Index) -> pd.Series:
    """Return whether a post was boosted; unknown where the file does not split its reach, views or impressions."""
    paid = pd.Series(pd.NA, index=index, dtype="boolean")
    for name in ("reach_paid", "views_paid", "impressions_paid"):
        if name in metrics:
            boosted = (metrics[name] > 0).astype("boolean")
            paid = boosted.fillna(paid) | paid.fillna(value=False)
    return paid


SOURCES = (
    Source(
        "facebook", "content", ("facebook",), CONTENT, frozenset({"post_id", "page_id", "publish_time"}), parse_content
    ),
    Source("facebook", "videos", ("facebook",), CONTENT, frozenset({"asset_id", "publish_time"}), parse_videos),
)
