"""The page of a report: order, safety, charts, failures."""

from __future__ import annotations

import re
from base64 import b64encode
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache
from hashlib import sha256
from io import BytesIO, StringIO
from itertools import count
from typing import Any

import matplotlib
import pandas as pd
import pytest
from bs4 import BeautifulSoup
from matplotlib.figure import Figure
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from fanops_utils import charts, colours
from fanops_utils.charts.tables import Table
from fanops_utils.errors import DataError, ParameterError
from fanops_utils.playbook import Check, Finding, Play, PlayList, Result, TrustPanel, facts
from fanops_utils.playbook.checks import Status
from fanops_utils.reports.page import chrome, sanitise
from fanops_utils.reports.page.outline import outline
from fanops_utils.reports.page.render import Page, find_result, render_report
from fanops_utils.reports.page.svg import safe_svg
from fanops_utils.text import (
    Day,
    Money,
    Number,
    Percent,
    Unit,
    Written,
    read,
    say,
    speak,
    term,
)
from fanops_utils.text.faults import fault
from fanops_utils.text.showing import mime

pytestmark = pytest.mark.filterwarnings("ignore:Glyph")


def english(text: str) -> Written:
    return Written(text, "en")


def checked(name: str, status: Status, seen: str, action: str = "") -> Check:
    code = name.lower().replace(" ", "_")
    return Check(
        code=code, name=say(name), status=status, finding=say(seen), action=english(action) if action else None
    )


CHECKS = TrustPanel.of(
    checked("Time zones", "PASS", "all 412 posts carry a proved time zone"),
    checked(
        "Reach of stories", "REVIEW", "stories are counted in 3 of 5 months", "Export stories for May and June again"
    ),
    checked(
        "Followers", "FAIL", "9 days of account_daily are missing", "Export 2026-09-03 to 2026-09-11 from Instagram"
    ),
    checked("Duplicates", "PASS", "no post stands twice"),
)
REELS = Finding(
    id="reels_reach", title=english("Reels reach 2.1 times as many non-followers as images in Brazil"),
    text=english("A reel reached a median 18,400 non-followers, an image 8,700: 2.1 times as many (95% interval 1.7 to 2.6)."),
    severity="good", estimate=2.1, ci_lower=1.7, ci_upper=2.6, unit=Unit("times"), n=412,
    method=say("Median per post, {n} posts; interval by bootstrap over weeks.", n=412),
)  # fmt: skip
FOLLOWERS = Finding(
    id="followers_lost", title=say("Brazil lost {n} followers in the week of the price post", n=1240),
    text=say("Twice the usual week: {n} lost against {usual} (95% interval {low} to {high}).", n=1240, usual=610, low=540,
             high=690),
    severity="alert", estimate=1240, unit=Unit("count", term("people", "unit")), n=9,
    method=say("Sum over days; nine days are missing, so the loss may be larger."),
)  # fmt: skip
COMMENTS = Finding(
    id="comments_zh", title=Written("评论里最常见的话题是“包装”", "zh-Hans"),
    text=Written("412 条评论中有 31%（95% 区间 27% 至 36%）谈到包装。", "zh-Hans"),
    severity="watch", estimate=0.31, ci_lower=0.27, ci_upper=0.36, unit=Unit("share"),
)  # fmt: skip
PLAYS = (
    Play(
        action=english("Publish two reels a week on the tea garden"), metric=say("reach of non-followers"),
        expected=say("+4,000 to +9,000 a post"), owner="Content lead BR", review=date(2026, 12, 14), because="reels_reach",
    ),
    Play(
        action=say("Answer the price comments from the pinned thread"), metric=say("followers lost"),
        expected=say("back to {n} a week", n=610), owner="market lead", review=date(2026, 12, 1), because="followers_lost",
    ),
)  # fmt: skip
RESULT = Result(
    english("Shift two posts a week in Brazil to reels: they reach 2.1 times as many non-followers (95% interval 1.7 to 2.6)."),
    "alert", facts=facts(market="Brazil", period="2026-07-01 to 2026-11-20"), trust=CHECKS,
    findings=(REELS, FOLLOWERS, COMMENTS), plays=PLAYS, market="BR", data_as_of=date(2026, 11, 20),
)  # fmt: skip
PAGE = Page(
    notebook="research/market_analysis",
    parameters={"market": "BR", "months": 5},
    status="succeeded",
    run_id="2026-11-22T0600-weekly",
    workspace="sample",
    started=datetime(2026, 11, 22, 6, 0, tzinfo=UTC),
    seconds=74.2,
    provenance={"git commit": "3f2a9c1 (clean)", "fanops": "0.1.0", "data": "sha256 51d0"},
)
INTRO = "The content lead of Brazil decides on it. The reader gets a **ranking of formats**."
TABLE = """<div class="table"><table><caption>Median per post, July to November 2026</caption>
<thead><tr><th scope="col">Format</th><th scope="col">Posts</th>
<th scope="col">Non-followers reached</th><th scope="col">Share</th></tr></thead>
<tbody><tr><th scope="row">Reels</th><td>120</td><td>18,400</td><td>61.2 %</td></tr>
<tr><th scope="row">Images</th><td>240</td><td>8,700</td><td>38.0 %</td></tr>
<tr><th scope="row">Stories</th><td>52</td><td>–</td><td>&lt;10</td></tr></tbody></table></div>"""


