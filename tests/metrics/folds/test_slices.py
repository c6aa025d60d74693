"""Large tables in slices: every row in one of them, a person's rows together, by the engine's hash or without one."""

from __future__ import annotations

import ibis
import numpy as np
import pandas as pd
import pytest
from ibis.backends.duckdb import Backend

from fanops_utils.metrics.folds import tables


@pytest.mark.parametrize("hashes", [True, False])
def test_every_row_lies_in_one_slice_with_the_others_of_its_person(
    monkeypatch: pytest.MonkeyPatch, hashes: bool
) -> None:
    rng = np.random.default_rng(2)
    who = [bytes(one).hex() for one in rng.integers(0, 256, (400, 8), dtype="uint8")]
    rows = pd.DataFrame({"member_key": rng.choice(who, 3000), "row": range(3000)})
    monkeypatch.setattr(tables, "PER_SLICE", 600)
    monkeypatch.setattr(Backend, "has_operation", classmethod(lambda _backend, _operation: hashes))
    made = ibis.duckdb.connect().create_table("acts", rows)
    parts = [part.to_pandas() for part in tables.slices(made, "member_key")]
    assert len(parts) == 6 and min(map(len, parts)) > 300
    assert sorted(row for part in parts for row in part["row"]) == list(range(3000))
    owners = pd.concat([part[["member_key"]].drop_duplicates() for part in parts])
    assert not owners["member_key"].duplicated().any()
