"""The verb of a watch: a plan run as ever, silent until a level of warning changes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from fanops_utils.cli.batch.notifying import manifest_of, notified
from fanops_utils.cli.batch.planned import Target, lookup_of, planned
from fanops_utils.cli.batch.run import NOT_NOTIFIED
from fanops_utils.cli.common import JsonOption, app, emit, project_root, say, shown
from fanops_utils.errors import ParameterError

if TYPE_CHECKING:
    from fanops_utils.reports.planning.plan import Notify

WORDS = {"none": "no warning", "dated": "the data are too old to watch", "no_data": "there are no data to watch"}


@app.command()
def watch(
    plan: Annotated[str, typer.Argument(metavar="PLAN")] = "watch",
    workspace: Annotated[str | None, typer.Option("--workspace", "-w", help="instead of the plan's own")] = None,
    workers: Annotated[int, typer.Option(min=1, help="jobs at the same time")] = 2,
    reports: Annotated[Path | None, typer.Option(help="where reports go; reports/ by default")] = None,
    as_of: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="the day relative dates count from")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Run the plan of a watch; say nothing and tell nobody unless a level of warning changed, or a report failed."""
    from fanops_utils.reports.reuse.archive import last_manifest
    from fanops_utils.reports.running.run import run_jobs

    root = project_root()
    out = (reports or root / "reports").resolve()
    asked = planned(plan, workspace, {}, root, out, as_of=as_of, feed=True, quiet=True)
    if not any(job.notebook.endswith("/crisis_watch") for job in asked.jobs):
        raise ParameterError("the plan watches nothing: give it the notebook monitoring/crisis_watch", value=plan)
    before = last_manifest(out / asked.home.name / asked.name)
    result = run_jobs(
        asked.jobs, asked.home, plan=asked.name, root=root, reports=out, workers=workers, keep=asked.keep,
        languages=asked.spoken, lookup=lookup_of(asked.home), noted=asked.noted,
    )  # fmt: skip
    if result.problem:
        say.print(f"fanops: {result.problem}")
        raise typer.Exit(1)
    manifest = manifest_of(result)
    told = notified(_asked(asked, before, manifest), result)
    if as_json:
        emit({"changes": manifest["levels"], "run": result.to_dict()})
    for one in manifest["levels"]:
        was = f" (before: {_named(one['was'])})" if one["was"] else ""
        say.print(f"{one['market']}: {_named(one['now'])}{was}: {shown(_page(manifest, one['slug'], result.run_dir))}")
    failed = [job for job in manifest["jobs"] if job["slug"] in {o.job.slug for o in result.outcomes if not o.whole}]
    for job in failed:
        say.print(f"not watched: {job['slug']} ({job['status']})")
    raise typer.Exit(1 if failed or _refused(manifest) or not result.good else 0 if told else NOT_NOTIFIED)


def _asked(asked: Target, before: Mapping[str, Any], now: Mapping[str, Any]) -> Notify | None:
    """Return whom to notify: of a change of level, and, where the plan says so, of a failure that the run *before* had not."""
    if asked.notify is None:
        return None
    broken = before.get("status", "succeeded") == "succeeded" != now["status"]
    new = (broken or bool(_refused(now) - _refused(before))) and "failure" in asked.notify.when
    return asked.notify.model_copy(update={"when": ("level", "failure") if new else ("level",)})


def _refused(manifest: Mapping[str, Any]) -> set[str]:
    """Return what of the files of the run of *manifest* could not be imported, and why."""
    return {str(one) for one in (manifest.get("imported") or {}).get("refused") or ()}


def _named(level: str) -> str:
    return WORDS.get(level, f"level {level}")


def _page(manifest: Mapping[str, Any], slug: str, run_dir: Path) -> Path:
    report = next((job["report"] for job in manifest["jobs"] if job["slug"] == slug), None)
    return run_dir / (report or "index.html")
