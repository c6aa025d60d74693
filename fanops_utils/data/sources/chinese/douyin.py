"""Douyin: the list of works (作品列表) of the creator centre, as CSV, as a workbook, or as a workbook called .CSV."""

from __future__ import annotations

from fanops_utils.data.sources.chinese.works import checked_totals, published, without_totals, work_key, works
from fanops_utils.data.sources.shared.sheet import Aliases, Sheet
from fanops_utils.data.sources.shared.source import Context, Parsed, Source

PLATFORM = ("douyin",)

WORKS: Aliases = {
    "post_message": ("作品名称",), "created": ("发布时间",), "post_type": ("体裁",), "views": ("播放量",),
    "completion_rate": ("完播率",), "impressions_ctr": ("封面点击率",), "average_view_duration": ("平均播放时长",),
    "likes": ("点赞量",), "shares": ("分享量",), "comments": ("评论量",), "saves": ("收藏量",),
    "profile_visits": ("主页访问量",), "follows": ("粉丝增量",),
}  # fmt: skip
KINDS = {"图文": "image", "视频": "short_video", "直播": "live"}
COUNTS = ("views", "likes", "shares", "comments", "saves", "profile_visits", "follows")


def _kind(text: str) -> str | None:
    # the genre of a video says how long it is: 1min-视频, 1-3min视频
    return next((kind for word, kind in KINDS.items() if word in text), None)


def parse_works(sheet: Sheet, context: Context) -> Parsed:
    """Return works and their lifetime metrics; times are China's, rates fractions or percentages by file.

    The file has no id: `post_id` is the hash of title, time and genre. A work whose title is edited becomes another.
    Rows that add the others up (累计, 合计, 总计) are held against their sum and dropped.
    """
    sheet, totals = without_totals(sheet, "post_message")
    cells = sheet.cells
    cells.required("created")
    created = published(cells, "created")
    kind = cells.apply("post_type", _kind, "neither 视频 nor 图文").astype("string")
    post_id = work_key(cells.text("post_message"), created[0], cells.raw("post_type"))
    counts = {name: cells.large(name) for name in COUNTS if cells.has(name)}
    rates = {name: cells.rate(name) for name in ("completion_rate", "impressions_ctr")}
    parsed = works(sheet, context, "douyin", post_id=post_id, kind=kind, created=created, counts=counts, rates=rates)
    parsed.warnings += checked_totals(sheet, totals, counts)
    return parsed


SOURCES = (
    Source(
        "douyin", "works", PLATFORM, WORKS, frozenset({"post_message", "created", "post_type", "views"}), parse_works
    ),
)
