"""The notebook contract: what every source notebook keeps to, so that it runs, reads and renders like the others."""

from __future__ import annotations

import ast
from pathlib import Path

import nbformat

from fanops_utils.errors import PlanError, suggest
from fanops_utils.playbook.topics import TOPICS
from fanops_utils.reports.planning.parameters import read_parameters

MOST_LINES, MOST_CHARACTERS = 10, 120
TAGGED = {
    "question": ("markdown", "the one that begins with the H1"),
    "trust": ("markdown", "the heading over the checks"),
    "limits": ("markdown", "what the report cannot tell"),
    "plays": ("markdown", "the heading over the plays"),
    "result": ("code", "the last one, which shows the result"),
}
BANNED_CALLS = {"open", "print", "exec", "eval", "input"}
CLOCK = {"today", "now", "utcnow"}
BANNED_ROOTS = {"plt", "sns", "matplotlib", "seaborn", "os", "subprocess"}


def breaches(path: Path) -> list[str]:
    """Return what the notebook at *path* does against the contract, a sentence each; empty where it keeps to it."""
    try:
        read_parameters(path)
    except PlanError as error:
        return [str(error)]
    notebook = nbformat.read(path, as_version=4)
    if len(_code(notebook)) < 3:
        return ["a notebook has at least three code cells: parameters, imports and the one that shows `result`"]
    return [*_clean(notebook), *_metadata(notebook), *_narrative(notebook), *_order(notebook), *_cells(notebook)]


def _code(notebook: nbformat.NotebookNode) -> list[tuple[int, nbformat.NotebookNode]]:
    return [(number, cell) for number, cell in enumerate(notebook.cells, start=1) if cell.cell_type == "code"]


def _clean(notebook: nbformat.NotebookNode) -> list[str]:
    found = []
    if notebook.metadata.get("kernelspec", {}).get("name") != "python3":
        found.append("the kernelspec is not python3")
    if "papermill" in notebook.metadata:
        found.append("the notebook holds metadata of an execution")
    for number, cell in _code(notebook):
        if cell.outputs or cell.execution_count is not None:
            found.append(f"cell {number} holds outputs or an execution count")
    return found


def _metadata(notebook: nbformat.NotebookNode) -> list[str]:
    told = notebook.metadata.get("fanops", {})
    lacking = [name for name in ("topic", "title", "report") if not told.get(name)]
    found = [f"the notebook's metadata do not say its {name} (fanops: {{{name}: …}})" for name in lacking]
    if told.get("topic") and told["topic"] not in TOPICS:
        found.append(f"the topic '{told['topic']}' is not declared. {suggest(told['topic'], TOPICS)}")
    return found


def _narrative(notebook: nbformat.NotebookNode) -> list[str]:
    headings = [
        (line, cell)
        for cell in notebook.cells
        if cell.cell_type == "markdown"
        for line in cell.source.splitlines()
        if line.startswith("#")
    ]
    titles = [line for line, _ in headings if line.startswith("# ")]
    found = [] if len(titles) == 1 else [f"a notebook has one H1, this one has {len(titles)}"]
    first = notebook.cells[0]
    if first.cell_type != "markdown" or not first.source.startswith("# "):
        found.append("the first cell is not the H1 with its question")
    elif first.source.count("**") < 4:
        found.append("under the H1 stands who decides and what the reader gets, each begun in bold")
    for tag, (kind, what) in TAGGED.items():
        if not any(cell.cell_type == kind and tag in cell.metadata.get("tags", []) for cell in notebook.cells):
            found.append(f"no {kind} cell is tagged '{tag}': {what}")
    named = {tag for tag, (kind, _) in TAGGED.items() if kind == "markdown"} | {"definitions"}
    asked = [
        line for line, cell in headings if line.startswith("## ") and not named & set(cell.metadata.get("tags", []))
    ]
    found += [
        f"the heading '{line.removeprefix('## ')}' is not a question"
        for line in asked
        if not line.endswith(("?", "？"))
    ]
    return found


def _order(notebook: nbformat.NotebookNode) -> list[str]:
    code = _code(notebook)
    found = []
    if "parameters" not in code[0][1].metadata.get("tags", []):
        found.append("the first code cell is not the parameters cell")
    imports = [
        n
        for n, cell in code[1:]
        if any(isinstance(node, ast.Import | ast.ImportFrom) for node in ast.walk(_tree(cell)))
    ]
    if imports != [code[1][0]]:
        found.append("imports stand in one cell, right after the parameters")
    last = _tree(code[-1][1]).body[-1:]
    if not (last and isinstance(last[0], ast.Expr) and ast.unparse(last[0]) == "result"):
        found.append("the last code cell does not end by showing `result`")
    return found


def _cells(notebook: nbformat.NotebookNode) -> list[str]:
    found = []
    for number, cell in _code(notebook):
        lines = [line for line in cell.source.splitlines() if line.strip()]
        if len(lines) > MOST_LINES:
            found.append(f"cell {number} has {len(lines)} lines, at most {MOST_LINES} are read at a glance")
        if widest := max((len(line) for line in lines if len(line) > MOST_CHARACTERS), default=0):
            found.append(
                f"cell {number} has a line of {widest} characters, at most {MOST_CHARACTERS} fit beside the report"
            )
        found += [f"cell {number} {told}" for node in ast.walk(_tree(cell)) if (told := _banned(node))]
        if "../" in cell.source:
            found.append(f"cell {number} holds a relative path")
        if not _parses(cell):
            found.append(f"cell {number} is not plain Python: a magic, a shell command or a slip")
    return found


def _banned(node: ast.AST) -> str:
    """Return what a piece of a cell's code does that no cell does, empty where it does nothing of the kind."""
    match node:
        case ast.Call(func=ast.Attribute(attr=name)) if name in CLOCK:
            return "reads the clock: the day is handed in (parameter on)"
        case ast.FunctionDef() | ast.ClassDef() | ast.Lambda():
            return "defines a function: it belongs in fanops_utils"
        case ast.Call(func=ast.Name(id=name)) if name in BANNED_CALLS:
            return f"calls {name}()"
        case ast.Name(id=name) if name in BANNED_ROOTS:
            return f"uses {name}: charts and files are the package's work"
    return ""


def _parses(cell: nbformat.NotebookNode) -> bool:
    try:
        ast.parse(cell.source)
    except SyntaxError:
        return False
    return True


def _tree(cell: nbformat.NotebookNode) -> ast.Module:
    return ast.parse(cell.source) if _parses(cell) else ast.Module(body=[], type_ignores=[])
