from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fanops_utils.data.sources.shared.post_ids import (
    ALPHABET,
    INSTAGRAM_EPOCH_MS,
    X_EPOCH_MS,
    instagram_time,
    linkedin_id,
    linkedin_time,
    x_link,
    x_time,
)

MOMENTS = st.datetimes(datetime(2012, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))


def milliseconds(when: datetime) -> int:
    return round(when.timestamp() * 1000)


@given(MOMENTS, st.integers(0, 2**22 - 1))
def test_ids_hold_the_time(when: datetime, low: int) -> None:
    on_x = x_time(str((milliseconds(when) - X_EPOCH_MS) << 22 | low))
    on_linkedin = linkedin_time(str(milliseconds(when) << 22 | low))
    story = f"https://www.instagram.com/stories/demo_brand/{(milliseconds(when) - INSTAGRAM_EPOCH_MS) << 23 | low}"
    for found in (on_x, on_linkedin, instagram_time(story)):
        assert found is not None
        assert abs((found - when).total_seconds()) < 0.002


def test_known_ids() -> None:
    assert str(x_time("2035933611212357737"))[:16] == "2026-03-23 04:16"
    assert str(linkedin_time("7522499659038720000"))[:10] == "2026-11-01"


@pytest.mark.parametrize("number", ["20", "29700859246", "", "abc", "1.2E+18"])
def test_ids_of_before_november_2010_hold_no_time(number: str) -> None:
    assert x_time(number) is None


@pytest.mark.parametrize(
    ("url", "link"),
    [
        ("https://twitter.com/Demo_Brand/status/2035933555061686272?s=20", ("Demo_Brand", "2035933555061686272")),
        ("https://x.com/i/web/status/2035933555061686272", (None, "2035933555061686272")),
        ("https://example.com/status", None),
    ],
)
def test_links_of_x(url: str, link: tuple[str | None, str] | None) -> None:
    assert x_link(url) == link


@pytest.mark.parametrize(
    ("url", "number"),
    [
        ("https://www.linkedin.com/feed/update/urn:li:activity:7406535690700000001", "7406535690700000001"),
        ("https://www.linkedin.com/posts/demo-brand_new-drop-activity-7406535690700000001-AbCd", "7406535690700000001"),
        ("urn:li:ugcPost:7406535690700000001", "7406535690700000001"),
        ("https://www.linkedin.com/company/demo-brand", None),
    ],
)
def test_links_of_linkedin(url: str, number: str | None) -> None:
    assert linkedin_id(url) == number


@given(st.datetimes(datetime(2012, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC)), st.integers(0, 2**23 - 1))
def test_shortcodes_hold_the_time(when: datetime, low: int) -> None:
    number = (int(when.timestamp() * 1000) - INSTAGRAM_EPOCH_MS) << 23 | low
    code = ""
    while number:
        code, number = ALPHABET[number % 64] + code, number // 64
    found = instagram_time(f"https://www.instagram.com/reel/{code}/")
    assert found is not None
    assert abs((found - when).total_seconds()) < 0.002
