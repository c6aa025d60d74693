"""Xiaohongshu: the list of notes (笔记列表明细表.xlsx) of the creator centre."""

from __future__ import annotations

from fanops_utils.data.sources.chinese.works import published, work_key, works
from fanops_utils.data.sources.shared.sheet import Aliases, Sheet
from fanops_utils.data.sources.shared.source import Context, Parsed, Source

PLATFORM = ("xiaohongshu",)
MOST = 1000

NOTES: Aliases = {
    "post_message": ("笔记标题",), "created": ("首次发布时间",), "post_type": ("体裁",), "impressions": ("曝光", "曝光量"),
    "views": ("观看量", "观看"), "impressions_ctr": ("封面点击率",), "likes": ("点赞", "点赞量"),
    "comments": ("评论", "评论量"), "saves": ("收藏", "收藏量"), "follows": ("涨粉", "涨粉量"), "shares": ("分享", "分享量"),
    "average_view_duration": ("人均观看时长",),
}  # fmt: skip
KINDS = {"图文": "note", "视频": "short_video", "直播": "live"}
COUNTS = ("impressions", "views", "likes", "comments", "saves", "follows", "shares")


def parse_notes(sheet: Sheet, context: Context) -> Parsed:
    """Return notes and their lifetime metrics; times are China's.

    The file has no id: `post_id` is the hash of title, time and genre. A note whose title is edited becomes another.
    """
    cells = sheet.cells
    cells.required("created")
    created, kind = published(cells, "created"), cells.choice("post_type", KINDS)
    post_id = work_key(cells.text("post_message"), created[0], kind)
    counts = {name: cells.large(name) for name in COUNTS if cells.has(name)}
    rates = {"impressions_ctr": cells.rate("impressions_ctr")}
    parsed = works(
        sheet, context, "xiaohongshu", post_id=post_id, kind=kind, created=created, counts=counts, rates=rates
    )
    if sheet.rows_in >= MOST:
        parsed.warnings.append(f"Xiaohongshu lists at most {MOST:,} notes: this is not a count of notes")
    return parsed


SOURCES = (
    Source(
        "xiaohongshu",
        "notes",
        PLATFORM,
        NOTES,
        frozenset({"post_message", "created", "post_type", "views"}),
        parse_notes,
    ),
)
