from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fanops_utils.errors import DataError
from fanops_utils.models import mix_and_rate


def parts(rows: dict[str, tuple[float, float, float, float]]) -> pd.DataFrame:
    names = ["numerator_before", "denominator_before", "numerator_after", "denominator_after"]
    return pd.DataFrame.from_dict(rows, orient="index", columns=names).rename_axis("market").reset_index()


def test_a_whole_that_falls_while_every_part_rises_is_all_mix() -> None:
    # US 10 % -> 11 %, DE 2 % -> 3 %; the whole falls from 8.4 % to 4.6 % because DE's weight rose from .2 to .8.
    found = mix_and_rate(parts({"US": (80, 800, 22, 200), "DE": (4, 200, 24, 800)}), "market")
    assert (found.before, found.after) == (pytest.approx(0.084), pytest.approx(0.046))
    assert found.rate == pytest.approx(0.01)
    assert found.mix == pytest.approx(-0.048)
    assert found.reversed
    table = found.table.set_index("market")
    # weight of US falls by .6; its mean rate .105 less the whole's mean rate .065.
    assert table.loc["US", "mix"] == pytest.approx(-0.6 * (0.105 - 0.065))
    assert table.loc["DE", "rate"] == pytest.approx(0.5 * 0.01)


def test_the_same_mix_is_all_rate_and_noise_is_drawn_together() -> None:
    found = mix_and_rate(parts({"US": (50, 500, 60, 500), "DE": (50, 500, 55, 500), "FR": (1, 10, 3, 10)}), "market")
    assert found.mix == pytest.approx(0, abs=1e-12)
    assert found.rate == pytest.approx(found.change)
    table = found.table.set_index("market")
    assert table.loc["FR", "change"] == pytest.approx(0.2)
    assert table.loc["FR", "shrunk"] < 0.05, "ten posts do not make a winner"
    assert not found.reversed


def test_a_part_that_is_new_is_mix_alone() -> None:
    found = mix_and_rate(parts({"US": (50, 500, 50, 500), "BR": (0, 0, 100, 500)}), "market")
    table = found.table.set_index("market")
    assert np.isnan(table.loc["BR", "change"])
    assert table.loc["BR", "rate"] == 0
    assert found.mix == pytest.approx(found.change)
    assert table.loc["BR", "hidden"]


number = st.integers(0, 400)


@given(st.lists(st.tuples(number, number, number, number), min_size=1, max_size=6))
def test_mix_and_rate_add_up_to_the_change(rows: list[tuple[int, int, int, int]]) -> None:
    frame = parts({f"g{place}": row for place, row in enumerate(rows)})
    if frame["denominator_before"].sum() == 0 or frame["denominator_after"].sum() == 0:
        with pytest.raises(DataError, match="has no rate"):
            mix_and_rate(frame, "market")
        return
    # A numerator without a denominator has no rate: nothing is counted of nothing.
    for side in ("before", "after"):
        frame[f"numerator_{side}"] = frame[f"numerator_{side}"].where(frame[f"denominator_{side}"] > 0, 0)
    found = mix_and_rate(frame, "market")
    assert found.mix + found.rate == pytest.approx(found.change, abs=1e-9)


def test_what_is_no_count_is_refused() -> None:
    with pytest.raises(DataError, match="stands twice"):
        mix_and_rate(pd.concat([parts({"US": (1, 2, 1, 2)})] * 2), "market")
    with pytest.raises(DataError, match="none below zero"):
        mix_and_rate(parts({"US": (1, 2, np.nan, 2)}), "market")
