from __future__ import annotations

import json
import os
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from monthly_files import few_rows_a_file
from people import HEADERS, as_csv, everything, load, put

from fanops_utils.data.privacy import Pseudonyms
from fanops_utils.data.protection.erasing import erase
from fanops_utils.data.protection.ledger import read_ledger
from fanops_utils.data.warehouse import Store, import_paths
from fanops_utils.errors import DataError, WorkspaceError
from fanops_utils.workspace import Workspace

ANNA, BEN = "LC-000017", "LC-000170"
FORMS = ["csv", "xlsx", "zip", "gz", "utf-16"]
T = "2026-05-01T10:00:00+00:00"


def filled(workspace: Workspace, form: str = "csv") -> None:
    put(workspace, "events", "events", [[ANNA, T, "post", "1"], [BEN, T, "post", "2"], [ANNA, T, "buy", ""],
                                        [BEN, T, "buy", ""], [ANNA, "soon", "like", "3"]], form=form)  # fmt: skip
    put(workspace, "members", "members", [[ANNA, T, "search"], [BEN, T, f"invited by {ANNA}"]])
    put(workspace, "referrals", "referrals", [["r1", BEN, ANNA, T], ["r2", BEN, "LC-000018", T]])
    put(workspace, "orders", "orders", [["o1", ANNA, T, "10", ""], ["o2", BEN, T, "20", f"gift for @{ANNA}!"]])
    load(workspace)


@pytest.mark.parametrize("form", FORMS)
def test_one_person_goes_and_the_others_stay(brand_workspace: Workspace, form: str, tmp_path: Path) -> None:
    filled(brand_workspace, form)
    store = Store(brand_workspace)
    assert len(store.read("quarantine")) == 1
    key = Pseudonyms.of(brand_workspace).key_for(ANNA)
    done = erase(brand_workspace, [ANNA])
    assert done.tables == {"fan_day": 1, "fans": 1, "member_events": 2, "orders": 1, "quarantine": 1, "referrals": 1}
    assert done.left == []
    assert done.struck_out == 4, "a word about her in two raw records, and in the two rows these became"
    held = everything(brand_workspace.path)
    assert ANNA.encode() not in held.replace(BEN.encode(), b"")
    assert key.encode() not in held
    ben = Pseudonyms.of(brand_workspace).key_for(BEN)
    assert set(store.read("member_events")["member_key"]) == set(store.read("fan_day")["member_key"]) == {ben}
    assert store.read("orders")[["order_id", "source"]].values.tolist() == [["o2", "gift for [erased]!"]]
    assert store.read("fans")["acquisition"].tolist() == ["invited by [erased]"]
    assert len(store.read("referrals")) == 1
    load(brand_workspace)
    assert len(store.read("member_events")) == 2, "the edited files import as before, without her"
    assert len(store.read("quarantine")) == 0


def test_what_is_not_theirs_stays_byte_for_byte(brand_workspace: Workspace) -> None:
    untidy = (
        b'\xef\xbb\xbfMember,When,What,Worth\r\n"LC-9","2026-05-01 10:00","post",\n\n'
        + b'LC-000017,2026-05-01,"a\nb",1\r\n'
    )
    put(brand_workspace, "events", "events", []).write_bytes(untidy + b"LC-8, 2026-05-01 ,post,'2\r\n")
    other = put(brand_workspace, "members", "members", [[BEN, T, "search"]])
    before = other.stat().st_mtime_ns
    erase(brand_workspace, [ANNA])
    assert (brand_workspace.raw / "events.csv").read_bytes() == untidy.split(b"LC-000017")[
        0
    ] + b"LC-8, 2026-05-01 ,post,'2\r\n"
    assert other.stat().st_mtime_ns == before


def test_the_lines_of_an_order_go_with_its_first(brand_workspace: Workspace) -> None:
    header = ["Name", "Email", "Created at", "Currency", "Total", "Lineitem quantity", "Lineitem name", "Id"]
    rows = [["#1", "Anna@example.org", "2026-05-01 10:00:00 +0200", "EUR", "9", "1", "tea", "71"],
            ["#1", "", "", "", "", "2", "cup", ""],
            ["#2", "ben@example.org", "2026-05-01 10:00:00 +0200", "EUR", "5", "1", "tea", "72"],
            ["#2", "", "", "", "", "1", "pot", ""]]  # fmt: skip
    path = brand_workspace.raw / "orders.csv"
    path.write_bytes(as_csv(header, rows))
    load(brand_workspace)
    done = erase(brand_workspace, ["anna@EXAMPLE.org"])
    assert done.tables == {"orders": 1, "order_lines": 2}
    assert path.read_bytes() == as_csv(header, rows[2:])
    assert Store(brand_workspace).read("order_lines")["order_id"].tolist() == ["72", "72"]


