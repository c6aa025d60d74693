"""The code a notebook can reach: the modules of the package behind the names that its cells use."""

from __future__ import annotations

import ast
import sys
from collections import defaultdict
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

PACKAGE = Path(__file__).parents[1]
NAME = PACKAGE.name
# Modules whose reading can be seen: through this package or the interpreter. Others may read past both.
SEEN_READING = {NAME, "numpy", "pandas", "scipy", "statsmodels", "matplotlib", "seaborn", "IPython", "sklearn"}
WHOLE = ".*"
CLOCK = ("today", "now", "utcnow")
NAMELESS = (ast.expr_context, ast.operator, ast.unaryop, ast.boolop, ast.Constant)


@dataclass(frozen=True)
class Facts:
    """What a piece of code imports, as (module, name, known as), looks up on names, defines, does and asks.

    The name is "" for `import module`. `chains` are the attributes looked up on a name: {"charts": {("bars",)}}; () is
    the bare name. `acts`: importing it does more than define. `clock`: it asks what day it is.
    """

    imports: tuple[tuple[str, str, str], ...]
    chains: dict[str, set[tuple[str, ...]]]
    defined: frozenset[str]
    acts: bool
    clock: bool


def reached(sources: Iterable[str]) -> set[str]:
    """Return the dotted names of the modules of the package that cells with these *sources* can reach.

    A package's `__init__` counts for itself; what it passes on counts where the name is used, or where importing it
    does more than define. A package used as a whole, a star import or a dynamic one reaches everything below it.
    """
    found: set[str] = set()
    _follow(_facts_of(_parsed(sources)), found)
    return {one for one in found if not one.endswith(WHOLE)}


def foreign(sources: Iterable[str]) -> list[str]:
    """Return what the cells import from which the reading of data cannot be seen, sorted."""
    roots = {module.split(".")[0] for module, _, _ in _facts_of(_parsed(sources)).imports}
    return sorted(roots - SEEN_READING - (sys.stdlib_module_names - {"ctypes", "mmap"}))


def asks_the_clock(sources: Iterable[str], modules: Iterable[str]) -> bool:
    """Return whether cells or modules ask what day it is: their report is of the day it was made on."""
    return _facts_of(_parsed(sources)).clock or any(_facts(path_of(name)).clock for name in modules)


def path_of(module: str) -> Path:
    """Return the file of the module of the package with the dotted name *module*."""
    return _path_in(PACKAGE, module)


@lru_cache(maxsize=4096)
def _path_in(package: Path, module: str) -> Path:
    place = package.parent.joinpath(*module.split("."))
    return place / "__init__.py" if place.is_dir() else place.with_suffix(".py")


def _parsed(sources: Iterable[str]) -> ast.Module:
    """Return the code of the cells, less those that are no plain Python."""
    body: list[ast.stmt] = []
    for source in sources:
        with suppress(SyntaxError):
            body += ast.parse(source).body
    return ast.Module(body=body, type_ignores=[])


def _facts(path: Path) -> Facts:
    return _facts_at(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=1024)
def _facts_at(path: Path, changed: int) -> Facts:  # noqa: ARG001  (what was known of another state is forgotten)
    return _facts_of(ast.parse(path.read_text(encoding="utf-8")))


def _facts_of(tree: ast.Module) -> Facts:
    nodes = _by_kind(tree)
    imports = [(one.name, "", one.asname or one.name) for node in nodes[ast.Import] for one in node.names]
    for node in nodes[ast.ImportFrom]:
        imports += [(node.module, one.name, one.asname or one.name) for one in node.names if node.module]
    clock = any(isinstance(node.func, ast.Attribute) and node.func.attr in CLOCK for node in nodes[ast.Call])
    defined = {node.name for kind in (ast.FunctionDef, ast.ClassDef) for node in nodes[kind]}
    defined |= {node.id for node in nodes[ast.Name] if isinstance(node.ctx, ast.Store)}
    chains = _chains(nodes[ast.Attribute], nodes[ast.Name])
    return Facts(tuple(imports), chains, frozenset(defined), any(map(_acts, tree.body)), clock)