def shown(thing: Any) -> NotebookNode:
    return new_output("display_data", data=thing._repr_mimebundle_())


@cache
def drawn(kind: str) -> str:
    with matplotlib.rc_context({"svg.fonttype": "none", "svg.hashsalt": "fanops", "font.size": 10}):
        figure = Figure(figsize=(7.2, 3.2), layout="constrained")
        axes = figure.add_subplot()
        if kind == "bar":
            axes.barh(["Images 图片", "Reels 视频"], [8700, 18400], color=colours.SERIES[0])
            axes.set_xlabel("Non-followers reached, median per post", color=colours.MUTED)
        else:
            axes.fill_between([1, 2, 3, 4], [500, 520, 540, 560], [650, 660, 690, 700], color=colours.BAND)
            axes.plot([1, 2, 3, 4], [610, 590, 640, 1240], color=colours.SERIES[3], marker="o")
            axes.set_xlabel("Week", color=colours.MUTED)
        axes.set_title(
            "Reels reach further" if kind == "bar" else "Losses doubled in week 4", loc="left", color=colours.INK
        )
        axes.tick_params(colors=colours.MUTED)
        axes.spines[:].set_color(colours.RULE)
        axes.patch.set_alpha(0)
        figure.patch.set_alpha(0)
        text = StringIO()
        figure.savefig(text, format="svg", metadata={"Date": None})
    return text.getvalue()


def chart_output(kind: str = "bar") -> NotebookNode:
    alt = (
        say("Reels reach 18,400 non-followers, images 8,700")
        if kind == "bar"
        else say("1,240 followers lost in week 4")
    )
    told = {
        "svg": {"en": drawn(kind)},
        "title": say("Reels reach further").to_json(),
        "subtitle": None,
        "alt": alt.to_json(),
        "caption": say(
            "Source: Instagram export of {day}, n = {n} posts", day=Day("2026-11-20", "iso"), n=412
        ).to_json(),
        "columns": [term("Format", "column").to_json(), term("Reach", "column").to_json()],
        "rows": [["Reels", 18400], ["Images", 8700.5], ["Stories", None]],
    }
    return new_output("display_data", data={mime("chart"): told, "text/plain": str(alt)})


@cache
def png() -> str:
    figure = Figure(figsize=(3, 1))
    figure.add_subplot().plot([1, 2])
    raw = BytesIO()
    figure.savefig(raw, format="png")
    return b64encode(raw.getvalue()).decode()


def png_output() -> NotebookNode:
    metadata = {"image/png": {"alt": "A line from 1 to 2"}}
    return new_output("display_data", data={"image/png": png()}, metadata=metadata)


def tagged(source: str, *tags: str) -> NotebookNode:
    return new_markdown_cell(source, metadata={"tags": list(tags)})


def sample_notebook() -> NotebookNode:
    numbers = count(1)

    def code(source: str, *outputs: NotebookNode, tags: tuple[str, ...] = ()) -> NotebookNode:
        return new_code_cell(
            source, outputs=list(outputs), metadata={"tags": list(tags)}, execution_count=next(numbers)
        )

    html = new_output("display_data", data={"text/html": TABLE, "text/plain": "table"})
    noise = new_output("stream", name="stderr", text="FutureWarning: do not look\n")
    said = new_output("stream", name="stdout", text="\x1b[31m412 posts\x1b[0m read\n")
    return new_notebook(cells=[
        new_markdown_cell(f"# Which formats should *Brazil* publish?\n\n{INTRO}"),
        code('market: str = "US"  # market code', tags=("parameters",)),
        code('market = "BR"', tags=("injected-parameters",)),
        code("from fanops_utils.playbook import TrustPanel"),
        code("data = load(market)\ndata.trust", noise, said, shown(CHECKS)),
        new_markdown_cell("## Do reels reach further than images?"),
        code("show(reach_by_format(data))  # one bar a format", chart_output(), html),
        code("finding", shown(REELS)),
        new_markdown_cell("## Do we lose followers?\n\nCounted per week."),
        code("show(losses(data))", chart_output("line"), png_output()),
        code("lost", shown(FOLLOWERS)),
        new_markdown_cell("## 评论在谈什么？"),
        code("topics", shown(COMMENTS)),
        tagged("## Limits\n\n- Stories are not counted in May.\n- Reach is never summed over posts.", "limits"),
        tagged("## Plays", "plays"),
        code("PlayList(plays)", shown(PlayList(PLAYS)), tags=("plays",)),
        code("result", shown(RESULT), tags=("result",)),
    ])  # fmt: skip


def failed_notebook() -> NotebookNode:
    notebook = sample_notebook()
    notebook.cells = notebook.cells[:11]
    banner = new_markdown_cell(
        "<span>An Exception was encountered</span>", metadata={"tags": ["papermill-error-cell-tag"]}
    )
    trace = [f"frame {number}" for number in range(40)] + ["\x1b[31mKeyError\x1b[0m: 'reach'"]
    error = new_output("error", ename="KeyError", evalue="'reach'", traceback=trace)
    notebook.cells[9].outputs = [error]
    notebook.cells.insert(0, banner)
    return notebook


