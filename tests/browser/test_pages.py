"""The pages in a browser, opened as files: what a reader clicks, sees at each width, and prints."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

Open = Callable[..., Page]
pytestmark = pytest.mark.filterwarnings("ignore:Glyph")
REPORT, FAILED = "research/market_analysis-BR.html", "research/market_analysis-JP.html"
CHINESE = "research/market_analysis-BR.zh-Hans.html"
PAGES = ("index.html", "index.zh-Hans.html", REPORT, CHINESE, FAILED)
NO_STORAGE = "Object.defineProperty(window, 'localStorage', {get() { throw new Error('denied') }})"
OUTSIDE = """() => [...document.querySelectorAll('main *, .bar *')].filter((node) => {
  const box = node.getBoundingClientRect();
  const scrolls = node.closest('.table, .output, pre, .skip, thead, [tabindex]');
  return box.width && !scrolls && (box.right > innerWidth + 1 || box.left < -1);
}).map((node) => node.outerHTML.slice(0, 120))"""


def background(page: Page) -> str:
    return page.evaluate("getComputedStyle(document.documentElement).backgroundColor")


def column(page: Page, number: int) -> list[str]:
    return page.locator(f".output tbody tr > :nth-child({number})").all_inner_texts()


@pytest.mark.parametrize("width", [390, 768, 1280, 1600])
@pytest.mark.parametrize("name", PAGES)
def test_nothing_overflows_or_is_cut(open_page: Open, name: str, width: int) -> None:
    page = open_page(name, width=width)
    if "research" in name:
        page.click("#switch-code")
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert page.evaluate(OUTSIDE) == []


@pytest.mark.parametrize("name", PAGES)
def test_every_picture_is_named(open_page: Open, name: str) -> None:
    page = open_page(name)
    names = page.evaluate("[...document.querySelectorAll('svg, img')].map(node => node.ariaLabel ?? node.alt)")
    assert all(names)
    assert len(names) == (1 if name == FAILED else 3 if "research" in name else 0)


def test_theme_follows_the_system_and_the_switch_is_remembered(open_page: Open) -> None:
    assert background(open_page(REPORT, color_scheme="dark")) == "rgb(20, 23, 27)"
    page = open_page(REPORT, color_scheme="light")
    light = background(page)
    bar = page.locator("svg path[style*='--series-1']").first
    drawn = bar.evaluate("node => getComputedStyle(node).fill")
    page.click("#switch-theme")
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    assert background(page) != light
    assert bar.evaluate("node => getComputedStyle(node).fill") != drawn
    expect(page.locator("#switch-theme")).to_have_attribute("aria-pressed", "true")
    page.reload()
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    page.click("#switch-theme")
    assert background(page) == light


def test_theme_switch_works_without_storage(open_page: Open) -> None:
    page = open_page(REPORT, color_scheme="light", prepare=NO_STORAGE)
    light = background(page)
    page.click("#switch-theme")
    assert background(page) != light


def test_code_switch_opens_every_cell_and_shows_the_silent_ones(open_page: Open) -> None:
    page = open_page(REPORT)
    silent, source = page.locator(".code.quiet").first, page.get_by_text("show(reach_by_format(data))")
    expect(silent).to_be_hidden()
    expect(source).to_be_hidden()
    page.click("#switch-code")
    expect(silent).to_be_visible()
    expect(source).to_be_visible()
    expect(page.locator("#switch-code")).to_have_attribute("aria-pressed", "true")
    page.click("#switch-code")
    expect(source).to_be_hidden()
    page.locator("details.how", has_text="Code [5]").locator("> summary").click()
    page.locator("summary", has_text="Code [5]").click()
    expect(source).to_be_visible()


def test_tables_sort_by_click_and_by_keyboard(open_page: Open) -> None:
    page = open_page(REPORT)
    posts, reach, share = (
        page.locator(".output th .sort", has_text=name) for name in ("Posts", "Non-followers", "Share")
    )
    posts.click()
    assert column(page, 2) == ["52", "120", "240"]
    expect(page.locator(".output th[aria-sort=ascending]")).to_have_count(1)
    posts.focus()
    page.keyboard.press("Enter")
    assert column(page, 2) == ["240", "120", "52"]
    assert column(page, 1) == ["Images", "Reels", "Stories"]
    for expected in (["8,700", "18,400", "–"], ["18,400", "8,700", "–"]):
        reach.click()
        assert column(page, 3) == expected
    share.click()
    assert column(page, 4) == ["<10", "38.0 %", "61.2 %"]
    expect(page.locator(".output th[aria-sort]")).to_have_count(1)


def test_contents_links_land_on_their_headings(open_page: Open) -> None:
    page = open_page(REPORT)
    links = page.locator(".drop a")
    assert links.count() == 7
    for link in links.all():
        page.click(".drop summary")
        link.click()
        target = page.locator(":target")
        assert target.evaluate("node => node.tagName") == "H2"
        expect(target).to_be_in_viewport()


def test_contents_are_a_drop_down_on_narrow_screens(open_page: Open) -> None:
    page = open_page(REPORT, width=390)
    page.click(".drop summary")
    page.locator(".drop a", has_text="Limits").click()
    expect(page.locator("h2", has_text="Limits")).to_be_in_viewport()
    expect(page.locator(".drop nav")).to_be_hidden()


def test_skip_link_is_the_first_stop_of_the_keyboard(open_page: Open) -> None:
    page = open_page(REPORT)
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    expect(page.locator(".skip")).to_be_in_viewport()


def test_a_link_to_the_provenance_opens_it(open_page: Open) -> None:
    page = open_page(REPORT)
    expect(page.get_by_text("3f2a9c1")).to_be_hidden()
    page.click(".drop summary")
    page.locator(".drop a[href='#provenance']").click()
    expect(page.get_by_text("3f2a9c1")).to_be_visible()


def test_the_other_language_opens_at_the_same_place(open_page: Open) -> None:
    page = open_page(REPORT)
    page.click(".drop summary")
    page.locator(".drop a", has_text="Do we lose followers?").click()
    page.locator("a.language").click()
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hans")
    assert CHINESE in page.url
    place = page.evaluate("location.hash.slice(1)")
    assert place and page.evaluate("scrollY") > 0, "the switch is at the top: the place that was asked for is kept"
    expect(page.locator(f"[id='{place}']")).to_be_in_viewport()
    page.locator("a.language").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")


def test_the_view_of_the_index_is_kept_in_the_other_language(open_page: Open) -> None:
    page = open_page("index.html")
    page.click(".more summary")
    page.select_option("select[name=market]", "BR")
    page.locator("a.language").click()
    page.wait_for_url("**/index.zh-Hans.html#market=BR")
    expect(page.locator("select[name=market]")).to_have_value("BR")


def test_print_is_light_and_without_controls(open_page: Open) -> None:
    page = open_page(REPORT, color_scheme="dark")
    page.click("#switch-code")
    page.emulate_media(media="print", color_scheme="dark")
    for hidden in (".switches", ".drop", ".codes >> nth=0", ".data >> nth=0", ".skip", ".where > a"):
        expect(page.locator(hidden)).to_be_hidden()
    expect(page.locator("h1")).to_be_visible()
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(31, 35, 40)"
    assert page.locator("figure").first.evaluate("node => getComputedStyle(node).breakInside") == "avoid"
    expect(page.get_by_text("3f2a9c1")).to_be_hidden()  # what is folded stays folded: a retrospective is four sheets


@pytest.mark.parametrize("name", ["index.html", REPORT])
def test_readable_without_javascript(open_page: Open, name: str) -> None:
    page = open_page(name, width=390, java_script_enabled=False)
    for control in page.locator("button, search").all():
        expect(control).to_be_hidden()
    assert page.locator("main").inner_text().count("1,240") >= 1
    if name == REPORT:
        expect(page.locator(".code.quiet summary").first).to_be_visible()


def test_index_searches_findings_and_plays_with_a_live_count(open_page: Open) -> None:
    page = open_page("index.html")
    search, count, rows = page.locator("input[name=search]"), page.locator("#count"), page.locator("#matches .report")
    expect(page.locator("#matches")).to_be_hidden()
    search.fill("超级粉丝")
    expect(rows.locator(".answer")).to_have_text(["Persona tiers"])
    expect(count).to_have_text("1 of 7 reports shown")
    expect(page.locator("#to-decide")).to_be_hidden()
    search.fill("ＰＥＲＳＯＮＡ br")
    expect(rows.locator(".mark")).to_have_text([" no data"])
    search.fill("price comments")
    expect(rows.locator(".hits a")).to_have_text(["Price is named in 31 % of comments", "Answer the price comments"])
    assert rows.locator(".hits a").last.get_attribute("href") == f"{REPORT}#finding-followers_lost"
    search.fill("nobody says this")
    expect(page.locator("#no-match")).to_be_visible()
    search.fill("")
    expect(page.locator("#to-decide")).to_be_visible()
    expect(page.locator("#matches")).to_be_hidden()


def test_a_search_that_narrows_finds_what_it_finds_at_once(open_page: Open) -> None:
    page = open_page("index.html")
    count, search = page.locator("#count"), page.locator("input[name=search]")
    seen = []
    for told in ("re", "ree", "reels", "reels b", "re", "", "reels"):
        search.fill(told)
        seen.append(count.inner_text())
    assert seen[0] == seen[4] and seen[2] == seen[6] and not seen[5]
    expect(page.locator(".whole").first).to_be_hidden()
    search.fill("")
    expect(page.locator("#to-decide")).to_be_visible()


def test_filters_choose_reports_and_never_hide_what_failed(open_page: Open) -> None:
    page = open_page("index.html")
    rows = page.locator("#matches .report")
    page.click(".more summary")
    asked = [("market", "BR", 3), ("severity", "alert", 0), ("severity", "watch", 1), ("severity", "", 3), ("market", "", 0),
             ("topic", "monitoring", 1), ("topic", "", 0), ("status", "no_data", 1)]  # fmt: skip
    for field, value, number in asked:
        page.select_option(f"select[name={field}]", value)
        expect(rows).to_have_count(number)
        expect(page.locator(".unfinished .report:visible")).to_have_count(2)


def test_chances_are_drawn_when_they_are_opened(open_page: Open) -> None:
    page = open_page("index.html")
    chances = page.locator("#chances .decision")
    expect(chances).to_have_count(0)
    page.click("#chances summary")
    expect(chances).to_have_count(2)
    expect(chances.first.locator(".play")).to_have_text(["Keep three reels a week"])
    assert chances.first.locator(".chip").get_attribute("href") == "research/market_analysis-US.html#finding-growth"


def test_a_decision_opens_its_report_at_the_finding_and_leads_back(open_page: Open) -> None:
    page = open_page("index.html")
    page.locator(".decision a").first.click()
    expect(page.locator(":target h2")).to_have_text("Brazil lost 1,240 followers in the week of the price post")
    expect(page.locator(":target h2")).to_be_in_viewport()
    page.get_by_role("link", name="All reports").click()
    expect(page.locator(".kick")).to_contain_text("Leaf & Kettle · weekly")


def test_the_view_stands_in_the_address_and_can_be_sent(open_page: Open) -> None:
    page = open_page("index.html")
    rows = page.locator("#matches .report:visible")
    page.click(".more summary")
    page.select_option("select[name=market]", "BR")
    page.fill("input[name=search]", "reels")
    assert page.evaluate("location.hash") == "#search=reels&market=BR"
    page.reload()
    expect(page.locator("select[name=market]")).to_have_value("BR")
    expect(rows).to_have_count(1)
    page.evaluate("location.hash = '#severity=alert&market=nowhere'")
    expect(page.locator("select[name=severity]")).to_have_value("alert")
    expect(page.locator("select[name=market]")).to_have_value("")
    page.click("#clear")
    assert page.evaluate("location.hash") == ""
    expect(rows).to_have_count(0)
    expect(page.locator("#clear")).to_be_hidden()
    page.click(".counts a")
    assert page.evaluate("location.hash") == "#unfinished"
    expect(page.locator("#to-decide")).to_be_visible()


def test_reports_are_filtered_by_the_day_of_their_data(open_page: Open) -> None:
    page = open_page("index.html")
    rows = page.locator("#matches .report")
    page.click(".more summary")
    page.fill("input[name=from]", "2026-11-21")
    expect(rows).to_have_count(1)
    page.fill("input[name=from]", "")
    page.fill("input[name=to]", "2026-11-20")
    expect(rows).to_have_count(4)
    expect(page.locator(".unfinished .report:visible")).to_have_count(2)
    assert page.evaluate("location.hash") == "#to=2026-11-20"


def test_markets_side_by_side_sort_by_number(open_page: Open) -> None:
    page = open_page("index.html")
    page.locator(".across thead .sort", has_text="BR").click()
    assert page.locator(".across tbody th").all_inner_texts() == ["Growth\nper 28 days", "Reach\npeople"]
    page.locator(".across td a").first.click()
    expect(page.locator("h1")).to_be_visible()


def test_index_is_readable_and_whole_at_each_width_with_key_results(open_page: Open) -> None:
    for width in (390, 1600):
        page = open_page("index.html", width=width)
        assert page.evaluate("document.documentElement.scrollWidth") == width
        expect(page.locator(".runs a")).to_have_count(1)


def test_files_beside_a_page_open_from_a_disk(open_page: Open) -> None:
    page = open_page(REPORT)
    saved = {}
    for link in page.locator(".files li a").all():
        with page.expect_download() as download:
            link.click()
        saved[download.value.suggested_filename] = download.value.path().read_text(encoding="utf-8")
    assert saved == {f"market_analysis-BR.{name}": name.rpartition(".")[2] for name in ("days.ics", "list.csv", "xlsx")}
    assert open_page(CHINESE).locator(".files").count() == 0, "a page links to the files of its language"
