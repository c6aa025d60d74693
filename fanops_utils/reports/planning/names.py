"""What the pages of a report are called."""

from __future__ import annotations

from collections.abc import Sequence

METRICS = "metrics"  # the page of all metrics, beside the index


def page_name(stem: str, language: str, languages: Sequence[str]) -> str:
    """Return the file name of a page: the first language has the plain name.

    >>> page_name("index", "en", ("en", "zh-Hans")), page_name("index", "zh-Hans", ("en", "zh-Hans"))
    ('index.html', 'index.zh-Hans.html')
    """
    return f"{stem}.html" if language == languages[0] else f"{stem}.{language}.html"
