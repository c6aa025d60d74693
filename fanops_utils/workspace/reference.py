"""All keys of all registers: as Markdown in data/README.md, and as JSON Schema for editors in data/reference/schemas/."""

from __future__ import annotations

import json
import types
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from fanops_utils.errors import WorkspaceError
from fanops_utils.workspace.kinds import KINDS, Kind
from fanops_utils.workspace.opening import TEMPLATE, project_root

START, END = "<!-- registers: written by python -m fanops_utils.workspace.reference -->", "<!-- end of registers -->"
SCHEMAS = Path("data") / "reference" / "schemas"
PLAIN = {
    "str": "text",
    "int": "whole number",
    "float": "number",
    "bool": "true or false",
    "date": "day",
    "Any": "anything",
}


def rows(model: type[BaseModel], before: str = "") -> Iterator[tuple[str, str, str, str]]:
    """Give every key of *model*: its place, type, default and meaning; the keys of entries after their list."""
    for attribute, field in model.model_fields.items():
        name, inner = field.alias or attribute, _model_in(field.annotation)
        yield f"{before}{name}", _type_of(field.annotation), _default(field), field.description or ""
        if inner is not None:
            yield from rows(inner, f"{before}{name}.")


def markdown() -> str:
    """Return the keys of all registers as Markdown, a table per kind."""
    return "\n\n".join(_table(kind) for kind in KINDS if kind.model)


def _table(kind: Kind[Any]) -> str:
    assert kind.model
    lines = [f"### `{kind.files}`", "", "| key | type | default | meaning |", "|---|---|---|---|"]
    for key, form, default, meaning in rows(kind.model):
        lines.append(f"| `{key}` | {form} | {default} | {meaning.replace('|', '/')} |")
    return "\n".join(lines)


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for part in get_args(annotation) if (found := _model_in(part))), None)


def _type_of(annotation: Any) -> str:
    origin, parts = get_origin(annotation), get_args(annotation)
    if origin is Literal:
        return ", ".join(f"`{one}`" for one in parts)
    if origin in (Union, types.UnionType):
        return " or ".join(_type_of(part) for part in parts if part is not type(None))
    if origin in (tuple, list):
        return f"list of {_type_of(parts[0])}"
    if origin is dict:
        return f"{_type_of(parts[0])}: {_type_of(parts[1])}"
    if hasattr(annotation, "__metadata__"):
        return _type_of(annotation.__origin__)
    if _model_in(annotation):
        return "entry"
    return PLAIN.get(getattr(annotation, "__name__", ""), "text")


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "**required**"
    value = field.get_default(call_default_factory=True)
    if value is None or value in ((), {}, ""):
        return ""
    return f"`{json.dumps(value, default=str)}`"


def schema(kind: Kind[Any]) -> str:
    """Return the JSON Schema of *kind*, for editors."""
    assert kind.model
    told = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": kind.files} | _without_titles(
        kind.model.model_json_schema()
    )
    return json.dumps(told, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def _without_titles(told: Any) -> Any:
    if isinstance(told, dict):
        kept = {name: _without_titles(value) for name, value in told.items()}
        return {name: value for name, value in kept.items() if not (name == "title" and isinstance(value, str))}
    return [_without_titles(value) for value in told] if isinstance(told, list) else told


def schema_line(kind: Kind[Any]) -> str:
    """Return the comment by which editors find the schema, from a workspace under data/."""
    up = "../" * (1 + kind.files.count("/"))
    return f"# yaml-language-server: $schema={up}reference/schemas/{kind.id}.json"


def with_reference(text: str) -> str:
    """Return the README *text* with the keys between its two marks; raise WorkspaceError where one is missing."""
    if text.count(START) != 1 or text.count(END) != 1 or text.index(START) > text.index(END):
        raise WorkspaceError("the marks around the reference of registers are missing", value=START)
    before, rest = text.split(START)
    return f"{before}{START}\n\n{markdown()}\n\n{END}{rest.split(END)[1]}"


def write(root: Path | None = None) -> list[Path]:
    """Write reference and schemas into the repository; return the files written."""
    home = root or project_root()
    readme = home / "data" / "README.md"
    readme.write_text(with_reference(readme.read_text(encoding="utf-8")), encoding="utf-8")
    written = [readme]
    (home / SCHEMAS).mkdir(parents=True, exist_ok=True)
    for kind in KINDS:
        if kind.model:
            path = home / SCHEMAS / f"{kind.id}.json"
            path.write_text(schema(kind), encoding="utf-8")
            written.append(path)
    return written


def templates() -> list[tuple[Kind[Any], Path]]:
    """Return every file that `fanops init` writes, with its kind."""
    named = [(kind, name) for kind in KINDS for name in (kind.example, *kind.defaults) if name]
    return [(kind, TEMPLATE / name) for kind, name in named]


if __name__ == "__main__":
    write()