def _by_kind(tree: ast.Module) -> dict[type[ast.AST], list[Any]]:
    """Return the nodes of *tree* by their kind, each before those below it; those that name nothing are left out."""
    found: dict[type[ast.AST], list[Any]] = defaultdict(list)
    left: list[ast.AST] = [tree]
    while left:
        node = left.pop()
        found[type(node)].append(node)
        for name in node._fields:
            value = getattr(node, name, None)
            if type(value) is list:
                left += [one for one in value if isinstance(one, ast.AST)]
            elif isinstance(value, ast.AST) and not isinstance(value, NAMELESS):
                left.append(value)
    return found


def _chains(attributes: Iterable[ast.Attribute], names: Iterable[ast.Name]) -> dict[str, set[tuple[str, ...]]]:
    found: dict[str, set[tuple[str, ...]]] = {}
    inner = set()
    for node in attributes:
        if id(node) in inner:
            continue
        chain: list[str] = []
        base: ast.expr = node
        while isinstance(base, ast.Attribute):
            chain.append(base.attr)
            base = base.value
            inner.add(id(base))
        if isinstance(base, ast.Name):
            found.setdefault(base.id, set()).add(tuple(reversed(chain)))
    for name in names:
        if id(name) not in inner:
            found.setdefault(name.id, set()).add(())
    return found


def _acts(node: ast.stmt) -> bool:
    """Return whether a statement of a module does more than define: a call, a loop, a value set on another object."""
    if isinstance(node, ast.Expr):
        return not isinstance(node.value, ast.Constant)
    if isinstance(node, ast.Assign):
        return any(not isinstance(one, ast.Name | ast.Tuple) for one in node.targets)
    return isinstance(node, ast.For | ast.While | ast.With)


def _follow(facts: Facts, found: set[str]) -> None:
    """Add to *found* the modules that code with these *facts* reaches."""
    for module, name, known_as in facts.imports:
        if module.split(".")[0] != NAME:
            continue
        if name in ("", "*"):
            _whole(module, found)
        else:
            _name(module, name, facts.chains.get(known_as, {()}), found)


def _name(module: str, name: str, chains: set[tuple[str, ...]], found: set[str]) -> None:
    """Add what `from module import name` reaches, given the *chains* of attributes used on the name."""
    _ancestors(module, found)
    inner = f"{module}.{name}"
    if _exists(inner):
        for chain in chains:
            if chain and _is_package(inner):
                _name(inner, chain[0], {chain[1:]}, found)
            else:
                (_module if chain else _whole)(inner, found)
    elif not _is_package(module):
        _module(module, found)
    else:
        facts = _facts(path_of(module))
        source = next(((m, n) for m, n, known_as in facts.imports if known_as == name and n), None)
        if source:
            _name(*source, chains, found)
        elif name not in facts.defined:
            _whole(module, found)


def _ancestors(module: str, found: set[str]) -> None:
    """Add the packages around *module*, itself included where it is one, with what their import alone does."""
    parts = module.split(".")
    for end in range(1, len(parts) + 1):
        package = ".".join(parts[:end])
        if not _is_package(package) or package in found:
            continue
        found.add(package)
        for source, name, _ in _facts(path_of(package)).imports:
            if source.split(".")[0] != NAME:
                continue
            if not name:
                _whole(source, found)
            for one in (source, f"{source}.{name}"):
                if one != package and _exists(one) and _facts(path_of(one)).acts:
                    _module(one, found)


def _module(module: str, found: set[str]) -> None:
    """Add *module* and what its own code reaches."""
    if _is_package(module):
        _whole(module, found)
    elif module not in found and _exists(module):
        _ancestors(module.rpartition(".")[0], found)
        found.add(module)
        _follow(_facts(path_of(module)), found)


def _whole(module: str, found: set[str]) -> None:
    """Add *module* and, where it is a package, everything below it; the mark says that it was done."""
    mark = f"{module}{WHOLE}"
    if not _is_package(module):
        _module(module, found)
    elif mark not in found:
        found.add(mark)
        _ancestors(module, found)
        for inner in sorted(path_of(module).parent.rglob("*.py")):
            found.add(".".join(inner.relative_to(PACKAGE.parent).with_suffix("").parts).removesuffix(".__init__"))
            _follow(_facts(inner), found)


def _exists(module: str) -> bool:
    return path_of(module).is_file()


def _is_package(module: str) -> bool:
    return path_of(module).name == "__init__.py"
