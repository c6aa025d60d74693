from __future__ import annotations

import re
from pathlib import Path

from fanops_utils.metrics.catalogue import METRICS
from fanops_utils.reports.site.metrics_page import render_metrics, write_metrics


def test_the_page_holds_every_metric_and_leads_back(tmp_path: Path) -> None:
    first = write_metrics(tmp_path, kept=tmp_path / "kept", languages=["en", "zh-Hans"])
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


def test_the_pages_are_made_once_and_again_where_the_languages_change(tmp_path: Path) -> None:
    runs = [tmp_path / name for name in ("a", "b", "c")]
    for run, languages in zip(runs, (["en"], ["en"], ["en", "zh-Hans"]), strict=True):
        run.mkdir()
        write_metrics(run, kept=tmp_path / "kept", languages=languages)
    assert (runs[0] / "metrics.html").samefile(runs[1] / "metrics.html")
    assert not (runs[0] / "metrics.html").samefile(runs[2] / "metrics.html")
    assert (runs[2] / "metrics.zh-Hans.html").is_file() and len(list((tmp_path / "kept").iterdir())) == 1
