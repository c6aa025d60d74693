"""Fingerprints: what a report depends on, as digests that can be compared before anything is executed."""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import platform
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from fanops_utils.data.parts import TableFiles
from fanops_utils.reports.planning.plan import Job
from fanops_utils.reports.planning.source import code_of
from fanops_utils.reports.reuse import reach
from fanops_utils.reports.reuse.history import plain
from fanops_utils.workspace import Workspace
from fanops_utils.workspace.kinds import BRAND, KINDS
from fanops_utils.workspace.reads import ABSENT, digest_file, digest_names

LIBRARIES = (
    "numpy",
    "pandas",
    "scipy",
    "statsmodels",
    "duckdb",
    "ibis-framework",
    "pyarrow",
    "matplotlib",
    "xlsxwriter",
    "icalendar",
    "ipykernel",
)
PAGE = [
    "from fanops_utils.reports.page.render import render_report",
    "from fanops_utils.reports.beside.writing import write_beside",
]
STANDING = ["from fanops_utils.metrics import lookup", "from fanops_utils.reports.running.standing import standing_of"]


@dataclass(frozen=True)
class Code:
    """What the code of a notebook reaches: modules of the package, libraries that may read unseen, the day's date."""

    modules: frozenset[str]
    foreign: tuple[str, ...]
    asks_the_clock: bool


class State:
    """The repository and one workspace as they are when a run begins; every file is read once."""

    def __init__(self, root: Path, workspace: Path, languages: tuple[str, ...]) -> None:
        self.root, self.workspace, self.languages = root, workspace, languages
        self._files: dict[Path, str] = {}
        self._code: dict[Path, Code] = {}

    def file(self, path: Path) -> str:
        """Return the digest of the file *path*."""
        if path not in self._files:
            self._files[path] = digest_file(path)
        return self._files[path]

    def code(self, modules: Iterable[str]) -> dict[str, str]:
        """Return the digests of *modules* of the package."""
        return {name: self.file(reach.path_of(name)) for name in modules}

    def code_of(self, notebook: Path) -> Code:
        """Return what the code of *notebook* reaches; raise PlanError where it cannot be read."""
        if notebook not in self._code:
            cells = code_of(notebook)
            modules = frozenset(reach.reached(cells))
            self._code[notebook] = Code(modules, tuple(reach.foreign(cells)), reach.asks_the_clock(cells, modules))
        return self._code[notebook]

    @cached_property
    def page_code(self) -> frozenset[str]:
        """The modules that the making of a page reaches."""
        return frozenset(reach.reached(PAGE))

    @cached_property
    def tables(self) -> dict[str, str]:
        """The warehouse's tables and what names their content: as its manifest has them, or the engine they are read from."""
        workspace = Workspace(self.workspace)
        if workspace.storage:
            from fanops_utils.data.warehouse import Store  # what reads tables: only for those that are not at hand

            return {name: files.identity for name, files in Store(workspace).manifest().items()}
        if (self.workspace / BRAND.files).is_file() and workspace.brand.engine is not None:
            return _identities(self.workspace)
        try:
            tables = json.loads((self.workspace / "warehouse" / "manifest.json").read_text(encoding="utf-8"))["tables"]
            return {name: TableFiles.from_json(entry).identity for name, entry in tables.items()}
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return {}

    @cached_property
    def environment(self) -> str:
        """Digest of the interpreter, the libraries that compute and the lock file."""
        versions = [f"{name} {_version(name)}" for name in LIBRARIES]
        told = [platform.python_version(), platform.machine(), *versions, self.file(self.root / "requirements.lock")]
        return _digest("\n".join(told))

    @cached_property
    def page(self) -> str:
        """Digest of the page's templates and of the catalogues of all languages."""
        folders = reach.PACKAGE / "reports" / "templates" / "fanops", reach.PACKAGE / "text" / "catalogues"
        files = sorted(path for folder in folders for path in folder.glob("*"))
        return _digest("\n".join(self.file(path) for path in files if path.is_file()))

    def standing(self, on: date, *told: Any) -> str:
        """Return the digest of what targets and decisions stand by on the day *on*, what reports *told* among it.

        Registers are read anew: the run itself writes looks at experiments into them.
        """
        registers = {str(path): digest_file(path) for kind in KINDS for path in kind.paths(self.workspace)}
        code = self.code(sorted(reach.reached(STANDING)))
        return _digest(
            json.dumps(
                [on.isoformat(), self.tables, registers, self.reference, code, *told], sort_keys=True, default=str
            )
        )

    @cached_property
    def registers(self) -> dict[str, str]:
        """The registers of the workspace and what names their content; looks at experiments are no part of them."""
        paths = [path for kind in KINDS for path in kind.paths(self.workspace)]
        return {path.relative_to(self.workspace).as_posix(): self.file(path) for path in paths}

    @cached_property
    def reference(self) -> dict[str, str]:
        """The tables of outside facts and what names their content."""
        return {path.name: self.file(path) for path in sorted((self.root / "data" / "reference").glob("*.csv"))}

    def before(self, job: Job) -> dict[str, str]:
        """Return what is known of *job* before it is executed: notebook, parameters, environment, page."""
        given = json.dumps(plain(job.whole or job.parameters), sort_keys=True, ensure_ascii=False)
        return {
            "notebook": self.file(job.path), "parameters": _digest(given), "environment": self.environment, "page": self.page,
        }  # fmt: skip


