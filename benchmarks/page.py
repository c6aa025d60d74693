"""All benchmarks in one page: `make bench` (quick sizes) or `make bench FULL=1` (up to 50 million events, 100 million units).

    python benchmarks/page.py [--full] [OUT.html]

Each benchmark runs in a process of its own and leaves a record; the page (`written.py`) holds its tables, notes and charts,
the load of the machine before and after it, and above all the goals. Returns 1 where a benchmark failed.
"""

# ruff: noqa: T201  (a benchmark prints)

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import peers
from record import KEPT, Record, kept
from written import page

HERE = Path(__file__).parent
QUICK: dict[str, tuple[str, ...]] = {
    "Plans and histories": ("plans.py", "--jobs", "500", "2000"),
    "The index of many jobs": ("index.py",),
    "Experiments": ("experiments.py", "1_000_000"),
    "Member events": ("events.py", "--rows", "1_000_000"),
    "A batch of reports": ("batch.py", "abcdbcbc"),
    "Growth": ("growth.py",),
}
FULL: dict[str, tuple[str, ...]] = {
    "Plans and histories": ("plans.py",),
    "The index of many jobs": ("index.py",),
    "Experiments": ("experiments.py", "1_000_000", "10_000_000", "100_000_000"),
    "Member events": ("events.py", "--rows", "1_000_000", "10_000_000", "50_000_000"),
    "A batch of reports": ("batch.py",),
    "Growth": ("growth.py", "--full"),
    "20 million active days": ("fan_days.py",),
    "Reports on 50 million active days": ("audience.py",),
    "A large export of a shop": ("exports.py",),
}


@dataclass(frozen=True)
class Ran:
    """One benchmark that ran: what it was called with, what it says, how long it took, what the machine was busy with."""

    title: str
    command: str
    record: Record | None
    failure: str
    seconds: float
    load: tuple[float, float]  # average of the last minute, before and after


def run(title: str, words: tuple[str, ...]) -> Ran:
    """Run a benchmark; its failure is the last of what it told."""
    began, before = time.perf_counter(), os.getloadavg()[0]
    with tempfile.TemporaryDirectory(prefix="fanops-record-") as folder:
        path = Path(folder) / "record.json"
        done = subprocess.run(  # noqa: S603  (our own files)
            [sys.executable, str(HERE / words[0]), *words[1:]], stderr=subprocess.PIPE, text=True, cwd=HERE.parent,
            env={**os.environ, KEPT: str(path)},
        )  # fmt: skip
        record = kept(path)
    failure = done.stderr.strip()[-2000:] or f"ended with {done.returncode}" if done.returncode else ""
    if not failure and (record is None or not record.tables):
        failure = "measured nothing"
    command = f"python benchmarks/{' '.join(words)}"
    return Ran(title, command, record, failure, time.perf_counter() - began, (before, os.getloadavg()[0]))


def main() -> int:
    """Run all, write the page; return 1 where a benchmark failed."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("out", nargs="?", type=Path, default=HERE.parent / "reports" / "benchmarks.html")
    asked.add_argument("--full", action="store_true", help="all sizes: a night, and some 20 GB of disk")
    given = asked.parse_args()
    if not peers.versions():
        print(peers.ABSENT, file=sys.stderr)
    ran = []
    for title, words in (FULL if given.full else QUICK).items():
        print(f"\n# {title}\n", flush=True)
        ran.append(run(title, words))
        print(ran[-1].failure or f"{ran[-1].seconds:.0f} s", flush=True)
        given.out.parent.mkdir(parents=True, exist_ok=True)  # after each: a long run that is stopped leaves its page
        given.out.write_text(page(ran, full=given.full), encoding="utf-8")
    print(given.out)
    return int(any(one.failure for one in ran))


if __name__ == "__main__":
    raise SystemExit(main())
