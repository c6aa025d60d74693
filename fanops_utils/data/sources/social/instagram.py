"""Instagram content from Meta Business Suite: posts, and stories from an export of their own.

Headers in English, Portuguese and Spanish as exports print them, in Japanese as the test of a reader in a public repository
copies one (of its types of posts only the reel's is known). Of other languages no export was found.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime

from fanops_utils.data.sources.shared.cells import Cells
from fanops_utils.data.sources.shared.owners import owners
from fanops_utils.data.sources.shared.post_ids import instagram_time
from fanops_utils.data.sources.shared.publication import by_minute, decoded
from fanops_utils.data.sources.shared.resaved import counts, printed_time
from fanops_utils.data.sources.shared.sheet import Sheet, accepted
from fanops_utils.data.sources.shared.source import Context, Parsed, Source
from fanops_utils.errors import counted

# Meta prints "Publish time" in US Pacific time whatever the account's zone is; shortcodes prove it row by row.
META_ZONE = "America/Los_Angeles"
META_ID = r"[0-9]{5,20}(?:_[0-9]{5,20})?"
FILE_RANGE = re.compile(r"([A-Z][a-z]{2}-\d{2}-\d{4})_([A-Z][a-z]{2}-\d{2}-\d{4})_")

CONTENT = {
    "post_id": ("Post ID", "Identificação do post", "Identificador de la publicación", "投稿ID"),
    "account_id": ("Account ID", "Identificação da conta", "Identificador de la cuenta", "アカウントID"),
    "username": (
        "Account username",
        "Nome de usuário da conta",
        "Nombre de usuario de la cuenta",
        "アカウントのユーザーネーム",
    ),
    "account_name": ("Account name", "Nome da conta", "Nombre de la cuenta", "アカウント名"),
    "post_message": ("Description", "Descrição", "Descripción", "説明"),
    "duration_seconds": ("Duration (sec)", "Duração (s)", "Duración (segundos)", "時間(秒)"),
    "publish_time": ("Publish time", "Horário de publicação", "Hora de publicación", "公開時間"),
    "post_url": ("Permalink", "Link permanente", "Enlace permanente", "リンク"),
    "post_type": ("Post type", "Tipo de post", "Tipo de publicación", "投稿タイプ"),
    "counted": ("Date", "Data", "Fecha", "Datum", "日付", "날짜", "日時"),
    "views": ("Views", "Visualizações", "Visualizaciones", "ビュー"),
    # what stood in the place of Views until April 2025: another metric, so another column
    "impressions": ("Impressions", "Impressões", "Impresiones"),
    "reach": ("Reach", "Alcance", "リーチ"),
    "likes": ("Likes", "Curtidas", "Me gusta", "いいね！の数"),
    "shares": ("Shares", "Compartilhamentos", "Veces que se ha compartido", "Veces que se compartió", "シェア数"),
    "follows": ("Follows", "Seguimentos", "Seguidores", "フォロー数"),
    "comments": ("Comments", "Comentários", "Comentarios", "コメント数"),
    "replies": ("Replies", "Respostas", "Respuestas"),
    "saves": ("Saves", "Salvamentos", "Veces guardado", "Veces que se guardó", "保存数"),
    "link_clicks": ("Link clicks", "Cliques no link", "Clics en el enlace"),
    "profile_visits": ("Profile visits", "Visitas ao perfil", "Visitas al perfil"),
}
POST_TYPES = {
    "IG image": "image", "IG reel": "short_video", "IG carousel": "carousel", "IG story": "story",
    "IG video": "video", "IG live": "live",
    "Imagem do Instagram": "image", "Reel do Instagram": "short_video", "Carrossel do Instagram": "carousel",
    "Story do Instagram": "story", "Imagen de Instagram": "image", "Reel de Instagram": "short_video",
    "Secuencia de Instagram": "carousel", "Historia de Instagram": "story", "IGリール動画": "short_video",
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
NEEDED = frozenset({"post_id", "account_id", "publish_time", "post_url", "post_type"})


def parse_content(sheet: Sheet, context: Context) -> Parsed:
    """Return posts or stories and their lifetime metrics, with publication times proved by shortcodes.

    The answers to a story count as its comments. Navigation and taps on stickers have no column.
    """
    cells = sheet.cells
    account, theirs = owners(context, "instagram", [cells.raw("account_id"), cells.raw("username")])
    ids = decoded(cells.frame["post_url"], instagram_time, cells.frame.index)
    printed, said = printed_time(sheet, "publish_time", context, zone=META_ZONE, ids=ids)
    published = by_minute(printed, ids, zone="US Pacific time (UTC-7/-8)")
    published.refuse_impossible(cells, "publish_time")
    refuse_other_windows(cells)
    exported = context.exported_at(named=range_end(context.export.name))
    kind = cells.choice("post_type", POST_TYPES)
    metrics = counts(sheet, COUNTS)
    if cells.has("replies"):
        answers = counts(sheet, ("replies",))["replies"]
        metrics["comments"] = metrics["comments"].fillna(answers) if "comments" in metrics else answers
    duration = cells.number("duration_seconds")
    same = {"platform": "instagram", "post_id": cells.identifier("post_id", shape=META_ID)}
    posts = accepted(sheet, {
        **same, "account_id": account, "account_name": cells.text("account_name"),
        "post_url": cells.raw("post_url"), "post_message": cells.text("post_message"), "post_type": kind,
        **published.columns(), "is_collab": theirs, "is_reply": False, "duration_seconds": duration.where(duration > 0),
    })  # fmt: skip
    lifetime = accepted(sheet, {**same, "metric_window": "lifetime", "snapshot_at": exported, **metrics})
    collab = int(posts["is_collab"].sum())
    warnings = [*said, *published.warnings]
    warnings += [f"{counted(collab, 'post')} of other accounts (collaborations): kept and marked"] if collab else []
    return Parsed({"posts": posts, "post_metrics": lifetime}, cells.rejects, sheet.rows_in, exported, warnings)


def refuse_other_windows(cells: Cells) -> None:
    """Reject records whose cell `Date` names a day: their numbers are those of a day, not of the post's life."""
    reason = "numbers of a day or a period, not of the post's life: choose Lifetime (Total) and export again"
    cells.reject("counted", cells.raw("counted").str.contains(r"\d", regex=True), reason)


def range_end(name: str) -> datetime | None:
    """Return the end of the last day of the range in the *name* of a content export; None where it names none.

    >>> range_end("Mar-17-2025_Mar-17-2026_1583510916282258.csv").date().isoformat()
    '2026-03-17'
    """
    found = FILE_RANGE.search(name)
    try:
        day = datetime.strptime(found.group(2), "%b-%d-%Y") if found else None
    except ValueError:
        return None
    return day.replace(hour=23, minute=59, second=59, tzinfo=UTC) if day else None


SOURCES = (Source("instagram", "content", ("instagram",), CONTENT, NEEDED, parse_content),)