def soup_of(notebook: NotebookNode, *, language: str = "en", **changes: Any) -> BeautifulSoup:
    return BeautifulSoup(render_report(notebook, replace(PAGE, **changes), language=language), "html.parser")


def visible(soup: BeautifulSoup) -> str:
    for hidden in soup.select("script, style"):
        hidden.decompose()
    return soup.get_text(" ", strip=True)


def test_parts_stand_in_the_order_of_the_page() -> None:
    soup = soup_of(sample_notebook())
    headings = [heading.get_text(strip=True) for heading in soup.select("main h1, main h2")]
    assert headings == [
        str(RESULT.verdict), "What to do", "◆2 doubts", str(FOLLOWERS.title), str(COMMENTS.title), str(REELS.title),
        "Plays", "Limits", "Definitions and provenance",
    ]  # fmt: skip
    text = visible(soup.select_one("main"))
    assert text.index(str(RESULT.verdict)) < text.index("9 days of account_daily") < text.index("ranking of formats")
    assert text.count(str(RESULT.verdict)) == 1


def test_the_first_screen_holds_facts_verdict_plays_and_doubts() -> None:
    header = visible(soup_of(sample_notebook()).select_one(".opening"))
    for expected in ("Brazil", "2026-11-20", "2026-11-22", "▲ alert", "✕ FAIL", "! REVIEW", "2 checks passed"):
        assert expected in header


def test_finding_titles_its_section_and_is_printed_once() -> None:
    soup = soup_of(sample_notebook())
    section = soup.select_one("#finding-reels_reach")
    assert section.h2.get_text(strip=True) == str(REELS.title)
    assert section.select_one(".kicker").get_text() == "● good Do reels reach further than images?"
    assert section.get_text().count(str(REELS.title)) == 1
    assert str(REELS.text) in section.get_text()
    assert str(REELS.method) in section.get_text()


def test_a_second_finding_of_a_section_keeps_its_own_title_and_anchor() -> None:
    notebook = sample_notebook()
    notebook.cells[7].outputs.append(shown(replace(FOLLOWERS, id="second", title=say("Second answer"))))
    notebook.cells[7].outputs.append(shown(REELS))
    soup = soup_of(notebook)
    assert soup.select_one("#finding-second h2").get_text() == "Second answer"
    assert len(soup.select("#finding-reels_reach")) == 1


def test_plays_link_to_the_finding_they_answer() -> None:
    cells = soup_of(sample_notebook()).select(".plays tbody tr:first-child td")
    assert cells[0]["data-label"] == "What to do"
    assert cells[-1].a["href"] == "#finding-reels_reach"
    assert cells[-1].get_text() == str(REELS.title)


def test_contents_lists_the_questions_and_every_link_lands() -> None:
    soup = soup_of(sample_notebook())
    links = soup.select("header nav a")
    assert "评论在谈什么" in [link["href"].lstrip("#") for link in links]
    assert "Do reels reach further than images?" in [link.get_text(" ", strip=True)[2:] for link in links]
    ids = [element["id"] for element in soup.select("[id]")]
    assert len(ids) == len(set(ids))
    assert {link["href"][1:] for link in soup.select("a[href^='#']")} <= set(ids)


def test_equal_and_reserved_headings_get_their_own_anchors() -> None:
    cells = [
        new_markdown_cell("# T"),
        new_markdown_cell("## Main\n\na\n\n## Reach\n\na\n\n```\n## no heading\n```\n\n## Reach\n\nb"),
    ]
    sections = outline(new_notebook(cells=cells), unfinished=False, language="en").sections
    assert [section.slug for section in sections] == ["", "main-2", "reach", "reach-2"][1:]


def test_code_is_folded_and_silent_cells_are_marked() -> None:
    soup = soup_of(sample_notebook())
    codes = soup.select("details.code")
    assert len(codes) == 11
    assert not any(code.has_attr("open") for code in codes)
    assert sum("quiet" in code["class"] for code in codes) == 4
    assert soup.select_one(".code .k, .code .kn") is not None


def test_tags_remove_cell_input_and_output() -> None:
    notebook = sample_notebook()
    notebook.cells[7].metadata.tags = ["remove_input"]
    notebook.cells[13].metadata.tags = ["remove_cell"]
    soup = soup_of(notebook)
    assert len(soup.select("details.code")) == 10
    assert "Stories are not counted" not in soup.get_text()


def test_streams_only_stdout_without_ansi_and_capped() -> None:
    notebook = sample_notebook()
    notebook.cells[4].outputs.append(new_output("stream", name="stdout", text="line\n" * 1000))
    text = soup_of(notebook).select_one("main").get_text()
    assert "412 posts read" in text
    assert "do not look" not in text
    assert "… 800 more lines not shown" in text
    assert text.count("line\n") == 200


