"""What a run says of its sources."""

from __future__ import annotations

from fanops_utils.reports.site.digest_text import as_text
from fanops_utils.reports.site.notify import reasons
from fanops_utils.reports.site.pages import render_index
from fanops_utils.reports.site.sources import REASON_WIDTH, source_notes
from fanops_utils.text import speak

LATE = {"table": "posts", "platform": "xiaohongshu", "newest": "2026-03-04"}
REFUSED = {"file": "raw/odd.csv", "error": "raw/odd.csv: " + "no report fits " * 60}


def test_what_is_well_is_not_mentioned() -> None:
    assert source_notes({"imported": {"files": 3, "rows": 9, "refused": []}, "late": []}) == []
    assert source_notes({}) == []


def test_refused_files_and_late_sources_are_named_in_each_language() -> None:
    notes = source_notes({"imported": {"refused": [REFUSED]}, "late": [LATE]})
    assert [note.text for note in notes] == [
        "Not imported: {file}: {error}",
        "No newer data: {kind} of {platform} end on {day}",
    ]  # type: ignore[union-attr]
    assert "Xiaohongshu" in speak(notes[1], "en")
    assert "小红书" in speak(notes[1], "zh-Hans")
    assert len(speak(notes[0], "en")) < REASON_WIDTH + 60
    assert speak(notes[0], "en").count("raw/odd.csv") == 1


def test_they_stand_on_the_index_and_in_the_notification() -> None:
    manifest = {"brand": "B", "plan": "weekly", "jobs": [], "imported": {"refused": [REFUSED]}, "late": [LATE]}
    for told in (render_index(manifest), as_text(manifest)):
        assert "odd.csv" in told
        assert "Xiaohongshu" in told


def test_a_refused_file_is_a_failure_to_hear_of() -> None:
    assert reasons({"jobs": [], "imported": {"refused": [REFUSED]}}, ["failure"]) == ("failure",)
    assert reasons({"jobs": [], "imported": {"refused": []}, "late": [LATE]}, ["failure"]) == ()