def inputs(job: Job, state: State, reads: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return what the report of *job* depends on; `uncacheable` says why it cannot be reused, where it cannot.

    *reads* is what its kernel noted. Keys: notebook, parameters, environment, page, code (module: digest), tables (name:
    file), files and folders (path: digest), day (only where code asks for it), uncacheable.
    """
    code = state.code_of(job.path)
    known = dict(reads or {})
    strangers = [f"imports {name}" for name in code.foreign]
    reasons = (
        [*strangers, *(f"reads {one}" for one in known.get("undeclared", []))] if reads else ["its reads are not known"]
    )
    found: dict[str, Any] = {
        **state.before(job), "code": state.code(sorted(code.modules | state.page_code)), "tables": known.get("tables", {}),
        "files": _named(known.get("files", {}), state.root), "folders": _named(known.get("folders", {}), state.root),
        "uncacheable": reasons,
    }  # fmt: skip
    if code.asks_the_clock:
        found["day"] = today()
    return found


def basis(jobs: Iterable[Job], state: State) -> dict[str, dict[str, str]]:
    """Return what the reports of all *jobs* of a plan are made from, as digests by name: two machines can compare it.

    Keys: plan (each job and its parameters), day (that reports are judged from), tables, registers, reference, code
    (notebooks and modules), environment.
    """
    jobs = list(jobs)
    notebooks = {job.path for job in jobs if job.path.is_file()}
    modules = frozenset().union(state.page_code, *(state.code_of(path).modules for path in notebooks))
    named = {path.relative_to(state.root).as_posix(): state.file(path) for path in sorted(notebooks)}
    return {
        "plan": {f"{job.notebook} {job.slug}": state.before(job)["parameters"] for job in jobs},
        "day": {job.on.isoformat(): "judged from" for job in jobs if job.on},
        "tables": state.tables, "registers": state.registers, "reference": state.reference,
        "code": {**named, **state.code(sorted(modules))},
        "environment": {"libraries": state.environment, "templates": state.page, "languages": " ".join(state.languages)},
    }  # fmt: skip


def unchanged(job: Job, state: State, earlier: Mapping[str, Any] | None) -> bool:
    """Return whether a report with the inputs *earlier* would come out the same if it were made now."""
    return bool(earlier) and not (earlier or {}).get("uncacheable") and holds(job, state, earlier)


def holds(job: Job, state: State, earlier: Mapping[str, Any] | None) -> bool:
    """Return whether everything that is known of what a report was made from, its inputs *earlier*, is as it was."""
    if not earlier or not earlier.get("code"):
        return False
    if any(earlier.get(name) != digest for name, digest in state.before(job).items()):
        return False
    if earlier.get("day") not in (None, today()):
        return False
    if state.code(earlier["code"]) != earlier["code"]:
        return False
    if any(state.tables.get(name, ABSENT) != file for name, file in earlier["tables"].items()):
        return False
    if any(state.file(state.root / name) != digest for name, digest in earlier["files"].items()):
        return False
    return all(digest_names(state.root / name) == digest for name, digest in earlier["folders"].items())


def today() -> str:
    """Return the day it is, as code that asks for it is told."""
    return date.today().isoformat()


def _named(paths: Mapping[str, str], root: Path) -> dict[str, str]:
    """Return *paths* from the repository's root where they lie below it, so that a checkout can be moved."""
    home = root.resolve()
    return {
        Path(path).relative_to(home).as_posix() if Path(path).is_relative_to(home) else path: digest
        for path, digest in paths.items()
    }


def _identities(workspace: Path) -> dict[str, str]:
    from fanops_utils.data.warehouse.store import Store  # libraries that a plan of which nothing changed does without

    foreign = Store(Workspace(workspace)).place.foreign
    return foreign.identities() if foreign is not None else {}


def _version(name: str) -> str:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return "absent"


def digest(value: Any) -> str:
    """Return the digest of a *value* that JSON can hold."""
    return _digest(json.dumps(value, sort_keys=True, ensure_ascii=False))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()[:16]
