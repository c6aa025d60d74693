"""What the benchmarks are held against: each goal, its bound, and whether the figure that was measured keeps it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Goal:
    """One goal: the name of the figure it is about, the bound, and how figure and bound are written.

    Lower figures are better, unless `at_least`. `full`: it is measured in the full form alone.
    """

    figure: str
    title: str
    bound: float
    form: str
    at_least: bool = False
    full: bool = False

    def standing(self, figures: Mapping[str, float]) -> tuple[str, str, str]:
        """Return what is wanted, what was measured, and "met", "not met" or that it was not."""
        wanted = f"{'at least' if self.at_least else 'at most'} {self.form.format(self.bound)}"
        if self.figure not in figures:
            return wanted, "", "in the full form alone" if self.full else "not measured"
        value = figures[self.figure]
        kept = value >= self.bound if self.at_least else value <= self.bound
        return wanted, self.form.format(value), "met" if kept else "not met"


GOALS = (
    Goal("habit / batch", "twelve reports against papermill and nbconvert: times faster, wall", 16, "{:.1f}", at_least=True),
    Goal("batch / limit", "twelve reports against the same cells in forked processes, wall", 1.2, "{:.2f}"),
    Goal("cells' own CPU", "the cells' own CPU of a job", 0.6, "{:.2f}\N{NO-BREAK SPACE}s"),
    Goal("unchanged", "twelve reports on unchanged data", 1.5, "{:.2f}\N{NO-BREAK SPACE}s"),
    Goal("2000 jobs planned", "a plan of 2,000 jobs read and checked", 1, "{:.2f}\N{NO-BREAK SPACE}s"),
    Goal("index MB", "the index of 2,000 jobs, the larger of two languages", 1, "{:.2f}\N{NO-BREAK SPACE}MB"),
    Goal("stroke ms", "a key stroke of its search, the slowest", 50, "{:.0f}\N{NO-BREAK SPACE}ms"),
    Goal("read-out / tea-tasting", "CPU of a read-out against tea-tasting, the worst size", 0.5, "{:.2f}"),
    Goal("from moments", "CPU of four comparisons from moments", 1, "{:.2f}\N{NO-BREAK SPACE}ms"),
    Goal("question MB", "20 million active days: the dearest question", 1024, "{:,.0f}\N{NO-BREAK SPACE}MB", full=True),
)  # fmt: skip
