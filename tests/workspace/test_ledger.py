"""The ledger of decisions as a file: what is added and closed reads back, everything else stays as it was."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from fanops_utils.errors import WorkspaceError
from fanops_utils.text.sentences.message import Worded
from fanops_utils.workspace.ledger import add_decision, close_decision, open_decision
from fanops_utils.workspace.opening import TEMPLATE
from fanops_utils.workspace.register import read_register
from fanops_utils.workspace.registers.decision import Decision, Decisions

TAKEN = Decision(
    kind="change", action=Worded({"en": "Move: a post", "zh-Hans": "改一帖"}), owner="NO", date=date(2026, 11, 2),
    review=date(2026, 11, 30), play="market_analysis.BR.hours", markets=("BR",), metric="engagement_rate_reach",
)  # fmt: skip
WRITTEN = """# Ours.
decisions:
  - kind: keep   # agreed by all
    action: Go on
    owner: Lead
    date: 2026-06-08
    campaign: spring

  # the next one
  - {kind: stop, action: No fee, owner: Lead, date: 2026-06-09, play: a.b.c}
# the end
"""


def read(path: Path) -> tuple[Decision, ...]:
    return read_register(path, Decisions).decisions


@pytest.mark.parametrize(
    "text", [None, "", "# Ours.\ndecisions: []\n", WRITTEN, (TEMPLATE / "decisions.yml").read_text()]
)
def test_what_is_added_reads_back_after_what_was_there(tmp_path: Path, text: str | None) -> None:
    path = tmp_path / "decisions.yml"
    if text:
        path.write_text(text, encoding="utf-8")
    before = read(path) if text else ()
    add_decision(path, TAKEN)
    *kept, added = read(path)
    assert tuple(kept) == before
    assert added == TAKEN and isinstance(added.action, Worded) and added.action.texts == TAKEN.action.texts  # type: ignore[attr-defined]
    add_decision(path, TAKEN.model_copy(update={"play": "another.BR.play"}))
    assert len(read(path)) == len(before) + 2
    for line in (text or "").splitlines():
        assert line.startswith("decisions:") or line in path.read_text(encoding="utf-8").splitlines(), "no line is lost"


def test_a_play_is_not_decided_on_twice_before_it_is_closed(tmp_path: Path) -> None:
    path = tmp_path / "decisions.yml"
    add_decision(path, TAKEN)
    with pytest.raises(WorkspaceError, match="decided on already"):
        add_decision(path, TAKEN)
    closed = close_decision(path, "market_analysis.BR.hours", ended="changed", outcome="It: moved")
    assert closed.closed and read(path)[0].outcome == "It: moved"
    add_decision(path, TAKEN)
    assert [one.closed for one in read(path)] == [True, False]
    assert open_decision(read(path), "market_analysis.BR.hours") == read(path)[1]


def test_closing_writes_two_lines_and_no_more(tmp_path: Path) -> None:
    path = tmp_path / "decisions.yml"
    path.write_text(WRITTEN, encoding="utf-8")
    close_decision(path, "spring.2026-06-08.keep", ended="kept", outcome="It held")
    lines = path.read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if line not in WRITTEN.splitlines()] == ["    ended: kept", "    outcome: It held"]
    assert lines.index("    ended: kept") == lines.index("    campaign: spring") + 1
    with pytest.raises(WorkspaceError, match="on one line"):
        close_decision(path, "a.b.c", ended="stopped")
    with pytest.raises(WorkspaceError, match="no open decision"):
        close_decision(path, "spring.2026-06-08.keep", ended="kept")


def test_a_ledger_that_is_none_is_refused_and_left_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "decisions.yml"
    path.write_text("decisions: [{kind: shelve}]\n", encoding="utf-8")
    with pytest.raises(WorkspaceError):
        add_decision(path, TAKEN)
    assert path.read_text(encoding="utf-8") == "decisions: [{kind: shelve}]\n"
    assert [one.name for one in tmp_path.iterdir()] == ["decisions.yml"]
