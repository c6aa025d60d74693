"""docs/metrics.md: the catalogue as a page of the documentation, written from the entries themselves."""

from __future__ import annotations

from pathlib import Path

from fanops_utils.metrics.catalogue.describing import Described, by_subject, reasons
from fanops_utils.text import Sayable, speak
from fanops_utils.workspace import project_root

HEAD = """# The metrics

<!-- written by python -m fanops_utils.metrics.catalogue.docs -->

{rules}

`fanops metrics` lists them, `fanops metrics search WORDS` finds them, `fanops metrics show ID -w WORKSPACE` explains one and gives
its last values.

In JupyterLab: `metrics.series(store, "engagement_rate_reach", market="DE", start=..., end=..., grain="week").table`.
"""


def page() -> str:
    """Return the page as Markdown, in English."""
    parts = [HEAD.format(rules=speak(reasons(), "en"))]
    for subject, entries in by_subject():
        parts.append(f"## {_said(subject)}\n\n" + "\n\n".join(_entry(one) for one in entries) + "\n")
    return "\n".join(parts)


def _entry(one: Described) -> str:
    facts = " · ".join(f"{_said(label)}: {_said(value)}" for label, value in one.facts)
    return f"### `{one.id}`: {_said(one.name)}\n\n{_said(one.about)}\n\n- {_said(one.formula)}\n- {facts}"


def _said(what: Sayable) -> str:
    return speak(what, "en")


def write(root: Path | None = None) -> Path:
    """Write the page into docs/ of the repository and return its path."""
    path = (root or project_root()) / "docs" / "metrics.md"
    path.parent.mkdir(exist_ok=True)
    path.write_text(page(), encoding="utf-8")
    return path


if __name__ == "__main__":
    write()
