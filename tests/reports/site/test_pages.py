"""The index of a run: digest, unfinished jobs, rows, safety."""

from __future__ import annotations

import gzip
import json
import re
from base64 import b64decode
from copy import deepcopy
from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag

from fanops_utils.errors import ParameterError
from fanops_utils.reports.site.digest import KINDS
from fanops_utils.reports.site.pages import FOLD_LATEST, render_index
from fanops_utils.text import Number, Unit, Written, say, term


def finding(name: str, title: str, severity: str) -> dict[str, Any]:
    return {"id": name, "title": Written(title, "en").to_json(), "text": None, "severity": severity}


def play(action: str, because: str) -> dict[str, Any]:
    return {
        "action": Written(action, "en").to_json(),
        "metric": term("reach", "metric").to_json(),
        "expected": say("+5%").to_json(),
        "owner": Written("Content lead").to_json(),
        "review": "2026-12-14",
        "because": because,
    }


def job(title: str, market: str | None, **changes: Any) -> dict[str, Any]:
    name = title.lower().replace(" ", "_")
    return {
        "notebook": f"research/{name}",
        "title": Written(title, "en").to_json(),
        "topic": "audience" if title == "Persona tiers" else "market",
        "parameters": {"market": market},
        "market": market,
        "status": "succeeded",
        "seconds": 12.3,
        "report": f"research/{name}-{market}.html",
        "result": f"research/{name}-{market}.json",
        "error": "",
        "verdict": say("Verdict of {title} in {market}.", title=title, market=market or "all markets").to_json(),
        "severity": "info",
        "trust": "PASS",
        "data_as_of": "2026-11-20",
        "findings": [],
        "plays": [],
        **changes,
    }


def sample_manifest() -> dict[str, Any]:
    jobs = [
        job(
            "Market analysis",
            "US",
            severity="good",
            findings=[finding("growth", "The US grew 3.1 % a month", "good")],
            plays=[play("Keep three reels a week", "growth")],
        ),
        job(
            "Market analysis",
            "BR",
            severity="watch",
            trust="FAIL",
            verdict=say("Shift two posts a week to reels: {times} times the reach.", times=Number(2.1)).to_json(),
            findings=[
                finding("reels_reach", "Reels reach 2.1 times as many non-followers in Brazil", "good"),
                finding("comments_zh", "Price is named in 31 % of comments", "watch"),
                finding("followers_lost", "Brazil lost 1,240 followers in one week", "alert"),
            ],
            plays=[
                play("Answer the price comments", "followers_lost"),
                play("Publish two reels a week", "reels_reach"),
            ],
        ),
        job(
            "Market analysis",
            "JP",
            status="failed",
            error=say("The file {file} has no column '{column}'.", file="followers.csv", column="date").to_json(),
            verdict="",
            severity=None,
            trust=None,
            data_as_of=None,
            seconds=3,
        ),
        job(
            "Persona tiers",
            "DE",
            verdict=Written("超级粉丝占 4%，贡献 38% 的互动。", "zh-Hans").to_json(),
            severity="info",
            trust="REVIEW",
            data_as_of="2026-11-21",
        ),
        job(
            "Persona tiers",
            "BR",
            status="no_data",
            verdict=say("No member events of Brazil in this period.").to_json(),
            severity="info",
        ),
        job(
            "Weekly pulse",
            None,
            notebook="monitoring/weekly_pulse",
            topic="monitoring",
            severity="alert",
            seconds=151,
            verdict=say("Replies on weekends take 19 hours, 4 hours on weekdays.").to_json(),
            findings=[finding("quiet", "Weekend replies take 19 hours", "alert")],
        ),
        job(
            "Spring blend",
            "BR",
            notebook="campaigns/spring",
            topic="campaigns",
            status="timed_out",
            verdict="",
            severity=None,
            report=None,
            trust=None,
            data_as_of=None,
        ),
    ]
    return {
        "run_id": "2026-11-22T0600-weekly",
        "workspace": "sample",
        "plan": "weekly",
        "brand": "Leaf & Kettle",
        "started": "2026-11-22T06:00:00+00:00",
        "finished": "2026-11-22T06:04:10+00:00",
        "status": "failed",
        "jobs": jobs,
    }


def soup_of(manifest: dict[str, Any], language: str = "en", **options: Any) -> BeautifulSoup:
    return BeautifulSoup(render_index(manifest, language=language, **options), "html.parser")


def texts(found: list[Tag]) -> list[str]:
    return [element.get_text(" ", strip=True) for element in found]


def block_of(soup: BeautifulSoup) -> dict[str, Any]:
    """Return what the page's script reads, with texts instead of places."""
    told = json.loads(gzip.decompress(b64decode(soup.select_one("#block")["value"])))
    assert len(set(told["words"])) == len(told["words"]), "every text once"
    return told


