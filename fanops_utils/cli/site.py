"""Verbs by which reports are looked at: open, serve, publish."""

from __future__ import annotations

import webbrowser
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from fanops_utils.cli.common import JsonOption, WorkspaceOption, app, emit, open_workspace, project_root, say
from fanops_utils.errors import PlanError, counted

ReportsOption = Annotated[Path | None, typer.Option("--reports", help="where reports lie; reports/ by default")]


@app.command("open")
def open_(
    workspace: WorkspaceOption = "",
    plan: Annotated[str | None, typer.Option(help="of this plan; of any by default")] = None,
    reports: ReportsOption = None,
    as_json: JsonOption = False,
) -> None:
    """Open the newest run in the browser; with --json say where it lies, and open nothing."""
    from fanops_utils.reports.reuse.archive import runs_of

    home = _home(workspace, reports)
    plans = [home / plan] if plan else [one for one in home.glob("*") if one.is_dir()]
    runs = [run for one in plans for run in runs_of(one) if (run / "index.html").is_file()]
    if not runs:
        raise _no_run(home, workspace, plan)
    index = max(runs, key=lambda run: run.name) / "index.html"
    if as_json:
        emit({"index": index.resolve(), "plan": index.parent.parent.name, "run": index.parent.name})
        return
    say.print(str(index))
    if not webbrowser.open(index.resolve().as_uri()):
        say.print("No browser was found. Next: open the file above, or fanops serve")


@app.command()
def serve(
    workspace: WorkspaceOption = "",
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 takes a free one")] = 8765,
    reports: ReportsOption = None,
) -> None:
    """Serve the reports of a workspace to this machine until Ctrl-C."""
    from fanops_utils.reports.site.serve import report_server

    home = _home(workspace, reports)
    if not (home / "index.html").is_file():
        raise _no_run(home, workspace, None)
    try:
        server = report_server(home, port=port)
    except OSError as error:
        raise PlanError(f"the port cannot be used ({error.strerror})", value=port, hint="Try --port 0") from None
    say.print(f"http://127.0.0.1:{server.server_address[1]}/  (this machine only; Ctrl-C ends it)")
    with server:
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            say.print("Ended.")


@app.command()
def publish(
    target: Annotated[str, typer.Argument(metavar="ADDRESS", help="s3://bucket/folder; also gs://, az://, file://")],
    workspace: WorkspaceOption = "",
    plan: Annotated[list[str] | None, typer.Option(help="only this plan's; may be given again")] = None,
    reports: ReportsOption = None,
    warehouse: Annotated[bool, typer.Option("--warehouse", help="send the tables instead, for others to read")] = False,
    as_json: JsonOption = False,
) -> None:
    """Send the newest run of each plan to object storage, with what leads to it; or the warehouse."""
    if warehouse:
        _send(workspace, target, as_json=as_json)
        return
    from fanops_utils.reports.site.uploading import publish_runs

    home = _home(workspace, reports)
    told = publish_runs(home.parent, home.name, target, plans=plan or [])
    if as_json:
        emit([asdict(one) for one in told])
    for one in told:
        say.print(f"{one.plan}: {counted(one.files, 'file')} of {one.run_id}")
        if one.newer:
            say.print(f"{one.plan}: {one.newer} is newer, and is led to as before")


def _send(workspace: str, target: str, *, as_json: bool) -> None:
    from fanops_utils.data.warehouse import Store, send_warehouse

    sent = send_warehouse(Store(open_workspace(workspace)), target)
    if as_json:
        emit(asdict(sent))
    say.print(f"{counted(sent.files, 'file')}, {sent.new} of them new; {sent.gone} that nothing names deleted")
    say.print(f"Next: where it is to be read, put into brand.yml: warehouse: {target}")


def _home(workspace: str, reports: Path | None) -> Path:
    return (reports or project_root() / "reports") / open_workspace(workspace).name


def _no_run(home: Path, workspace: str, plan: str | None) -> PlanError:
    """Return the error of a folder without runs: what has some is offered, else the plan is run where there is one."""
    from fanops_utils.reports.planning.plan import find_plan
    from fanops_utils.reports.reuse.archive import runs_of

    made = [one.name for one in sorted(home.glob("*")) if one.is_dir() and runs_of(one)]
    if plan and find_plan(project_root(), plan, workspace) is None and made:
        return PlanError("no run of such a plan", value=plan, choices=made)
    known = plan and find_plan(project_root(), plan, workspace)
    return PlanError(
        "no run yet", value=home / (plan or ""), hint=f"fanops run {plan if known else 'PLAN'} -w {workspace}"
    )
