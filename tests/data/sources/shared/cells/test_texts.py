from __future__ import annotations

import pandas as pd
import pytest
from export_reading import cells_of_column

from fanops_utils.data.sources.shared.cells.texts import NULL_TOKENS


@pytest.mark.parametrize("token", sorted(NULL_TOKENS))
def test_null_tokens_are_missing_not_zero(token: str) -> None:
    read = cells_of_column(token, token.upper())
    assert read.count("x").isna().all()
    assert not read.rejects


@pytest.mark.parametrize(("text", "value"), [("NA", "NA"), ("NONE", "NONE"), ("", None), ("-", None), ("#REF!", None)])
def test_words_for_missing_are_codes_where_codes_stand(text: str, value: str | None) -> None:
    found = cells_of_column(text).code("x").iloc[0]
    assert pd.isna(found) or text == "#REF!" if value is None else found == value
