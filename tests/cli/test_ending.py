"""The command ends in its own words only: nothing a library prints when the interpreter is taken down."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import BRAND, ROOT
from reports.tiny import repository

MAIN = "import sys; sys.argv[0] = 'fanops'; from fanops_utils.cli import main; main()"
PRELUDE = "import atexit, threading, time\nfrom fanops_utils.cli.ending import end_process\n"


def python(folder: Path, program: str, *words: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", program, *map(str, words)]
    environment = {name: value for name, value in os.environ.items() if name != "FANOPS_ROOT"}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    repository(tmp_path)
    (tmp_path / "data" / "brand" / "brand.yml").write_text(BRAND, encoding="utf-8")
    return tmp_path


def test_import_status_and_audit_say_nothing_but_their_own_words(root: Path) -> None:
    export = ROOT / "tests" / "exports" / "shopify" / "orders_export_1.csv"
    for words, last in (
        (["import", export], "Next: fanops status"),
        (["status"], "Next: fanops run"),
        (["privacy", "audit"], "Nothing looks personal."),
    ):
        done = python(root, MAIN, *words, "-w", "brand")
        assert done.returncode == 0, done.stderr
        assert done.stderr.splitlines()[-1].startswith(last), done.stderr


def test_a_verb_with_nothing_to_say_leaves_standard_error_empty(root: Path) -> None:
    opened = "import duckdb, ibis; duckdb.connect().sql('SELECT 1').arrow(); ibis.duckdb.connect(); "
    done = python(root, opened + MAIN, "--version")
    assert (done.returncode, done.stderr) == (0, "")


def test_what_was_begun_is_finished_before_the_process_ends(tmp_path: Path) -> None:
    program = PRELUDE + (
        "from concurrent.futures import ThreadPoolExecutor\n"
        "atexit.register(lambda: print('tidied'))\n"
        "work = lambda: (time.sleep(0.1), print('worked'))\n"
        "ThreadPoolExecutor(1).submit(work)\n"
        "threading.Thread(target=work).start()\n"
        "end_process(3)\n"
    )
    done = python(tmp_path, program)
    assert (done.returncode, done.stderr) == (3, "")
    assert (done.stdout.count("worked"), done.stdout.endswith("tidied\n")) == (2, True)


def test_an_error_nobody_expected_keeps_its_traceback_and_its_code(root: Path) -> None:
    broken = "import fanops_utils.cli as cli\ndef app(**_): raise ValueError('odd')\ncli.app = app\ncli.main()"
    done = python(root, broken)
    assert done.returncode == 1
    assert done.stderr.startswith("Traceback") and done.stderr.endswith("ValueError: odd\n")