def test_an_old_export_does_not_bring_a_person_back(brand_workspace: Workspace, tmp_path: Path) -> None:
    filled(brand_workspace)
    old = tmp_path / "old.csv"
    old.write_bytes((brand_workspace.raw / "events.csv").read_bytes())
    erase(brand_workspace, [ANNA])
    (report,) = import_paths(brand_workspace, [old])
    assert (report.rows_in, report.rows_loaded, report.rows_duplicate, report.rows_quarantined) == (5, 0, 2, 3)
    aside = Store(brand_workspace).read("quarantine")
    assert aside["value"].tolist() == ["soon", "", ""]
    assert ANNA.encode() not in everything(brand_workspace.path).replace(BEN.encode(), b"")


def test_short_numbers_are_ids_only_where_ids_stand(brand_workspace: Workspace) -> None:
    put(brand_workspace, "events", "events", [["42", T, "post", "42"], ["7", T, "post", "42"]])
    load(brand_workspace)
    done = erase(brand_workspace, ["42"])
    assert (done.tables, done.struck_out, done.left) == ({"fan_day": 1, "member_events": 1}, 0, [])
    assert (brand_workspace.raw / "events.csv").read_bytes() == as_csv(HEADERS["events"], [["7", T, "post", "42"]])


def test_a_word_is_nobodys_id_outside_columns_of_ids(brand_workspace: Workspace) -> None:
    rows = [["checkout", T, "checkout", "1"], ["gardener", T, "checkout", ""]]
    put(brand_workspace, "events", "events", rows)
    put(brand_workspace, "orders", "orders", [["o1", "x-1", T, "1", "paid at checkout, thanks @checkout."]])
    load(brand_workspace)
    erase(brand_workspace, ["@Checkout"])
    assert Store(brand_workspace).read("member_events")["event_name"].tolist() == ["checkout"]
    assert Store(brand_workspace).read("orders")["source"].tolist() == ["paid at checkout, thanks [handle]."]


@pytest.mark.parametrize("spoil", ["register", "old workbook", "formulas", "quotes", "name"])
def test_what_cannot_be_edited_is_refused_by_name_and_nothing_is_done(brand_workspace: Workspace, spoil: str) -> None:
    import openpyxl
    import xlwt

    filled(brand_workspace)
    bad = brand_workspace.raw / {"old workbook": "list.xls", "formulas": "sum.xlsx", "name": f"chat_{ANNA}.csv"}.get(
        spoil, "log.csv"
    )
    if spoil == "register":
        bad = brand_workspace.path / "notes.yml"
        bad.write_text(f"owner: {ANNA}\n")
    elif spoil == "old workbook":
        book = xlwt.Workbook()
        book.add_sheet("a").write(0, 0, ANNA)
        book.save(bad)
    elif spoil == "formulas":
        sums = openpyxl.Workbook()
        sums.active.append([ANNA, "=1+1"])
        sums.save(bad)
    else:
        bad.write_text("x\n" if spoil == "name" else f'a,b\n{ANNA},"open\n')
    before = everything(brand_workspace.path)
    with pytest.raises(WorkspaceError, match=bad.name.replace(ANNA, r"\[erased\]")) as refused:
        erase(brand_workspace, [ANNA])
    assert ANNA not in str(refused.value)
    assert everything(brand_workspace.path) == before


