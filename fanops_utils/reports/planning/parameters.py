"""Parameters: read from the notebook without running it, typed, and checked against the workspace."""

from __future__ import annotations

import ast
import io
import tokenize
import types
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError

from fanops_utils.errors import ParameterError, PlanError, WorkspaceError, shorten, suggest
from fanops_utils.reports.planning.source import read_cells
from fanops_utils.workspace import Workspace
from fanops_utils.workspace.kinds import KEYS
from fanops_utils.workspace.platforms import platforms_with_posts

TYPES: dict[str, Any] = {"str": str, "int": int, "float": float, "bool": bool, "date": date, "None": None}
FINITE = ConfigDict(allow_inf_nan=False)
ALLOWED_IMPORTS = {"datetime", "typing", "__future__"}


@dataclass(frozen=True)
class Parameter:
    """One parameter of a notebook: its declared type, default and the comment that explains it."""

    name: str
    annotation: str
    type: Any
    default: Any
    help: str

    def read(self, value: object, *, notebook: str) -> Any:
        """Return *value* (text, or already typed) as the declared type; raise ParameterError where it is not one."""
        choices = [choice for kind in self.kinds if get_origin(kind) is Literal for choice in get_args(kind)]
        if isinstance(value, str) and str not in self.kinds:
            value = self._untext(value, choices)
        if value is None and type(None) not in self.kinds:
            raise ParameterError(f"{notebook}: the parameter '{self.name}' needs a value ({self.annotation})")
        try:
            return _adapter(self.type).validate_python(value)
        except ValidationError:
            shown = shorten(value)
            message = f"{notebook}: the parameter '{self.name}' is {self.annotation}, and {shown} is not"
            written = "Write dates as 2026-11-22" if "date" in self.annotation else ""
            raise ParameterError(message, hint=suggest(value, choices) or written) from None

    @property
    def kinds(self) -> tuple[Any, ...]:
        """The types a value may have, without their bounds: several where they are joined by |."""
        joined = get_args(self.type) if get_origin(self.type) is Union else (self.type,)
        return tuple(get_args(kind)[0] if get_origin(kind) is Annotated else kind for kind in joined)

    def _untext(self, text: str, choices: list[Any]) -> object:
        """Return *text* as the choice it spells, or split at its commas where a list is declared."""
        if any(get_origin(kind) is list for kind in self.kinds):
            return [part.strip() for part in text.split(",") if part.strip()]
        return next((choice for choice in choices if str(choice) == text), text)


def read_parameters(path: Path) -> dict[str, Parameter]:
    """Return the parameters of the notebook at *path*, read from its one cell tagged `parameters`.

    Raises PlanError where the notebook cannot be read, has no such cell, or the cell holds anything but annotated
    literals, each with its type.
    """
    cells = [cell for cell in read_cells(path) if cell.kind == "code" and "parameters" in cell.tags]
    if len(cells) != 1:
        raise PlanError(f"a notebook has one code cell tagged 'parameters', this one has {len(cells)}", file=path)
    return parse_parameters(cells[0].source, file=path)


def parse_parameters(source: str, *, file: Path | str = "parameters cell") -> dict[str, Parameter]:
    """Return the parameters that the *source* of a parameters cell declares.

    >>> found = parse_parameters('market: str = "US"  # market code')
    >>> found["market"].default, found["market"].help
    ('US', 'market code')
    """
    try:
        tree = ast.parse(source)
    except SyntaxError as error:
        raise PlanError("the parameters cell is not valid Python", file=file, line=error.lineno) from None
    comments = _comments(source)
    found: dict[str, Parameter] = {}
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and node.module in ALLOWED_IMPORTS:
            continue
        if not isinstance(node, ast.AnnAssign) or not isinstance(node.target, ast.Name) or node.value is None:
            raise PlanError("a parameter is written 'name: type = default  # meaning'", file=file, line=node.lineno)
        name, annotation = node.target.id, _spoken(node.annotation)
        declared = _type_of(node.annotation, file=file)
        default = _default_of(node.value, file=file)
        if not _fits(declared, default):
            raise PlanError(f"the default of '{name}' is not {annotation}", file=file, line=node.lineno, value=default)
        found[name] = Parameter(name, annotation, declared, default, comments.get(node.end_lineno or node.lineno, ""))
    return found


def _comments(source: str) -> dict[int, str]:
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    return {token.start[0]: token.string.lstrip("# ").strip() for token in tokens if token.type == tokenize.COMMENT}


