"""Texts that platforms, fans and file names could hold: on every page and in the digest they are only text."""

from __future__ import annotations

import re
from copy import deepcopy
from dataclasses import replace
from typing import Any

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st
from reports.page.test_render import PAGE, hostile_notebook
from reports.site.test_pages import sample_manifest

from fanops_utils.reports.page.render import render_report
from fanops_utils.reports.page.svg import safe_svg
from fanops_utils.reports.site.digest_text import TEXT_LINES, as_text
from fanops_utils.reports.site.pages import render_index, render_overview, render_pointer
from fanops_utils.text import Written

CORPUS = {
    "script": "<script>alert(1)</script>",
    "script end": "</script><script>alert(2)</script>",
    "svg onload": '<svg onload="alert(3)"><circle r="9"/></svg>',
    "image error": '"><img src=x onerror=alert(4)>',
    "remote image": '<img src="https://evil.example/pixel.png">',
    "javascript link": '<a href="javascript:alert(5)">prize</a> [prize](javascript:alert(5))',
    "data link": '<a href="data:text/html,<script>alert(6)</script>">prize</a>',
    "remote style": '<style>@import "https://evil.example/a.css";body{display:none}</style>',
    "style attribute": '<div style="position:fixed;inset:0;background:url(https://evil.example/b)">cover</div>',
    "css in svg": "fill:url(https://evil.example/c);}</style><b>out</b>",
    "meta refresh": '<meta http-equiv="refresh" content="0;url=https://evil.example">',
    "comment": "<!-- hidden --><!--[if IE]><script>alert(7)</script><![endif]--> seen",
    "template": "{{ 'temp' ~ 'lated' }}{% raw %}${7*7}#{7*7}",
    "formula": '=HYPERLINK("https://evil.example","prize")',
    "bidi": "price \u202egnp.exe\u202c and \u2066isolated\u2069 and مرحبا بالعالم",
    "hidden": "pay\u200bpal \u2060\ufeffadmin\U000e0041",
    "controls": "bell\x07 nul\x00 ansi \x1b[31mred\x1b[0m \x9b31m",
    "surrogate": "half \ud83d of a smile 😀",
    "piled": "z\u0301\u0302\u0303\u0304\u0305\u0306\u0307\u0308" * 40,
    "separators": "one\u2028two\u2029three",
    "mention": "@everyone <!channel> <https://evil.example|click> javascript:alert(8)",
    "long": "long caption " + "x" * 1_000_000,
}
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u2028-\u202e\u2060\u2066-\u2069\ud800-\udfff\ufeff]")
KEPT_KEYS = ("status", "severity", "run_id")


def poisoned(text: str) -> dict[str, Any]:
    """Return the manifest of a run in which every text but statuses is *text*."""

    def poison(value: Any, key: str = "") -> Any:
        if isinstance(value, dict):
            return {name: poison(item, name) for name, item in value.items()}
        if isinstance(value, list):
            return [poison(item) for item in value]
        return text if isinstance(value, str) and key not in KEPT_KEYS else value

    manifest = poison(deepcopy(sample_manifest()))
    for job in manifest["jobs"]:
        job["changes"] = [{"kind": "new", "id": text, "label": text, "severity": text}]
        job["cached_from"] = text
        for number, finding in enumerate(job["findings"]):
            finding.update(estimate=number, ci_lower=text, ci_upper=None, unit=text, label=text)
    return manifest


def pages(text: str) -> dict[str, str]:
    """Return every kind of page with *text* wherever data can put it."""
    given_text = {text[:200]: text, "name": text}
    change = {"kind": "metric", "id": text, "label": text, "was": 1.0, "now": 2.0, "unit": text, "direction": text}
    page = replace(
        PAGE, notebook=text, parameters=given_text, error=Written(text), provenance=given_text, workspace=text
    )
    runs = [{"run_id": text, "started": text, "counts": {text: 2}, "href": text}] * 2
    plan = {"workspace": text, "brand": text, "plan": text, "severities": {text: 1}, "href": text, "runs": runs}
    return {
        "report": render_report(hostile_notebook(text), page, changes=[change, {**change, "kind": "new"}]),
        "failed": render_report(hostile_notebook(text), replace(page, status="failed")),
        "index": render_index(poisoned(text), runs=runs, latest=text, overview=text),
        "overview": render_overview([plan]),
        "pointer": render_pointer(text),
    }


@pytest.mark.parametrize("name", CORPUS)
def test_a_page_holds_it_as_text_only(name: str) -> None:
    for kind, page in pages(CORPUS[name]).items():
        assert len(page.encode("utf-8")) < 600_000, kind
        assert not FORBIDDEN.search(page), kind
        soup = BeautifulSoup(page, "html.parser")
        assert len(soup.select("script")) == len(soup.select("style")) == len(soup.select("main")) == 1, kind
        refresh = soup.select("meta[http-equiv=refresh]")
        assert len(refresh) == (kind == "pointer")
        assert all(one["content"].startswith("0; url=") and ":" not in one["content"][7:] for one in refresh)
        assert not soup.select("iframe, object, embed, form, base, link, image, [srcset], [formaction]"), kind
        for element in soup.find_all(True):
            assert not [key for key in element.attrs if key.lower().startswith("on")], kind
            assert not re.match(r"\s*(javascript|data|vbscript):", element.get("href", ""), re.IGNORECASE), kind
            assert element.name != "img" or element["src"].startswith("data:image/"), kind
            assert "style" not in element.attrs or element.find_parent("svg"), kind
        assert "templated" not in page


@pytest.mark.parametrize("name", CORPUS)
def test_the_digest_is_short_plain_and_addresses_nobody(name: str) -> None:
    text = as_text(poisoned(CORPUS[name]))
    text.encode("utf-8")
    assert not FORBIDDEN.search(text)
    assert len(text.splitlines()) <= TEXT_LINES
    assert all(len(line) < 220 for line in text.splitlines())
    assert not re.search(r"@\w|\w://|javascript:|<[!@#a-z/]", text, re.IGNORECASE)
    assert not any(line.startswith(("=", "+", "-", "@")) for line in text.splitlines())


def test_what_a_fan_wrote_can_still_be_read() -> None:
    index = BeautifulSoup(pages(CORPUS["script"])["index"], "html.parser")
    assert CORPUS["script"] in index.select_one(".decision .answer").get_text()
    told = as_text(poisoned(CORPUS["bidi"]))
    assert "price gnp.exe and isolated and مرحبا بالعالم" in told
    assert "more characters)" in pages(CORPUS["long"])["report"]


@given(st.text(alphabet=st.characters(codec=None, exclude_categories=()), max_size=60))
def test_any_text_at_all_gives_a_page_and_a_digest(text: str) -> None:
    manifest = poisoned(text)
    page = render_index(manifest)
    assert len(BeautifulSoup(page, "html.parser").select("script")) == 1
    (page + as_text(manifest)).encode("utf-8")
    assert not FORBIDDEN.search(page + as_text(manifest))


@pytest.mark.parametrize("value", ["URL(https://evil.example/c)", "Url( '//evil.example' )", "u\\72l(//evil.example)"])
@pytest.mark.parametrize(
    "form", ['<rect fill="{}" width="1"/>', '<rect style="fill:{}" width="1"/>', '<g clip-path="{}"/>']
)
def test_a_drawing_fetches_nothing_however_it_is_spelt(value: str, form: str) -> None:
    drawn = safe_svg(f'<svg xmlns="http://www.w3.org/2000/svg">{form.format(value)}</svg>', prefix="a-", alt="")
    assert drawn and "evil" not in drawn
