"""The table of notebooks in the README: question, notebook, report, written from the notebooks themselves."""

from __future__ import annotations

from pathlib import Path

from fanops_utils.errors import WorkspaceError
from fanops_utils.reports.planning.catalogue import Entry, catalogue
from fanops_utils.workspace import project_root

START, END = (
    "<!-- notebooks: written by python -m fanops_utils.reports.planning.readme -->",
    "<!-- end of notebooks -->",
)


def table(entries: list[Entry]) -> str:
    """Return the table of *entries* as Markdown, topic by topic as the catalogue has them."""
    rows = [f"| {entry.question} | `{entry.notebook}` | {entry.report} |" for entry in entries]
    return "\n".join(["| Question | Notebook | Report |", "|---|---|---|", *rows])


def with_table(readme: str, entries: list[Entry]) -> str:
    """Return the text *readme* with its table of notebooks up to date; raise WorkspaceError where the marks are gone."""
    before, mark, rest = readme.partition(START)
    if not mark or END not in rest:
        raise WorkspaceError("the marks around the table of notebooks are gone", file="README.md", value=START)
    return f"{before}{START}\n{table(entries)}\n{END}{rest.split(END, 1)[1]}"


def write(root: Path | None = None) -> Path:
    """Write the table into the README of the repository and return its path."""
    home = root or project_root()
    path = home / "README.md"
    path.write_text(with_table(path.read_text(encoding="utf-8"), catalogue(home)), encoding="utf-8")
    return path


if __name__ == "__main__":
    write()
