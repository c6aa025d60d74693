"""The data dictionary: every table and column of the warehouse, written into data/README.md from the schema itself."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from fanops_utils.data.columns import IS_SHARE, UTC, Column
from fanops_utils.data.privacy.inventory import Inventory, read_inventory
from fanops_utils.data.schema import PROVENANCE, SYSTEM_TABLES, TABLES, Table
from fanops_utils.errors import WorkspaceError
from fanops_utils.workspace import project_root

START, END = "<!-- dictionary: written by python -m fanops_utils.data.dictionary -->", "<!-- end of dictionary -->"
TYPES = {"Int64": "whole number", "Float64": "number", "boolean": "yes/no", "string": "text"}


def type_of(column: Column) -> str:
    """Return in words what a column holds.

    >>> type_of(TABLES["posts"].columns["created_timestamp"])
    'time (UTC)'
    """
    if column.check is IS_SHARE:
        return "fraction"
    if column.dtype == UTC:
        return "time (UTC)"
    return TYPES.get(str(column.dtype), "day")


def dictionary() -> str:
    """Return the dictionary as Markdown: why columns are held, what every row carries, then table by table."""
    inventory = read_inventory()
    parts = [_classes(inventory), "### What every row carries\n\n" + _lines(PROVENANCE, {}, ())]
    parts += [_table(table, inventory) for table in TABLES.values()]
    parts.append("### Tables the warehouse keeps for itself")
    parts += [_table(table, inventory) for table in SYSTEM_TABLES.values()]
    return "\n\n".join(parts)


def _classes(inventory: Inventory) -> str:
    lines = ["### Why a column is held", "", "| held as | purpose | legal basis |", "|---|---|---|"]
    lines += [
        f"| {name}{' (personal)' if one.personal else ''} | {one.purpose} | {one.basis} |"
        for name, one in inventory.classes.items()
    ]
    return "\n".join(lines)


def _table(table: Table, inventory: Inventory) -> str:
    own = {
        name: column for name, column in table.columns.items() if name not in PROVENANCE or table.name in SYSTEM_TABLES
    }
    held = {name: inventory.class_of(table.name, name) or "" for name in own}
    notes = f"Key: {', '.join(f'`{name}`' for name in table.key)}. Kept: {inventory.tables[table.name].retention}."
    if table.open:
        notes += " Takes further columns of numbers, named by the mapping: the outcomes."
    return f"### `{table.name}`: {table.description}\n\n{notes}\n\n{_lines(own, held, table.key)}"


def _lines(columns: dict[str, Column], held: dict[str, str], key: tuple[str, ...]) -> str:
    extra, rule = ("| held as ", "|---") if held else ("", "")
    lines = [f"| column | type | empty? {extra}| meaning |", f"|---|---|---{rule}|---|"]
    for name, column in columns.items():
        mark = f"| {held[name]} " if held else ""
        meaning = column.description.replace("|", "/")
        meaning += f" ({', '.join(_choices(column))})" if _choices(column) else ""
        empty = "no" if column.required else "may be"
        lines.append(f"| `{name}`{' *' if name in key else ''} | {type_of(column)} | {empty} {mark}| {meaning} |")
    return "\n".join(lines)


def _choices(column: Column) -> list[str]:
    found = column.check.statistics.get("allowed_values") if column.check and column.check.statistics else None
    return [str(one) for one in found] if found else []


def with_dictionary(text: str) -> str:
    """Return the README *text* with the dictionary between its two marks; raise WorkspaceError where one is missing."""
    if text.count(START) != 1 or text.count(END) != 1 or text.index(START) > text.index(END):
        raise WorkspaceError("the marks around the dictionary are missing", value=START)
    before, rest = text.split(START)
    return f"{before}{START}\n\n{dictionary()}\n\n{END}{rest.split(END)[1]}"


def columns_table() -> pd.DataFrame:
    """Return the dictionary as a frame: table, column, type, required, meaning."""
    return pd.DataFrame(
        {"table": name, "column": column, "type": type_of(spec), "required": spec.required, "meaning": spec.description}
        for name, table in {**TABLES, **SYSTEM_TABLES}.items() for column, spec in table.columns.items()
    )  # fmt: skip


def write(root: Path | None = None) -> Path:
    """Write the dictionary into data/README.md of the repository and return its path."""
    path = (root or project_root()) / "data" / "README.md"
    path.write_text(with_dictionary(path.read_text(encoding="utf-8")), encoding="utf-8")
    return path


if __name__ == "__main__":
    write()
