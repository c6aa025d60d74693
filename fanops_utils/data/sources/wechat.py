"""WeChat Channels (视频号): the list of videos with what became of them."""

from __future__ import annotations

from fanops_utils.data.sources.base import Aliases, Context, Parsed, Sheet, Source, accepted, account_key, whose
from fanops_utils.data.sources.chinese import checked_totals, published, rounded, seconds, without_totals

PLATFORM = ("wechat",)

# 推荐 (recommended to friends) is not 喜欢 (liked), and no canonical column means it: it is not read.
VIDEOS: Aliases = {
    "post_message": ("视频描述",), "post_id": ("视频ID",), "created": ("发布时间",), "completion_rate": ("完播率",),
    "average_view_duration": ("平均播放时长",), "views": ("播放量",), "likes": ("喜欢",), "comments": ("评论量",),
    "shares": ("分享量",), "follows": ("关注量",),
}  # fmt: skip
COUNTS = ("views", "likes", "comments", "shares", "follows")


def parse_videos(sheet: Sheet, context: Context) -> Parsed:
    """Return videos and their lifetime metrics; the day of publication is China's, its hour is not in the file."""
    sheet, totals = without_totals(sheet, "post_message")
    cells, account, exported = sheet.cells, whose(context, PLATFORM), context.exported_at()
    post_id = cells.identifier("post_id")
    created, precision = published(cells, "created")
    counts = {name: cells.large(name) for name in COUNTS if cells.has(name)}
    rate, watched = cells.rate("completion_rate"), seconds(cells, "average_view_duration")
    same = {"platform": "wechat", "post_id": post_id}
    posts = accepted(sheet, {
        **same, "account_id": account_key(account), "post_message": cells.text("post_message"),
        "post_type": "short_video", "created_timestamp": created, "created_precision": precision,
        "created_source": "export", "tz_source": "assumed", "is_collab": False, "is_reply": False,
    })  # fmt: skip
    metrics = accepted(sheet, {
        **same, "metric_window": "lifetime", "snapshot_at": exported, **counts, "completion_rate": rate,
        "average_view_duration_seconds": watched,
    })  # fmt: skip
    warnings = [*rounded(cells, tuple(counts)), *checked_totals(sheet, totals, counts)]
    return Parsed({"posts": posts, "post_metrics": metrics}, cells.rejects, sheet.rows_in, exported, warnings)


SOURCES = (
    Source(
        "wechat", "videos", PLATFORM, VIDEOS, frozenset({"post_message", "post_id", "created", "views"}), parse_videos
    ),
)