def test_what_is_to_be_decided_stands_first_and_by_what_cannot_wait() -> None:
    soup = soup_of(sample_manifest())
    assert soup.h1.get_text() == "2 things to decide; 2 of 7 reports are missing"
    assert texts(soup.select("main h2")) == ["What needs a decision", "Did not finish", "All reports"]
    assert texts(soup.select(".decision .answer")) == [
        "Brazil lost 1,240 followers in one week", "Weekend replies take 19 hours",
    ]  # fmt: skip
    assert texts(soup.select(".decision .kind")) == ["▲ check failed", "▲ alert"]


def test_decisions_link_to_their_finding_and_say_who_until_when_and_where() -> None:
    first = soup_of(sample_manifest()).select_one(".decision")
    assert first.select_one(".answer a")["href"] == "research/market_analysis-BR.html#finding-followers_lost"
    assert first.select_one(".play").get_text() == "Answer the price comments"
    assert "Content lead" in first.get_text() and "14 December 2026" in first.get_text()
    (chip,) = first.select(".chip")
    assert (chip.get_text(), chip["href"]) == ("BR", first.select_one(".answer a")["href"])


def test_chances_and_later_decisions_wait_in_the_block() -> None:
    manifest = sample_manifest()
    manifest["jobs"][0]["findings"] = [finding(f"f{number}", f"Alert {number}", "alert") for number in range(30)]
    manifest["jobs"][0]["plays"] = [play(f"Do {number}", f"f{number}") for number in range(30)]
    soup = soup_of(manifest)
    assert len(soup.select(".decision")) == FOLD_LATEST
    told = block_of(soup)
    kinds = [one[0] for one in told["decisions"]]
    assert kinds.count(KINDS.index("chance")) == 1 and len(kinds) == 32 - FOLD_LATEST + 1
    assert soup.select_one("#later").get_text() == f"Show {32 - FOLD_LATEST} more"
    assert soup.select_one("#chances summary").get_text() == "1 chance to take up"


def test_the_block_holds_every_report_with_its_findings_and_plays() -> None:
    told = block_of(soup_of(sample_manifest()))
    assert len(told["reports"]) == 7
    brazil = told["reports"][1]
    assert brazil[:5] == ["market", "BR", "succeeded", "watch", "2026-11-20"]
    assert brazil[7] == "research/market_analysis-BR.html"
    lines = [(told["words"][text], anchor) for text, anchor in brazil[10]]
    assert ("Price is named in 31 % of comments", "comments_zh") in lines
    assert ("Answer the price comments", "followers_lost") in lines


def test_unfinished_jobs_are_in_plain_view_with_reason() -> None:
    soup = soup_of(sample_manifest())
    rows = soup.select("section.unfinished .report")
    assert not any(row.find_parent("details") for row in rows)
    assert texts([row.select_one(".kind") for row in rows]) == ["✕ failed", "✕ timed out"]
    assert "no column 'date'" in rows[0].get_text()
    assert "took longer than allowed" in rows[1].get_text()
    assert rows[1].a is None
    assert soup.select_one(".counts a")["href"] == "#unfinished"


def test_reports_are_a_list_by_topic_with_a_chip_each_in_the_colour_of_their_severity() -> None:
    soup = soup_of(sample_manifest())
    assert texts(soup.select(".group h3")) == ["Market", "Audience", "Monitoring"]
    rows = {row.p.get_text(): row.select(".chip") for row in soup.select(".group .row")}
    assert list(rows) == ["Market analysis", "Persona tiers", "Weekly pulse"]
    assert texts(rows["Market analysis"]) == ["● good US", "◆ watch BR check failed"]
    assert [chip["class"] for chip in rows["Market analysis"]] == [["chip", "good"], ["chip", "watch"]]
    assert rows["Market analysis"][1]["href"] == "research/market_analysis-BR.html"
    assert texts(rows["Persona tiers"]) == ["DE", "○ no data BR"]
    assert texts(rows["Weekly pulse"]) == ["▲ alert open"]


def test_filters_offer_what_the_run_holds() -> None:
    soup = soup_of(sample_manifest())
    offered = {
        select["name"]: [option["value"] for option in select.select("option")] for select in soup.select("select")
    }
    assert offered == {
        "market": ["", "BR", "DE", "JP", "US"],
        "topic": ["", "market", "audience", "campaigns", "monitoring"],
        "status": ["", "failed", "no_data", "succeeded", "timed_out"],
        "severity": ["", "alert", "watch", "good", "info"],
    }


