"""What runs have written: reports, executed notebooks, results and histories, without one person."""

from __future__ import annotations

import csv
import html
import io
import json
import re
import zipfile
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fanops_utils.data.protection.spelling import holds_any
from fanops_utils.data.protection.subjects import Subject

TEXTS = ("string", "large_string", "string_view")
MENDED = {".json", ".js", ".html", ".md", ".txt", ".xml", ".svg"}
BY_ROW = {".jsonl", ".csv"}  # the rest of the file stays as it is
PACKED = {".xlsx", ".zip"}
FOLDED = re.compile(rb"\r?\n[ \t]")  # where a line of a calendar file goes on


@dataclass
class Pages:
    """What became of the files under a reports folder: pages to render again, files mended, other files deleted."""

    render_again: list[str] = field(default_factory=list)
    mended: list[str] = field(default_factory=list)
    deleted: list[str] = field(default_factory=list)


def naming(folder: Path, subject: Subject, *, but: Collection[Path] = ()) -> Iterator[Path]:
    """Yield the files under *folder* that name *subject*, in what they hold or in their path; not those in folders *but*."""
    for path in sorted(folder.rglob("*")):
        if (
            path.is_file()
            and not any(path.is_relative_to(one) for one in but)
            and (subject.in_path(path.relative_to(folder).as_posix()) or _names(path, subject))
        ):
            yield path


def erase_pages(folder: Path, subject: Subject) -> Pages:
    """Take *subject* out of everything under *folder*.

    Reports and executed notebooks that name them are deleted, to be rendered again; lines of histories and
    rows of lists are dropped; results, manifests and indexes are mended; whatever else names them is deleted.
    """
    done = Pages()
    for path in list(naming(folder, subject)):
        label = path.relative_to(folder).as_posix()
        is_report = path.suffix == ".html" and (path.parent / "executed" / f"{path.stem}.ipynb").exists()
        if subject.in_path(label) or path.suffix not in MENDED | BY_ROW or is_report:
            path.unlink()
            (done.render_again if is_report or path.suffix == ".ipynb" else done.deleted).append(subject.masked(label))
        else:
            _replace(path, _mender(path.suffix), subject)
            done.mended.append(label)
    return done


def _mender(suffix: str) -> Callable[[str, Subject], str]:
    return {".jsonl": _without_lines, ".csv": _without_rows, ".json": _without_in_json, ".html": _without_in_html}.get(
        suffix, _without
    )


def _replace(path: Path, mend: Callable[[str, Subject], str], subject: Subject) -> None:
    temporary = path.with_name(f".{path.name}")
    with path.open(encoding="utf-8", errors="replace", newline="") as file:
        text = file.read()
    with temporary.open("w", encoding="utf-8", newline="") as file:
        temporary.chmod(path.stat().st_mode)  # what only its owner could read stays so
        file.write(mend(text, subject))
    temporary.replace(path)  # a new file: another run may hold the old one under a second name


def _without(text: str, subject: Subject) -> str:
    return subject.without(text)


def _without_lines(text: str, subject: Subject) -> str:
    kept = [line for line in text.splitlines(keepends=True) if not _in_text(line, subject)]
    return "".join(kept)


def _without_rows(text: str, subject: Subject) -> str:
    kept = io.StringIO(newline="")
    rows = csv.reader(io.StringIO(text, newline=""))
    csv.writer(kept).writerows(row for row in rows if not any(_in_text(cell, subject) for cell in row))
    return kept.getvalue()


def _without_in_json(text: str, subject: Subject) -> str:
    try:
        data = json.loads(text)
    except ValueError:
        return subject.without(text)
    return json.dumps(_cleaned(data, subject), ensure_ascii=False, indent=1)


def _cleaned(data: Any, subject: Subject) -> Any:
    if isinstance(data, str):
        return subject.without(data)
    if isinstance(data, list):
        return [_cleaned(one, subject) for one in data]
    if isinstance(data, dict):
        return {subject.without(str(name)): _cleaned(value, subject) for name, value in data.items()}
    return data


def _without_in_html(text: str, subject: Subject) -> str:
    mended = subject.without(text)
    if not subject.text.search(html.unescape(mended)):
        return mended
    # The id stands there in character references: they go, but for those that are markup.
    plain = re.sub(r"&#\w+;", lambda found: html.escape(html.unescape(found[0])), mended)
    return subject.without(plain)


def _names(path: Path, subject: Subject) -> bool:
    data = path.read_bytes()
    if path.suffix == ".parquet":
        return _in_parquet(path, subject)
    if path.suffix in PACKED and zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as packed:
            return any(_in_bytes(packed.read(name), subject) for name in packed.namelist())
    return _in_bytes(FOLDED.sub(b"", data) if path.suffix == ".ics" else data, subject)


def _in_bytes(data: bytes, subject: Subject) -> bool:
    return holds_any(data, subject.traces) and _in_text(data.decode("utf-8", errors="replace"), subject)


def _in_text(text: str, subject: Subject) -> bool:
    return bool(subject.text.search(text))


def _in_parquet(path: Path, subject: Subject) -> bool:
    import pyarrow as arrow
    import pyarrow.parquet as parquet

    try:
        file = parquet.ParquetFile(path)
        texts = [one.name for one in file.schema_arrow if str(one.type) in TEXTS or arrow.types.is_dictionary(one.type)]
        for batch in file.iter_batches(columns=texts):
            for column in batch.columns:
                distinct = column.unique().to_pylist()
                if any(subject.text.search(str(text)) for text in distinct if text):
                    return True
    except (arrow.ArrowException, OSError):
        return False
    return False
