from __future__ import annotations

import io
import os
import stat
import zipfile
from pathlib import Path

import pandas as pd
import pytest

from fanops_utils.data.privacy import Pseudonyms, key_folder
from fanops_utils.data.warehouse import Store, import_paths
from fanops_utils.workspace import Workspace

MAPPING = """name: forum
time_zone: Europe/Berlin
tables:
  member_events:
    columns: {member_key: Who, event_timestamp: When, event_name: What, event_value: Worth}
    constants: {platform: other, market: DE}
    values:
      event_name: {Beitrag: post, Kauf: buy}
"""
EVENTS = """Who,When,What,Worth,Extra
anna@example.com,2026-05-01 00:30,Beitrag,,x
anna@example.com,2026-05-01 00:30,Beitrag,,again
ben,2026-05-02T10:00:00Z,Kauf,"1,200.50",x
cleo,soon,Beitrag,,x
dora,2026-05-03,Tanz,,x
,2026-05-03,Beitrag,,x
emil,2026-05-03,Kauf,much,x
"""


def with_mapping(workspace: Workspace, text: str = MAPPING, name: str = "forum") -> None:
    folder = workspace.path / "mappings"
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.yml").write_text(text, encoding="utf-8")


def put(workspace: Workspace, name: str, content: str | bytes) -> Path:
    path = workspace.raw / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def test_mapping_quarantine_and_accounting(brand_workspace: Workspace) -> None:
    with_mapping(brand_workspace)
    (report,) = import_paths(brand_workspace, [put(brand_workspace, "forum.csv", EVENTS)])
    assert (report.status, report.source, report.report_type) == ("loaded", "mapping", "forum")
    assert (report.rows_in, report.rows_loaded, report.rows_quarantined, report.rows_duplicate) == (7, 2, 4, 1)
    store = Store(brand_workspace)
    reasons = store.read("quarantine").set_index("source_row")
    assert reasons["column"].to_dict() == {4: "When", 5: "What", 6: "Who", 7: "Worth"}
    assert reasons.loc[5, "reason"] == "not one of Beitrag, Kauf"
    events = store.read("member_events")
    assert events["event_timestamp"].min() == pd.Timestamp("2026-04-30 22:30", tz="UTC"), (
        "Berlin midnight is the 30th in UTC"
    )
    assert events["event_value"].dropna().tolist() == [1200.5]
    days = store.read("fan_day")
    assert days["date_day"].min() == pd.Timestamp("2026-05-01"), "days are the market's own"


def test_raw_ids_never_reach_the_warehouse(brand_workspace: Workspace) -> None:
    with_mapping(brand_workspace)
    import_paths(brand_workspace, [put(brand_workspace, "forum.csv", EVENTS)])
    stored = b"".join(path.read_bytes() for path in brand_workspace.warehouse.iterdir())
    assert b"anna" not in stored
    assert Store(brand_workspace).read("member_events")["member_key"].str.fullmatch("[0-9a-f]{32}").all()
    key = key_folder() / "brand.key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert not key.is_relative_to(brand_workspace.path)


def test_pseudonyms_depend_on_the_key(brand_workspace: Workspace) -> None:
    mine = Pseudonyms.of(brand_workspace)
    assert mine.key_for("anna") == Pseudonyms.of(brand_workspace).key_for(" anna ")
    assert mine.key_for("anna") != Pseudonyms(os.urandom(32)).key_for("anna")


@pytest.mark.parametrize("form", ["xlsx", "parquet", "csv in zip"])
def test_the_same_rows_in_every_form(brand_workspace: Workspace, form: str) -> None:
    with_mapping(brand_workspace)
    frame = pd.read_csv(io.StringIO(EVENTS), dtype=str).fillna("")
    buffer = io.BytesIO()
    if form == "xlsx":
        frame.to_excel(buffer, index=False)
    elif form == "parquet":
        frame.to_parquet(buffer, index=False)
    else:
        with zipfile.ZipFile(buffer, "w") as archive:
            archive.writestr("deep/forum.csv", EVENTS)
    (report,) = import_paths(brand_workspace, [put(brand_workspace, f"forum.{form[:4]}", buffer.getvalue())])
    assert (report.rows_in, report.rows_loaded, report.rows_quarantined, report.rows_duplicate) == (7, 2, 4, 1)


