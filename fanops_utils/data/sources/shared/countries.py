"""Countries as reports name them: by code, or by their English name."""

from __future__ import annotations

from functools import cache

import pandas as pd
from babel import Locale


@cache
def _codes() -> dict[str, str]:
    names = Locale("en").territories
    return {name.casefold(): code for code, name in names.items() if len(code) == 2 and code.isalpha()}


def country_codes(values: pd.Series) -> pd.Series:
    """Return countries as ISO 3166, from their codes or their English names; null where a name is not known.

    >>> country_codes(pd.Series(["DE", "Indonesia", "Atlantis"], dtype="string")).tolist()
    ['DE', 'ID', <NA>]
    """
    code = values.str.upper().where(values.str.fullmatch("[A-Za-z]{2}").fillna(value=False))
    return code.fillna(values.str.casefold().map(_codes()).astype("string"))
