"""Frame, table and totals give the same moments; and so the same answers, however the rows lie."""

from __future__ import annotations

import ibis
import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fanops_utils.errors import DataError
from fanops_utils.experiments import compare, compare_all, from_counts, from_frame, from_table
from fanops_utils.experiments.moments.measure import Measure
from fanops_utils.experiments.moments.sums import quick_moments

MEASURES = (
    Measure("opened", "conversion", "opened"),
    Measure("kept", "retention", "kept"),
    Measure("revenue", "mean", "revenue", None, ("before", "age")),
    Measure("capped", "mean", "revenue", None, (), 0.9),
    Measure("posts", "count", "posts"),
    Measure("rate", "ratio", "clicks", "views", ("before",)),
)
SETTINGS = settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])

TABLES = settings(SETTINGS, max_examples=4)  # a query of this width takes a while to write, not to run


def _units(seed: int, rows: int = 240, *, gaps: float = 0.1, offset: float = 0.0) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    before = rng.lognormal(0, 1, rows)
    views = rng.poisson(6, rows).astype(float)
    frame = pd.DataFrame({
        "variant": rng.choice(["a", "b", "c"], rows, p=[0.4, 0.4, 0.2]),
        "opened": (rng.random(rows) < 0.3).astype(float), "kept": rng.integers(0, 2, rows).astype(float),
        "revenue": before + rng.lognormal(0, 1, rows) + offset, "before": before, "age": rng.normal(40, 9, rows),
        "posts": rng.poisson(2, rows).astype(float), "views": views, "clicks": rng.binomial(views.astype(int), 0.3),
        "market": rng.choice(["US", "DE", None], rows), "community": rng.integers(0, 24, rows),
        "day": pd.Timestamp("2026-08-03") + pd.to_timedelta(rng.integers(0, 4, rows), "D"),
    })  # fmt: skip
    for name in ("kept", "revenue", "before", "views"):
        frame.loc[rng.random(rows) < gaps, name] = np.nan
    return frame


def _stored(connection: ibis.BaseBackend, units: pd.DataFrame) -> ibis.Table:
    connection.con.register("given", units)
    connection.raw_sql("create or replace table units as from given")
    return connection.table("units")


def assert_same(one: pd.DataFrame, other: pd.DataFrame, *, rtol: float = 1e-9) -> None:
    pd.testing.assert_frame_equal(one, other, rtol=rtol, atol=1e-12, check_dtype=False)


@TABLES
@given(st.integers(0, 10_000), st.sampled_from([0.0, 0.1]), st.sampled_from([(), ("market",), ("market", "day")]))
def test_frame_and_table_agree(seed: int, gaps: float, by: tuple[str, ...]) -> None:
    units = _units(seed, gaps=gaps)
    table = ibis.memtable(units)
    for measures in (MEASURES, MEASURES[:3] + MEASURES[4:]):  # without caps sums may do
        assert_same(from_frame(units, metrics=measures, by=by), from_table(table, metrics=measures, by=by))


@TABLES
@given(st.integers(0, 10_000), st.sampled_from([(), ("market", "day")]))
def test_frame_and_a_table_of_a_database_agree(seed: int, by: tuple[str, ...]) -> None:
    units, measures = _units(seed, gaps=0.0), MEASURES[:3] + MEASURES[4:]
    table = _stored(ibis.duckdb.connect(), units)
    found = from_table(table, metrics=measures, by=by)
    assert_same(from_frame(units, metrics=measures, by=by), found)
    part = units[units["age"] > 35]
    assert_same(
        from_frame(part, metrics=measures, by=by), from_table(table.filter(table.age > 35), metrics=measures, by=by)
    )


def test_the_text_of_a_query_is_that_of_the_table_it_is_asked_of() -> None:
    measures = {"revenue": "mean"}
    for seed in (1, 2):  # one name and layout in two databases, then other rows under the same name
        connection = ibis.duckdb.connect()
        for rows in (200, 300):
            units = _units(seed, rows, gaps=0.0)
            table = _stored(connection, units)
            assert_same(from_frame(units, metrics=measures), from_table(table, metrics=measures))
        counted = units.assign(revenue=(units["revenue"] * 10).astype(int))
        table = _stored(connection, counted)
        assert_same(from_frame(counted, metrics=measures), from_table(table, metrics=measures))


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [("opened", 2.0, "0 nor 1"), ("revenue", np.inf, "infinite"), ("posts", -1.0, "negative")],
)
def test_a_table_of_a_database_is_refused_as_a_frame_is(name: str, value: float, said: str) -> None:
    connection = ibis.duckdb.connect()
    sound = _units(3, gaps=0.0)
    from_table(_stored(connection, sound), metrics=MEASURES[:1] + MEASURES[2:3] + MEASURES[4:5])
    sound.loc[7, name] = value
    table = _stored(connection, sound)
    with pytest.raises(DataError, match=said):
        from_table(table, metrics=MEASURES[:1] + MEASURES[2:3] + MEASURES[4:5])


@TABLES
@given(st.integers(0, 10_000), st.sampled_from([(), ("market",)]))
def test_frame_and_table_agree_on_clusters(seed: int, by: tuple[str, ...]) -> None:
    units = _units(seed)
    found = from_frame(units, metrics=MEASURES, by=by, cluster="community")
    assert_same(found, from_table(ibis.memtable(units), metrics=MEASURES, by=by, cluster="community"))


