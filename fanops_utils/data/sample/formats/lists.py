"""The units of experiments, as plain lists whose columns a mapping names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fanops_utils.data.sample.draws import iso
from fanops_utils.data.sample.formats.files import RawFile, plain_csv, raw_file
from fanops_utils.data.sample.trials.fans import with_members
from fanops_utils.data.sample.trials.units import trial_units

if TYPE_CHECKING:
    from fanops_utils.data.sample.setting import Setting


def trial_files(setting: Setting) -> list[RawFile]:
    """Return one file per experiment, an outcome per column."""
    files = []
    for name in setting.truths.trials:
        units = with_members(setting, name, trial_units(setting, name))
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
