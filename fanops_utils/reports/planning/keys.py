"""Every key that can be written: of registers, plans and mappings, and the words that stand for days; docs/keys.md."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel

from fanops_utils.data.sources.mapping.register import Mapping as FileMapping
from fanops_utils.errors import WorkspaceError
from fanops_utils.reports.planning.plan import Plan
from fanops_utils.reports.planning.relative import DAYS, PERIODS
from fanops_utils.workspace import project_root
from fanops_utils.workspace.kinds import KINDS, MAPPING, PLAN
from fanops_utils.workspace.reference import rows

MODELS: dict[str, type[BaseModel]] = {
    **{kind.files: kind.model for kind in KINDS if kind.model}, MAPPING.files: FileMapping, PLAN.files: Plan,
}  # fmt: skip
WRITTEN = (PLAN.files, MAPPING.files)  # the registers stand in data/README.md
DOCS = Path("docs") / "keys.md"


@dataclass(frozen=True)
class Key:
    """One key: the file it stands in, its place there, what it takes, its default and its meaning."""

    file: str
    place: str
    takes: str
    default: str = ""
    meaning: str = ""


def all_keys() -> list[Key]:
    """Return every key of every register, plan and mapping, and the words for days that plans and parameters take."""
    keys = [Key(file, *row) for file, model in MODELS.items() for row in rows(model)]
    words = [Key("plans and parameters", word, "period", meaning=meaning) for word, meaning in PERIODS.items()]
    days = [Key("plans and parameters", word, "day", meaning=meaning) for word, meaning in DAYS.items()]
    return [*keys, *words, *days]


def keys_called(word: str) -> list[Key]:
    """Return the keys called *word*, or at the place *word* (jobs.period); raise WorkspaceError naming the nearest.

    >>> [key.file for key in keys_called("cadence")]
    ['plans/*.yml']
    """
    known = all_keys()
    found = [key for key in known if word in (key.place, key.place.rsplit(".", 1)[-1])]
    if not found:
        names = dict.fromkeys(key.place.rsplit(".", 1)[-1] for key in known)
        raise WorkspaceError("no such key in any register, plan or mapping", value=word, choices=names)
    return found


def markdown() -> str:
    """Return the page of keys as Markdown: plans and mappings, then the words that stand for days."""
    parts = ["# Keys of plans and mappings", "Written by `python -m fanops_utils.reports.planning.keys`; `fanops help KEY` "
             "says the same of one key. The keys of registers stand in [data/README.md](../data/README.md)."]  # fmt: skip
    for file in WRITTEN:
        table = ["| key | type | default | meaning |", "|---|---|---|---|"]
        table += [
            f"| `{key}` | {takes} | {default} | {meaning} |" for key, takes, default, meaning in rows(MODELS[file])
        ]
        parts += [f"## `{file}`", "\n".join(table)]
    parts += ["## Words for days", _words(PERIODS, "period"), _words(DAYS, "day, as a parameter")]
    return "\n\n".join(parts) + "\n"


def _words(words: Mapping[str, str], head: str) -> str:
    return "\n".join(
        [f"| {head} | means |", "|---|---|", *(f"| `{word}` | {meaning} |" for word, meaning in words.items())]
    )


def write(root: Path | None = None) -> Path:
    """Write the page of keys into the repository and return its path."""
    path = (root or project_root()) / DOCS
    path.write_text(markdown(), encoding="utf-8")
    return path


if __name__ == "__main__":
    write()