def test_charts_follow_the_theme_and_are_described() -> None:
    page = render_report(sample_notebook(), PAGE)
    soup = BeautifulSoup(page, "html.parser")
    charts = soup.select("figure.chart")
    assert [chart.svg["aria-label"] for chart in charts if chart.svg] == [
        "Reels reach 18,400 non-followers, images 8,700", "1,240 followers lost in week 4",
    ]  # fmt: skip
    assert charts[2].img["alt"] == "A line from 1 to 2"
    drawn = "".join(str(chart.svg) for chart in charts if chart.svg)
    assert "var(--series-1)" in drawn and "var(--series-4)" in drawn and "var(--band)" in drawn
    assert not any(colour in drawn.lower() for colour in colours.CSS_VARIABLES)
    assert 'viewBox="0 0 518.4 230.4"' in page and 'width="691"' in page
    assert "Reels 视频" in charts[0].get_text()
    assert charts[0].figcaption.get_text() == "Source: Instagram export of 2026-11-20, n = 412 posts"
    cells = charts[0].select("tbody td")
    assert [cell.get_text() for cell in cells] == ["Reels", "18,400", "Images", "8,700", "Stories", ""]
    assert [cell.has_attr("class") for cell in cells] == [False, True] * 3


def test_ids_of_charts_are_referenced_and_do_not_collide() -> None:
    notebook = sample_notebook()
    notebook.cells[6].outputs.append(chart_output())
    drawn = re.findall(r"<svg.*?</svg>", render_report(notebook, PAGE), re.DOTALL)
    ids = [re.findall(r'\bid="([^"]+)"', chart) for chart in drawn]
    flat = [name for names in ids for name in names]
    assert len(drawn) == 3 and flat and len(flat) == len(set(flat))
    for chart, names in zip(drawn, ids, strict=True):
        assert set(re.findall(r'(?:url\(|href=")#([^)"]+)', chart)) == set(names)


def test_hostile_svg_loses_what_is_not_drawing() -> None:
    source = """<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"
    onload="x()" width="10pt" height="9">
    <script>x()</script><foreignObject><b>x</b></foreignObject><a xlink:href="javascript:x()"><text>in a link</text></a>
    <image xlink:href="https://evil.example/a.png"/>
    <use xlink:href="https://evil.example/#a"/><animate attributeName="href"/>
    <rect style="fill: url(https://evil.example/#p); stroke: #0173B2; position: fixed" fill="#59636e" onclick="x()"/>
    <text style="font: italic 700 12px 'DejaVu Sans'">a\u202eb &lt;b&gt;</text>
    <style>*{fill:url(//evil.example)}</style></svg>"""
    chart = safe_svg(source, prefix="c1-", alt='"><script>')
    for word in (
        "script>",
        "evil",
        "onload",
        "onclick",
        "foreign",
        "animate",
        "javascript",
        "position",
        "\u202e",
        "<style",
        "<a",
    ):
        assert word not in chart
    assert "fill:var(--muted);stroke:var(--series-1)" in chart
    assert "font-style:italic;font-weight:700;font-size:12px" in chart
    assert "ab &lt;b&gt;" in chart and 'width="13" height="9"' in chart


@pytest.mark.parametrize("source", ["", "<svg", "<p>no</p>", '<!DOCTYPE s [<!ENTITY a "b">]><svg>&a;</svg>'])
def test_what_is_no_svg_shows_its_alternative_text(source: str) -> None:
    output = new_output(
        "display_data", data={"image/svg+xml": source}, metadata={"image/svg+xml": {"alt": "What it said"}}
    )
    notebook = new_notebook(cells=[new_markdown_cell("# T"), new_code_cell("x", outputs=[output])])
    assert "Chart: What it said" in soup_of(notebook).select_one("figure").get_text()


def test_columns_of_numbers_are_marked() -> None:
    table = BeautifulSoup(sanitise.html(TABLE), "html.parser")
    assert ["num" in row.get("class", []) for row in table.select("thead th")] == [False, True, True, True]
    assert [len(row.select(".num")) for row in table.select("tbody tr")] == [3, 3, 3]
    dated = sanitise.html("<table><tr><th>Day</th><th>Who</th></tr><tr><td>2026-11-22</td><td>12 a</td></tr></table>")
    assert "num" not in dated


HOSTILE = [
    "<script>alert(1)</script>",
    '<svg onload="alert(1)"><circle/></svg>',
    '<a href="javascript:alert(1)">x</a>',
    '<a href="data:text/html,<script>alert(1)</script>">x</a>',
    '<img src=x onerror="alert(1)">',
    '<img src="https://evil.example/pixel.png">',
    '<iframe src="https://evil.example"></iframe>',
    "<style>body{display:none}</style>",
    '<link rel="stylesheet" href="https://evil.example/a.css">',
    '<form action="https://evil.example"><input name=q></form>',
    '<meta http-equiv="refresh" content="0;url=https://evil.example">',
    "</section></main><h1>spoofed</h1>",
    '<div style="position:fixed;inset:0" onclick="alert(1)" id="main">x</div>',
    "a\u202eb\u2066c\u2069d\ud800e\x00f",
    "&#x202e;reversed",
    "{{ 'temp' ~ 'lated' }}{% raw %}",
]


