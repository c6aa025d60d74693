"""Schedules: each scheduler's own reader accepts its file."""

from __future__ import annotations

import ast
import os
import re
import shlex
import shutil
import subprocess
import sys
from datetime import UTC, date, datetime, time
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import yaml
from jinja2 import StrictUndefined, Template

from fanops_utils.errors import PlanError
from fanops_utils.reports.planning.plan import Plan
from fanops_utils.reports.planning.schedule import clock_changes, schedule_file

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
    said = text("systemd", root=command.parent, command=command, zone="Europe/Berlin", user="root", keys="/a b/k%")
    service, timer = said.split("# fanops-sample-weekly.timer\n")
    units = {"fanops-sample-weekly.service": service, "fanops-sample-weekly.timer": timer}
    for name, unit in units.items():
        (tmp_path / name).write_text(unit, encoding="utf-8")
    seen = subprocess.run(
        ["systemd-analyze", "verify", *(str(tmp_path / name) for name in units)], capture_output=True, text=True
    )
    assert "fanops-sample-weekly" not in seen.stderr, seen.stderr


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
    assert (given["dag_id"], given["schedule"], given["catchup"]) == ("fanops_sample_weekly", "0 6 * * 1", False)
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
    assert done.stdout.split()[-2:] == ["fanops_sample_weekly", "1"]


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


@pytest.mark.parametrize("scheduler", ["cron", "systemd", "github", "airflow", "slurm"])
def test_two_brands_have_two_names(scheduler: str) -> None:
    shards = 2 if scheduler == "slurm" else 1
    names = [
        set(re.findall(r"fanops[-_](?:sample|my-brand)[-_]weekly\b", text(scheduler, workspace=home, shards=shards)))
        for home in ("sample", "/srv/my brand")
    ]
    assert all(names) and not names[0] & names[1]


@pytest.mark.parametrize(("exit_code", "mailed"), [(0, ""), (1, "ended with 1"), (3, "ended with 3")])
def test_cron_has_something_to_mail_only_where_a_run_failed(tmp_path: Path, exit_code: int, mailed: str) -> None:
    (tmp_path / "reports").mkdir()
    (tmp_path / "fanops").write_text(f"#!/bin/sh\necho much >&2; exit {exit_code}\n", encoding="utf-8")
    (tmp_path / "fanops").chmod(0o755)
    line = text("cron", root=tmp_path, command=tmp_path / "fanops").splitlines()[-1]
    command = line.removeprefix("0 6 * * 1 ").replace("\\%", "%")
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True)
    assert mailed in done.stdout and bool(done.stdout + done.stderr) == bool(mailed)
    (log,) = (tmp_path / "reports").iterdir()
    assert log.read_text(encoding="utf-8") == "much\n" and (log.name in done.stdout) == bool(mailed)


def test_systemd_runs_as_the_user_who_has_the_key_and_shows_where_a_failure_goes() -> None:
    said = text("systemd", user="ana", keys="/srv/keys 100%").splitlines()
    assert "User=ana" in said and 'Environment="FANOPS_KEYS=/srv/keys 100%%"' in said
    assert any(line.startswith("#OnFailure=") for line in said)
    assert not any(line.startswith(("User=", "Environment=")) for line in text("systemd").splitlines())


@pytest.mark.parametrize("scheduler", ["airflow", "github", "slurm"])
def test_shards_count_from_what_the_plan_says_where_that_is_not_today(scheduler: str) -> None:
    assert "--as-of" in text(scheduler, shards=2)
    for as_of in ("data", "2026-11-01"):
        said = text(scheduler, shards=2, plan=plan(as_of=as_of))
        assert "--as-of" not in said and "DAY" not in said and "needs.day" not in said
    if scheduler == "github":
        assert set(yaml.safe_load(said)["jobs"]) == {"part", "reports"}


def test_slurm_and_github_count_from_the_earliest_of_the_markets_days(tmp_path: Path) -> None:
    zones = ("Pacific/Kiritimati", "Pacific/Pago_Pago", "Asia/Tokyo")  # the first is 25 hours ahead of the second
    said = text("slurm", shards=2, market_zones=zones, root=tmp_path)
    (tmp_path / "sbatch").write_text('#!/bin/sh\necho "$FANOPS_DAY" >> "$SAID"; echo 77\n', encoding="utf-8")
    (tmp_path / "sbatch").chmod(0o755)
    (tmp_path / "file.sh").write_text(said, encoding="utf-8")
    given = {"PATH": f"{tmp_path}:{os.environ['PATH']}", "SAID": str(tmp_path / "said")}
    before = datetime.now(ZoneInfo("Pacific/Pago_Pago")).date()
    subprocess.run(["bash", tmp_path / "file.sh"], capture_output=True, check=True, env=given)
    after = datetime.now(ZoneInfo("Pacific/Pago_Pago")).date()
    days = {date.fromisoformat(line) for line in (tmp_path / "said").read_text(encoding="utf-8").split()}
    assert len(days) == 1 and days <= {before, after}
    step = yaml.safe_load(text("github", shards=2, market_zones=zones))["jobs"]["day"]["steps"][0]["run"]
    assert all(zone in step for zone in zones)


