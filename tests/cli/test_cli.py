"""The command as people and machines call it: exit codes, plain words, pure JSON."""

from __future__ import annotations

import getpass
import json
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import forked_commands
import pandas as pd
import pytest
from conftest import BRAND, ROOT
from reports.tiny import WELL, repository, showing, source, write
from typer.main import get_command

from fanops_utils import __version__
from fanops_utils.charts import Table
from fanops_utils.cli import answer
from fanops_utils.cli.common import app
from fanops_utils.data.privacy import key_folder
from fanops_utils.text import Count, say
from fanops_utils.workspace.opening import TEMPLATE

Fanops = Callable[..., subprocess.CompletedProcess[str]]
EXPORTS = ROOT / "tests" / "exports"
MAPPING = """name: listening
tables:
  mentions:
    columns: {mention_id: ID, mentioned_at: Time, platform: Net, brand: Who, sentiment: Tone}
    values:
      sentiment: {POS: positive, NEG: negative}
"""
REPORT_KEYS = [
    "file", "status", "source", "report_type", "rows_in", "rows_loaded", "rows_quarantined", "rows_duplicate", "warnings",
    "error", "age_from", "unread",
]  # fmt: skip


@pytest.fixture
def fanops(tmp_path: Path) -> Fanops:
    """Call fanops in a repository of its own, with the brand "brand" and two notebooks, one of which fails."""
    repository(tmp_path)
    write(tmp_path, "research/good", source(WELL, title="Is it good?"))
    write(tmp_path, "research/broken", source("1 / 0", WELL, title="Is it broken?"))
    plan = "name: weekly\nworkspace: brand\njobs:\n  - notebook: broken\n  - {notebook: good, matrix: {market: all}}\n"
    (tmp_path / "notebooks" / "plans" / "weekly.yml").write_text(plan, encoding="utf-8")

    def called(*words: object) -> subprocess.CompletedProcess[str]:
        done = forked_commands.fanops(*words, cwd=tmp_path)
        assert "Traceback" not in done.stderr, done.stderr
        return done

    return called


def told(done: subprocess.CompletedProcess[str]) -> Any:
    """Return standard output, which holds JSON and nothing else."""
    return json.loads(done.stdout)


def test_version(fanops: Fanops) -> None:
    done = fanops("--version")
    assert (done.returncode, done.stdout) == (0, f"fanops {__version__}\n")


def test_without_a_verb_it_explains_itself(fanops: Fanops) -> None:
    done = fanops()
    assert done.returncode == 0
    for verb in ("sample", "init", "import", "status", "list", "run", "open", "export", "lab", "check", "freeze"):
        assert f"  {verb} " in done.stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["rnu"], "No such command 'rnu'. Did you mean 'run'? See: fanops --help"),
        (["run"], "Missing argument"),
        (["run", "good", "--workers", "0"], "--workers is how many jobs run at the same time: '0'"),
        (["run", "good", "-w", "brand", "--workers", "dask://here"], "no address of a cluster"),
        (["status", "--nope"], "No such option: --nope"),
        (["status", "-w", "brnd"], "no such workspace: 'brnd'. Did you mean 'brand'?"),
        (["import", "nowhere.csv", "-w", "brand"], "no such file or folder"),
        (["run", "god", "-w", "brand"], "no such notebook: 'god'. Choose one of: research/broken, research/good"),
        (["run", "", "-w", "brand"], "no such notebook"),
        (["run", "nowhere.yml"], "the file does not exist"),
        (["run", "good", "-w", "brand", "-p", "market"], "given as -p name=value"),
        (["run", "good", "-w", "brand", "-p", "market=US", "-p", "market=DE"], "given twice: 'market'"),
        (["run", "good", "-w", "brand", "-p", "makret=DE"], "no such parameter: 'makret'. Did you mean 'market'?"),
        (["run", "good", "-w", "brand", "-p", "market=UX"], "unknown market: 'UX'. Did you mean 'US'?"),
        (["run", "good", "-w", "brand", "-p", "workspace=other"], "the workspace is that of the run"),
        (["run", "notebooks/plans/weekly.yml", "-p", "market=DE"], "-p goes with a single notebook"),
        (["open", "-w", "brand"], "no run yet"),
        (["init", "Big Brand"], "not a workspace name"),
        (["init", "brand"], "this workspace exists already"),
    ],
)  # fmt: skip
def test_what_cannot_be_done_is_refused_in_one_line_before_anything_starts(
    fanops: Fanops, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
    words: list[str], said: str,
) -> None:  # fmt: skip
    before = sorted(path for path in tmp_path.rglob("*"))
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("FANOPS_ROOT", raising=False)
    monkeypatch.setattr(sys, "argv", ["fanops", *words])
    with pytest.raises(SystemExit) as ended:
        answer()
    shown = capsys.readouterr()
    assert (ended.value.code, shown.out) == (2, "")
    assert said in shown.err
    assert shown.err.startswith("fanops: ") and shown.err.count("\n") == 1
    assert sorted(path for path in tmp_path.rglob("*")) == before


