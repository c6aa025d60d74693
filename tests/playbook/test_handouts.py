"""What a report hands over, described before it is a file."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from fanops_utils.playbook import Finding, Play, Result, Section, TrustPanel
from fanops_utils.playbook.handouts import Agenda, Event, Listing
from fanops_utils.playbook.plays import role
from fanops_utils.text import People, read, say

LIST = Listing("watch_list", say("Members"), (say("Name"), say("Day")), (("a", date(2026, 3, 9)),))


def test_cells_are_carried_as_json_and_days_as_days() -> None:
    cells = (People(30), 1.5, None, "=1", date(2026, 3, 9), datetime(2026, 3, 9, 15, 30))
    told = Listing("a", say("A"), tuple(say("C") for _ in cells), (cells,)).to_json()
    (row,) = told["rows"]
    assert row == [{"people": [30]}, 1.5, None, "=1", {"day": ["2026-03-09", "iso"]}, "2026-03-09 15:30"]
    assert read(told["title"]) == say("A")


@pytest.mark.parametrize("name", ["", "A", "../a", "a b", "a-b", "9"])
def test_a_name_becomes_part_of_a_file_and_nothing_else(name: str) -> None:
    with pytest.raises(ValueError, match="named by"):
        Agenda(name, say("A"))


def test_a_row_has_as_many_cells_as_there_are_columns() -> None:
    with pytest.raises(ValueError, match="cells"):
        Listing("a", say("A"), (say("B"),), (("x", "y"),))


def test_a_result_carries_what_its_sections_hand_over() -> None:
    finding = Finding(id="growth", title=say("It grows."), text=say("It grows."))
    agenda = Agenda("days", say("Days"), (Event("a", say("A"), date(2026, 3, 9)),))
    sections = [Section.of(finding, handouts=(LIST, None)), Section.of(handouts=(agenda,))]
    result = Result.conclude((say("So."), "info"), answers=sections, plays=(), trust=TrustPanel(()), facts=())
    assert [(one["kind"], one["name"]) for one in result.to_json()["handouts"]] == [
        ("csv", "watch_list"),
        ("ics", "days"),
    ]


def test_what_is_to_be_done_is_handed_over_as_tasks_with_the_day_of_their_review() -> None:
    finding = Finding(id="growth", title=say("It grows."), text=say("It grows."))
    play = Play(action=say("Do it"), metric=say("Growth"), expected=say("More"), owner="market lead", review=date(2026, 12, 7),
                because="growth")  # fmt: skip
    asked = {"answers": [finding], "trust": TrustPanel(()), "facts": ()}
    (listed,) = Result.conclude((say("So."), "info"), plays=(play,), **asked).handouts
    assert isinstance(listed, Listing) and listed.name == "to_do" and not listed.private
    ((action, _, owner, review, label),) = listed.rows
    assert (action, owner, review, label) == (say("Do it"), role("market lead"), date(2026, 12, 7), "growth")
    assert Result.conclude((say("So."), "info"), plays=(), **asked).handouts == ()
