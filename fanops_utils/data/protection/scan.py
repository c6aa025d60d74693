"""The audit: whether anything personal stands where only pseudonyms and aggregates should."""

# ruff: noqa: S608  (names and texts pass through engine.named and engine.quoted)

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import duckdb

from fanops_utils.data.privacy.erased import ERASED_PEOPLE
from fanops_utils.data.privacy.inventory import read_inventory
from fanops_utils.data.privacy.personal import IDS, Personal
from fanops_utils.data.privacy.pseudonyms import Pseudonyms
from fanops_utils.data.protection.detect import FORBIDDEN, Detector, masked
from fanops_utils.data.protection.subjects import plain_id
from fanops_utils.data.warehouse.engine import connect, named, scan
from fanops_utils.data.warehouse.store import Store
from fanops_utils.text import say
from fanops_utils.workspace import Workspace
from fanops_utils.workspace.opening import TEMPLATE
from fanops_utils.workspace.temporary import temporary_folder

TEXT_FILES = {".yml", ".yaml", ".json", ".jsonl", ".csv", ".md", ".txt"}
SHOWN = {"alt", "title", "content", "value", "href", "placeholder", "summary"}
VOID_OF_TEXT = {"style"}


@dataclass(frozen=True)
class Finding:
    """Something that looks personal: the file, where in it, what kind, and a masked value; seen *times* times there."""

    file: str
    place: str
    kind: str
    value: str
    times: int = 1


def audit(
    workspace: Workspace,
    *,
    root: Path | None = None,
    reports: Path | None = None,
    watch: Callable[[str, int, int], None] = lambda _stage, _done, _total: None,
) -> list[Finding]:
    """Return everything that looks personal in the warehouse, quarantine, registers, notebooks and pages of *workspace*.

    Raw files are not looked at: ids of people are expected there. Notebooks are those under *root*, pages those of the
    workspace under *reports*. Handles of the brand's own accounts are allowed, what privacy.yml allows, and the examples
    in registers that stand there as they were written. *watch* is told the stage ("tables", "files"), and how many of
    how many are done.
    """
    watch("tables", 0, 1)
    found, detector = _in_warehouse(workspace)
    files = list(_files(workspace, root=root, reports=reports))
    for done, (path, label) in enumerate(files):
        watch("files", done, len(files))
        written = TEMPLATE / path.relative_to(workspace.path) if path.is_relative_to(workspace.path) else None
        found += _in_file(path, label, detector, ours=_lines(written) if written and written.is_file() else ())
    return found


def _files(workspace: Workspace, *, root: Path | None, reports: Path | None) -> Iterator[tuple[Path, str]]:
    """Yield the registers, notebooks and pages that are looked through, each with its name in findings."""
    for path in sorted(workspace.path.rglob("*")):
        inside = path.is_relative_to(workspace.raw) or path.is_relative_to(workspace.warehouse)
        if path.is_file() and not inside and path.name != ERASED_PEOPLE:
            yield path, f"data/{workspace.name}/{path.relative_to(workspace.path).as_posix()}"
    folders = [(root / "notebooks", "notebooks")] if root else []
    folders += [(reports / workspace.name, f"reports/{workspace.name}")] if reports else []
    for folder, label in folders:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                yield path, f"{label}/{path.relative_to(folder).as_posix()}"


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8", errors="replace").splitlines()


def in_warehouse(workspace: Workspace) -> list[Finding]:
    """Return everything that looks personal in the tables of *workspace*, quarantine included; nothing without any."""
    store = Store(workspace)
    return _in_warehouse(workspace)[0] if store.place.foreign is not None or store.manifest() else []


def _in_warehouse(workspace: Workspace) -> tuple[list[Finding], Detector]:
    store = Store(workspace)
    store.place.only_here(say("The search for personal data"))
    with temporary_folder() as spill:
        engine = connect(spill)
        detector = Detector(
            Pseudonyms.of(workspace), _known(engine, store), _allowed(workspace), Personal.of(workspace)
        )
        found = [one for name in store.manifest() for one in _in_table(engine, store, name, detector)]
        engine.close()
    return found, detector


def _known(engine: duckdb.DuckDBPyConnection, store: Store) -> frozenset[str]:
    """Return all pseudonyms in the warehouse."""
    known: set[str] = set()
    for name in store.manifest():
        if not (paths := store.paths(name)):
            continue
        columns = [row[0] for row in engine.execute(f"DESCRIBE SELECT * FROM {scan(*paths)}").fetchall()]
        for column in columns:
            if column.endswith("_key"):
                rows = engine.execute(f"SELECT DISTINCT {named(column)} FROM {scan(*paths)}").fetchall()
                known |= {row[0] for row in rows if row[0]}
    return frozenset(known)