def said_in(root: Path, *languages: str) -> None:
    path = root / "data" / "brand" / "brand.yml"
    path.write_text(f"{path.read_text(encoding='utf-8')}languages: [{', '.join(languages)}]\n", encoding="utf-8")


def test_a_language_without_a_catalogue_is_refused_with_file_and_line(fanops: Fanops, tmp_path: Path) -> None:
    said_in(tmp_path, "en", "fr")
    done = fanops("run", "good", "-w", "brand")
    assert (done.returncode, done.stdout) == (2, "")
    assert "brand.yml" in done.stderr and "'fr' is no language that reports can be written in" in done.stderr
    assert not (tmp_path / "reports").exists()


def test_a_refusal_leaves_by_code_2(fanops: Fanops, tmp_path: Path) -> None:
    done = fanops("run", "good", "-w", "brand", "-p", "makret=DE")
    assert (done.returncode, done.stdout) == (2, "")
    assert not (tmp_path / "reports").exists()


def test_a_refusal_is_json_where_json_is_asked_for(fanops: Fanops) -> None:
    for words in (["status", "-w", "brnd"], ["rnu"]):
        done = fanops(*words, "--json")
        assert done.returncode == 2
        assert list(told(done)) == ["error"]


def test_init_writes_a_workspace_that_keeps_its_own_rules(fanops: Fanops, tmp_path: Path) -> None:
    done = fanops("init", "mine", "--json")
    assert done.returncode == 0
    assert all(Path(path).is_file() for path in told(done)["files"])
    assert (tmp_path / "data" / "mine" / "raw").is_dir()
    assert Path(told(done)["key"]) == key_folder() / "mine.key" and str(key_folder() / "mine.key") in done.stderr
    checked = fanops("check", "-w", "mine", "--json")
    wrong = [one for one in told(checked) if one["place"].startswith("data/mine")]
    assert [one for one in wrong if "no such notebook" not in one["problem"]] == []  # this repository has none of them


@pytest.mark.parametrize(
    ("module", "spared"),
    [("fanops_utils.cli", "pydantic yaml pandas"), ("fanops_utils.reports.page.render", "pandas matplotlib scipy")],
)
def test_help_and_pages_do_not_wait_for_libraries_they_do_not_use(module: str, spared: str) -> None:
    code = f"import {module}, sys; print(*(set('{spared}'.split()) & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


def test_import_tells_of_every_file_in_the_same_words(fanops: Fanops, tmp_path: Path) -> None:
    done = fanops("import", EXPORTS / "shopify" / "orders_export_1.csv", "-w", "brand", "--json")
    assert done.returncode == 0
    (report,) = told(done)
    assert list(report) == REPORT_KEYS
    assert (Path(report["file"]).name, report["status"]) == ("orders_export_1.csv", "loaded")
    assert (report["source"], report["report_type"]) == ("shopify", "orders")
    assert report["rows_in"] == report["rows_loaded"] + report["rows_quarantined"] + report["rows_duplicate"] > 0
    again = fanops("import", EXPORTS / "shopify" / "orders_export_1.csv", "-w", "brand", "--json")
    assert (again.returncode, told(again)[0]["status"]) == (0, "unchanged")
    state = told(fanops("status", "-w", "brand", "--json"))
    assert set(state) == {"tables", "quarantine"}
    held = {row["table"]: row for row in state["tables"]}
    assert held["orders"]["rows"] > 0
    assert {"table", "rows", "first", "last"} <= set(held["orders"])


