"""Schedules: each scheduler's own reader accepts its file."""

from __future__ import annotations

import ast
import os
import shlex
import shutil
import subprocess
import sys
from datetime import UTC, datetime, time
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import yaml
from jinja2 import StrictUndefined, Template

from fanops_utils.errors import PlanError
from fanops_utils.reports.planning.plan import Plan
from fanops_utils.reports.planning.schedule import schedule_file

ODD = Path("/srv/fan ops 100%/it's")


def plan(**options: Any) -> Plan:
    return Plan.model_validate(
        {"name": "weekly", "title": 'The "week"', "cadence": "weekly", "jobs": [{"notebook": "a"}], **options}
    )


def text(scheduler: str, **options: Any) -> str:
    given = {"workspace": "sample", "root": ODD, "command": ODD / ".venv/bin/fanops", **options}
    return schedule_file(options.pop("plan", None) or plan(), "notebooks/plans/weekly.yml", scheduler=scheduler, **{
        key: value for key, value in given.items() if key != "plan"
    })  # fmt: skip


@pytest.mark.parametrize(
    ("cadence", "expected"),
    [
        ("hourly", "30 * * * *"),
        ("daily", "30 6 * * *"), ("weekly", "30 6 * * 1"), ("monthly", "30 6 1 * *"), ("quarterly", "30 6 1 1,4,7,10 *"),
    ],
)  # fmt: skip
def test_cron_runs_the_plan_in_its_folder(cadence: Any, expected: str) -> None:
    line = text("cron", cadence=cadence, at=time(6, 30)).splitlines()[-1]
    assert line.startswith(f"{expected} cd ")
    command = line.removeprefix(expected).replace("\\%", "%")  # cron itself takes the backslash away
    assert shlex.split(command)[:8] == [
        "cd", str(ODD), "&&", str(ODD / ".venv/bin/fanops"), "run", "notebooks/plans/weekly.yml", "-w", "sample",
    ]  # fmt: skip
    assert "%" not in line.replace("\\%", "")


@pytest.mark.parametrize("scheduler", ["cron", "systemd", "github", "airflow"])
def test_a_watch_is_scheduled_by_its_own_verb(scheduler: str) -> None:
    assert " watch " in text(scheduler, verb="watch").replace('"', " ").replace("+", " ")
    assert " run " in text(scheduler).replace('"', " ").replace("+", " ")


def test_cron_names_a_zone_only_where_one_is_given() -> None:
    assert "CRON_TZ" not in text("cron")
    assert "CRON_TZ=Europe/Berlin\n" in text("cron", zone="Europe/Berlin")


@pytest.mark.parametrize(
    ("cadence", "calendar"),
    [
        ("hourly", "*-*-* *:00:00"),
        ("weekly", "Mon *-*-* 06:00:00"), ("monthly", "*-*-01 06:00:00"), ("quarterly", "*-01,04,07,10-01 06:00:00"),
    ],
)  # fmt: skip
def test_systemd_gets_a_service_and_a_timer(cadence: Any, calendar: str) -> None:
    said = text("systemd", cadence=cadence, zone="Asia/Tokyo")
    assert said.count("[Unit]") == 2
    assert f"OnCalendar={calendar} Asia/Tokyo\n" in said
    assert "WorkingDirectory=/srv/fan ops 100%%/it's\n" in said


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd-analyze is not here")
def test_systemd_itself_accepts_the_units(tmp_path: Path) -> None:
    command = tmp_path / "with space" / "fanops"
    command.parent.mkdir()
    command.write_text("#!/bin/sh\n", encoding="utf-8")
    command.chmod(0o755)
    said = text("systemd", root=command.parent, command=command, zone="Europe/Berlin")
    service, timer = said.split("# fanops-weekly.timer\n")
    units = {"fanops-weekly.service": service, "fanops-weekly.timer": timer}
    for name, unit in units.items():
        (tmp_path / name).write_text(unit, encoding="utf-8")
    seen = subprocess.run(
        ["systemd-analyze", "verify", *(str(tmp_path / name) for name in units)], capture_output=True, text=True
    )
    assert "fanops-weekly" not in seen.stderr, seen.stderr