def hostile_notebook(text: str) -> NotebookNode:
    said = Written(text)
    finding = Finding(id=text, title=said, text=said, severity="watch", method=said)
    play = Play(action=said, metric=said, expected=said, owner=text, review=date(2026, 12, 1), because=text)
    check = TrustPanel.of(Check(code=text, name=said, status="FAIL", finding=said, action=said))
    told = facts(market=text, owner=text)
    result = Result(said, "alert", facts=told, trust=check, findings=(finding,), plays=(play,), market=text)
    table = Table((said, said), ((said, Number(1)),), (False, True), said)
    chart = chart_output()
    words = dict.fromkeys(("title", "subtitle", "alt", "caption"), text)
    chart.data[mime("chart")].update({**words, "columns": [text], "rows": [[text]]})
    image = new_output("display_data", data={"image/svg+xml": drawn("bar")})
    image.metadata["image/svg+xml"] = {"alt": text, "caption": text}
    section = {
        "parts": [{"kind": kind, "value": part.to_json()} for kind, part in (("table", table), ("checks", check))]
    }
    outputs = [
        shown(check), shown(finding), shown(result), chart, image, shown(table),
        new_output("display_data", data={mime("section"): section}),
        new_output("display_data", data={mime("plays"): PlayList((play,)).to_json()}),
        new_output("display_data", data={"text/html": text}),
        new_output("display_data", data={"text/markdown": text}),
        new_output("display_data", data={"text/plain": text}),
        new_output("stream", name="stdout", text=text),
    ]  # fmt: skip
    return new_notebook(cells=[
        new_markdown_cell(f"# {text}\n\n{text}"), new_markdown_cell(f"## {text}\n\n{text}"),
        new_code_cell(text, outputs=outputs),
    ])  # fmt: skip


@pytest.mark.parametrize("status", ["succeeded", "failed"])
@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_in_a_notebook_is_trusted(text: str, status: str) -> None:
    given = {text: text, "name": text}
    page = render_report(
        hostile_notebook(text),
        replace(
            PAGE,
            notebook=text,
            parameters=given,
            run_id=text,
            workspace=text,
            error=Written(text),
            provenance=given,
            pages={"en": text, "zh-Hans": text},
            home={"en": text},
            status=status,
        ),
    )
    page.encode("utf-8")
    assert not re.search("[\u202a-\u202e\u2066-\u2069\x00]", page)
    assert "templated" not in page
    soup = BeautifulSoup(page, "html.parser")
    assert (
        len(soup.select("script"))
        == len(soup.select("style"))
        == len(soup.select("main"))
        == len(soup.select("h1"))
        == 1
    )
    assert not soup.select("iframe, object, embed, form, link, base, input, meta[http-equiv=refresh]")
    for element in soup.find_all(True):
        assert not [name for name in element.attrs if name.lower().startswith("on")]
        assert not re.match(r"\s*(javascript|data|vbscript):", element.get("href", ""), re.IGNORECASE)
        assert element.name != "img" or element.get("src", "data:image/").startswith("data:image/")
        assert "style" not in element.attrs or element.find_parent("svg")
        assert element.name == "svg" or element.find_parent("svg") or "onload" not in element.attrs


def test_a_huge_text_is_visibly_cut_everywhere() -> None:
    huge = "x" * 1_000_000
    page = render_report(hostile_notebook(huge), replace(PAGE, parameters={"note": huge}, error=Written(huge)))
    table = sanitise.html(f"<table><tr><td>{huge}</td></tr></table>")
    assert len(page) < 200_000
    assert "more characters)" in page
    assert table == f"<table><tbody><tr><td>{'x' * 2000}… (998,000 more characters)</td></tr></tbody></table>"


def test_page_needs_nothing_from_outside_and_runs_one_known_script() -> None:
    page = render_report(sample_notebook(), PAGE)
    soup = BeautifulSoup(page, "html.parser")
    policy = soup.select_one("meta[http-equiv=Content-Security-Policy]")["content"]
    digest = b64encode(sha256(re.search(r"<script>(.*?)</script>", page, re.DOTALL)[1].encode()).digest()).decode()
    assert policy.split("; ") == [
        "default-src 'none'", "style-src 'unsafe-inline'", "img-src data:", f"script-src 'sha256-{digest}'",
        "base-uri 'none'", "form-action 'none'",
    ]  # fmt: skip
    assert not soup.select("[src^=http], link, script[src]")
    assert not re.search(r"@import|url\((?!#)", page)


def test_skeleton_is_small() -> None:
    empty = new_notebook(cells=[new_markdown_cell("# T")])
    assert len(render_report(empty, PAGE).encode()) < 40_000


def test_same_input_gives_the_same_page_and_leaves_the_notebook_alone() -> None:
    notebook, untouched = sample_notebook(), sample_notebook()
    for cell, twin in zip(notebook.cells, untouched.cells, strict=True):
        twin["id"] = cell["id"]
    assert render_report(notebook, PAGE) == render_report(notebook, PAGE)
    assert notebook == untouched


def test_failed_page_gives_the_reason_first_and_what_ran() -> None:
    soup = soup_of(failed_notebook(), status="failed", error=say("The column 'reach' is missing."))
    main = soup.select_one("main")
    text = main.get_text(" ", strip=True)
    assert soup.select_one(".verdict .say").get_text() == "The column 'reach' is missing."
    assert "Do we lose followers? · In [7]" in soup.select_one(".stopped h2").get_text()
    assert "KeyError: 'reach'" in text
    assert "show(losses(data))" in soup.select_one(".stopped .source").get_text()
    trace = soup.select_one(".stopped details pre").get_text()
    assert "\x1b" not in trace and "frame 39" in trace and "frame 10" not in trace
    assert str(REELS.title) in text
    assert str(FOLLOWERS.title) not in text
    assert "An Exception was encountered" not in text
    assert soup.h1.get_text() == "Which formats should Brazil publish?"


