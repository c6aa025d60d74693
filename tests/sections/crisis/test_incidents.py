"""Which incident of the register an alarm is, and what its clocks are told as."""

from __future__ import annotations

from datetime import date

import pytest

from fanops_utils.models import Episode
from fanops_utils.sections.crisis.duty import clocks, incident_of
from fanops_utils.workspace.registers.crisis import Crisis

DAY = date(2026, 3, 9)
ALARM = Episode(start=DAY, end=DAY, level=1, peak=DAY, peak_count=9, negatives=9, excess=5.0, hour=None, hour_day=None,
                back_after=None)  # fmt: skip


def register(*incidents: tuple[str, str, int]) -> Crisis:
    rows = [{"id": name, "market": "US", "start": start, "level": level} for name, start, level in incidents]
    return Crisis.model_validate({"clocks": [{"id": "respond", "what": "Answer", "minutes": 30}], "incidents": rows})


def test_the_nearest_incident_is_taken_and_of_one_day_the_gravest() -> None:
    before, small, grave = (
        ("a", "2026-03-02T14:30:00", 3),
        ("b", "2026-03-09T08:00:00", 3),
        ("c", "2026-03-09T18:30:00", 1),
    )
    for order in ((before, small, grave), (grave, small, before)):
        taken = incident_of(register(*order), ALARM, "US")
        assert taken is not None and taken.id == "c"
    assert incident_of(register(before), ALARM, "US") is not None
    assert incident_of(register(("a", "2026-03-01T23:59:00", 1)), ALARM, "US") is None


@pytest.mark.parametrize(("level", "on", "code"), [(3, 12, "none"), (1, 9, "due"), (1, 10, "late")])
def test_clocks_that_do_not_apply_or_still_run_are_not_told_as_met(level: int, on: int, code: str) -> None:
    told = register(("a", "2026-03-09T14:30:00", level))
    assert clocks(told, ALARM, market="US", on=date(2026, 3, on)).finding.code == code