def test_status_shows_what_lies_in_quarantine_and_lets_nothing_in_it_steer_the_terminal(
    fanops: Fanops, tmp_path: Path
) -> None:
    mapping = tmp_path / "data" / "brand" / "mappings" / "listening.yml"
    mapping.parent.mkdir()
    mapping.write_text(MAPPING, encoding="utf-8")
    rows = "ID,Time,Net,Who,Tone\n1,2026-01-02 10:00,x,Demo Brand,POS\n2,2026-01-02 11:00,x,Demo Brand,\x1b[2J!\n"
    (tmp_path / "mentions.csv").write_text(rows, encoding="utf-8")
    assert fanops("import", "mentions.csv", "-w", "brand").returncode == 0
    shown = fanops("status", "-w", "brand")
    assert shown.returncode == 0
    (line,) = [line for line in shown.stderr.splitlines() if line.startswith("quarantine")]
    assert "row 2, Tone: '[2J!' not one of POS, NEG" in line
    assert "\x1b" not in shown.stderr
    (aside,) = told(fanops("status", "-w", "brand", "--json"))["quarantine"]
    assert (aside["source_row"], aside["column"], aside["value"]) == (2, "Tone", "\x1b[2J!")


def test_what_lies_in_quarantine_is_corrected_in_a_file_and_imported_again(fanops: Fanops, tmp_path: Path) -> None:
    mapping = tmp_path / "data" / "brand" / "mappings" / "listening.yml"
    mapping.parent.mkdir()
    mapping.write_text(MAPPING, encoding="utf-8")
    rows = "ID,Time,Net,Who,Tone\n1,2026-01-02 10:00,x,Demo Brand,POS\n2,2026-01-02 11:00,x,@Demo,GOOD\n"
    (tmp_path / "mentions.csv").write_text(rows, encoding="utf-8")
    assert "fanops status -w brand --quarantine FILE.csv" in fanops("import", "mentions.csv", "-w", "brand").stderr
    written = fanops("status", "-w", "brand", "--quarantine", "fix.csv")
    assert "1 record of mentions.csv in fix.csv" in written.stderr
    assert "fanops import fix.csv -w brand" in written.stderr
    fix = tmp_path / "fix.csv"
    text = fix.read_text(encoding="utf-8-sig")
    assert ",'@Demo,GOOD" in text
    fix.write_text(text.replace("GOOD", "POS"), encoding="utf-8")
    (report,) = told(fanops("import", "fix.csv", "-w", "brand", "--json"))
    assert (report["status"], report["rows_loaded"], report["rows_quarantined"]) == ("loaded", 1, 0)
    state = told(fanops("status", "-w", "brand", "--json"))
    assert state["quarantine"] == []
    (mentions,) = [row for row in state["tables"] if row["table"] == "mentions"]
    assert (mentions["rows"], mentions["quarantined"], mentions["stale_days"] > 0) == (2, 0, True)


def test_status_names_the_days_that_are_missing(fanops: Fanops, tmp_path: Path) -> None:
    mapping = tmp_path / "data" / "brand" / "mappings" / "days.yml"
    mapping.parent.mkdir()
    mapping.write_text("name: days\ntables:\n  account_daily:\n    columns: {account_id: A, date_day: D, reach: R}\n"
                       "    constants: {platform: instagram}\n", encoding="utf-8")  # fmt: skip
    (tmp_path / "days.csv").write_text("A,D,R\na,2026-01-01,5\na,2026-01-04,6\n", encoding="utf-8")
    fanops("import", "days.csv", "-w", "brand")
    assert "gap         account_daily, instagram a: 2 days missing" in fanops("status", "-w", "brand").stderr


