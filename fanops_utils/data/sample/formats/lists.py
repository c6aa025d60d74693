"""The units of experiments, as plain lists whose columns a mapping names."""

from __future__ import annotations

from fanops_utils.data.sample.draws import iso
from fanops_utils.data.sample.formats.files import RawFile, plain_csv, raw_file
from fanops_utils.data.sample.trials.truths import TRIALS
from fanops_utils.data.sample.trials.units import trial_units
from fanops_utils.workspace import Workspace


def trial_files(workspace: Workspace, *, seed: int, scale: float) -> list[RawFile]:
    """Return one file per experiment, an outcome per column."""
    files = []
    for name in TRIALS:
        units = trial_units(workspace, name, seed=seed, scale=scale)
        units = units.assign(assigned=iso(units["assigned"]))
        names = {
            "fan": "Fan ID",
            "question": "Question ID",
            "post": "Post ID",
            "group": "Group",
            "assigned": "Assigned",
            "recorded": "Recorded",
            "market": "Country",
            "cluster": "group_number",
        }
        files.append(raw_file(f"experiments/{name}.csv", "experiment_units", units.rename(columns=names), plain_csv))
    return files
