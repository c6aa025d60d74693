"""The platforms, declared once: how registers name them, what people call them, what a report can ask of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

PlatformId = Literal[
    "instagram", "facebook", "tiktok", "youtube", "x", "linkedin", "discord", "shopify",
    "xiaohongshu", "douyin", "wechat", "weibo", "bluesky", "mastodon", "reddit", "line", "twitch", "email", "google",
    "web", "other",
]  # fmt: skip


@dataclass(frozen=True)
class Platform:
    """One platform: its id in registers and tables, its proper name, and whether it has posts and followers."""

    id: PlatformId
    name: str
    name_zh: str
    posts: bool = False
    followers: bool = False


def _social(id_: PlatformId, name: str, name_zh: str = "") -> Platform:
    return Platform(id_, name, name_zh or name, posts=True, followers=True)


PLATFORMS: dict[str, Platform] = {
    one.id: one
    for one in (
        _social("instagram", "Instagram"),
        _social("facebook", "Facebook"),
        _social("tiktok", "TikTok"),
        _social("youtube", "YouTube"),
        _social("x", "X"),
        _social("linkedin", "LinkedIn"),
        Platform("discord", "Discord", "Discord"),
        Platform("shopify", "Shopify", "Shopify"),
        _social("xiaohongshu", "Xiaohongshu", "小红书"),
        _social("douyin", "Douyin", "抖音"),
        _social("wechat", "WeChat Channels", "微信视频号"),
        _social("weibo", "Weibo", "微博"),
        _social("bluesky", "Bluesky"),
        _social("mastodon", "Mastodon"),
        Platform("reddit", "Reddit", "Reddit", posts=True),
        Platform("line", "LINE", "LINE", followers=True),
        Platform("twitch", "Twitch", "Twitch", followers=True),
        Platform("email", "e-mail", "邮件"),
        Platform("google", "Google", "Google"),
        Platform("web", "web", "网站"),
        Platform("other", "other", "其他"),
    )
}


def platform_name(name: str, *, language: str = "en") -> str:
    """Return the proper name of the platform with id *name* in *language*; *name* itself where there is none.

    >>> platform_name("wechat"), platform_name("wechat", language="zh-Hans"), platform_name("threads")
    ('WeChat Channels', '微信视频号', 'threads')
    """
    if (found := PLATFORMS.get(name)) is None:
        return name
    return found.name_zh if language.startswith("zh") else found.name


def platforms_with_posts() -> tuple[str, ...]:
    """Return the ids of the platforms whose posts a report can compare.

    >>> platforms_with_posts()[:3], "shopify" in platforms_with_posts()
    (('instagram', 'facebook', 'tiktok'), False)
    """
    return tuple(one.id for one in PLATFORMS.values() if one.posts)
