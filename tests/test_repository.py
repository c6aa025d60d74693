"""The repository as a whole: the house keeps its floors, and documents, dependencies and commands agree with the tree."""

from __future__ import annotations

import ast
import json
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
import yaml
from conftest import ROOT
from importlinter.cli import lint_imports
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from fanops_utils.cli import app
from fanops_utils.reports.planning.plan import find_notebook, find_notebooks

PACKAGE = ROOT / "fanops_utils"
MODULES = sorted(PACKAGE.rglob("*.py"))
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), *(ROOT / "data").rglob("*.md")])
MOST_LINES, MOST_FUNCTION_LINES = 300, 60
FLOORS = {
    "errors": 0, "colours": 0, "text": 0, "workspace": 0, "data": 1, "metrics": 2, "models": 3, "experiments": 3, "playbook": 4,
    "charts": 4, "sections": 5, "reports": 6, "cli": 7,
}  # fmt: skip
CONDA = {
    "duckdb": "python-duckdb", "ibis-framework": "ibis-duckdb", "matplotlib": "matplotlib-base", "tzdata": "python-tzdata",
    "playwright": "playwright-python",
}  # fmt: skip
PIP_ONLY = {
    "axe-playwright-python",
    "diff-diff",
    "editables",
    "pysyncon",
    "pytest-xdist",
    "rjieba",
    "tea-tasting",
    "types-pyyaml",
    "vadersentiment",
}
CONDA_ONLY = {"python", "pip"}
TEXT_FILES = {".py", ".md", ".yml", ".yaml", ".toml", ".ipynb", ".j2", ".css", ".js", ".json", ".csv", ".lock", ""}
# Written so that this file does not match itself. The page of a package may be cited as a source; its index may not be named.
OUTSIDE = re.compile(
    r"(?<![\w.~:-])/(?:work|home|root|Users|mnt|scratch)/\w|index[-]url|py[p]i\.org(?!/project/)|python[h]osted\.org"
)


