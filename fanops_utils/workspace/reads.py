"""What a notebook reads: tables and registers as their readers declare them, anything else as the interpreter sees it.

A report may be reused only while everything it read is unchanged. Readers of this package say what they open; a kernel
also watches the interpreter's audit events, so that a file, folder, program or address read past them is known too.
"""

from __future__ import annotations

import hashlib
import os
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

SYSTEM = ("/usr", "/lib", "/etc", "/proc", "/sys", "/dev", "/opt", "/bin", "/nix", "/System", "/Library")
ABSENT = "absent"
SPILL = "fanops"  # how folders begin that the engine spills into


@dataclass
class Reads:
    """Tables (name: what names its content), files and folders (path: digest) read, and what nobody declared."""

    tables: dict[str, str] = field(default_factory=dict)
    table_files: set[str] = field(default_factory=set)
    files: dict[str, str] = field(default_factory=dict)
    folders: dict[str, str] = field(default_factory=dict)
    undeclared: dict[str, None] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """Return the reads as JSON-ready values."""
        files = {path: digest or digest_file(Path(path)) for path, digest in self.files.items()}
        return {
            "tables": self.tables, "files": files, "folders": self.folders, "undeclared": list(self.undeclared),
        }  # fmt: skip


seen = Reads()
_elsewhere: ContextVar[bool] = ContextVar("elsewhere", default=False)


def note_table(name: str, identity: str | None, files: Iterable[str] = ()) -> None:
    """Declare that table *name* is read: *identity* names its content (None: no such table), *files* hold it."""
    seen.tables[name] = identity or ABSENT
    seen.table_files.update(files)


def note_file(path: Path) -> Path:
    """Declare that the file *path* is about to be read, in the state it has now; return it."""
    seen.files[str(path.resolve())] = digest_file(path)
    seen.undeclared.pop(str(path.resolve()), None)
    return path


def note_folder(path: Path) -> Path:
    """Declare that the names of the registers in the folder *path* are about to be read; return it."""
    seen.folders[str(path.resolve())] = digest_names(path)
    seen.undeclared.pop(str(path.resolve()), None)
    return path


def note_unnamed(what: str) -> None:
    """Declare that *what* is read, whose content nothing names: whatever is made of it cannot be reused."""
    seen.undeclared[what] = None


@contextmanager
def declared_elsewhere() -> Iterator[None]:
    """Let addresses and programs be asked that a register names: their tables are declared one by one."""
    token = _elsewhere.set(True)
    try:
        yield
    finally:
        _elsewhere.reset(token)


def digest_file(path: Path) -> str:
    """Return the SHA-256 of the file *path*, shortened; ABSENT where it cannot be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()[:16]
    except OSError:
        return ABSENT


def digest_names(path: Path) -> str:
    """Return the SHA-256 of the names of the registers in the folder *path*, shortened; ABSENT where there is none."""
    try:
        names = sorted(name for name in os.listdir(path) if name.endswith(".yml"))  # noqa: PTH208  (names, not paths)
    except OSError:
        return ABSENT
    return hashlib.sha256("\0".join(names).encode("utf-8", "surrogateescape")).hexdigest()[:16]


def watch(workspace: Path, *, package: Path) -> None:
    """Note from now on what this process reads undeclared; code and files of the system are no data.

    What lies beside the code of *package* (a list of words, say) counts as declared.

    For the life of the process: an audit hook cannot be taken back.
    """
    watcher = _Watcher(workspace, package)
    sys.addaudithook(watcher.hear)


class _Watcher:
    def __init__(self, workspace: Path, package: Path) -> None:
        # Its own folders of names come with the interpreter looking for modules; only data folders tell something.
        self.workspace = f"{workspace.resolve()}{os.sep}"
        self.warehouse = f"{self.workspace}warehouse{os.sep}"
        self.package = f"{package.resolve()}{os.sep}"
        prefixes = (sys.prefix, sys.base_prefix, sys.exec_prefix)
        bases = {*SYSTEM, *prefixes, *(os.path.realpath(one) for one in prefixes)}
        if keys := os.environ.get("FANOPS_KEYS"):  # the key for pseudonyms decides no number of a report
            bases |= {os.path.abspath(keys), os.path.realpath(keys)}  # noqa: PTH100
        self.silent = tuple(f"{base}{os.sep}" for base in bases)
        self.home = f"{Path.home()}{os.sep}."
        self.written: set[str] = set()
        self.temporary = tuple(f"{tempfile.gettempdir()}{os.sep}{own}_" for own in ("ipykernel", SPILL))

    def hear(self, event: str, values: tuple[Any, ...]) -> None:
        if event == "open":
            self._opened(*values)
        elif event in ("os.listdir", "os.scandir"):
            self._listed(values[0])
        elif _elsewhere.get():
            return
        elif event == "socket.connect" and isinstance(values[1], tuple):
            seen.undeclared[f"network: {values[1][0]}"] = None
        elif event in ("subprocess.Popen", "os.system", "os.posix_spawn", "os.exec"):
            seen.undeclared["program: " + _text(values[0])] = None

    def _opened(self, path: object, mode: object, flags: object) -> None:
        if not isinstance(path, str | bytes | os.PathLike):
            return  # a descriptor: whoever opened it was heard
        text = os.path.abspath(_text(path))  # noqa: PTH100  (no look at the disk inside a hook)
        writes = isinstance(flags, int) and flags & (os.O_WRONLY | os.O_CREAT) != 0
        if writes and "+" not in str(mode or ""):
            self.written.add(text)
        elif self._tells(text):
            if text.startswith(self.package):
                seen.files[text] = ""  # read by the time somebody asks for the digest
            else:
                seen.undeclared[text] = None

    def _listed(self, path: object) -> None:
        text = os.path.abspath(_text(path)) if isinstance(path, str | bytes | os.PathLike) else ""  # noqa: PTH100
        if f"{text}{os.sep}".startswith(self.workspace) and text not in seen.folders:
            seen.undeclared[text] = None

    def _tells(self, path: str) -> bool:
        if path in seen.files or path in self.written or path.startswith(self.silent):
            return False
        if path.startswith(self.warehouse):
            return os.path.basename(path) not in {*seen.table_files, "manifest.json"}  # noqa: PTH119
        return not path.startswith((self.home, *self.temporary)) and not path.endswith((".py", ".pyc"))


def _text(path: object) -> str:
    return os.fsdecode(path) if isinstance(path, str | bytes | os.PathLike) else str(path)