@pytest.mark.parametrize("scheduler", ["airflow", "slurm"])
def test_parts_of_a_plan_without_import_say_so(scheduler: str) -> None:
    assert "NOTHING IS IMPORTED" in text(scheduler, shards=2)
    assert "NOTHING IS IMPORTED" not in text(scheduler, shards=2, plan=plan(**{"import": ["raw"]}))


@pytest.mark.parametrize(
    ("at", "zone", "cadence", "expected"),
    [
        (time(2, 30), "Europe/Berlin", "daily", [(date(2027, 3, 28), False), (date(2027, 10, 31), True)]),
        (time(2, 30), "America/New_York", "daily", [(date(2027, 3, 14), False)]),
        (time(6), "Europe/Berlin", "daily", []),
        (time(2, 30), "Asia/Tokyo", "daily", []),
        (time(2, 30), "Europe/Berlin", "weekly", []),  # clocks are set on Sundays there
        (time(2, 30), "Europe/Berlin", "hourly", []),
    ],
)
def test_hours_that_a_clock_skips_or_repeats_are_known(at: time, zone: str, cadence: str, expected: object) -> None:
    assert clock_changes(at, zone, cadence, on=date(2026, 12, 1)) == expected


def test_cron_says_who_reads_its_zone() -> None:
    before = text("cron", zone="Asia/Tokyo").split("CRON_TZ=")[0]
    assert "cronie" in before and "Debian" in before and "cronie" not in text("cron")


@pytest.mark.parametrize("shards", [1, 3])
def test_github_reads_a_name_of_any_letters_as_it_is(shards: int) -> None:
    odd = "plans/a # b: 50%d $X 'q' \"z\" 周.yml"
    said = schedule_file(
        plan(), odd, workspace="/srv/my: brands #1", scheduler="github", root=ODD, command=ODD / "fanops", shards=shards
    )
    steps = [step for job in yaml.safe_load(said)["jobs"].values() for step in job["steps"]]
    commands = [shlex.split(step["run"]) for step in steps if "fanops " in step.get("run", "")]
    assert all(words[words.index("-w") + 1] == "/srv/my: brands #1" for words in commands)
    assert all(words[2] == (odd if words[1] != "import" else "/srv/my: brands #1/raw") for words in commands)
    assert {words[1] for words in commands} == ({"import", "run", "merge"} if shards > 1 else {"import", "run"})
    assert "reports/my: brands #1/" in {step["with"]["path"] for step in steps if "path" in step.get("with", {})}


def test_systemd_takes_signs_of_its_own_as_letters() -> None:
    said = text("systemd", root=Path("/srv/50% ${HOME}"), command=Path("/srv/50% ${HOME}/fanops"))
    assert 'ExecStart="/srv/50%% $${HOME}/fanops"' in said
    assert "WorkingDirectory=/srv/50%% ${HOME}" in said


@pytest.mark.parametrize(
    ("scheduler", "path"),
    [("cron", "plans/a\nb.yml"), ("airflow", "plans/{{ ds }}.yml"), ("github", "plans/${{ secrets.X }}.yml")],
)
def test_a_path_that_a_scheduler_would_read_otherwise_is_refused(scheduler: str, path: str) -> None:
    with pytest.raises(PlanError):
        schedule_file(plan(), path, workspace="sample", scheduler=scheduler, root=ODD, command=ODD / "fanops")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"scheduler": "crom"}, "unknown scheduler: 'crom'. Did you mean 'cron'"),
        ({"scheduler": "cron", "plan": plan(cadence="by hand")}, "no cadence to schedule: 'by hand'"),
        ({"scheduler": "cron", "zone": "Europe/Berln"}, "Did you mean 'Europe/Berlin'"),
        ({"scheduler": "github", "zone": "Europe/Berlin"}, "GitHub runs schedules by UTC"),
        ({"scheduler": "cron", "shards": 2}, "shards are for schedulers with several machines"),
        ({"scheduler": "slurm"}, "slurm needs --shards 2 or more"),
    ],
)
def test_what_cannot_be_scheduled_is_refused(options: dict[str, Any], said: str) -> None:
    with pytest.raises(PlanError) as refused:
        text(options.pop("scheduler"), **options)
    assert said in str(refused.value)
