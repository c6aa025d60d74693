"""A section that fails falls alone: named on its page, in the manifest and on the index; the report stands."""

from __future__ import annotations

import json
import sys

import pytest
from bs4 import BeautifulSoup
from nbformat.v4 import new_code_cell, new_markdown_cell
from reports.tiny import repository, source, write

from fanops_utils.errors import DataError
from fanops_utils.playbook.lost import Lost, lose
from fanops_utils.reports.kernels.supply import KernelSupply
from fanops_utils.reports.planning.matrix import PlanJob
from fanops_utils.reports.planning.plan import Plan, expand
from fanops_utils.reports.running.containing import fallen
from fanops_utils.reports.running.run import Run, run_jobs

IMPORTS = """from fanops_utils.playbook import Finding, PlayList, Result, Section, TrustPanel
from fanops_utils.text import say
trust = TrustPanel.of()
def answer(name):
    return Section.of(Finding(id=name, title=say("An answer"), text=say("It is so.")))"""
SECTIONS = (
    ("## First?", "table = 1\nratio = table / 0", "first = answer('first')\nfirst"),
    ("## Second?", "second = answer('second')\nsecond"),
    ("## Third?", "third = answer(str(ratio.real))\nthird"),
)
PLAYS = "answers = (first, second, third)\nplays = tuple(ratio)\nPlayList(plays)"
RESULT = "Result.conclude((say('All the same.'), 'info'), answers=answers, plays=plays, trust=trust, facts=())"


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    root = tmp_path_factory.mktemp("repository")
    workspace = repository(root)
    notebook = source(IMPORTS)
    for head, *cells in SECTIONS:
        notebook.cells += [new_markdown_cell(head), *map(new_code_cell, cells)]
    plays = new_code_cell(PLAYS, metadata={"tags": ["plays"]})
    result = new_code_cell(RESULT, metadata={"tags": ["result"]})
    notebook.cells += [new_markdown_cell("## Plays", metadata={"tags": ["plays"]}), plays, result]
    write(root, "research/partly", notebook)
    plan = Plan(name="weekly", workspace="brand", jobs=(PlanJob(notebook="research/partly"),))
    with KernelSupply("auto", modules=()) as kernels:
        jobs = expand(plan, workspace, root)
        return run_jobs(jobs, workspace, plan="weekly", root=root, reports=root / "reports", kernels=kernels)


def test_the_report_stands_without_what_failed_and_says_so(run: Run) -> None:
    (outcome,) = run.outcomes
    assert (outcome.status, outcome.good, outcome.whole, run.good) == ("succeeded", True, False, False)
    assert outcome.conclusion is not None and outcome.report is not None
    found = {one["id"]: one["status"] for one in outcome.conclusion["findings"]}
    assert found == {"first": "failed", "second": "ok", "third": "failed", "plays": "failed"}
    page = BeautifulSoup((run.run_dir / outcome.report).read_text(encoding="utf-8"), "html.parser")
    named = {one["id"] for one in page.select(".unshown li")}
    assert {"finding-first", "finding-third"} <= named
    assert page.select_one(".failed-sections") and not page.select_one(".stopped")
    assert "ZeroDivisionError" in str(page.select_one("#finding-first"))


def test_manifest_and_index_name_the_sections_that_failed(run: Run) -> None:
    manifest = json.loads((run.run_dir / "manifest.json").read_text(encoding="utf-8"))
    assert set(manifest["jobs"][0]["failed_sections"]) == {"first", "third", "plays"}
    index = BeautifulSoup(run.index.read_text(encoding="utf-8"), "html.parser")
    assert index.select_one(".chip .mark.alert")


def test_what_comes_before_the_first_question_and_the_result_fail_the_report() -> None:
    heads = [new_markdown_cell("# One"), new_code_cell("1 / 0"), new_markdown_cell("## Two\nMore."), new_code_cell("a")]
    cells = [
        *heads,
        new_code_cell("b"),
        new_markdown_cell("## Three"),
        new_code_cell("c", metadata={"tags": ["result"]}),
    ]
    assert [fallen(cells, place) for place in (1, 3, 4, 6)] == [[], [3, 4], [4], []]


def test_names_made_before_the_failing_line_are_kept() -> None:
    namespace: dict[str, object] = {"__builtins__": __builtins__}
    cell = "kept = 1\ngone = kept / 0\nshown = 2\nshown"
    try:
        exec(compile(cell, "cell", "exec"), namespace)
    except ZeroDivisionError as error:
        sys.last_value = error
    (section,) = lose(namespace, [cell], name="any")
    assert namespace["kept"] == 1
    assert isinstance(namespace["gone"], Lost)
    assert (section.finding.id, section.finding.status, section.finding.ok) == ("shown", "failed", False)


def test_what_rests_on_a_lost_part_says_so() -> None:
    for use in (len, bool, iter, lambda one: one.anything, lambda one: one["x"]):
        with pytest.raises(DataError):
            use(Lost("hour"))