def test_the_warehouse_answers_one_select_and_nothing_else(fanops: Fanops, tmp_path: Path) -> None:
    mapping = tmp_path / "data" / "brand" / "mappings" / "days.yml"
    mapping.parent.mkdir()
    mapping.write_text("name: days\ntables:\n  account_daily:\n    columns: {account_id: A, date_day: D, reach: R}\n"
                       "    constants: {platform: instagram}\n", encoding="utf-8")  # fmt: skip
    (tmp_path / "days.csv").write_text("A,D,R\n\u202ea,2026-01-01,5\n\u202ea,2026-01-02,\n", encoding="utf-8")
    fanops("import", "days.csv", "-w", "brand")
    select = "select account_id, date_day, reach from account_daily order by date_day"
    assert [row["reach"] for row in told(fanops("query", select, "-w", "brand", "--json"))] == [5, None]
    assert "\u202e" not in fanops("query", select, "-w", "brand").stdout
    formula = "SELECT '=1+1' AS told, -1 AS number"
    assert fanops("query", formula, "-w", "brand", "--out", "told.csv").returncode == 0
    assert (tmp_path / "told.csv").read_text(encoding="utf-8").splitlines()[1] == "'=1+1,-1"
    done = fanops("query", select, "-w", "brand", "--out", "days.parquet")
    assert done.returncode == 0
    assert (tmp_path / "days.parquet").stat().st_mode & 0o077 == 0
    assert list(pd.read_parquet(tmp_path / "days.parquet")["reach"].dropna()) == [5]
    for wrong, said in (
        ("select * from acount_daily", "account_daily"), ("drop table account_daily", "one SELECT"),
        ("select * from '/etc/passwd'", "no files"),
        ("select * from read_csv('days.csv')", "cannot be run"), ("select 1; select 2", "one SELECT"),
    ):  # fmt: skip
        refused = fanops("query", wrong, "-w", "brand")
        assert refused.returncode == 2
        assert said in refused.stderr


def test_every_verb_that_ends_takes_json() -> None:
    def lacking(command: Any, *names: str) -> list[str]:
        inner = getattr(command, "commands", {})
        alone = not inner and not any("--json" in one.opts for one in command.params)
        return [
            *([" ".join(names)] if alone else []),
            *(one for name in inner for one in lacking(inner[name], *names, name)),
        ]

    assert lacking(get_command(app)) == ["lab", "serve"]


def test_a_plan_that_has_no_run_is_named_with_the_nearest_that_has(fanops: Fanops) -> None:
    none = fanops("open", "--plan", "weekly", "-w", "brand")
    assert (none.returncode, "fanops run weekly -w brand" in none.stderr) == (2, True)
    fanops("run", "weekly", "-w", "brand")
    wrong = fanops("open", "--plan", "wekly", "-w", "brand")
    assert (wrong.returncode, "'weekly'" in wrong.stderr) == (2, True)
    opened = told(fanops("open", "-w", "brand", "--json"))
    assert opened["plan"] == "weekly" and Path(opened["index"]).is_file()


def test_a_file_nobody_knows_leads_to_a_draft_whose_next_words_can_be_pasted(fanops: Fanops, tmp_path: Path) -> None:
    example = (TEMPLATE / "mappings" / "example.yml").read_text(encoding="utf-8")
    (tmp_path / "data" / "brand" / "mappings").mkdir()
    (tmp_path / "data" / "brand" / "mappings" / "example.yml").write_text(example, encoding="utf-8")
    file = tmp_path / "my exports" / "told.csv"
    file.parent.mkdir()
    file.write_text("Mention ID,Time,Network,Brand,group\nm1,2026-03-24T10:00:00Z,x,us,a\n", encoding="utf-8")
    (report,) = told(fanops("import", file, "-w", "brand", "--json"))
    assert "fanops map FILE" in report["error"] and "'example'" not in report["error"]
    done = fanops("map", file, "-w", "brand", "--json", "--table", "mentions")
    assert (told(done)["table"], told(done)["columns"]["mentioned_at"]) == ("mentions", "Time")
    (line,) = [line for line in done.stderr.splitlines() if line.startswith("Next:")]
    assert shlex.split(line.partition("then ")[2]) == ["fanops", "import", "my exports/told.csv", "-w", "brand"]


def test_a_slip_in_a_register_is_told_once_and_not_for_each_plan(fanops: Fanops, tmp_path: Path) -> None:
    brand = tmp_path / "data" / "brand" / "brand.yml"
    for folder in (tmp_path / "notebooks" / "plans", brand.parent / "plans"):
        folder.mkdir(exist_ok=True)
        plan = (tmp_path / "notebooks" / "plans" / "weekly.yml").read_text(encoding="utf-8")
        (folder / "more.yml").write_text(plan.replace("weekly", "more"), encoding="utf-8")
    before = told(fanops("check", "-w", "brand", "--json"))
    brand.write_text(BRAND.replace("currency: USD", "currency: Dollar"), encoding="utf-8")
    (problem,) = [one for one in told(fanops("check", "-w", "brand", "--json")) if one not in before]
    assert problem["place"] == "data/brand" and "brand.yml, line 3: currency: 'Dollar'" in problem["problem"]
    assert "also line" not in problem["problem"]


