"""The numbers of the usual plans in the template of targets: each of the 56 once, and those that can be judged, entries."""

from __future__ import annotations

import re
from pathlib import Path

from fanops_utils.metrics.catalogue import METRICS
from fanops_utils.workspace.folder import TEMPLATE
from fanops_utils.workspace.register import read_register
from fanops_utils.workspace.registers.target import Targets

LINES = (TEMPLATE / "targets.yml").read_text(encoding="utf-8").splitlines()
ENTRIES = [line[2:] for line in LINES if line.startswith("# - {id: ")]
PLANNED = {  # row of the plans: low, high
    1: (50_000, 100_000), 2: (500_000, 1_000_000), 6: (0.15, 0.20), 7: (0.30, None), 13: (0.05, 0.10), 14: (0.10, 0.15),
    15: (1_000, 5_000), 16: (0.30, None), 35: (None, 0.15),
}  # fmt: skip


def test_every_row_of_the_plans_stands_there_once_and_every_conflict() -> None:
    rows = [int(found[1]) for line in LINES if (found := re.match(r"# (?:- \{.*\}  # |  )(\d+)[.:] ", line))]
    assert sorted(rows) == list(range(1, 57))
    assert [line[4] for line in LINES if re.match(r"#   [a-h]\. ", line)] == list("abcdefgh")


def test_an_entry_is_a_target_once_its_mark_is_taken_off(tmp_path: Path) -> None:
    path = tmp_path / "targets.yml"
    path.write_text("\n".join(["targets:", *ENTRIES]), encoding="utf-8")
    found = read_register(path, Targets).targets
    rows = [int(re.findall(r"  # (\d+):", line)[0]) for line in ENTRIES]
    assert {row: (one.low, one.high) for row, one in zip(rows, found, strict=True)} == PLANNED, "no number is made up"
    for one in found:
        metric = METRICS[one.metric]
        assert one.unit == metric.unit.kind, one.id