def test_a_mapping_that_nearly_fits_names_what_is_missing(brand_workspace: Workspace) -> None:
    with_mapping(brand_workspace)
    (report,) = import_paths(brand_workspace, [put(brand_workspace, "forum.csv", EVENTS.replace("What", "Was"))])
    assert report.status == "refused"
    assert "the mapping 'forum' is nearest, but the file lacks 'what'" in report.error


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("member_events:", "member_event:", "'member_event' is no canonical table. Did you mean 'member_events'"),
        ("event_value:", "event_val:", "has no column 'event_val'. Did you mean 'event_value'"),
        ("event_name: What, ", "", "needs the column 'event_name'"),
        ("Europe/Berlin", "Berlin", "not a time zone"),
    ],
)
def test_a_wrong_mapping_is_refused(brand_workspace: Workspace, old: str, new: str, words: str) -> None:
    with_mapping(
        brand_workspace,
        MAPPING.replace("    values:\n      event_name: {Beitrag: post, Kauf: buy}\n", "").replace(old, new),
    )
    with_mapping(brand_workspace, MAPPING.replace("forum", "sound").replace("Who", "Which"), name="sound")
    other = put(brand_workspace, "other.csv", EVENTS.replace("Who", "Which"))
    wrong, report = import_paths(brand_workspace, [other])
    assert (wrong.file, wrong.status, report.status) == ("mappings/forum.yml", "refused", "loaded")
    assert words in wrong.error


def test_a_corrected_mapping_reads_the_file_again(brand_workspace: Workspace) -> None:
    with_mapping(brand_workspace)
    path = put(brand_workspace, "forum.csv", EVENTS)
    import_paths(brand_workspace, [path])
    with_mapping(brand_workspace, MAPPING.replace("Kauf: buy}", "Kauf: buy, Tanz: dance}"))
    (report,) = import_paths(brand_workspace, [path])
    assert (report.rows_loaded, report.rows_quarantined, report.rows_duplicate) == (1, 3, 3)
    assert len(Store(brand_workspace).read("quarantine")) == 3


@pytest.mark.parametrize(
    ("name", "words"), [("../evil.csv", "climbs out"), ("/etc/evil.csv", "climbs out"), ("C:\\evil.csv", "climbs out")]
)
def test_archives_that_climb_out_are_refused(brand_workspace: Workspace, name: str, words: str) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(zipfile.ZipInfo(name), "a,b\n1,2\n")
    (report,) = import_paths(brand_workspace, [put(brand_workspace, "x.zip", buffer.getvalue())])
    assert report.status == "refused"
    assert words in report.error


def test_a_zip_bomb_is_refused(brand_workspace: Workspace) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("zeros.csv", b"0" * 20_000_000)
    (report,) = import_paths(brand_workspace, [put(brand_workspace, "bomb.zip", buffer.getvalue())])
    assert "implausible size" in report.error


@pytest.mark.parametrize(
    "content", [b"", b"\x00\x01\x02\x03", b"PK\x03\x04 broken", b"PAR1 broken", b"\xd0\xcf\x11\xe0xls"]
)
def test_what_cannot_be_read_is_refused_by_name(brand_workspace: Workspace, content: bytes) -> None:
    (report,) = import_paths(brand_workspace, [put(brand_workspace, "odd.csv", content)])
    assert report.status == "refused"
    assert "odd.csv" in report.error


def test_a_refused_file_does_not_stop_the_others(brand_workspace: Workspace) -> None:
    with_mapping(brand_workspace)
    put(brand_workspace, "a_odd.csv", "what,ever\n1,2\n")
    put(brand_workspace, "b_forum.csv", EVENTS)
    assert [one.status for one in import_paths(brand_workspace, [brand_workspace.raw])] == ["refused", "loaded"]
