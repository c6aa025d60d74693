"""All benchmarks in one page: `make bench`. Quick sizes; each benchmark by itself has larger ones.

    python benchmarks/page.py [OUT.html]

The page tells the machine and the versions, and of each benchmark the table that it prints.
"""

# ruff: noqa: T201  (a benchmark prints)

from __future__ import annotations

import importlib.metadata
import os
import platform
import subprocess
import sys
import time
from pathlib import Path

from nbconvert.filters import markdown2html

HERE = Path(__file__).parent
QUICK: dict[str, tuple[str, ...]] = {
    "Plans and histories": ("plans.py",),
    "Experiments": ("experiments.py", "1,000,000"),
    "Member events": ("events.py", "--rows", "1_000_000"),
    "A batch of reports": ("batch.py", "abcd"),
}
VERSIONS = ("pandas", "duckdb", "ibis-framework", "papermill", "nbconvert", "tea-tasting")
STYLE = """body{font:16px/1.5 sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}
table{border-collapse:collapse}td,th{padding:.2rem .8rem .2rem 0;border-bottom:1px solid #ccc;text-align:left}"""
PAGE = """<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Benchmarks</title>
<style>{style}</style>
{body}
</html>
"""


def run(words: tuple[str, ...]) -> str:
    """Run a benchmark and return what it printed, or that it failed and why."""
    began = time.perf_counter()
    done = subprocess.run(  # noqa: S603  (our own files)
        [sys.executable, str(HERE / words[0]), *words[1:]], capture_output=True, text=True, cwd=HERE.parent
    )
    told = f"`python benchmarks/{' '.join(words)}`, {time.perf_counter() - began:.0f} s\n\n{done.stdout.strip()}"
    return told if not done.returncode else f"{told}\n\n**Failed**\n\n```\n{done.stderr.strip()[-2000:]}\n```"


def main() -> int:
    """Run all, write the page; return how many failed."""
    out = Path(sys.argv[1] if len(sys.argv) > 1 else HERE.parent / "reports" / "benchmarks.html")
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in VERSIONS)
    parts = [
        "# Benchmarks",
        f"{os.cpu_count()} cores, {platform.machine()}, {platform.system()}, Python {platform.python_version()}; {versions}.",
    ]
    for title, words in QUICK.items():
        print(f"{title} …", flush=True)
        parts += [f"## {title}", run(words)]
        parts.append(f"Load of the machine afterwards: {os.getloadavg()[0]:.1f}.")
    page = PAGE.format(style=STYLE, body=markdown2html("\n\n".join(parts)))
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(page, encoding="utf-8")
    print(out)
    return sum("**Failed**" in part for part in parts)


if __name__ == "__main__":
    raise SystemExit(main())
