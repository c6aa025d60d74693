"""Small repositories of small notebooks, to see what the engine makes of them."""

from __future__ import annotations

from pathlib import Path

import nbformat
from conftest import BRAND
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from fanops_utils.playbook import Result
from fanops_utils.text import say
from fanops_utils.text.showing import Part, mime
from fanops_utils.workspace import Workspace

PARAMETERS = 'workspace: str = "brand"  # folder under data/\nmarket: str = "US"  # market code'
CAMPAIGN = """id: {name}
name: A campaign
objective: More talk
owner: Lead
platform: instagram
metric: engagements
treated: [US]
live: {{start: 2026-04-13, end: 2026-05-10}}
baseline: {{start: 2026-02-16, end: 2026-04-12}}
"""
EXPERIMENT = """id: {name}
title: An experiment
hypothesis: New is better
owner: Lead
unit: fan
control: old
allocation: {{old: 0.5, new: 0.5}}
metrics:
  - {{name: converted, label: Converted, kind: conversion, role: decision}}
"""


def repository(folder: Path) -> Workspace:
    """Make a repository at *folder* with one brand (two markets, two campaigns, one experiment) and no notebook."""
    (folder / "notebooks" / "plans").mkdir(parents=True)
    brand = folder / "data" / "brand"
    for register, text in (
        ("campaigns/spring", CAMPAIGN),
        ("campaigns/autumn", CAMPAIGN),
        ("experiments/badge", EXPERIMENT),
    ):
        path = brand / f"{register}.yml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.format(name=path.stem), encoding="utf-8")
    (brand / "brand.yml").write_text(BRAND, encoding="utf-8")
    return Workspace(brand)


def source(
    *cells: str, parameters: str | None = PARAMETERS, title: str = "Is it so?", topic: str = "methods"
) -> NotebookNode:
    """Return a notebook of *topic* with a title, a parameters cell (unless None) and the code *cells*."""
    code = [new_code_cell(cell) for cell in cells]
    if parameters is not None:
        code.insert(0, new_code_cell(parameters, metadata={"tags": ["parameters"]}))
    metadata = {
        "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"},
        "fanops": {"topic": topic, "title": title, "report": "whether it is so"},
    }
    return new_notebook(cells=[new_markdown_cell(f"# {title}"), *code], metadata=metadata)


def write(root: Path, name: str, notebook: NotebookNode) -> Path:
    """Write *notebook* as the one called *name* ("research/a") of the repository at *root*."""
    path = root / "notebooks" / f"{name}.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, path)
    return path


def conclude(result: Result) -> str:
    """Return the code that shows *result* as a notebook's last cell does, without importing the package again."""
    return showing(result)


def showing(part: Part) -> str:
    """Return the code that shows *part* (a finding, a result) by what it carries alone."""
    return f"from IPython.display import display\ndisplay({{{mime(part.kind)!r}: {part.to_json()!r}}}, raw=True)"


WELL = conclude(Result(say("All is well."), "good", market="US"))
