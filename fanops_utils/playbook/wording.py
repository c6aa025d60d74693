"""How numbers and names are said: digits that matter, intervals, signs; the same everywhere."""

from __future__ import annotations

import math

from fanops_utils.workspace import platforms

PLATFORMS: dict[str, str] = {one.id: one.name for one in platforms.PLATFORMS.values()}
FORMATS = {
    "image": "images", "video": "videos", "short_video": "short videos", "carousel": "carousels", "story": "stories",
    "text": "text posts", "link": "links", "live": "live streams", "note": "notes",
}  # fmt: skip
UNITS = {
    "engagements": ("interaction", "interactions"), "views": ("view", "views"), "reach": ("account reached", "accounts reached"),
    "profile_visits": ("profile visit", "profile visits"), "link_clicks": ("link click", "link clicks"),
    "followers_gained": ("new follower", "new followers"),
}  # fmt: skip
PER = {"reach": "person reached", "views": "view", "impressions": "impression"}


def percent(value: float) -> str:
    """Return a fraction as percent, three significant digits at most.

    >>> percent(0.02407), percent(0.3456), percent(1.25)
    ('2.41%', '34.6%', '125%')
    """
    size = abs(value)
    return f"{value:.2%}" if size < 0.1 else f"{value:.1%}" if size < 1 else f"{value:.0%}"


def signed(value: float) -> str:
    """Return a fraction as percent with its sign.

    >>> signed(0.08), signed(-0.123)
    ('+8.0%', '-12.3%')
    """
    return f"{value:+.1%}"


def points(value: float) -> str:
    """Return a difference of two fractions in percentage points.

    >>> points(-0.0082)
    '-0.82 pp'
    """
    return f"{value * 100:+.2f} pp"


def count(value: float) -> str:
    """Return a count with thousands separators; small means keep one decimal.

    >>> count(12345.6), count(2.04)
    ('12,346', '2.0')
    """
    if math.isnan(value):
        return "unknown"
    return f"{value:,.1f}" if abs(value) < 20 and value != int(value) else f"{value:,.0f}"


FORMS = {"percent": percent, "signed": signed, "points": points, "count": count}


def span(lower: float, upper: float, *, form: str = "percent", level: float = 0.95) -> str:
    """Return an interval with its level.

    >>> span(0.02, 0.03)
    '95% CI 2.00% to 3.00%'
    """
    say = FORMS[form]
    return f"{level:.0%} CI {say(lower)} to {say(upper)}"


def clock(hour: float) -> str:
    """Return an hour of the day as hours and minutes, to the nearest ten minutes.

    >>> clock(12.52), clock(23.99), clock(-1)
    ('12:30', '00:00', '23:00')
    """
    minutes = round(hour * 6) * 10 % (24 * 60)
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def money(value: float, currency: str) -> str:
    """Return an amount with its currency; cents only where they matter.

    >>> money(12345.6, "USD"), money(0.1234, "USD")
    ('USD 12,346', 'USD 0.12')
    """
    return f"{currency} {value:,.0f}" if abs(value) >= 100 else f"{currency} {value:,.2f}"


def people(number: float) -> str:
    """Return a count of people as it may be told: below ten it stays hidden.

    >>> people(7), people(0), people(1200)
    ('fewer than ten', 'none', '1,200')
    """
    return "none" if number == 0 else "fewer than ten" if number < 10 else count(number)


def plural(number: int, one: str, many: str) -> str:
    """Return *number* with the word that goes with it.

    >>> plural(1, "post", "posts"), plural(3, "post", "posts")
    ('1 post', '3 posts')
    """
    return f"{count(number)} {one if number == 1 else many}"