def test_chinese_index() -> None:
    soup = soup_of(sample_manifest(), "zh-Hans")
    assert soup.html["lang"] == "zh-Hans"
    assert texts(soup.select("main h2")) == ["需要决定的事项", "未完成", "全部报告"]
    assert soup.select(".decision .mark")[1].get_text(" ", strip=True) == "▲ 预警"
    title = soup.find(string="Brazil lost 1,240 followers in one week")
    assert title.find_parent(lang=True)["lang"] == "en", "what somebody wrote in another language is marked"


def test_a_run_without_jobs_says_so() -> None:
    text = soup_of({**sample_manifest(), "jobs": []}).get_text()
    assert "This run has no reports." in text
    assert "no report raised an alert" in text


def test_unknown_language_is_refused() -> None:
    with pytest.raises(ParameterError):
        render_index(sample_manifest(), language="fr")


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        '"><img src=x onerror=alert(1)>',
        "javascript:alert(1)",
        "//evil.example/x",
        "a\u202eb\ud800",
    ],
)
def test_nothing_in_a_manifest_is_trusted(text: str) -> None:
    def poison(value: Any, key: str = "") -> Any:
        if isinstance(value, dict):
            return {name: poison(item, name) for name, item in value.items()}
        if isinstance(value, list):
            return [poison(item) for item in value]
        return text if isinstance(value, str) and key != "status" else value

    manifest = poison(deepcopy(sample_manifest()))
    page = render_index(manifest)
    page.encode("utf-8")
    assert "\u202e" not in page
    soup = BeautifulSoup(page, "html.parser")
    assert len(soup.select("script")) == 1
    assert not soup.select("img, iframe, [onerror]")
    links = [link["href"] for link in soup.select("a")]
    assert links and not any(re.match(r"[a-z]+:|//", link) for link in links)


def test_the_index_leads_to_itself_and_to_its_reports_in_each_language() -> None:
    pages = {"en": "index.html", "zh-Hans": "index.zh-Hans.html"}
    made = {"en": "research/market-US.html", "zh-Hans": "research/market-US.zh-Hans.html"}
    here = job("Market analysis", "US", report=made["en"], pages=made, findings=[finding("lost", "Lost", "alert")])
    once = job("Alone", "DE", pages={"en": "research/alone-DE.html"})
    manifest = {**sample_manifest(), "jobs": [here, once]}
    for language, other in (("en", "zh-Hans"), ("zh-Hans", "en")):
        soup = soup_of(manifest, language, pages=pages)
        (link,) = soup.select("a.language")
        assert (link["href"], link["hreflang"], link["lang"]) == (pages[other], other, other)
        assert soup.select_one(".decision a")["href"] == f"{made[language]}#finding-lost"
        links = [link["href"] for link in soup.select(".group .chip")]
        assert links == [made[language], "research/alone-DE.html"], "where there is no page in it, the first one"


def test_index_is_small_and_reproducible() -> None:
    assert len(render_index({**sample_manifest(), "jobs": []}).encode()) < 40_000
    assert render_index(sample_manifest()) == render_index(sample_manifest())


def test_reports_are_called_by_names_not_by_ids() -> None:
    question = "Did the experiment work?"
    names = {"experiment": {"badge_design": say("Badge design").to_json()}, "market": {"DE": say("Germany").to_json()}}
    jobs = [
        job(question, "DE", parameters={"experiment": name, "workspace": "sample"}, findings=[finding(name, "It failed", "alert")])
        for name in ("badge_design", "push_copy")
    ]  # fmt: skip
    soup = soup_of({**sample_manifest(), "jobs": [*jobs, job("Market analysis", "DE")], "names": names})
    chips = soup.select(".group .chip")
    assert texts(chips) == ["Badge design", "push_copy", "DE"], "an id only where no register knows it"
    assert chips[2]["title"] == "Germany"


def test_choices_of_parameters_are_told_only_where_two_reports_would_be_called_the_same() -> None:
    parameters = {"workspace": "x", "market": "US", "level": 0.8, "end": None, "tags": ["a", "b"]}
    alone = soup_of({**sample_manifest(), "jobs": [job("Campaign", "US", parameters=parameters)]})
    assert "level" not in alone.get_text() and texts(alone.select(".group .chip")) == ["US"]
    twice = [job("Campaign", "US", parameters=parameters | {"level": level}) for level in (0.8, 0.9)]
    labels = texts(soup_of({**sample_manifest(), "jobs": twice}).select(".group .chip"))
    assert labels == ["level = 0.8, tags = a, b", "level = 0.9, tags = a, b"]


