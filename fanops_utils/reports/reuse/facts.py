"""What a piece of code imports, names and does, read off its syntax; of files it is kept beside their bytecode."""

from __future__ import annotations

import ast
import importlib.util
import marshal
import sys
from collections import defaultdict
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import astuple, dataclass
from functools import cache
from pathlib import Path
from typing import Any

from fanops_utils.reports.reuse.files import write_bytes

CLOCK = ("today", "now", "utcnow")
NAMELESS = (ast.expr_context, ast.operator, ast.unaryop, ast.boolop, ast.Constant)
HOME = Path(__file__).parents[2]
STORE = Path(importlib.util.cache_from_source(__file__)).with_suffix(".facts")


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


Stamp = tuple[int, int]  # when a file was written, and its size


@dataclass
class Known:
    """The facts of files by their paths, each with the stamp of the file they were read from."""

    files: dict[str, tuple[Stamp, Facts]]
    kept: bool = True


def facts(path: Path) -> Facts:
    """Return the facts of the code in the file *path*, read anew where it is not as it was."""
    known, name, stamp = _known(), str(path), _stamp(path)
    if name not in known.files or known.files[name][0] != stamp:
        known.files[name] = (stamp, facts_of(ast.parse(path.read_text(encoding="utf-8"))))
        known.kept = False
    return known.files[name][1]


def keep() -> None:
    """Write what is known of this package's files, so that the next process need not read them."""
    known = _known()
    if known.kept or sys.dont_write_bytecode:
        return
    own = {name: (stamp, astuple(one)) for name, (stamp, one) in known.files.items() if Path(name).is_relative_to(HOME)}
    with suppress(OSError):  # a folder that cannot be written: they are read again
        write_bytes(STORE, marshal.dumps((_stamp(Path(__file__)), own)))
    known.kept = True


@cache
def _known() -> Known:
    """Return what was kept; nothing where this module has changed since."""
    try:
        by, files = marshal.loads(STORE.read_bytes())  # noqa: S302  (as much ours as the bytecode beside it)
        whole = {name: (stamp, Facts(*one)) for name, (stamp, one) in files.items()}
        return Known(whole if by == _stamp(Path(__file__)) else {})
    except (OSError, ValueError, EOFError, TypeError, AttributeError):
        return Known({})


def _stamp(path: Path) -> Stamp:
    told = path.stat()
    return told.st_mtime_ns, told.st_size


def facts_of(tree: ast.Module) -> Facts:
    """Return the facts of the code *tree*."""
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
