"""What code imports, names and does, and how long that is known."""

from __future__ import annotations

import ast
import marshal
import os
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT

from fanops_utils.reports.reuse import facts as module
from fanops_utils.reports.reuse.facts import Facts, facts, facts_of, keep

CODE = """from fanops_utils import charts as drawn, metrics
import json.decoder
SHADES = {"a": 1}
def f(x, *, y=metrics.wilson):
    drawn.figures.bars(x).svg
    return [one.name for one in x]
class Chart:
    held: int = 0
"""


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package and a store of its own, nothing known."""
    monkeypatch.setattr(module, "HOME", tmp_path)
    monkeypatch.setattr(module, "STORE", tmp_path / "facts.cpython.facts")
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    forget()
    yield tmp_path / "facts.cpython.facts"
    forget()


def forget() -> None:
    """Do as the next process would."""
    module._known.cache_clear()


def written(folder: Path, text: str = CODE) -> Path:
    path = folder / "a.py"
    path.write_text(text, encoding="utf-8")
    return path


def test_what_code_says_of_itself() -> None:
    found = facts_of(ast.parse(CODE))
    assert set(found.imports) == {
        ("json.decoder", "", "json.decoder"), ("fanops_utils", "charts", "drawn"), ("fanops_utils", "metrics", "metrics"),
    }  # fmt: skip
    assert found.chains["drawn"] == {("figures", "bars")} and found.chains["metrics"] == {("wilson",)}
    assert found.defined >= {"SHADES", "f", "Chart"} and not found.acts and not found.clock


@pytest.mark.parametrize("code", ["print(1)", "for n in range(3): pass", "a.b = 1", "with open('x'): pass"])
def test_code_that_does_more_than_define(code: str) -> None:
    assert facts_of(ast.parse(code)).acts


@pytest.mark.parametrize("code", ["'words'", "a = 1", "def f(): g()", "a, b = 1, 2", "import os"])
def test_code_that_only_defines(code: str) -> None:
    assert not facts_of(ast.parse(code)).acts


def test_every_name_looked_up_in_the_package_is_found() -> None:
    for path in sorted((ROOT / "fanops_utils").rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
        assert set(facts_of(tree).chains) == names, path.name


def test_what_is_known_outlives_the_process(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = written(store.parent)
    first = facts(path)
    keep()
    forget()
    monkeypatch.setattr(module, "facts_of", lambda _tree: pytest.fail("it was read again"))
    assert facts(path) == first and isinstance(facts(path), Facts)


def test_a_file_that_changed_is_read_anew(store: Path) -> None:
    path = written(store.parent)
    facts(path)
    keep()
    forget()
    written(store.parent, "import duckdb\n")
    assert facts(path).imports == (("duckdb", "", "duckdb"),)
    os.utime(path, ns=(1, 1))  # and one put in its place with another time, whatever its size
    assert facts(path).imports == (("duckdb", "", "duckdb"),)


@pytest.mark.parametrize("harm", [b"", b"\x00 no marshal", marshal.dumps(3), marshal.dumps(((1, 2), {"a.py": 3}))])
def test_a_damaged_store_is_no_store(store: Path, harm: bytes) -> None:
    path = written(store.parent)
    store.write_bytes(harm)
    assert "f" in facts(path).defined


def test_a_store_by_an_earlier_version_of_the_code_is_no_store(store: Path) -> None:
    path = written(store.parent)
    told = facts(path)
    keep()
    by, files = marshal.loads(store.read_bytes())
    assert len(files) == 1
    wrong = {name: (stamp, ((), {}, frozenset(), True, True)) for name, (stamp, _) in files.items()}
    store.write_bytes(marshal.dumps(((by[0] - 1, by[1]), wrong)))
    forget()
    assert facts(path) == told
    store.write_bytes(marshal.dumps((by, wrong)))
    forget()
    assert facts(path) != told, "this test looks at the store"


def test_only_the_package_is_kept_and_only_where_bytecode_is(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "HOME", store.parent / "elsewhere")
    facts(written(store.parent))
    keep()
    assert marshal.loads(store.read_bytes())[1] == {}
    store.unlink()
    forget()
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    facts(written(store.parent))
    keep()
    assert not store.exists()


def test_a_folder_that_cannot_be_written_is_no_matter(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "STORE", store.parent / "none" / "facts.cpython.facts")
    forget()
    assert "f" in facts(written(store.parent)).defined
    keep()


def test_the_store_lies_beside_the_bytecode(tmp_path: Path) -> None:
    code = "from fanops_utils.reports.reuse import facts; print(facts.STORE)"
    environment = {**os.environ, "PYTHONPYCACHEPREFIX": str(tmp_path), "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert Path(done.stdout.strip()).is_relative_to(tmp_path) and done.stdout.strip().endswith(".facts")
