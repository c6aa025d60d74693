"""What the pages of a report are called."""

from __future__ import annotations

from collections.abc import Sequence

METRICS = "metrics"  # the page of all metrics, beside the index


def page_name(stem: str, language: str, languages: Sequence[str]) -> str:
    """Return the file name of a page: the first language has the plain name.

    >>> page_name("index", "en", ("en", "zh-Hans")), page_name("index", "zh-Hans", ("en", "zh-Hans"))
    ('index.html', 'index.zh-Hans.html')
    """
    return file_name(stem, None, "html", language, languages)


def file_name(stem: str, name: str | None, suffix: str, language: str, languages: Sequence[str]) -> str:
    """Return the name of a file of a report, its page or what lies beside it: the first language is not named.

    >>> file_name("growth-US", "watch_list", "csv", "zh-Hans", ("en", "zh-Hans"))
    'growth-US.watch_list.zh-Hans.csv'
    """
    told = "" if language == languages[0] else language
    return ".".join(part for part in (stem, name, told, suffix) if part)