def test_an_error_of_ours_is_said_where_it_stopped() -> None:
    wrong = say("the file cannot be read ({error})", error=Written("<b>bad</b> header", "en"))
    told = {mime("fault"): fault(DataError(wrong, file="/srv/xavier/secret/a.csv")).to_json()}
    notebook = failed_notebook()
    notebook.cells[10].outputs = [new_output("display_data", data=told), *notebook.cells[10].outputs]
    for language, sentence in (
        ("en", "…/a.csv: the file cannot be read (<b>bad</b> header)"),
        ("zh-Hans", "…/a.csv：无法读取文件（<b>bad</b> header）"),
    ):
        stopped = soup_of(notebook, language=language, status="failed").select_one(".stopped")
        assert stopped.select_one("p").get_text() == sentence
        assert (stopped.select_one("p span[lang=en]") is not None) == (language != "en")
    assert "cannot be read" not in visible(soup_of(notebook))


def test_error_outputs_appear_on_failed_pages_only() -> None:
    text = visible(soup_of(failed_notebook()))
    assert "KeyError" not in text and "frame 39" not in text


@pytest.mark.parametrize("status", ["timed_out", "kernel_died", "truncated"])
def test_unfinished_page_says_so_and_leaves_out_what_never_ran(status: str) -> None:
    notebook = sample_notebook()
    for cell in notebook.cells[8:]:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    soup = soup_of(notebook, status=status)
    assert soup.select_one(".verdict .say").get_text() == speak(chrome.WHY[status], "en")
    assert str(REELS.title) in soup.get_text()
    assert "Limits" not in soup.select_one("main").get_text()


def test_a_notebook_without_result_says_so_in_place_of_the_verdict() -> None:
    notebook = sample_notebook()
    notebook.cells = notebook.cells[:-1]
    assert find_result(notebook) is None
    assert "holds no result" in soup_of(notebook).select_one(".verdict").get_text()


def test_no_data_is_said_by_word() -> None:
    notebook = sample_notebook()
    notebook.cells[-1].outputs = [shown(Result(say("No posts of Brazil in this period."), status="no_data"))]
    soup = soup_of(notebook, status="no_data")
    assert soup.select_one(".kick .mark").get_text(" ", strip=True) == "○ no data"
    assert soup.h1.get_text() == "No posts of Brazil in this period."


def test_last_result_is_the_one_found() -> None:
    notebook = sample_notebook()
    notebook.cells.insert(3, new_code_cell("x", outputs=[shown(Result(say("An earlier one.")))]))
    assert read(find_result(notebook)["verdict"]) == RESULT.verdict
    assert find_result(sample_notebook()) == RESULT.to_json()


@pytest.mark.parametrize(
    ("whole", "language", "named"),
    [
        ("It worked: +16.5% engagements against what would have happened anyway", "en", "It worked"),
        ("At 08:30 more is read than at 20:30 (3 in 4); the rest is alike", "en", "At 08:30 more is read than at 20:30"),
        ("Late were Ana, Ben and Chi, two quarters running, and nobody else", "en", None),
        ("No clear effect: +2%", "en", None),
        ("互动比没有活动时多 16.5%（90% 区间 3% 至 31%）", "zh-Hans", "互动比没有活动时多 16.5%"),
    ],
)  # fmt: skip
def test_a_finding_is_named_by_its_first_clause(whole: str, language: str, named: str | None) -> None:
    said = chrome.clause(Written(whole, language).to_json(), language)
    assert BeautifulSoup(said, "html.parser").get_text() == (named or whole)


def test_chinese_chrome() -> None:
    soup = soup_of(sample_notebook(), language="zh-Hans")
    assert soup.html["lang"] == "zh-Hans"
    text = visible(soup)
    assert "目录" in text and "▲ 预警" in text and "定义与来源" in text
    assert "Contents" not in text


def test_chinese_page_says_fixed_words_in_chinese_and_marks_what_is_english() -> None:
    soup = soup_of(sample_notebook(), language="zh-Hans")
    panel = soup.select_one(".doubts")
    assert [mark.get_text(" ", strip=True) for mark in panel.select("li .mark")][:2] == ["✕ 不通过", "! 需复核"]
    assert panel.summary.get_text(" ", strip=True) == "2 项核查通过"
    assert [dt.get_text() for dt in soup.select(".facts dt")][:2] == ["市场", "期间"]
    assert soup.select("main h2")[-1].get_text(strip=True) == "定义与来源"
    for sentence in (RESULT.verdict, REELS.title, REELS.text, PLAYS[0].action):
        found = soup.find(string=str(sentence))
        assert next(parent["lang"] for parent in found.parents if parent.get("lang")) == "en", sentence
    own = soup.find(string=str(COMMENTS.text))
    assert next(parent["lang"] for parent in own.parents if parent.get("lang")) == "zh-Hans"