def _allowed(workspace: Workspace) -> frozenset[str]:
    own = {name for account in workspace.brand.accounts for name in (account.handle, account.id or "") if name}
    return frozenset(plain_id(one) for one in (*own, *workspace.brand.competitors, *workspace.privacy.allowed))


def _in_table(engine: duckdb.DuckDBPyConnection, store: Store, name: str, detector: Detector) -> Iterator[Finding]:
    paths, inventory, label = store.paths(name), read_inventory(), f"warehouse, table {name}"
    if not paths:
        return
    columns = {row[0]: row[1] for row in engine.execute(f"DESCRIBE SELECT * FROM {scan(*paths)}").fetchall()}
    for column in columns:
        if FORBIDDEN.search(column):
            yield Finding(label, f"column {column}", "column", column)
    for column in [one for one, kind in columns.items() if kind == "VARCHAR" and not one.endswith("_key")]:
        first = (
            "min(concat(source_file, ', record ', source_row))"
            if "source_row" in columns and "source_file" in columns
            else "''"
        )
        query = (f"SELECT {named(column)}, count(*), {first} FROM {scan(*paths)} WHERE {named(column)} IS NOT NULL "
                 "GROUP BY 1 ORDER BY 3, 1")  # fmt: skip
        only_sure = inventory.class_of(name, column) == "provenance" or column.endswith(IDS)
        seen: dict[tuple[str, str], tuple[int, str]] = {}
        for text, rows, where in engine.execute(query).fetchall():
            for one in sorted(detector.find(text, only_sure=only_sure)):
                times, place = seen.get(one, (0, where))
                seen[one] = times + rows, place
        for (kind, value), (times, where) in seen.items():
            yield Finding(label, f"column {column}" + (f" ({where})" if where else ""), kind, masked(value), times)


def _in_file(path: Path, label: str, detector: Detector, *, ours: Collection[str] = ()) -> list[Finding]:
    """Return what looks personal in the file at *path*; *ours* are lines of it that fanops has written itself."""
    if path.suffix == ".ipynb":
        parts = _notebook_parts(path)
    elif path.suffix in (".html", ".htm"):
        parts = _page_parts(path.read_text(encoding="utf-8", errors="replace"))
    elif path.suffix in TEXT_FILES:
        lines = enumerate(_lines(path), start=1)
        parts = [(f"line {number}", line, False) for number, line in lines if line not in ours]
    else:
        return []
    counted: dict[tuple[str, str, str], int] = {}
    for place, text, only_sure in parts:
        for kind, value in sorted(detector.find(text, only_sure=only_sure)):
            counted[place, kind, masked(value)] = counted.get((place, kind, masked(value)), 0) + 1
    return [Finding(label, place, kind, value, times) for (place, kind, value), times in counted.items()]


def _notebook_parts(path: Path) -> list[tuple[str, str, bool]]:
    """Return place and text of the cells and outputs of a notebook; code is looked through for sure things only."""
    try:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    except (ValueError, KeyError, TypeError, OSError):
        return [("file", path.read_text(encoding="utf-8", errors="replace"), False)]
    parts = []
    for number, cell in enumerate(cells, start=1):
        parts.append((f"cell {number}", _joined(cell.get("source", "")), cell.get("cell_type") == "code"))
        for output in cell.get("outputs", []):
            place = f"output of cell {number}"
            parts.append((place, _joined(output.get("text", "")) + _joined(output.get("evalue", "")), False))
            for kind, data in output.get("data", {}).items():
                if kind == "text/html":
                    parts += [(place, text, sure) for _, text, sure in _page_parts(_joined(data))]
                elif kind.startswith("text/") or kind.endswith("json"):
                    parts.append((place, data if isinstance(data, str) else _joined(data), False))
    return parts


def _joined(source: Any) -> str:
    if isinstance(source, list) and all(isinstance(one, str) for one in source):
        return "".join(source)
    return source if isinstance(source, str) else json.dumps(source, ensure_ascii=False)


def _page_parts(text: str) -> list[tuple[str, str, bool]]:
    page = _Page()
    page.feed(text)
    page.close()
    return page.parts


@dataclass
class _Page(HTMLParser):
    """Gathers what a page shows or says aloud; scripts are looked through for sure things only, styles not at all."""

    parts: list[tuple[str, str, bool]] = field(default_factory=list)
    inside: str = ""

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.inside = tag if tag in ("style", "script") else self.inside
        for name, value in attrs:
            if value and (name in SHOWN or name.startswith(("aria-", "data-"))) and not value.startswith("data:"):
                self.parts.append((f"line {self.getpos()[0]}, {name} of <{tag}>", value, name == "href"))

    def handle_endtag(self, tag: str) -> None:
        self.inside = "" if tag == self.inside else self.inside

    def handle_data(self, data: str) -> None:
        if data.strip() and self.inside not in VOID_OF_TEXT:
            self.parts.append((f"line {self.getpos()[0]}", data, bool(self.inside)))
