"""The page of the benchmarks: what failed stands on it by name, and nothing that was told is markup."""

from pathlib import Path
from types import ModuleType

import pytest
from bs4 import BeautifulSoup

Modules = dict[str, ModuleType]


def ran(benchmarks: Modules, **more: object) -> object:
    told = {"title": "Events", "command": "c", "record": None, "failure": "", "seconds": 1.0, "load": (0.5, 0.6)}
    return benchmarks["page"].Ran(**told | more)


def test_a_record_comes_back_as_it_was_kept(
    benchmarks: Modules, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = tmp_path / "record.json"
    monkeypatch.setenv("FANOPS_BENCHMARK_RECORD", str(kept))
    record = benchmarks["record"].Record()
    record.table(("", "s"), [("a", "1.0")], "caption")
    record.note("said")
    record.figure("habit / batch", 17.0)
    record.keep()
    assert benchmarks["record"].kept(kept) == record


def test_failures_stand_on_the_page_and_tables_are_tables(benchmarks: Modules) -> None:
    record = benchmarks["record"].Record()
    record.table(("", "s"), [("<b>a</b>", "1.0")])
    record.figure("habit / batch", 17.0)
    page = BeautifulSoup(
        benchmarks["written"].page(
            [ran(benchmarks, record=record), ran(benchmarks, title="Growth", failure="US: no_data <i>")], full=False
        ),
        "html.parser",
    )
    assert page.select_one(".answer").text == "1 of 1 goals measured are met. Failed: Growth."
    assert page.select_one("pre").text == "US: no_data <i>"
    assert page.select_one("section table tbody th").text == "<b>a</b>"


def test_a_benchmark_that_measures_nothing_fails(
    benchmarks: Modules, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "nothing.py").write_text("print('done')\n", encoding="utf-8")
    monkeypatch.setattr(benchmarks["page"], "HERE", tmp_path)
    assert benchmarks["page"].run("Nothing", ("nothing.py",)).failure == "measured nothing"