def test_an_english_page_marks_what_somebody_wrote_in_chinese() -> None:
    own = soup_of(sample_notebook()).find(string=str(COMMENTS.text))
    assert next(parent["lang"] for parent in own.parents if parent.get("lang")) == "zh-Hans"


def test_the_pages_of_a_report_have_the_same_anchors_and_lead_to_each_other() -> None:
    names = {"en": "a.html", "zh-Hans": "a.zh-Hans.html"}
    homes = {"en": "index.html", "zh-Hans": "index.zh-Hans.html"}
    pages = {language: soup_of(sample_notebook(), language=language, pages=names, home=homes) for language in names}
    places = [[one["id"] for one in page.select("[id]") if not one.find_parent("svg")] for page in pages.values()]
    assert places[0] == places[1], "a link into one page leads to the same place in the other"
    for here, other in (("en", "zh-Hans"), ("zh-Hans", "en")):
        (link,) = pages[here].select("a.language")
        assert (link["href"], link["hreflang"], link["lang"]) == (names[other], other, other)
        assert pages[here].select_one(".where a")["href"] == homes[here]


def test_columns_of_numbers_written_out_with_their_units_are_numbers() -> None:
    heads = ["metric", "difference", "p", "interval", "corrected", "arm"]
    lines = [
        ["Opened", "+2.04 pp", "&lt; 0.001", "+0.93 pp to +3.16 pp", "&lt; 0.001", "at_07"],
        ["Visits", "+0.033", "0.35", "-0.0367 to +0.103", "", "at_12"],
    ]
    head = "".join(f'<th scope="col">{name}</th>' for name in heads)
    body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in line) + "</tr>" for line in lines)
    table = BeautifulSoup(sanitise.html(f"<table><tr>{head}</tr>{body}</table>"), "html.parser")
    numeric = [False, True, True, True, True, False]
    for row in table.select("tr"):
        assert ["num" in cell.get("class", []) for cell in row.find_all(["td", "th"])] == numeric
    assert table.find_all("td")[1].get_text() == "+2.04 pp"


def test_a_table_says_its_cells_in_the_language_of_the_page_and_its_numbers_are_numbers() -> None:
    frame = pd.DataFrame(
        {"format": ["Reels", "Stories"], "posts": [1204, 3], "share": [0.612, 0.38], "cost": [0.5, 1200.0]}
    )
    table = charts.table(
        frame, columns={name: term(name, "column") for name in frame}, caption=say("Per format"),
        formats={"share": Percent, "cost": lambda value: Money(value, "USD")}, small="posts",
    )  # fmt: skip
    notebook = new_notebook(cells=[new_markdown_cell("# T"), new_code_cell("x", outputs=[shown(table)])])
    for language, cost in (("en", "USD 0.50"), ("zh-Hans", "0.50 美元")):
        rows = soup_of(notebook, language=language).select(".table tr")
        for row in rows:
            assert ["num" in cell.get("class", []) for cell in row.find_all(["td", "th"])] == [False, True, True, True]
        assert [cell.get_text() for cell in rows[1].select("td")] == ["Reels", "1,204", "61.2%", cost]
        assert rows[2].select("td")[1].get_text() == "<10" and rows[2].select("td")[2].get_text() == ""


def test_a_change_too_small_for_the_figures_is_none() -> None:
    moved = {
        "kind": "metric",
        "id": "spend",
        "label": "Spend",
        "was": 1577.4,
        "now": 1577.1,
        "unit": Unit("money", currency="USD").to_json(),
        "direction": "down",
    }
    soup = BeautifulSoup(render_report(sample_notebook(), PAGE, changes=[moved]), "html.parser")
    assert not soup.select(".changed li")
    assert soup.select_one(".changed p").get_text() == "Nothing: every finding and every figure reads as before."
    new = {**moved, "kind": "new", "severity": "alert"}
    soup = BeautifulSoup(render_report(sample_notebook(), PAGE, changes=[moved, new]), "html.parser")
    assert [line.get_text(" ", strip=True) for line in soup.select(".changed li")] == ["New ▲ alert Spend"]


def test_what_changed_stands_under_the_verdict_in_five_lines_at_most() -> None:
    def change(kind: str, name: str, severity: str = "", direction: str = "up") -> dict[str, Any]:
        unit = Unit("share", term("per 28 days", "unit")).to_json()
        numbers = {"was": 0.031, "now": 0.042, "unit": unit, "ci_lower": 0.04, "ci_upper": 0.045}
        return {
            "kind": kind,
            "id": name,
            "label": f"Label of {name}",
            "severity": severity,
            "direction": direction,
            **numbers,
        }

    changes = [
        change("metric", "growth", direction="same"), change("metric", "reels_reach"), change("resolved", "gone"),
        change("new", "small", "watch"), change("new", "followers_lost", "alert"), change("metric", "other", direction="down"),
    ]  # fmt: skip
    soup = BeautifulSoup(render_report(sample_notebook(), PAGE, changes=changes), "html.parser")
    lines = [line.get_text(" ", strip=True) for line in soup.select(".changed li")]
    assert lines == [
        "New ▲ alert Label of followers_lost",
        "New ◆ watch Label of small",
        "Settled Label of gone",
        "↑ up Label of reels_reach 3.10% → 4.20% per 28 days (interval 4.00% – 4.50%)",
        "↓ down Label of other 3.10% → 4.20% per 28 days (interval 4.00% – 4.50%)",
    ]
    assert soup.select_one(".changed h2").get_text(" ", strip=True) == "What changed since the last run 5 of 6"
    assert [link["href"] for link in soup.select(".changed a")] == ["#finding-followers_lost", "#finding-reels_reach"]
    text = visible(soup.select_one("main"))
    assert text.index(str(RESULT.verdict)) < text.index("9 days of account_daily") < text.index("What changed")
    for none in (None, []):
        assert not BeautifulSoup(render_report(sample_notebook(), PAGE, changes=none), "html.parser").select(".changed")