def where(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def table() -> dict[str, int]:
    """Return the packages and modules of ARCHITECTURE.md with the floor of each."""
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| *`(fanops_utils/[^`]+)` *\| *(\d+) *\|", text, re.MULTILINE)
    return {path.rstrip("/"): int(floor) for path, floor in rows}


def rows_of(path: Path) -> list[str]:
    """Return the rows of the table that *path* lies in, the nearest last."""
    return sorted((row for row in table() if f"{where(path)}/".startswith(f"{row}/")), key=len)


def is_bare(path: Path) -> bool:
    """Return whether a package's `__init__` holds nothing but its docstring and its version."""
    body = ast.parse(path.read_text(encoding="utf-8")).body
    return path.name == "__init__.py" and all(isinstance(node, ast.Expr | ast.Assign) for node in body)


def test_the_table_of_modules_covers_the_tree() -> None:
    assert len(table()) >= len(FLOORS)
    assert [where(path) for path in MODULES if not rows_of(path) and not is_bare(path)] == []


def test_every_row_of_the_table_exists() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    listed = re.findall(r"^\| *`(fanops_utils/[^`]+)`", text, re.MULTILINE)
    assert len(listed) == len(set(listed)) == len(table())
    assert [row for row in listed if not (ROOT / row).exists()] == []
    nearest = {rows_of(path)[-1] for path in MODULES if rows_of(path)}
    assert set(table()) - nearest == set(), "a row that no module has as its nearest one says nothing"


def test_the_table_has_the_floors_of_the_house() -> None:
    assert {row: floor for row, floor in table().items() if FLOORS[part(row)] != floor} == {}


def part(name: str) -> str:
    """Return the part of the house that a path or dotted name belongs to."""
    return re.split(r"[/.]", name)[1]


def test_folders_keep_the_order_that_pyproject_names(capsys: pytest.CaptureFixture[str]) -> None:
    code = lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True)
    assert code == 0, capsys.readouterr().out


def test_modules_and_functions_are_small() -> None:
    long = []
    for path in MODULES:
        text = path.read_text(encoding="utf-8")
        if len(text.splitlines()) > MOST_LINES:
            long.append(f"{where(path)}: {len(text.splitlines())} lines")
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno:
                lines = node.end_lineno - node.lineno + 1
                if lines > MOST_FUNCTION_LINES:
                    long.append(f"{where(path)}:{node.lineno} {node.name}: {lines} lines")
    assert long == []


@cache
def project() -> dict[str, Requirement]:
    """Return what pyproject.toml asks for, to run and to test, by canonical name."""
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    listed = [
        Requirement(line) for line in (*declared["project"]["dependencies"], *declared["dependency-groups"]["dev"])
    ]
    return {canonicalize_name(one.name): one for one in listed}


def test_conda_and_pip_ask_for_the_same() -> None:
    environment = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    lines = [line for line in environment["dependencies"] if isinstance(line, str)]
    conda = {Requirement(line).name: Requirement(line).specifier for line in lines}
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert conda["python"] == Requirement(f"python{declared['project']['requires-python']}").specifier
    wanted = {CONDA.get(name, name): one.specifier for name, one in project().items() if name not in PIP_ONLY}
    assert {name: spec for name, spec in conda.items() if name not in CONDA_ONLY} == wanted


def locked() -> dict[str, str]:
    """Return the blocks of requirements.lock (one per version) under "name==version"."""
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    return {block.split()[0]: block for block in re.split(r"^(?=\S)", text, flags=re.MULTILINE) if block.strip()}


def test_every_dependency_is_locked_in_a_version_that_fits() -> None:
    versions: dict[str, set[str]] = {}
    for pinned in locked():
        name, _, version = pinned.partition("==")
        versions.setdefault(canonicalize_name(name), set()).add(version)
    lacking = [str(one) for name, one in project().items() if not versions.get(name)]
    assert lacking == []
    wrong = [
        f"{one}: {version}"
        for name, one in project().items()
        for version in versions[name]
        if version not in one.specifier
    ]
    assert wrong == []


def test_every_locked_version_has_its_hashes_and_no_address() -> None:
    blocks = locked()
    assert len(blocks) > 100
    assert [name for name, block in blocks.items() if not re.search(r"--hash=sha256:[0-9a-f]{64}", block)] == []
    assert [name for name in blocks if "==" not in name] == []
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert not re.search(r"://|^-|^\s+--(?!hash)|@ ", text, re.MULTILINE)


def code_of(document: Path) -> list[str]:
    """Return the lines of code that a document shows, fenced or within a sentence."""
    text = document.read_text(encoding="utf-8")
    fenced = re.findall(r"^```\w*\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    inline = re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL))
    return [line for block in (*fenced, *inline) for line in block.splitlines()]


def test_commands_that_the_documents_name_exist() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    verbs = {str(one.name or getattr(one.callback, "__name__", "")) for one in app.registered_commands}
    verbs |= {str(one.name) for one in app.registered_groups}
    made, called = set(), set()
    for document in DOCUMENTS:
        for line in code_of(document):
            made |= set(re.findall(r"^make ([a-z]+)", line))
            called |= set(re.findall(r"(?:^|[/\\])fanops ([a-z]+)", line))
    assert {"reports", "test"} <= made
    assert {"init", "import", "run"} <= called
    assert made - targets == set()
    assert called - verbs == set()


def test_every_phony_target_has_its_line_of_help() -> None:
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    (phony,) = re.findall(r"^\.PHONY: (.+)$", text, re.MULTILINE)
    assert set(re.findall(r"^([a-z]+):.*## ", text, re.MULTILINE)) == set(phony.split())


def test_the_readme_names_every_notebook_with_its_question() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| (.+?) \| `([a-z_]+/[a-z_]+)` \|", text, re.MULTILINE))
    assert set(rows.values()) == set(find_notebooks(ROOT))
    for question, name in rows.items():
        notebook = json.loads(find_notebook(ROOT, name)[1].read_text(encoding="utf-8"))
        assert "".join(notebook["cells"][0]["source"]).splitlines()[0] == f"# {question}"


@pytest.mark.parametrize("document", DOCUMENTS, ids=where)
def test_what_a_document_links_to_exists(document: Path) -> None:
    links = re.findall(r"\]\(([^)#]+)\)", document.read_text(encoding="utf-8"))
    assert [link for link in links if "://" not in link and not (document.parent / link).exists()] == []


def test_analyses_do_not_know_the_truth() -> None:
    readers = [path for path in MODULES if "sample" not in path.relative_to(PACKAGE).parts]
    readers += [*find_notebooks(ROOT).values(), *(PACKAGE / "reports" / "templates").rglob("*.*")]
    assert [
        where(path)
        for path in readers
        if re.search(r"truth\.json|data\.sample\b.*truth", path.read_text(encoding="utf-8"))
    ] == []


def written() -> Iterator[Path]:
    """Yield every file of text that belongs to the repository and was not generated."""
    kept = ("fanops_utils", "notebooks", "tests", "docs", ".ci", ".github", "data")
    files = [path for path in ROOT.iterdir() if path.is_file()]
    files += [path for name in kept for path in (ROOT / name).rglob("*") if path.is_file()]
    for path in files:
        made = {"__pycache__", ".ipynb_checkpoints", "raw", "warehouse"} & set(path.relative_to(ROOT).parts)
        if not made and path.name != "truth.json" and path.suffix in TEXT_FILES and not path.name.startswith(".DS"):
            yield path


def test_the_text_of_the_repository_speaks_of_nothing_outside_it() -> None:
    found, read = [], 0
    for path in written():
        read += 1
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), start=1):
            if hit := OUTSIDE.search(line):
                found.append(f"{where(path)}:{number}: {hit[0]}")
    assert read > 150
    assert found == []


@pytest.mark.parametrize(
    "pieces", [("cd /", "work/x"), ('"/', 'home/me"'), ("--extra-index", "-url x"), ("py", "pi.org/simple")]
)
def test_what_lies_outside_would_be_seen(pieces: tuple[str, str]) -> None:
    assert OUTSIDE.search("".join(pieces))
    assert not OUTSIDE.search(" ".join(pieces))
