"""The verbs of the ledger: decide takes up a play or closes a decision, decisions lists what was decided."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from fanops_utils.cli.common import JsonOption, WorkspaceOption, app, emit, open_workspace, project_root, say, shown
from fanops_utils.errors import ParameterError

if TYPE_CHECKING:
    from fanops_utils.workspace import Decision, Workspace

KINDS = ("keep", "change", "stop", "test")
ENDS = ("kept", "changed", "stopped")
STANDINGS = ("overdue", "due", "open", "reviewed")
DayOption = Annotated[
    datetime | None, typer.Option("--on", formats=["%Y-%m-%d"], help="the day it counts from; today by default")
]
ReportsOption = Annotated[Path | None, typer.Option("--reports", help="where reports lie; reports/ by default")]


@app.command()
def decide(
    play: Annotated[
        list[str] | None, typer.Argument(help="ids of plays; without one, those that can be decided on")
    ] = None,
    workspace: WorkspaceOption = "",
    owner: Annotated[str | None, typer.Option(help="who answers for it; as the play says by default")] = None,
    review: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="when it is looked at again")] = None,
    kind: Annotated[str | None, typer.Option(help="keep, change, stop or test; as the play says by default")] = None,
    note: Annotated[str | None, typer.Option(help="what was weighed")] = None,
    tested_by: Annotated[str | None, typer.Option(help="id of the experiment or campaign that measures it")] = None,
    ended: Annotated[str | None, typer.Option(help="close the decision: kept, changed or stopped")] = None,
    outcome: Annotated[str | None, typer.Option(help="what came of it, in a sentence")] = None,
    on: DayOption = None,
    reports: ReportsOption = None,
    as_json: JsonOption = False,
) -> None:
    """Record a decision to take up a play, or close one with how it ended."""
    target, day = open_workspace(workspace), on.date() if on else _today()
    if kind is not None and kind not in KINDS:
        raise ParameterError("no such kind of decision", value=kind, choices=KINDS)
    if ended is not None and ended not in ENDS:
        raise ParameterError("a decision does not end so", value=ended, choices=ENDS)
    if outcome is not None and ended is None:
        raise ParameterError(
            "an outcome goes with how the decision ended", value=outcome, hint="Add --ended kept, changed or stopped"
        )
    if not play:
        _list_plays(target, reports, called=workspace, as_json=as_json)
    elif ended is not None:
        _close(target, play, ended=ended, outcome=outcome, as_json=as_json)
        say.print(f"Next: fanops decisions -w {workspace}")
    else:
        given = {
            "owner": owner,
            "review": review.date() if review else None,
            "kind": kind,
            "note": note,
            "tested_by": tested_by,
        }
        _take_up(target, play, reports, on=day, as_json=as_json, **given)
        say.print(f"Next: fanops decisions -w {workspace}")


@app.command()
def decisions(
    workspace: WorkspaceOption = "",
    state: Annotated[str | None, typer.Option(help="only those: open, due, overdue or reviewed")] = None,
    on: DayOption = None,
    as_json: JsonOption = False,
) -> None:
    """List what was decided: overdue, due, open, reviewed."""
    from fanops_utils.playbook.decisions import standing

    if state is not None and state not in STANDINGS:
        raise ParameterError("no such state of a decision", value=state, choices=STANDINGS)
    target, day = open_workspace(workspace), on.date() if on else _today()
    rows = [(standing(one, on=day), one) for one in target.decisions]
    rows = sorted(
        ((name, one) for name, one in rows if state in (None, name)),
        key=lambda row: (STANDINGS.index(row[0]), _due(row[1])),
    )
    if as_json:
        emit(
            {
                "decisions": [
                    {"id": one.called, "state": name, **one.model_dump(mode="json", exclude_none=True)}
                    for name, one in rows
                ]
            }
        )
    for name, one in rows:
        said = f"review {one.review}" if one.review else "no review"
        end = f", {one.ended}" if one.ended else ""
        say.print(f"{name:<9} {said}{end}  {one.action}  ({one.owner})  {one.called}")
    again = f"fanops decide -w {workspace}"
    if not rows:
        say.print(f"Nothing was decided yet. Next: {again}" if state is None else f"No decision is {state}.")
        return
    late = next((one for name, one in rows if name in ("due", "overdue")), None)
    say.print(f"Next: {again} {late.called} --ended kept --outcome '…'" if late else f"Next: {again}")


def _due(one: Decision) -> date:
    return one.review or date.max


def _today() -> date:
    return datetime.now(UTC).date()


def _home(target: Workspace, reports: Path | None) -> Path:
    return (reports or project_root() / "reports") / target.name


def _list_plays(target: Workspace, reports: Path | None, *, called: str, as_json: bool) -> None:
    from fanops_utils.reports.page.chrome import spoken
    from fanops_utils.reports.site.open_plays import open_plays
    from fanops_utils.workspace.ledger import open_decision

    language, taken = target.brand.languages[0], target.decisions
    plays = {
        name: play for name, play in open_plays(_home(target, reports)).items() if open_decision(taken, name) is None
    }
    rows: list[dict[str, Any]] = [
        {
            "id": name,
            "action": spoken(play["action"], language),
            "owner": spoken(play["owner"], language),
            "review": play.get("review"),
        }
        for name, play in plays.items()
    ]
    if as_json:
        emit({"plays": rows})
    for row in rows:
        say.print(f"{row['id']}  {row['action']}  ({row['owner']}, {row['review'] or 'no day'})")
    nothing = f"No play waits for a decision. Next: fanops run PLAN -w {called}"
    say.print(f"Next: fanops decide PLAY -w {called}" if rows else nothing)


def _take_up(
    target: Workspace, names: list[str], reports: Path | None, *, on: date, as_json: bool, **given: Any
) -> None:
    from fanops_utils.reports.site.open_plays import decision_on, look_up, open_plays
    from fanops_utils.workspace.ledger import add_decision, ledger_path

    known, path = open_plays(_home(target, reports)), ledger_path(target.path)
    if (test := given["tested_by"]) and test not in {*target.experiments, *target.campaigns}:
        raise ParameterError(
            "no such experiment or campaign", value=test, choices=[*target.experiments, *target.campaigns]
        )
    made = [decision_on(look_up(known, name), on=on, languages=target.brand.languages, **given) for name in names]
    for one in made:
        add_decision(path, one)
        say.print(f"{shown(path)}: {one.action} ({one.owner}, review {one.review or 'without a day'})")
    if as_json:
        emit({"decisions": [one.model_dump(mode="json", exclude_none=True) for one in made], "file": path})


def _close(target: Workspace, names: list[str], *, ended: Any, outcome: str | None, as_json: bool) -> None:
    from fanops_utils.workspace.ledger import close_decision, ledger_path

    path = ledger_path(target.path)
    closed = [close_decision(path, name, ended=ended, outcome=outcome) for name in names]
    for one in closed:
        say.print(f"{shown(path)}: {one.action}: {ended}")
    if as_json:
        emit({"decisions": [one.model_dump(mode="json", exclude_none=True) for one in closed], "file": path})
