"""The code a notebook can reach, module by module."""

from __future__ import annotations

import pytest

from fanops_utils.reports.reuse.reach import asks_the_clock, foreign, path_of, reached

P = "fanops_utils"


def below(*sources: str) -> set[str]:
    return {name.removeprefix(f"{P}.") for name in reached(sources)}


def test_a_name_that_a_package_passes_on_reaches_the_module_behind_it() -> None:
    found = below("from fanops_utils import metrics\nmetrics.wilson(1, 2)")
    assert {"metrics", "metrics.intervals"} <= found
    assert "metrics.social.growth" not in found and "metrics.members.retention" not in found


def test_what_a_module_imports_is_reached_too() -> None:
    assert {"metrics.social.engagement", "metrics.intervals"} <= below(
        "from fanops_utils.metrics import engagement_rate"
    )


def test_modules_below_a_package_are_told_apart() -> None:
    found = below("from fanops_utils import sections\nsections.market.plays()")
    assert "sections.market.plays" in found and "sections.audience.plays" not in found


@pytest.mark.parametrize(
    "source",
    [
        "import fanops_utils.metrics",
        "from fanops_utils.metrics import *",
        "from fanops_utils import metrics\nchosen = metrics",
        "from fanops_utils import metrics\ngetattr(metrics, 'wilson')",
        "from fanops_utils import metrics as counting\nlist(map(counting.no_such_name, []))",
    ],
)
def test_a_package_used_as_a_whole_reaches_all_of_it(source: str) -> None:
    assert {"metrics.social.growth", "metrics.members.retention", "metrics.social.share", "metrics.intervals"} <= below(
        source
    )


def test_cells_that_are_no_python_are_passed_over() -> None:
    assert "metrics.intervals" in below("%matplotlib inline", "from fanops_utils.metrics import wilson\nwilson")


def test_every_module_reached_is_a_file() -> None:
    found = reached(
        ["from fanops_utils import charts, metrics, models, experiments, playbook\n[charts, metrics, models]"]
    )
    assert found and all(path_of(name).is_file() for name in found)


def test_whose_reading_cannot_be_seen() -> None:
    cells = [
        "import pandas as pd, json\nfrom datetime import date",
        "import duckdb, requests.sessions",
        "from fanops_utils import charts",
    ]
    assert foreign(cells) == ["duckdb", "requests"]


def test_who_asks_the_clock() -> None:
    assert asks_the_clock(["from datetime import date\ndate.today()"], [])
    assert asks_the_clock([], [f"{P}.reports.planning.relative"])
    assert not asks_the_clock([], [f"{P}.sections.data_checks"])
    assert not asks_the_clock(["1 + 1"], [f"{P}.metrics.intervals"])