def test_each_status_is_shown_by_its_word_and_none_is_lost() -> None:
    names = [
        "succeeded",
        "no_data",
        "failed",
        "timed_out",
        "kernel_died",
        "cancelled",
        "truncated",
        "skipped",
        "cached",
    ]
    jobs = [job(f"Notebook {name}", "US", status=name, verdict="", error="") for name in names]
    for one in jobs:
        one |= {"peak_memory": 412_000_000, "seconds": 61.0}
    soup = soup_of({**sample_manifest(), "jobs": jobs})
    assert texts(soup.select("section.unfinished .kind")) == [
        "✕ failed", "✕ timed out", "✕ process died", "✕ cancelled", "✕ truncated",
    ]  # fmt: skip
    assert texts(soup.select(".group .chip")) == ["US", "○ no data US", "– skipped US", "US"]
    assert len(soup.select(".counts > *")) == len(names)
    assert "MB" not in soup.get_text() and "61 s" not in soup.get_text(), "what machines took stands in the manifest"
    assert [option["value"] for option in soup.select("select[name=status] option")][1:] == sorted(names)


def test_new_findings_are_marked_unless_the_report_is_unchanged() -> None:
    changes = [{"kind": "new", "id": "old", "severity": "alert"}, {"kind": "metric", "id": "other"}]
    found = [finding("other", "Known alert", "alert"), finding("old", "New alert", "alert")]
    fresh = job("Market analysis", "US", findings=found, changes=changes)
    soup = soup_of({**sample_manifest(), "jobs": [fresh]})
    assert texts(soup.select(".decision .answer")) == ["New alert"], "the rest of a report stands under its heaviest"
    assert "1 more alert in its report" in soup.select_one(".decision").get_text()
    fresh |= {"plays": [play("Do it", "old"), play("Leave it", "other")]}
    soup = soup_of({**sample_manifest(), "jobs": [fresh]})
    assert texts(soup.select(".decision .answer")) == ["New alert", "Known alert"]
    assert len(soup.select(".decision .mark.new")) == 1
    soup = soup_of({**sample_manifest(), "jobs": [{**fresh, "status": "cached"}]})
    assert not soup.select(".decision .mark.new")


def test_key_results_stand_side_by_side_and_missing_is_not_zero() -> None:
    members = Unit("share", term("of members", "unit"))

    def measured(value: float | None, unit: Unit = members) -> list[dict[str, Any]]:
        return [
            {
                **finding("staying", "They stay", "watch"),
                "estimate": value,
                "ci_lower": 0.1,
                "ci_upper": 0.2,
                "unit": unit.to_json(),
                "label": say("Do they stay?").to_json(),
            }
        ]

    jobs = [
        job("Personas", "US", findings=measured(0.136)),
        job("Personas", "DE", findings=measured(None)),
        job("Personas", "JP", status="failed", findings=[]),
        job("Personas", "BR", findings=measured(6.9, Unit("times", term("the expected", "unit")))),
        job("Alone", "US", notebook="research/alone", findings=measured(0.5)),
    ]
    soup = soup_of({**sample_manifest(), "jobs": jobs})
    (table,) = soup.select(".across table")
    assert texts(table.select("thead th")) == ["Result", "US", "DE", "BR"]
    rows = [texts(row.select("th, td")) for row in table.select("tbody tr")]
    assert rows == [
        ["Do they stay? of members", "◆ 13.6% 10.0% – 20.0%", "— no result", "— no result"],
        ["Do they stay? the expected", "— no result", "— no result", "◆ 6.9× 0.1× – 0.2×"],
    ]
    assert table.select_one("td a")["href"] == "research/personas-US.html#finding-staying"


def test_the_strip_of_runs_links_to_the_others() -> None:
    runs = [
        {"run_id": "b", "started": "2026-11-22T06:00:00+00:00", "counts": {"succeeded": 2}, "href": "", "current": True},
        {"run_id": "a", "started": "2026-11-15T06:00:00+00:00", "counts": {"cached": 1, "failed": 1}, "href": "../a/index.html"},
    ]  # fmt: skip
    soup = BeautifulSoup(render_index(sample_manifest(), runs=runs, latest="../latest/index.html"), "html.parser")
    assert [link["href"] for link in soup.select(".runs a")] == ["../a/index.html"]
    assert texts(soup.select(".runs li")) == ["✓ 2026-11-22 06:00", "✕ 2026-11-15 06:00 1 of 2 failed"]
    assert soup.select_one(".runs [aria-current=page]")
    assert soup.select_one(".where a")["href"] == "../latest/index.html"


def test_paths_of_the_machine_are_cut_in_errors() -> None:
    said = say("Cell {cell} failed: {error}", cell=3, error="KeyError in /srv/xavier/brand/fanops_utils/metrics/a.py")
    broken = job("Market analysis", "JP", status="failed", error=said.to_json())
    text = soup_of({**sample_manifest(), "jobs": [broken]}).get_text()
    assert "KeyError in fanops_utils/metrics/a.py" in text and "xavier" not in text
