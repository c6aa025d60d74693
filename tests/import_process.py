"""Imports in processes of their own: started at once, killed in the middle, or short of disk."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable
from datetime import date
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import pytest
from monthly_files import few_rows_a_file

from fanops_utils.data.protection.erasing import erase
from fanops_utils.data.warehouse import import_kept, import_paths, rebuild
from fanops_utils.errors import FanopsError
from fanops_utils.workspace import Workspace

CONTEXT = multiprocessing.get_context("forkserver")
CONTEXT.set_forkserver_preload(["fanops_utils.data.warehouse", "import_process"])


def start(work: Callable[..., Any], *args: Any) -> BaseProcess:
    """Start *work*, a function of this module, in a process of its own."""
    process = CONTEXT.Process(target=work, args=args)
    process.start()
    return process


def load(folder: Path, paths: list[Path], said: Path) -> None:
    """Import *paths* into the workspace at *folder*; what is refused is written to *said*."""
    try:
        import_paths(Workspace(folder), paths)
    except FanopsError as error:
        said.write_text(str(error), encoding="utf-8")


def load_in_small_files(folder: Path, paths: list[Path], said: Path, rows: int) -> None:
    """Import *paths* into tables of at most *rows* rows a file."""
    with pytest.MonkeyPatch.context() as patch:
        few_rows_a_file(patch, rows)
        load(folder, paths, said)


def load_short_of_disk(folder: Path, paths: list[Path], said: Path, most: int) -> None:
    """Import *paths* where no file may grow beyond *most* bytes: writing more fails as it does on a full disk."""
    import resource

    resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
    import_path = said.with_suffix(".part")
    try:
        import_paths(Workspace(folder), paths)
    except FanopsError as error:
        import_path.write_text(str(error)[: most - 1], encoding="utf-8")
        import_path.replace(said)


def erase_someone(folder: Path, person: str) -> None:
    """Erase *person* from the workspace at *folder*."""
    erase(Workspace(folder), [person])


def keep_and_load(folder: Path, outside: Path) -> None:
    """Import the files under *outside*, with a copy of each under raw/."""
    import_kept(Workspace(folder), [outside], on=date(2026, 5, 2))


def make_again(folder: Path) -> None:
    """Make the warehouse of the workspace at *folder* again."""
    rebuild(Workspace(folder))