def test_an_answer_goes_into_a_new_folder_and_its_json_is_read_by_strict_readers(
    fanops: Fanops, tmp_path: Path
) -> None:
    export = EXPORTS / "shopify" / "orders_export_1.csv"
    fanops("import", export, "-w", "brand")
    select = "SELECT 1.0 / 0 AS up, CAST('-inf' AS DOUBLE) AS down, [CAST('nan' AS DOUBLE), 2.5] AS listed"
    done = fanops("query", select, "-w", "brand", "--json")
    (row,) = json.loads(done.stdout, parse_constant=lambda constant: pytest.fail(f"{constant} is no JSON"))
    assert row["down"] == "-Infinity"
    assert fanops("query", select, "-w", "brand", "--out", "new/folder/told.csv").returncode == 0
    assert "down" in (tmp_path / "new" / "folder" / "told.csv").read_text(encoding="utf-8")
    (tmp_path / "told").write_text("a file, no folder", encoding="utf-8")
    refused = fanops("query", select, "-w", "brand", "--out", "told/a.csv", "--json")
    assert (refused.returncode, "told/a.csv" in told(refused)["error"]) == (2, True)


def test_an_answer_is_never_written_over_what_reports_are_made_from(fanops: Fanops, tmp_path: Path) -> None:
    data = tmp_path / "data"
    kept = data / "brand" / "units.csv"
    kept.write_text("unit,variant\n1,a\n", encoding="utf-8")
    for name in ("brand/units.csv", "brand/raw/new.csv", "brand/warehouse/new.parquet", "reference/new.csv"):
        refused = fanops("query", "SELECT 1 AS a", "-w", "brand", "--out", f"data/{name}")
        assert refused.returncode == 2 and name.rpartition("/")[2] in refused.stderr
        assert not (data / name).exists() or name == "brand/units.csv"
    assert kept.read_text(encoding="utf-8").startswith("unit")
    assert fanops("query", "SELECT 1 AS a", "-w", "brand", "--out", "data/brand/new.csv").returncode == 0
    assert [path.name for path in (data / "brand").glob("*new*")] == ["new.csv"]
    assert [path.name for path in (data / "brand").glob(".*.part")] == []