def test_github_gets_a_workflow() -> None:
    read = yaml.safe_load(text("github", at=time(6, 30)))
    assert read[True] == {"schedule": [{"cron": "30 6 * * 1"}], "workflow_dispatch": None}  # YAML 1.1 reads on as True
    steps = read["jobs"]["reports"]["steps"]
    assert [step["run"] for step in steps if "run" in step] == [
        "make setup", "make sample", ".venv/bin/fanops run notebooks/plans/weekly.yml -w sample",
    ]  # fmt: skip
    other = yaml.safe_load(text("github", workspace="my brand"))["jobs"]["reports"]
    assert other["runs-on"] == "self-hosted"
    assert other["steps"][3]["run"] == ".venv/bin/fanops import 'data/my brand/raw' -w 'my brand'"


def test_a_runner_of_ones_own_keeps_what_git_does_not_know_and_a_watch_what_it_told() -> None:
    for shards in (1, 2):
        for job in yaml.safe_load(text("github", workspace="brand", shards=shards))["jobs"].values():
            took = [step.get("with") for step in job["steps"] if "checkout" in step.get("uses", "")]
            assert all(one == {"clean": False} for one in took)
    steps = yaml.safe_load(text("github", verb="watch"))["jobs"]["reports"]["steps"]
    kept = next(step["with"] for step in steps if "cache" in step.get("uses", ""))
    assert kept["path"] == "reports/sample/weekly/levels.json" and kept["key"].startswith(kept["restore-keys"])


def test_a_plan_that_imports_itself_needs_no_step_for_it() -> None:
    read = yaml.safe_load(text("github", plan=plan(**{"import": ["raw"]}), workspace="brand"))["jobs"]["reports"]
    assert [step["run"] for step in read["steps"] if "run" in step] == [
        "make setup", ".venv/bin/fanops run notebooks/plans/weekly.yml -w brand",
    ]  # fmt: skip


