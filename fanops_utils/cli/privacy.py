"""Verbs for the people behind the data: privacy export, erase, audit, retention."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fanops_utils.cli.common import JsonOption, WorkspaceOption, app, emit, open_workspace, project_root, say
from fanops_utils.cli.terminal import stages
from fanops_utils.errors import counted

if TYPE_CHECKING:
    from fanops_utils.data.protection.erasing import Erasure
    from fanops_utils.workspace import Workspace

SHOWN = 40
STAGES = {
    "raw": "Searching raw files",
    "tables": "Looking through the tables",
    "reports": "Looking through reports",
    "again": "Checking that nothing is left",
    "files": "Looking through registers, notebooks and reports",
}

privacy = typer.Typer(
    no_args_is_help=True, rich_markup_mode=None, help="One person's data out or gone; audit; retention."
)
app.add_typer(privacy, name="privacy")

SubjectOption = Annotated[
    list[str],
    typer.Option("--subject", help="the person's id, handle or e-mail as in the files; again for each further one"),
]


@privacy.command()
def export(
    subject: SubjectOption,
    to: Annotated[Path, typer.Option(help="a new .zip file or folder outside the repository")],
    workspace: WorkspaceOption = "",
    platform: Annotated[str | None, typer.Option(help="only what this platform brought")] = None,
    as_json: JsonOption = False,
) -> None:
    """Write everything held on one person, as JSON and CSV."""
    from fanops_utils.data.protection.exporting import export_subject

    target = _opened(workspace)
    done = export_subject(target, subject, to=to, platform=platform, reports=_reports(), root=project_root())
    if as_json:
        emit({**asdict(done), "to": to if done.files else None})
    for one in done.unsearched:
        say.print(f"not searched  {one}")
    if done.is_empty:
        where = " in what could be searched" if done.unsearched else ""
        say.print(f"Nothing is held on this person{where}. No file was written.")
        raise typer.Exit(1 if done.unsearched else 0)
    for name, rows in done.tables.items():
        say.print(f"{rows:8,} rows of {name}")
    say.print(f"{done.raw_records:8,} records of raw files, {len(done.pages)} files of reports that name the person")
    if done.left_out:
        say.print(f"Left out, since they name no platform: {', '.join(done.left_out)}")
    say.print(f"Written to {to}, readable by you alone")
    if done.unsearched:
        say.print("It is not all: the files named above could not be searched")
        say.print("Next: look through them by hand, before it is handed over")
        raise typer.Exit(1)
    say.print("Next: hand it over on a safe way, and delete it here")


@privacy.command()
def erase(
    subject: SubjectOption,
    workspace: WorkspaceOption = "",
    yes: Annotated[bool, typer.Option("--yes", help="do not ask")] = False,
    as_json: JsonOption = False,
) -> None:
    """Erase one person from warehouse, quarantine, raw files and reports, and check that nothing is left."""
    from fanops_utils.data.protection.erasing import erase as erase_person

    target = _opened(workspace)
    if not yes:
        typer.confirm(f"Erase this person from {target.name}? Nothing brings them back", abort=True, err=True)
    with stages(say, STAGES) as watch:
        done = erase_person(target, subject, reports=_reports(), watch=watch)
    if as_json:
        emit({**asdict(done), "verified": not done.left})
    for name, rows in done.tables.items():
        say.print(f"{rows:8,} rows of {name} removed")
    for name, rows in done.files.items():
        say.print(f"{rows:8,} records of {name} removed")
    say.print(f"{done.struck_out:8,} mentions in other texts struck out")
    for label, names in (("deleted, render again", done.render_again), ("mended", done.mended), ("deleted", done.deleted),
                         ("not searched", done.unsearched), ("outside, not touched", done.outside)):  # fmt: skip
        for name in names:
            say.print(f"{label}  {name}")
    for name in done.left:
        say.print(f"still there  {name}")
    _say_verdict(target.name, done)
    raise typer.Exit(1 if done.left or done.unsearched else 0)


def _say_verdict(name: str, done: Erasure) -> None:
    """Say whether the person is gone, and what is next."""
    if done.left:
        say.print("Something is still there")
        say.print("Next: take the person out of the files named above by hand, then erase again")
    elif done.unsearched:
        say.print("Nothing of this person is found in what could be searched; the files named above could not be.")
        say.print("Next: open them by hand, and delete them where they hold the person")
    else:
        say.print("A search of the whole workspace finds nothing of this person.")
        if not done.is_empty:
            _say_beyond(name, reports=bool(done.render_again or done.mended or done.deleted))
        elif not done.outside:
            say.print("Next: nothing; the ledger has its line")


def _say_beyond(name: str, *, reports: bool) -> None:
    """Say where the person may still lie: what this command cannot reach, and what to do about it."""
    if reports:
        say.print(f"Next: fanops run PLAN -w {name} renders the reports again; then")
    else:
        say.print("Next:")
    say.print("      delete the files as you downloaded them, and copies of them: raw/ alone was cleaned")
    say.print(
        f"      where tables were sent: fanops publish ADDRESS --warehouse -w {name} takes the person out there, too"
    )
    say.print(f"      where reports were sent: fanops publish ADDRESS -w {name}, and delete the older runs there")
    say.print("      backups keep the person until they are overwritten")


@privacy.command()
def audit(workspace: WorkspaceOption = "", as_json: JsonOption = False) -> None:
    """Look for e-mails, phones, handles and raw ids in warehouse, registers, notebooks and reports."""
    from fanops_utils.data.protection.scan import audit as look

    target = _opened(workspace)
    with stages(say, STAGES) as watch:
        found = look(target, root=project_root(), reports=_reports(), watch=watch)
    if as_json:
        emit([asdict(one) for one in found])
    for one in found[:SHOWN]:
        times = f", {one.times} times" if one.times > 1 else ""
        say.print(f"{one.kind:8} {one.value}  {one.file}, {one.place}{times}")
    if len(found) > SHOWN:
        say.print(f"and {len(found) - SHOWN} more: fanops privacy audit -w {workspace} --json")
    say.print(counted(len(found), "finding") if found else "Nothing looks personal.")
    if found:
        say.print("Next: drop it at the source, or allow a name with its purpose in privacy.yml")
    raise typer.Exit(1 if found else 0)


@privacy.command()
def retention(
    workspace: WorkspaceOption = "",
    erase: Annotated[bool, typer.Option("--erase", help="remove what is over age")] = False,
    as_of: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="as if this were today")] = None,
    as_json: JsonOption = False,
) -> None:
    """List the rows that are older than they may be kept, and remove them with --erase."""
    from fanops_utils.data.protection.retention import erase_over_age, over_age

    target = _opened(workspace)
    today: date | None = as_of.date() if as_of else None
    found = erase_over_age(target, today=today) if erase else over_age(target, today=today)
    if as_json:
        emit([asdict(one) for one in found])
    for one in found:
        oldest = f", oldest {one.oldest}" if one.rows else ""
        undated = f", {one.undated} without a day" if one.undated else ""
        say.print(f"{one.table:16} kept {one.keep_days:5} days: {one.rows:8,} before {one.before}{oldest}{undated}")
    rows = sum(one.rows for one in found)
    say.print(f"{rows:,} {'removed' if erase else 'over age'}")
    if rows and not erase:
        say.print(f"Next: fanops privacy retention -w {workspace} --erase")


def _opened(workspace: str) -> Workspace:
    target = open_workspace(workspace)
    target.validate()
    return target


def _reports() -> Path:
    return project_root() / "reports"
