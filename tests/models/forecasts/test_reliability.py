"""Chances come true as often as they say, on simulated and on real series: ten bins, printed."""

from __future__ import annotations

import sys

import numpy as np
import pandas as pd
import pytest
from shared_data import shared

from fanops_utils.models.forecasts.reliability import Reliability, reliability


def made(rng: np.random.Generator, weeks: int, *, stock: bool) -> np.ndarray:
    steps = rng.normal(rng.normal(0, 0.006), rng.choice([0.01, 0.025]), weeks)
    return np.asarray(1000 * np.exp(np.cumsum(steps) + (0 if stock else rng.normal(0, 0.06, weeks))))


def printed(told: Reliability, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    row = "  {low:.1f}-{high:.1f}  n {n:5.0f}  told {said:.3f}  came {came:.3f}\n"
    rows = "".join(row.format(**one) for one in told.bins.to_dict("records"))  # type: ignore[arg-type]
    with capsys.disabled():
        sys.stdout.write(
            f"\n{name}: {told.n} chances, mean gap {told.gap:.3f}, 90 in 100 held {told.covered:.3f}{rows}\n"
        )


def test_of_simulated_series(capsys: pytest.CaptureFixture[str]) -> None:
    rng = np.random.default_rng(5)
    told = reliability((made(rng, int(rng.integers(20, 110)), stock=bool(one % 2)), bool(one % 2)) for one in range(24))
    printed(told, "simulated", capsys)
    assert told.gap <= 0.05 and 0.85 <= told.covered <= 0.95
    assert len(told.bins) == 10 and told.bins["n"].sum() == told.n


def test_of_real_series(capsys: pytest.CaptureFixture[str]) -> None:
    """Page views of an encyclopedia's page, and users, sessions and page views of a news site, by whole week."""
    log = pd.read_csv(
        shared("wikipedia_pageviews") / "example_wp_log_peyton_manning.csv", parse_dates=["ds"]
    ).set_index("ds")["y"]
    series = whole(np.exp(log))
    folder = shared("upworthy_site_analytics")
    for file, columns in (("daily-pageviews", ["Pageviews"]), ("daily-users-info", ["Users", "Sessions"])):
        rows = pd.read_csv(folder / f"2013.01.01-2015.04.30-{file}.csv", encoding="utf-8-sig", dtype=str)
        rows = rows[rows["Day Index"].fillna("").str.contains("/")]
        days = pd.to_datetime(rows["Day Index"], format="%m/%d/%y")
        for name in columns:
            series += whole(pd.Series(rows[name].str.replace(",", "").astype(float).to_numpy(), index=days))
    told = reliability((one, False) for one in series)
    printed(told, "real", capsys)
    assert told.gap <= 0.05 and 0.85 <= told.covered <= 0.95


def whole(days: pd.Series) -> list[np.ndarray]:
    """Return the unbroken runs of whole weeks of *days*."""
    weeks = days.resample("W-SUN").agg(["sum", "count"]).query("count == 7")["sum"]
    runs = (weeks.index.to_series().diff() != pd.Timedelta(days=7)).cumsum()
    return [one.to_numpy(float) for _, one in weeks.groupby(runs) if len(one) >= 12]


def test_chances_that_do_not_come_true_are_seen() -> None:
    rng = np.random.default_rng(3)
    jumps = [np.exp(np.repeat(rng.normal(0, 1.0, 12), 9) + rng.normal(0, 0.001, 108)) for _ in range(8)]
    assert reliability((one, True) for one in jumps).gap > 0.05
    assert reliability([]).n == 0 and np.isnan(reliability([(np.ones(7), True)]).gap)