@SETTINGS
@given(st.integers(1, 400), st.integers(1, 400), st.floats(0, 1), st.floats(0, 1))
def test_frame_table_and_counts_give_the_same_comparison(n: int, m: int, share: float, other: float) -> None:
    counts = {"a": (round(share * (n + 1)), n + 1), "b": (round(other * (m + 1)), m + 1)}
    units = pd.DataFrame({
        "variant": np.repeat(["a", "b"], [n + 1, m + 1]),
        "y": np.concatenate([np.arange(size) < hits for hits, size in counts.values()]),
    })  # fmt: skip
    moments = from_frame(units, metrics={"y": "conversion"})
    others = from_counts(counts, metric="y"), from_table(ibis.memtable(units), metrics={"y": "conversion"})
    one = compare(moments, "y", control="a", treatment="b")
    for each in others:
        two = compare(each, "y", control="a", treatment="b")
        for field in ("estimate", "ci_lower", "ci_upper", "p_value", "control_mean", "n"):
            assert getattr(two, field) == pytest.approx(getattr(one, field), rel=1e-9, abs=1e-12)


@SETTINGS
@given(st.integers(0, 10_000), st.floats(0.001, 1_000))
def test_row_order_arm_order_and_unit_of_measurement_do_not_matter(seed: int, factor: float) -> None:
    units = _units(seed)
    covariates = ("before",)
    measures = [Measure("revenue", "mean", "revenue", None, covariates)]
    there = compare(from_frame(units, metrics=measures), "revenue", control="a", treatment="b", covariates=covariates)
    shuffled = from_frame(units.sample(frac=1, random_state=seed), metrics=measures)
    back = compare(shuffled, "revenue", control="b", treatment="a", covariates=covariates)
    assert back.estimate == pytest.approx(-there.estimate, rel=1e-9)
    assert (back.ci_lower, back.ci_upper) == pytest.approx((-there.ci_upper, -there.ci_lower), rel=1e-9)
    scaled = from_frame(units.assign(revenue=units["revenue"] * factor, before=units["before"] * 7), metrics=measures)
    large = compare(scaled, "revenue", control="a", treatment="b", covariates=covariates)
    assert large.p_value == pytest.approx(there.p_value, rel=1e-6)
    assert large.estimate == pytest.approx(there.estimate * factor, rel=1e-6)


def test_sums_are_left_where_they_would_lose_digits_or_miss_a_gap() -> None:
    measures = [Measure("revenue", "mean", "revenue", None, ("before",))]
    clean, far, gaps = _units(1, gaps=0.0), _units(1, gaps=0.0, offset=1.7e9), _units(1)
    tables = map(ibis.memtable, (clean, far, gaps))
    taken = [quick_moments(table, measures, by=(), variant="variant") for table in tables]
    assert [one is None for one in taken] == [False, True, True]
    variance = from_table(ibis.memtable(far), metrics=measures)["var"].to_numpy()
    assert variance == pytest.approx(from_frame(far, metrics=measures)["var"].to_numpy(), rel=1e-6)
    assert (variance > 0).all()


def test_two_to_twenty_arms() -> None:
    rng = np.random.default_rng(3)
    units = pd.DataFrame({"variant": [f"arm{i:02d}" for i in range(20)] * 50, "y": rng.normal(size=1_000)})
    found = compare_all(from_frame(units, metrics={"y": "mean"}), control="arm00")
    assert [one.treatment for one in found] == [f"arm{i:02d}" for i in range(1, 20)]


@pytest.mark.parametrize("build", ["frame", "table"])
def test_bad_values_are_refused_with_their_column(build: str) -> None:
    def moments(units: pd.DataFrame, **options: object) -> pd.DataFrame:
        if build == "frame":
            return from_frame(units, metrics=MEASURES, **options)  # type: ignore[arg-type]
        return from_table(ibis.memtable(units), metrics=MEASURES, **options)  # type: ignore[arg-type]

    units = _units(2)
    for column, value in (("opened", 2.0), ("revenue", np.inf), ("posts", -1.0), ("views", -3.0), ("before", np.inf)):
        with pytest.raises(DataError):
            moments(units.assign(**{column: units[column].where(units.index > 0, value)}))
    with pytest.raises(DataError, match="no variant"):
        moments(units.assign(variant=units["variant"].where(units.index > 0)))
    with pytest.raises(DataError, match="Did you mean 'revenues'"):
        moments(units.rename(columns={"revenue": "revenues"}))
    with pytest.raises(DataError, match="no community"):
        moments(units.assign(community=units["community"].where(units.index > 0)), cluster="community")


def test_missing_outcomes_are_no_part_of_n() -> None:
    """Counted in n, half the outcomes missing turned p = 0.150 into 0.042 elsewhere."""
    rng = np.random.default_rng(0)
    units = pd.DataFrame({"variant": np.tile(["a", "b"], 500), "y": rng.normal(size=1_000)})
    units["y"] = units["y"].where(rng.random(1_000) < 0.5)
    known = units.dropna()
    for build, lay in ((from_frame, lambda frame: frame), (from_table, ibis.memtable)):
        with_gaps = compare(build(lay(units), metrics={"y": "mean"}), "y", control="a", treatment="b")
        without = compare(build(lay(known), metrics={"y": "mean"}), "y", control="a", treatment="b")
        assert with_gaps.p_value == pytest.approx(without.p_value, rel=1e-12)
        assert (with_gaps.n, with_gaps.missing) == (len(known), 1_000 - len(known))
