"""The code a notebook can reach: the modules of the package behind the names that its cells use."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterable
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

from fanops_utils.reports.reuse.facts import Facts, facts, facts_of

PACKAGE = Path(__file__).parents[2]
NAME = PACKAGE.name
# Modules whose reading can be seen: through this package or the interpreter. Others may read past both.
SEEN_READING = {NAME, "numpy", "pandas", "scipy", "statsmodels", "matplotlib", "seaborn", "IPython", "sklearn"}
WHOLE = ".*"


def reached(sources: Iterable[str]) -> set[str]:
    """Return the dotted names of the modules of the package that cells with these *sources* can reach.

    A package's `__init__` counts for itself; what it passes on counts where the name is used, or where importing it
    does more than define. A package used as a whole, a star import or a dynamic one reaches everything below it.
    """
    found: set[str] = set()
    _follow(facts_of(_parsed(sources)), found)
    return {one for one in found if not one.endswith(WHOLE)}


def foreign(sources: Iterable[str]) -> list[str]:
    """Return what the cells import from which the reading of data cannot be seen, sorted."""
    roots = {module.split(".")[0] for module, _, _ in facts_of(_parsed(sources)).imports}
    return sorted(roots - SEEN_READING - (sys.stdlib_module_names - {"ctypes", "mmap"}))


def asks_the_clock(sources: Iterable[str], modules: Iterable[str]) -> bool:
    """Return whether cells or modules ask what day it is: their report is of the day it was made on."""
    return facts_of(_parsed(sources)).clock or any(facts(path_of(name)).clock for name in modules)


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


def _follow(code: Facts, found: set[str]) -> None:
    """Add to *found* the modules that *code* reaches."""
    for module, name, known_as in code.imports:
        if module.split(".")[0] != NAME:
            continue
        if name in ("", "*"):
            _whole(module, found)
        else:
            _name(module, name, code.chains.get(known_as, {()}), found)


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
        code = facts(path_of(module))
        source = next(((m, n) for m, n, known_as in code.imports if known_as == name and n), None)
        if source:
            _name(*source, chains, found)
        elif name not in code.defined:
            _whole(module, found)


def _ancestors(module: str, found: set[str]) -> None:
    """Add the packages around *module*, itself included where it is one, with what their import alone does."""
    parts = module.split(".")
    for end in range(1, len(parts) + 1):
        package = ".".join(parts[:end])
        if not _is_package(package) or package in found:
            continue
        found.add(package)
        for source, name, _ in facts(path_of(package)).imports:
            if source.split(".")[0] != NAME:
                continue
            if not name:
                _whole(source, found)
            for one in (source, f"{source}.{name}"):
                if one != package and _exists(one) and facts(path_of(one)).acts:
                    _module(one, found)


def _module(module: str, found: set[str]) -> None:
    """Add *module* and what its own code reaches."""
    if _is_package(module):
        _whole(module, found)
    elif module not in found and _exists(module):
        _ancestors(module.rpartition(".")[0], found)
        found.add(module)
        _follow(facts(path_of(module)), found)


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
            _follow(facts(inner), found)


def _exists(module: str) -> bool:
    return path_of(module).is_file()


def _is_package(module: str) -> bool:
    return path_of(module).name == "__init__.py"