def test_what_nobody_can_search_is_said(brand_workspace: Workspace) -> None:
    filled(brand_workspace)
    (brand_workspace.raw / "scan.pdf").write_bytes(b"%PDF-1.7 ...")
    (brand_workspace.raw / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n\x00\x01")
    done = erase(brand_workspace, [ANNA])
    assert done.unsearched == ["raw/scan.pdf: this kind of file cannot be searched"]


def test_reports_that_name_the_person_go_and_are_listed(brand_workspace: Workspace, tmp_path: Path) -> None:
    filled(brand_workspace)
    key = Pseudonyms.of(brand_workspace).key_for(ANNA)
    run = tmp_path / "reports" / brand_workspace.name / "weekly" / "1"
    (run / "executed").mkdir(parents=True)
    for name, text in {"a": f"most active: {key[:12]}…", "b": "nobody", "c": "hello &#76;C-000017"}.items():
        (run / f"{name}.html").write_text(f"<p>{text}</p>")
        (run / "executed" / f"{name}.ipynb").write_text(json.dumps({"cells": [text]}))
    (run / "index.html").write_text(f"<p>about {ANNA}</p>")
    (run / "manifest.json").write_text(json.dumps({"jobs": [{"finding": f"{key} left"}], "n": 1}))
    (run.parent / "history.jsonl").write_text(f'{{"a": "{ANNA}"}}\n{{"a": "b"}}\n')
    (run / "cache.parquet").write_bytes(pd.DataFrame({"member_key": [key]}).to_parquet())
    done = erase(brand_workspace, [ANNA], reports=tmp_path / "reports")
    assert done.render_again == [
        "weekly/1/a.html",
        "weekly/1/c.html",
        "weekly/1/executed/a.ipynb",
        "weekly/1/executed/c.ipynb",
    ]
    assert done.mended == ["weekly/1/index.html", "weekly/1/manifest.json", "weekly/history.jsonl"]
    assert done.deleted == ["weekly/1/cache.parquet"]
    assert done.left == []
    assert json.loads((run / "manifest.json").read_text()) == {"jobs": [{"finding": "[erased] left"}], "n": 1}
    assert (run.parent / "history.jsonl").read_text() == '{"a": "b"}\n'
    assert (run / "b.html").exists()


def test_the_ledger_names_nobody(brand_workspace: Workspace) -> None:
    filled(brand_workspace)
    erase(brand_workspace, [ANNA])
    (line,) = read_ledger(brand_workspace)
    assert (line["action"], line["rows"], line["verified"]) == ("erase", 7, True)
    assert line["key"] == Pseudonyms.of(brand_workspace).key_id


@pytest.mark.parametrize(("who", "words"), [("@demo_brand", "account of the brand itself"), (" ", "is empty")])
def test_nobody_is_erased_by_mistake(brand_workspace: Workspace, who: str, words: str) -> None:
    with pytest.raises(DataError, match=words):
        erase(brand_workspace, [who])


IDS = st.from_regex(r"[A-Za-z]{1,3}-[0-9]{2,5}|[a-z]{2,5}_[a-z]{2,5}@example\.org|[1-9][0-9]{9,17}", fullmatch=True)


@settings(
    max_examples=10 if os.environ.get("FANOPS_SLOW") else 4, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(people=st.lists(IDS, min_size=2, max_size=6, unique_by=str.casefold), data=st.data())
def test_whoever_is_erased_is_gone_and_nobody_else_is_touched(
    tmp_path_factory: pytest.TempPathFactory, people: list[str], data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("any") / "brand"
    (folder / "raw").mkdir(parents=True)
    market = "{code: DE, name: Germany, language: de, time_zone: Europe/Berlin, currency: EUR}"
    (folder / "brand.yml").write_text(f"name: Any\nmarkets:\n  - {market}\n")
    who, workspace = st.sampled_from(people), Workspace(folder)
    gone = data.draw(who)
    rows = {
        "events": [[data.draw(who), f"2026-05-{day:02}T10:00:00+00:00", "post", str(day)] for day in range(1, 8)],
        "members": [[one, T, "search"] for one in people],
        "referrals": [[f"r{number}", data.draw(who), data.draw(who), T] for number in range(4)],
        "orders": [[f"o{number}", data.draw(who), T, "5", data.draw(st.sampled_from(["", "@SUM(1)", "käse, \"x\"\ny"]))]
                   for number in range(4)],
        "answers": [["nps", one, "q1", "9", T] for one in people if data.draw(st.booleans())],
    }  # fmt: skip
    for kind, table in rows.items():
        put(workspace, kind, kind, table, form=data.draw(st.sampled_from(FORMS)) if table else "csv")
    load(workspace)
    store, key = Store(workspace), Pseudonyms.of(workspace).key_for(gone)
    before = {name: store.read(name) for name in store.manifest()}
    done = erase(workspace, [gone])
    assert done.left == []
    held = everything(folder)
    for other in people:
        held = held if other == gone else held.replace(other.encode(), b"")
    assert gone.encode() not in held
    assert key.encode() not in held
    for name, frame in before.items():
        keys = [column for column in frame if column.endswith("_key")]
        if name == "quarantine":  # rows set aside have no key: theirs go by what they hold, others stay as they were
            left = {tuple(row) for row in store.read(name).astype("string").fillna("").to_numpy()}
            assert left <= {tuple(row) for row in frame.astype("string").fillna("").to_numpy()}
            continue
        kept = frame[~frame[keys].eq(key).any(axis=1)].reset_index(drop=True) if keys else frame
        pd.testing.assert_frame_equal(store.read(name), kept, obj=name)


def test_a_record_that_bears_a_second_id_is_theirs_too(brand_workspace: Workspace) -> None:
    """An order is keyed by customer number; whoever is erased by e-mail loses the orders that bear it, and no others."""
    put(brand_workspace, "orders", "orders", [])
    mail = "anna_b@example.org"
    rows = [["o1", "c-77", T, "1", "", mail], ["o2", "c-78", T, "2", "", ""], ["o3", "c-77", T, "3", "", ""]]
    (brand_workspace.raw / "orders.csv").write_bytes(as_csv([*HEADERS["orders"], "E-mail"], rows))
    load(brand_workspace)
    assert erase(brand_workspace, [mail]).tables == {"orders": 1}
    assert Store(brand_workspace).read("orders")["order_id"].tolist() == ["o2", "o3"]


def test_a_disk_that_fails_leaves_all_as_it_was_and_a_second_try_completes_it(
    brand_workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled(brand_workspace)
    before = (brand_workspace.raw / "events.csv").read_bytes()

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(Store, "commit", full)
        with pytest.raises(WorkspaceError, match=r"No space left.*erase again"):
            erase(brand_workspace, [ANNA])
    assert (brand_workspace.raw / "events.csv").read_bytes() == before
    assert len(Store(brand_workspace).read("member_events")) == 4
    assert not list(brand_workspace.path.rglob("*.erasing-*"))
    assert erase(brand_workspace, [ANNA]).left == []


def test_files_outside_the_workspace_are_named_and_left_alone(brand_workspace: Workspace, tmp_path: Path) -> None:
    put(brand_workspace, "events", "events", [])
    outside = tmp_path / "download.csv"
    outside.write_bytes(as_csv(HEADERS["events"], [[ANNA, T, "post", "1"]]))
    import_paths(brand_workspace, [outside])
    done = erase(brand_workspace, [ANNA])
    assert (done.outside, done.left) == ([outside.as_posix()], [])
    assert ANNA in outside.read_text()


def test_of_many_files_only_those_that_hold_the_person_are_written(
    brand_workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    few_rows_a_file(monkeypatch, 1)
    acts = [[BEN, f"2026-0{month}-05T10:00:00+00:00", "post", ""] for month in range(1, 6)]
    put(brand_workspace, "events", "events", [*acts, [ANNA, "2026-03-06T10:00:00+00:00", "post", ""]])
    put(brand_workspace, "orders", "orders", [["o1", ANNA, "2026-06-06T10:00:00+00:00", "10", ""],
                                              ["o2", BEN, "2026-01-06T10:00:00+00:00", "20", ""]])  # fmt: skip
    load(brand_workspace)
    store = Store(brand_workspace)
    before = {name: store.manifest()[name].parts for name in ("member_events", "fan_day", "orders")}
    assert [len(parts) for parts in before.values()] == [5, 5, 2]
    assert erase(brand_workspace, [ANNA]).left == []
    after = store.manifest()
    for name in ("member_events", "fan_day"):
        assert [one == other for one, other in zip(after[name].parts, before[name], strict=True)] == [
            True, True, False, True, True,
        ]  # fmt: skip
        assert after[name].zones is not None, "days stay cut"
    assert after["orders"].parts == before["orders"][:1], "a file that held nobody else is gone"
    assert {path.name for path in store.folder.glob("*.parquet")} == {
        file for entry in after.values() for file in entry.files
    }


def test_what_a_killed_erase_left_goes_with_the_next_that_writes(brand_workspace: Workspace) -> None:
    put(brand_workspace, "events", "events", [["LC-000017", T, "post", "1"]])
    left = [brand_workspace.raw / ".events.csv.erasing-1", brand_workspace.warehouse / ".erasing-1"]
    brand_workspace.warehouse.mkdir(exist_ok=True)
    left[0].write_text("LC-000017")
    left[1].mkdir()
    load(brand_workspace)
    assert not any(path.exists() for path in left)
    assert {path.stat().st_mode & 0o777 for path in brand_workspace.warehouse.glob("*.parquet")} == {0o600}
