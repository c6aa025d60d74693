"""WeChat Channels (视频号): the list of videos with what became of them."""

from __future__ import annotations

from fanops_utils.data.sources.chinese.works import checked_totals, published, without_totals, works
from fanops_utils.data.sources.shared.sheet import Aliases, Sheet
from fanops_utils.data.sources.shared.source import Context, Parsed, Source

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
    cells = sheet.cells
    post_id, created = cells.identifier("post_id"), published(cells, "created")
    counts = {name: cells.large(name) for name in COUNTS if cells.has(name)}
    rates = {"completion_rate": cells.rate("completion_rate")}
    parsed = works(
        sheet, context, "wechat", post_id=post_id, kind="short_video", created=created, counts=counts, rates=rates
    )
    parsed.warnings += checked_totals(sheet, totals, counts)
    return parsed


SOURCES = (
    Source(
        "wechat", "videos", PLATFORM, VIDEOS, frozenset({"post_message", "post_id", "created", "views"}), parse_videos
    ),
)
