from __future__ import annotations

import re
from pathlib import Path

from fanops_utils.metrics.catalogue import METRICS
from fanops_utils.reports.site.metrics_page import render_metrics, write_metrics


def test_the_page_holds_every_metric_and_leads_back(tmp_path: Path) -> None:
    first = write_metrics(tmp_path, languages=["en", "zh-Hans"])
    assert first == tmp_path / "metrics.html"
    for name, index in (("metrics.html", "index.html"), ("metrics.zh-Hans.html", "index.zh-Hans.html")):
        page = (tmp_path / name).read_text(encoding="utf-8")
        assert set(re.findall(r'<section class="metric" id="(\w+)"', page)) == set(METRICS)
        assert f'href="{index}"' in page
        for place in re.findall(r'href="#(s\d+)"', page):
            assert f'id="{place}"' in page
    assert 'href="metrics.zh-Hans.html"' in first.read_text(encoding="utf-8")


def test_each_language_has_a_page_of_its_own() -> None:
    assert '<html lang="zh-Hans">' in render_metrics(language="zh-Hans") and '<html lang="en">' in render_metrics()
