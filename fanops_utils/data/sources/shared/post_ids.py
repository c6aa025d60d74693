"""The time hidden in post ids: it proves the zone of an export, the hour and the year it leaves out."""

from __future__ import annotations

import re
from datetime import UTC, datetime

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
INSTAGRAM_EPOCH_MS = 1_314_220_021_721
SHORTCODE = re.compile(r"instagram\.com/(?:[\w.]+/)?(?:p|reel|reels|tv)/([A-Za-z0-9_-]{5,28})")
STORY = re.compile(r"instagram\.com/stories/[\w.]+/(\d{15,20})")
X_EPOCH_MS = 1_288_834_974_657
X_FIRST_DATED = 29_700_859_247  # ids before November 2010 are counted, not dated
X_POST = re.compile(r"(?:twitter|x)\.com/(\w+)(?:/web)?/status(?:es)?/(\d{1,20})")
LINKEDIN_URN = re.compile(r"(?:urn:li:)?(?:activity|share|ugcPost)[:-](\d{15,20})")
TIKTOK_VIDEO = re.compile(r"tiktok\.com/@([\w.-]+)/(?:video|photo)/(\d{15,20})")
EARLIEST, LATEST = datetime(2010, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)


def instagram_time(url: str) -> datetime | None:
    """Return the creation time in the shortcode or story number of an Instagram *url*, in UTC; None where there is none.

    >>> instagram_time("https://www.instagram.com/p/DVkr30zgAAA/").isoformat()
    '2026-03-07T06:30:00+00:00'
    """
    if story := STORY.search(url):
        return _moment(((int(story.group(1)) >> 23) + INSTAGRAM_EPOCH_MS) / 1000)
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


def x_time(post_id: str) -> datetime | None:
    """Return the creation time in the id of a post on X, in UTC; None where it holds none.

    >>> x_time("2035933611212357737").date().isoformat()
    '2026-03-23'
    """
    dated = post_id.isdigit() and int(post_id) >= X_FIRST_DATED
    return _moment(((int(post_id) >> 22) + X_EPOCH_MS) / 1000) if dated else None


def x_link(url: str) -> tuple[str | None, str] | None:
    """Return handle and post id in the *url* of a post on X; handle None where the link names none.

    >>> x_link("https://x.com/demo_brand/status/2035933555061686272"), x_link("https://x.com/i/web/status/20")
    (('demo_brand', '2035933555061686272'), (None, '20'))
    """
    found = X_POST.search(url)
    return (None if found.group(1) == "i" else found.group(1), found.group(2)) if found else None


def linkedin_id(url: str) -> str | None:
    """Return the number of the activity, share or post in a LinkedIn *url*; None where it has none.

    >>> linkedin_id("https://www.linkedin.com/feed/update/urn:li:activity:7522499659038720000")
    '7522499659038720000'
    """
    found = LINKEDIN_URN.search(url)
    return found.group(1) if found else None


def linkedin_time(post_id: str) -> datetime | None:
    """Return the creation time in a LinkedIn activity number, in UTC; None where it holds none.

    >>> linkedin_time("7522499659038720000").date().isoformat()
    '2026-11-01'
    """
    return _moment((int(post_id) >> 22) / 1000) if post_id.isdigit() else None


def _moment(seconds: float) -> datetime | None:
    try:
        found = datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, OSError, ValueError):
        return None
    return found if EARLIEST < found < LATEST else None