def _type_of(node: ast.expr, *, file: Path | str) -> Any:
    match node:
        case ast.Name(id=name) if name in TYPES:
            return TYPES[name]
        case ast.Constant(value=None):
            return None
        case ast.BinOp(left=left, op=ast.BitOr(), right=right):
            return Union[_type_of(left, file=file), _type_of(right, file=file)]  # noqa: UP007  (built at run time)
        case ast.Subscript(value=ast.Name(id="Literal"), slice=inner):
            options = inner.elts if isinstance(inner, ast.Tuple) else [inner]
            return Literal[tuple(_default_of(option, file=file) for option in options)]
        case ast.Subscript(value=ast.Name(id="list"), slice=inner):
            return types.GenericAlias(list, (_type_of(inner, file=file),))
        case ast.Subscript(
            value=ast.Name(id="Annotated"), slice=ast.Tuple(elts=[inner, ast.Constant(value=str(bounds))])
        ):
            return _bounded(_type_of(inner, file=file), bounds, file=file, line=node.lineno)
    hint = "Use str, int, float, bool, date, list[…], Literal[…], Annotated[float, '0..1'] or … | None"
    raise PlanError("not a parameter type", file=file, line=node.lineno, value=ast.unparse(node), hint=hint)


def _bounded(declared: Any, bounds: str, *, file: Path | str, line: int) -> Any:
    """Return *declared* with the *bounds* of "low..high", either of which may be left out."""
    low, dots, high = bounds.partition("..")
    try:
        if not dots or not (low or high) or declared not in (int, float, date):
            raise ValueError
        least, most = (TypeAdapter(declared).validate_python(end) if end else None for end in (low, high))
    except ValueError:
        hint = "Bounds of a number or date are written '0..1', '1..' or '..10'"
        raise PlanError("not the bounds of a parameter", file=file, line=line, value=bounds, hint=hint) from None
    return Annotated[declared, Field(ge=least, le=most)]


def _spoken(node: ast.expr) -> str:
    """Return an annotation as a reader says it: bounds behind their type, nothing about Annotated."""
    match node:
        case ast.BinOp(left=left, op=ast.BitOr(), right=right):
            return f"{_spoken(left)} | {_spoken(right)}"
        case ast.Subscript(
            value=ast.Name(id="Annotated"), slice=ast.Tuple(elts=[inner, ast.Constant(value=str(bounds))])
        ):
            return f"{ast.unparse(inner)} ({bounds})"
    return ast.unparse(node)


def _default_of(node: ast.expr, *, file: Path | str) -> Any:
    try:
        match node:
            case ast.Call(func=ast.Name(id="date"), args=[ast.Constant(), ast.Constant(), ast.Constant()], keywords=[]):
                return date(*(ast.literal_eval(part) for part in node.args))
        return ast.literal_eval(node)
    except (ValueError, TypeError):
        raise PlanError(
            "a default or a choice is a literal", file=file, line=node.lineno, value=ast.unparse(node)
        ) from None


@cache
def _adapter(declared: Any) -> TypeAdapter[Any]:
    return TypeAdapter(declared, config=FINITE)


def _fits(declared: Any, default: object) -> bool:
    try:
        _adapter(declared).validate_python(default, strict=True)
    except ValidationError:
        return False
    return True


def check_parameters(
    declared: Mapping[str, Parameter], given: Mapping[str, Any], *, workspace: Workspace, notebook: str
) -> dict[str, Any]:
    """Return *given* in declared types; raise ParameterError for what is unknown, ill-typed or not in the workspace.

    A parameter called as a kind of register names itself (market, campaign, experiment) must name one of the
    workspace's; with an s (markets) it is a list of such names. One called platform must name a platform with posts.
    """
    for name in given:
        if name not in declared:
            raise ParameterError(f"{notebook} has no such parameter", value=name, choices=declared)
    typed = {name: declared[name].read(value, notebook=notebook) for name, value in given.items()}
    whole = {name: typed.get(name, one.default) for name, one in declared.items()}
    for name in KEYS:
        several = whole.get(f"{name}s")
        for one in [whole.get(name), *(several if isinstance(several, list) else [])]:
            if isinstance(one, str):
                try:
                    workspace.look_up(name, one)
                except WorkspaceError as error:
                    raise ParameterError(f"{notebook}: {error}") from None
    platform = whole.get("platform")
    if isinstance(platform, str) and platform not in platforms_with_posts():
        raise ParameterError(
            f"{notebook}: no platform whose posts can be compared", value=platform, choices=platforms_with_posts()
        )
    return typed


def injected_source(values: Mapping[str, Any]) -> str:
    """Return the code that sets *values*, typed as they are and readable as written.

    >>> print(injected_source({"market": "中国", "start": date(2026, 1, 2)}))
    from datetime import date
    <BLANKLINE>
    market = '中国'
    start = date(2026, 1, 2)
    """
    lines = [f"{name} = {_literal(value)}" for name, value in values.items()]
    needs_date = any("date(" in line for line in lines)
    return "\n".join([*(["from datetime import date", ""] if needs_date else []), *lines])


def _literal(value: Any) -> str:
    if isinstance(value, date):
        return f"date({value.year}, {value.month}, {value.day})"
    if isinstance(value, list):
        return f"[{', '.join(_literal(item) for item in value)}]"
    return repr(value)