def test_airflow_gets_a_module_that_names_everything() -> None:
    tree = ast.parse(text("airflow", zone="Europe/Berlin"))
    calls = {
        node.func.id: node for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    given = {one.arg: ast.literal_eval(one.value) for one in calls["DAG"].keywords if one.arg != "start_date"}
    assert (given["dag_id"], given["schedule"], given["catchup"]) == ("fanops_weekly", "0 6 * * 1", False)
    step = {one.arg: ast.literal_eval(one.value) for one in calls["BashOperator"].keywords}
    assert step["cwd"] == str(ODD)
    assert shlex.split(step["bash_command"]) == [
        str(ODD / ".venv/bin/fanops"), "run", "notebooks/plans/weekly.yml", "-w", "sample",
    ]  # fmt: skip


def test_airflow_itself_imports_the_module(tmp_path: Path) -> None:
    pytest.importorskip("airflow", reason="Airflow is not installed here")
    path = tmp_path / "dag.py"
    path.write_text(text("airflow", zone="Europe/Berlin"), encoding="utf-8")
    code = f"import runpy; dag = runpy.run_path({str(path)!r})['dag']; print(dag.dag_id, len(dag.tasks))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split()[-2:] == ["fanops_weekly", "1"]


def test_github_deals_shards_to_machines_and_merges_what_they_leave() -> None:
    read = yaml.safe_load(text("github", shards=3))["jobs"]
    assert read["part"]["strategy"] == {"fail-fast": False, "matrix": {"shard": [1, 2, 3]}}
    made = [step["run"] for step in read["part"]["steps"] if "run" in step][-1]
    merged = [step["run"] for step in read["reports"]["steps"] if "run" in step][-1]
    same = "--run-id ${{ github.run_id }} --as-of ${{ needs.day.outputs.day }}"
    plan_of = "notebooks/plans/weekly.yml"
    assert made == f".venv/bin/fanops run {plan_of} -w sample --shard ${{{{ matrix.shard }}}}/3 {same}"
    assert merged == f".venv/bin/fanops merge {plan_of} parts -w sample {same}"
    assert read["reports"]["if"] == "always()" and set(read["reports"]["needs"]) == {"day", "part"}
    assert read["day"]["outputs"] == {"day": "${{ steps.day.outputs.day }}"}
    uploaded = read["part"]["steps"][-1]["with"]
    assert (
        uploaded["path"] == "reports/sample/weekly/parts/${{ github.run_id }}"
        and uploaded["name"] == "part-${{ matrix.shard }}"
    )


def test_airflow_maps_the_shards_and_merges_them_whatever_became_of_them() -> None:
    said = text("airflow", shards=2, workspace="my brand")
    compile(said, "dag.py", "exec")
    assert "range(1, 3)" in said and 'f"--shard {place}/2 "' in said
    assert 'trigger_rule="all_done"' in said


@pytest.mark.parametrize(
    ("zone", "day"), [("Asia/Shanghai", "2026-11-30"), ("America/Los_Angeles", "2026-11-29"), (None, "2026-11-29")]
)
def test_airflow_counts_from_the_day_of_the_schedules_zone(zone: str | None, day: str) -> None:
    lines = [
        line for line in text("airflow", shards=2, zone=zone).splitlines() if line.startswith(("RUN", "DAY", "OPT"))
    ]
    names: dict[str, str] = {}
    exec("\n".join(lines), names)
    due = SimpleNamespace(run_after=datetime(2026, 11, 29, 22, 0, tzinfo=UTC))
    dag = SimpleNamespace(timezone=ZoneInfo(zone or "UTC"))
    said = Template(names["OPTIONS"], undefined=StrictUndefined).render(dag_run=due, dag=dag)
    assert said.split()[-4:] == ["--run-id", "20261129T220000", "--as-of", day]


def test_slurm_makes_a_part_per_task_and_merges_once(tmp_path: Path) -> None:
    folder = tmp_path / "with space 100%"
    folder.mkdir()
    for name in ("fanops", "sbatch"):
        (folder / name).write_text('#!/bin/sh\necho "$FANOPS_DAY" "$@" >> "$SAID"; echo "77;there"\n', encoding="utf-8")
        (folder / name).chmod(0o755)
    script = folder / "the file.sh"
    script.write_text(text("slurm", shards=3, root=folder, command=folder / "fanops"), encoding="utf-8")

    def said(*words: str, **own: str) -> list[str]:
        given = {
            "PATH": f"{folder}:{os.environ['PATH']}",
            "FANOPS_DAY": "2026-11-01",
            "SAID": str(tmp_path / "said"),
            **own,
        }
        (tmp_path / "said").write_text("", encoding="utf-8")
        subprocess.run(["bash", script, *words], capture_output=True, check=True, env=given)
        return (tmp_path / "said").read_text(encoding="utf-8").splitlines()

    of_plan = "notebooks/plans/weekly.yml -w sample"
    task = {"SLURM_JOB_ID": "78", "SLURM_ARRAY_TASK_ID": "2", "SLURM_ARRAY_JOB_ID": "77"}
    assert said(**task) == [f"2026-11-01 run {of_plan} --shard 2/3 --run-id 77 --as-of 2026-11-01"]
    assert said("merge", "77", SLURM_JOB_ID="79") == [f"2026-11-01 merge {of_plan} --run-id 77 --as-of 2026-11-01"]
    parts, merged = said()
    assert parts.startswith("2026-11-01 --parsable") and f"--chdir={folder}" in parts and "--array=1-3" in parts
    assert "--dependency=afterany:77 " in merged and merged.endswith("the file.sh merge 77")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"scheduler": "crom"}, "unknown scheduler: 'crom'. Did you mean 'cron'"),
        ({"scheduler": "cron", "plan": plan(cadence="by hand")}, "no cadence to schedule: 'by hand'"),
        ({"scheduler": "cron", "zone": "Europe/Berln"}, "Did you mean 'Europe/Berlin'"),
        ({"scheduler": "github", "zone": "Europe/Berlin"}, "GitHub runs schedules by UTC"),
        ({"scheduler": "cron", "shards": 2}, "shards are for schedulers with several machines"),
        ({"scheduler": "slurm"}, "shards are for schedulers with several machines"),
    ],
)
def test_what_cannot_be_scheduled_is_refused(options: dict[str, Any], said: str) -> None:
    with pytest.raises(PlanError) as refused:
        text(options.pop("scheduler"), **options)
    assert said in str(refused.value)
