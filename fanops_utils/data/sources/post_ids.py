"""The time hidden in post ids: it proves the zone of an export, the hour and the year it leaves out."""

from __future__ import annotations

import re
from datetime import UTC, datetime

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
INSTAGRAM_EPOCH_MS = 1_314_220_021_721
SHORTCODE = re.compile(r"instagram\.com/(?:[\w.]+/)?(?:p|reel|reels|tv)/([A-Za-z0-9_-]{5,28})")
TIKTOK_VIDEO = re.compile(r"tiktok\.com/@([\w.-]+)/(?:video|photo)/(\d{15,20})")
EARLIEST, LATEST = datetime(2010, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)


def instagram_time(url: str) -> datetime | None:
    """Return the creation time in the shortcode of an Instagram *url*, in UTC; None where there is none.

    >>> instagram_time("https://www.instagram.com/p/DVkr30zgAAA/").isoformat()
    '2026-03-07T06:30:00+00:00'
    """
    found = SHORTCODE.search(url)
    if not found:
        return None
    number = 0
    for char in found.group(1)[:11]:
        number = number * 64 + ALPHABET.index(char)
    return _moment(((number >> 23) + INSTAGRAM_EPOCH_MS) / 1000)


def tiktok_time(video_id: str) -> datetime | None:
    """Return the upload time in a TikTok *video_id*, in UTC; None where it holds none.

    >>> tiktok_time("7589538354010521600").date().isoformat()
    '2025-12-30'
    """
    return _moment(int(video_id) >> 32) if video_id.isdigit() else None


def tiktok_link(url: str) -> tuple[str, str] | None:
    """Return handle and video id in a TikTok *url*; None where it is no such link."""
    found = TIKTOK_VIDEO.search(url)
    return (found.group(1), found.group(2)) if found else None


def _moment(seconds: float) -> datetime | None:
    try:
        found = datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, OSError, ValueError):
        return None
    return found if EARLIEST < found < LATEST else None
