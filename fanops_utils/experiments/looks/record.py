"""Looks as they are kept: one file per experiment, a row each."""

from __future__ import annotations

import csv
import math
from collections.abc import Mapping
from dataclasses import asdict, fields
from datetime import date
from pathlib import Path
from typing import Any

from filelock import FileLock

from fanops_utils.errors import DataError
from fanops_utils.experiments.looks.plan import Look
from fanops_utils.text import Written, say
from fanops_utils.workspace import Workspace
from fanops_utils.workspace.reads import note_file
from fanops_utils.workspace.registers.experiment import Experiment


def looks_path(folder: Path, experiment: str) -> Path:
    """Return where the looks of *experiment* are kept in the workspace at *folder*."""
    return folder / "experiments" / f"{experiment}.looks.csv"


def read_looks(path: Path) -> tuple[Look, ...]:
    """Return the looks recorded at *path*, oldest first; none where there is no file. Raises DataError with its row."""
    if not note_file(path).is_file():
        return ()
    found = []
    with path.open(encoding="utf-8", newline="") as file:
        for number, row in enumerate(csv.DictReader(file), start=2):
            try:
                day, size, share = date.fromisoformat(row["as_of"]), int(row["units"]), float(row["fraction"])
                found.append(Look(day, size, share, float(row.get("z") or "nan"), row.get("verdict") or ""))
            except (KeyError, TypeError, ValueError) as error:
                hint = say("Each row is a day, units and a share between 0 and 1")
                raise DataError(
                    say("not a look ({error})", error=Written(str(error), "en")), file=path, row=number, hint=hint
                ) from None
    return tuple(sorted(found, key=lambda look: look.as_of))


def write_look(path: Path, look: Look) -> tuple[Look, ...]:
    """Write *look* to the file at *path*, in place of one of the same day, and return all looks; in one step."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(path.with_name(f".{path.name}.lock")):
        kept = [one for one in read_looks(path) if one.as_of != look.as_of]
        listed = tuple(sorted([*kept, look], key=lambda one: one.as_of))
        part = path.with_name(f".{path.name}.part")
        with part.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, [one.name for one in fields(Look)], lineterminator="\n")
            writer.writeheader()
            writer.writerows(asdict(one) for one in listed)
        part.replace(path)
    return listed


def record_look(workspace: Workspace, look: Mapping[str, Any]) -> bool:
    """Record *look*, as a read-out's result carries it (`readout.taken.due_looks`); return whether it was.

    Its keys are experiment, day, units, fraction, z (None where nothing was compared) and verdict. Not recorded are the
    looks at an experiment whose register is gone. Raises DataError for what is no look.
    """
    try:
        name, z = str(look["experiment"]), look["z"]
        day, units, fraction = date.fromisoformat(str(look["day"])), int(look["units"]), float(look["fraction"])
    except (KeyError, TypeError, ValueError) as error:
        raise DataError(
            say("not a look ({error})", error=Written(str(error), "en")), value=str(dict(look))[:80]
        ) from None
    if name not in workspace.experiments:
        return False
    taken = Look(day, units, fraction, math.nan if z is None else float(z), str(look["verdict"]))
    write_look(looks_path(workspace.path, name), taken)
    return True


def past_looks(workspace: Workspace, experiment: Experiment) -> tuple[Look, ...]:
    """Return the looks recorded for *experiment* in *workspace*."""
    return read_looks(looks_path(workspace.path, experiment.id))