def test_trust_panel_is_worst_first_with_passes_in_one_line() -> None:
    panel = soup_of(sample_notebook()).select_one(".doubts")
    names = [item.b.get_text() for item in panel.select("li.check")]
    assert names == ["Followers", "Reach of stories", "Time zones", "Duplicates"]
    assert [item.b.get_text() for item in panel.select("details li")] == names[2:]
    assert panel.summary.get_text(" ", strip=True) == "2 checks passed"
    assert "→ Export 2026-09-03" in panel.select_one(".check .action").get_text()


def test_third_level_headings_are_links_with_anchors_of_their_own() -> None:
    cells = [
        new_markdown_cell("# T"),
        new_markdown_cell("## Reach\n\n### By market\n\na\n\n### By market\n\nb\n\n### Finding-x"),
    ]
    soup = soup_of(new_notebook(cells=cells))
    assert [(h3["id"], h3.a["href"]) for h3 in soup.select("main .part h3[id]")] == [
        ("by-market", "#by-market"), ("by-market-2", "#by-market-2"), ("section-finding-x", "#section-finding-x"),
    ]  # fmt: skip
    own = replace(FOLLOWERS, id="second", title=say("Second answer"))
    notebook = sample_notebook()
    notebook.cells[7].outputs.append(shown(own))
    assert soup_of(notebook).select_one("#finding-second h2 a")["href"].endswith("-answer-2")


def test_facts_stand_in_their_usual_order() -> None:
    notebook = sample_notebook()
    told = facts(data_as_of=date(2026, 11, 20), market="Brazil", period="autumn", scope="all")
    notebook.cells[-1].outputs = [shown(replace(RESULT, facts=told))]
    found = [dt.get_text() for dt in soup_of(notebook).select(".facts dt")]
    assert found == ["Market", "Scope", "Period", "Data as of", "Run date"]


def test_a_failed_page_shows_no_path_of_this_machine() -> None:
    notebook = failed_notebook()
    trace = [
        "File /srv/xavier/fanops/fanops_utils/metrics/rates.py:12, in rate(frame)",
        "File /usr/lib/python3.11/site-packages/pandas/core/frame.py:4090, in __getitem__",
        "Cell In[9], /tmp/ipykernel_99/123.py line 1",
    ]
    notebook.cells[10].outputs = [
        new_output("error", ename="OSError", evalue="/srv/xavier/secret/a.csv", traceback=trace)
    ]
    failed = say("Cell {cell} failed: {error}", cell=9, error="OSError: /srv/xavier/secret/a.csv")
    main = soup_of(notebook, status="failed", error=failed).select_one("main")
    text = main.get_text(" ")
    assert "File fanops_utils/metrics/rates.py:12" in text and "File pandas/core/frame.py:4090" in text
    assert "Cell 9 failed: OSError: …/a.csv" in text
    assert not re.search(r"xavier|/srv|/usr|/tmp", visible(main))


def test_a_picture_takes_its_place_before_it_is_drawn() -> None:
    picture = soup_of(sample_notebook()).select_one("figure img")
    assert (picture["width"], picture["height"]) == ("300", "100")


def test_colours_of_the_page_are_those_of_the_charts() -> None:
    light = palettes()[0]
    for colour, name in colours.CSS_VARIABLES.items():
        assert light[name.removeprefix("var(").removesuffix(")")] == colour


def test_unknown_language_is_refused() -> None:
    with pytest.raises(ParameterError, match="zh-Hans"):
        render_report(sample_notebook(), PAGE, language="zh")


def luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def palettes() -> list[dict[str, str]]:
    page = render_report(sample_notebook(), PAGE)
    blocks = re.findall(r"color-scheme:(?:light|dark);([^{}]+)}", page)
    return [dict(re.findall(r"(--[\w-]+):(#\w{6})", block)) for block in blocks]


def test_every_colour_has_a_dark_twin_and_reads_on_its_paper() -> None:
    light, dark, switched = palettes()
    assert dark == switched
    assert set(light) == set(dark) > {name[4:-1] for name in colours.CSS_VARIABLES.values()}
    for palette in (light, dark):
        for name in ("--ink", "--muted", "--accent", "--alert", "--watch", "--good", "--info"):
            for ground in ("--paper", "--wash"):
                high, low = sorted((luminance(palette[name]), luminance(palette[ground])), reverse=True)
                assert (high + 0.05) / (low + 0.05) >= 4.5, (name, ground)