def test_a_refused_file_is_exit_1_and_the_others_are_loaded(fanops: Fanops, tmp_path: Path) -> None:
    folder = tmp_path / "exports"
    folder.mkdir()
    (folder / "odd.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    (folder / "orders.csv").write_bytes((EXPORTS / "shopify" / "orders_export_1.csv").read_bytes())
    done = fanops("import", folder, "-w", "brand", "--json")
    assert done.returncode == 1
    states = {Path(report["file"]).name: report["status"] for report in told(done)}
    assert states == {"odd.csv": "refused", "orders.csv": "loaded"}
    (refused,) = [report for report in told(done) if report["status"] == "refused"]
    assert list(refused) == REPORT_KEYS
    assert "no mapping fits its columns" in refused["error"]


@pytest.mark.parametrize("verb", [["status"], ["import", "data"], ["run", "good"], ["check"]])
def test_a_wrong_register_is_named_with_its_line(fanops: Fanops, tmp_path: Path, verb: list[str]) -> None:
    register = tmp_path / "data" / "brand" / "brand.yml"
    register.write_text(BRAND.replace("competitors:", "competitor:"), encoding="utf-8")
    done = fanops(*verb, "-w", "brand")
    assert done.returncode == (1 if verb == ["check"] else 2)
    assert "brand.yml, line 10: unknown key 'competitor'. Did you mean 'competitors'?" in done.stderr
    assert not (tmp_path / "data" / "brand" / "warehouse").exists()


def test_list_names_notebooks_with_question_and_parameters(fanops: Fanops) -> None:
    done = fanops("list", "--json")
    assert done.returncode == 0
    assert [(one["notebook"], one["question"]) for one in told(done)] == [
        ("research/broken", "Is it broken?"), ("research/good", "Is it good?"),
    ]  # fmt: skip
    market = told(done)[1]["parameters"][1]
    assert market == {"name": "market", "type": "str", "default": "US", "help": "market code"}
    assert "research/good: Is it good?" in fanops("list").stderr


def test_check_names_every_breach(fanops: Fanops) -> None:
    done = fanops("check", "-w", "brand", "--json")
    assert done.returncode == 1
    assert {problem["place"] for problem in told(done)} == {
        "notebooks/research/good.ipynb",
        "notebooks/research/broken.ipynb",
    }
    assert all(list(problem) == ["place", "problem"] for problem in told(done))


def test_a_dry_run_says_what_would_run_and_writes_nothing(fanops: Fanops, tmp_path: Path) -> None:
    done = fanops("run", "notebooks/plans/weekly.yml", "--dry-run", "--json")
    assert done.returncode == 0
    assert [(job["notebook"], job["parameters"].get("market")) for job in told(done)["jobs"]] == [
        ("research/broken", None), ("research/good", "US"), ("research/good", "DE"),
    ]  # fmt: skip
    assert not (tmp_path / "reports").exists()


def test_a_run_with_a_failing_job_is_exit_1_with_the_others_done(fanops: Fanops, tmp_path: Path) -> None:
    done = fanops("run", "notebooks/plans/weekly.yml", "--json")
    assert done.returncode == 1
    run = told(done)
    assert list(run) == ["run_id", "run_dir", "index", "jobs"]
    assert [job["status"] for job in run["jobs"]] == ["failed", "succeeded", "succeeded"]
    for job in run["jobs"]:
        assert list(job) == ["notebook", "parameters", "status", "seconds", "report", "result", "failed_sections"]
        assert Path(job["report"]).is_file()
        assert (job["result"] is None) == (job["status"] == "failed")
    assert Path(run["index"]) == tmp_path / "reports" / "brand" / "weekly" / run["run_id"] / "index.html"
    assert "ZeroDivisionError" in done.stderr
    assert "read the failed reports" in done.stderr


def test_a_plan_of_a_brand_imports_first_and_says_what_it_could_not(fanops: Fanops, tmp_path: Path) -> None:
    brand = tmp_path / "data" / "brand"
    (brand / "raw").mkdir()
    (brand / "raw" / "odd.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    (brand / "raw" / "orders.csv").write_bytes((EXPORTS / "shopify" / "orders_export_1.csv").read_bytes())
    (brand / "plans").mkdir()
    plan = "name: daily\ncadence: daily\nimport: [raw]\njobs:\n  - {notebook: good}\n"
    (brand / "plans" / "daily.yml").write_text(plan, encoding="utf-8")
    planned = fanops("run", "daily", "-w", "brand", "--dry-run", "--json")
    assert "raw" in planned.stderr
    assert [job["notebook"] for job in told(planned)["jobs"]] == ["research/good"]
    assert not (brand / "warehouse").exists()
    done = fanops("run", "daily", "-w", "brand", "--json")
    assert done.returncode == 1, "a file was refused"
    manifest = json.loads((Path(told(done)["run_dir"]) / "manifest.json").read_text(encoding="utf-8"))
    assert [one["status"] for one in manifest["jobs"]] == ["succeeded"]
    assert [one["file"] for one in manifest["imported"]["refused"]] == ["raw/odd.csv"]
    assert (manifest["imported"]["files"], manifest["imported"]["rows"]) == (2, 6)
    (brand / "raw" / "odd.csv").unlink()
    assert fanops("run", "daily", "-w", "brand").returncode == 0
    assert "-w brand" in fanops("schedule", "daily", "-w", "brand").stdout


def test_an_absent_folder_or_addressee_does_not_cost_the_reports(fanops: Fanops, tmp_path: Path) -> None:
    brand = tmp_path / "data" / "brand"
    (brand / "raw").mkdir()
    (brand / "raw" / "orders.csv").write_bytes((EXPORTS / "shopify" / "orders_export_1.csv").read_bytes())
    (brand / "plans").mkdir()
    plan = "name: daily\nnotify: {to: [nobody-here], when: [always]}\njobs:\n  - {notebook: good}\n"
    (brand / "plans" / "daily.yml").write_text(plan, encoding="utf-8")
    assert fanops("run", "daily", "-w", "brand", "--dry-run").returncode == 2
    done = fanops("run", "daily", "-w", "brand", "--json")
    assert done.returncode == 3 and [one["status"] for one in told(done)["jobs"]] == ["succeeded"]
    plan = "name: daily\nimport: [not-there, raw]\njobs:\n  - {notebook: good}\n"
    (brand / "plans" / "daily.yml").write_text(plan, encoding="utf-8")
    done = fanops("run", "daily", "-w", "brand", "--json")
    assert done.returncode == 1 and Path(told(done)["index"]).is_file()
    manifest = json.loads((Path(told(done)["run_dir"]) / "manifest.json").read_text(encoding="utf-8"))
    assert [one["file"] for one in manifest["imported"]["refused"]] == ["not-there"] and manifest["imported"][
        "rows"
    ] > 0


def test_a_part_reads_what_is_new_before_its_reports_and_not_again_where_it_was_begun(
    fanops: Fanops, tmp_path: Path
) -> None:
    brand = tmp_path / "data" / "brand"
    (brand / "raw").mkdir()
    (brand / "plans").mkdir()
    plan = "name: daily\nimport: [raw]\njobs:\n  - {notebook: good}\n"
    (brand / "plans" / "daily.yml").write_text(plan, encoding="utf-8")
    (brand / "raw" / "orders.csv").write_bytes((EXPORTS / "shopify" / "orders_export_1.csv").read_bytes())
    command = ("run", "daily", "-w", "brand", "--shard", "1/1", "--run-id")
    first = fanops(*command, "n1")
    assert first.returncode == 0 and "Imported: 1 file," in first.stderr
    assert "Imported" not in fanops(*command, "n1").stderr
    assert "Imported" in fanops(*command, "n2").stderr


def test_shards_of_a_plan_are_merged_into_one_run(fanops: Fanops, tmp_path: Path) -> None:
    (tmp_path / "data" / "brand" / "plans").mkdir()
    jobs = "".join(f"  - {{notebook: good, parameters: {{market: {market}}}}}\n" for market in ("US", "DE"))
    plan = tmp_path / "data" / "brand" / "plans" / "daily.yml"
    plan.write_text(f"name: daily\njobs:\n{jobs}", encoding="utf-8")
    of_brand = ("daily", "-w", "brand")
    planned = told(fanops("run", *of_brand, "--shard", "2/2", "--run-id", "n1", "--dry-run", "--json"))
    assert [job["parameters"]["market"] for job in planned["jobs"]] == ["DE"]
    first = fanops("run", *of_brand, "--shard", "1/2", "--run-id", "n1")
    assert first.returncode == 0 and "fanops merge daily -w brand --run-id n1" in first.stderr
    halved = fanops("merge", *of_brand, "--run-id", "n1")
    assert halved.returncode == 1 and "missing: 2-of-2" in halved.stderr
    assert "fanops run daily -w brand --resume" in halved.stderr
    dated = fanops("run", *of_brand, "--shard", "1/1", "--run-id", "n2", "--as-of", "2026-11-01")
    assert "fanops merge daily -w brand --run-id n2 --as-of 2026-11-01" in dated.stderr
    assert fanops("run", *of_brand, "--shard", "2/2", "--run-id", "n1").returncode == 0
    whole = fanops("merge", *of_brand, "--run-id", "n1", "--json")
    assert [job["status"] for job in told(whole)["jobs"]] == ["succeeded", "succeeded"] and whole.returncode == 0
    again = fanops("merge", *of_brand, "--run-id", "n1")
    assert again.returncode == 2 and "no part of the run is there" in again.stderr


def test_the_lab_knows_a_brand_by_its_name_and_one_elsewhere_by_its_path(fanops: Fanops, tmp_path: Path) -> None:
    lab = "import os, pathlib; pathlib.Path('named').write_text(os.environ['FANOPS_WORKSPACE'])"
    (tmp_path / "jupyterlab.py").write_text(
        lab, encoding="utf-8"
    )  # found before the library: it lies where the command works
    elsewhere = tmp_path / "elsewhere" / "brand"
    elsewhere.mkdir(parents=True)
    (elsewhere / "brand.yml").write_text(BRAND, encoding="utf-8")
    for given, named in (("brand", "brand"), (elsewhere, str(elsewhere))):
        assert fanops("lab", "-w", given).returncode == 0
        assert (tmp_path / "named").read_text(encoding="utf-8") == named


def test_opening_a_plan_that_never_ran_names_those_that_did(fanops: Fanops) -> None:
    assert "fanops run weekly -w brand" in fanops("open", "-w", "brand", "--plan", "weekly").stderr
    assert "notebooks/plans" not in fanops("open", "-w", "brand", "--plan", "wekly").stderr
    assert fanops("run", "good", "-w", "brand").returncode == 0
    done = fanops("open", "-w", "brand", "--plan", "god")
    assert done.returncode == 2 and "Did you mean 'good'?" in done.stderr


def test_a_schedule_says_what_its_file_cannot(fanops: Fanops, tmp_path: Path) -> None:
    said = fanops(
        "schedule", "weekly", "-w", "brand", "--every", "daily", "--at", "02:30", "--zone", "Europe/Berlin"
    ).stderr
    assert "CRON_TZ" in said and "import" in said and "notify" in said and said.count("Europe/Berlin") == 2
    (tmp_path / "data" / "brand" / "plans").mkdir()
    plan = "name: daily\ncadence: daily\nimport: [raw]\nnotify: {to: [team]}\njobs:\n  - {notebook: good}\n"
    (tmp_path / "data" / "brand" / "plans" / "daily.yml").write_text(plan, encoding="utf-8")
    done = fanops("schedule", "daily", "-w", "brand", "--as", "systemd")
    assert "fanops-brand-daily.timer" in done.stderr and "import" not in done.stderr and "notify" not in done.stderr
    assert f"User={getpass.getuser()}" in done.stdout and "FANOPS_KEYS=" in done.stdout


def test_parts_that_read_the_same_files_one_after_the_other_are_one_run(fanops: Fanops, tmp_path: Path) -> None:
    brand = tmp_path / "data" / "brand"
    (brand / "raw").mkdir()
    (brand / "raw" / "orders.csv").write_bytes((EXPORTS / "shopify" / "orders_export_1.csv").read_bytes())
    (brand / "plans").mkdir()
    plan = "name: daily\nimport: [raw]\njobs:\n  - {notebook: good, matrix: {market: [US, DE]}}\n"
    (brand / "plans" / "daily.yml").write_text(plan, encoding="utf-8")
    for place in (1, 2):
        assert fanops("run", "daily", "-w", "brand", "--shard", f"{place}/2", "--run-id", "n1").returncode == 0
    merged = fanops("merge", "daily", "-w", "brand", "--run-id", "n1")
    assert merged.returncode == 0, merged.stderr


@pytest.mark.parametrize(
    "words", [("--run-id", "n1"), ("--shard", "1/2"), ("--shard", "1/2", "--run-id", "n1", "--resume")]
)
def test_half_a_shard_is_refused(fanops: Fanops, words: tuple[str, ...]) -> None:
    done = fanops("run", "good", "-w", "brand", *words)
    assert done.returncode == 2 and "Traceback" not in done.stderr


def test_one_notebook_runs_by_name_where_the_reports_are_asked_for(fanops: Fanops, tmp_path: Path) -> None:
    said_in(tmp_path, "zh-Hans", "en")
    done = fanops("run", "good", "-p", "workspace=brand", "-p", "market=DE", "--reports", "out")
    assert (done.returncode, done.stdout) == (0, "")
    for name, language in (("good-DE.html", "zh-Hans"), ("good-DE.en.html", "en")):
        (page,) = (tmp_path / "out").rglob(name)
        assert f'<html lang="{language}">' in page.read_text(encoding="utf-8")
    assert "[1/1] succeeded" in done.stderr
    assert "Reports: " in done.stderr


def test_a_report_is_exported_by_the_name_of_its_page(fanops: Fanops, tmp_path: Path) -> None:
    table = Table((say("A"),), ((Count(3),),), (True,), say("Listed"))
    write(tmp_path, "research/good", source(showing(table), WELL, title="Is it good?"))
    assert fanops("run", "good", "-w", "brand").returncode == 0
    done = fanops("export", "good.html", "--as", "csv", "-w", "brand", "--json")
    (written,) = told(done)
    assert done.returncode == 0 and Path(written) == tmp_path / "good" / "01-Listed.csv"
    assert Path(written).read_text(encoding="utf-8-sig").split() == ["A", "3"]
    again = fanops("export", "god", "--as", "xlsx", "-w", "brand")
    assert again.returncode == 2 and "Did you mean 'good'?" in again.stderr


def test_the_command_is_installed() -> None:
    script = Path(sys.executable).with_name("fanops.exe" if sys.platform == "win32" else "fanops")
    if not script.exists():
        pytest.skip("the package is not installed beside this Python")
    done = subprocess.run([script, "--version"], capture_output=True, text=True, check=True)
    assert done.stdout == f"fanops {__version__}\n"
