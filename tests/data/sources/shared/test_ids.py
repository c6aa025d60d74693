from __future__ import annotations

import pandas as pd
import pytest

from fanops_utils.data.sources.shared.ids import is_total


@pytest.mark.parametrize("text", ["Total Wine", "Sum 41", "Allium", "(12)"])
def test_a_name_that_begins_like_a_sum_is_a_name(text: str) -> None:
    assert not is_total(pd.Series([text], dtype="string")).any()
