from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from fanops_utils.errors import DataError
from fanops_utils.experiments import from_counts, from_frame


def _units(rows: int = 500) -> pd.DataFrame:
    rng = np.random.default_rng(4)
    return pd.DataFrame({
        "variant": rng.choice(["a", "b", "c"], rows),
        "opened": pd.array(rng.integers(0, 2, rows), dtype="Int64"),
        "posts": pd.array(rng.poisson(3, rows), dtype="Float64"),
    })  # fmt: skip


def test_moments_are_those_of_pandas() -> None:
    units = _units()
    found = from_frame(units, metrics={"posts": "mean"}).set_index("variant")
    expected = units.groupby("variant")["posts"].agg(["count", "mean", "var"])
    assert found["n"].tolist() == expected["count"].tolist()
    assert found["mean"].tolist() == pytest.approx(expected["mean"].tolist(), abs=1e-12)
    assert found["var"].tolist() == pytest.approx(expected["var"].tolist(), rel=1e-12)


def test_row_order_does_not_matter() -> None:
    units = _units()
    metrics = {"posts": "mean", "opened": "conversion"}
    one = from_frame(units, metrics=metrics)  # type: ignore[arg-type]
    two = from_frame(units.sample(frac=1, random_state=1), metrics=metrics)  # type: ignore[arg-type]
    pd.testing.assert_frame_equal(one, two, rtol=1e-12)


def test_missing_outcomes_are_no_part_of_n() -> None:
    units = _units()
    units.loc[:49, "posts"] = pd.NA
    found = from_frame(units, metrics={"posts": "mean"})
    assert found["missing"].sum() == 50 and found["n"].sum() == 450


def test_counts_and_frame_agree() -> None:
    units = _units()
    grouped = units.groupby("variant")["opened"]
    counts = {name: (int(part.sum()), len(part)) for name, part in grouped}
    frame = from_frame(units, metrics={"opened": "conversion"})
    pd.testing.assert_frame_equal(from_counts(counts, metric="opened"), frame, check_dtype=False, rtol=1e-9)


def test_what_is_no_conversion_is_refused() -> None:
    with pytest.raises(DataError, match="0 or 1"):
        from_frame(pd.DataFrame({"variant": ["a"], "opened": [2]}), metrics={"opened": "conversion"})
    with pytest.raises(DataError, match="7 conversions of 5"):
        from_counts({"a": (7, 5)}, metric="opened")
    with pytest.raises(DataError, match="no variant"):
        from_frame(pd.DataFrame({"variant": [None], "opened": [1]}), metrics={"opened": "conversion"})
