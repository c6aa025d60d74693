"""A brand that nobody mentions where its rivals are talked of: nobody speaks of it, or the tool knows it by another name."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from fanops_utils.text import Listed, Message, Sayable, Written, say

SHOWN_NAMES = 6  # of those the tool writes


def heard_as(brand: str, names: Iterable[object]) -> Message | None:
    """Return that mentions name others than *brand*, and which (*names*, one per mention or kind); None without mentions."""
    known = sorted({str(one) for one in names if not pd.isna(one)})  # type: ignore[call-overload]
    if not known:
        return None
    return say(
        "no mention names {brand}; the listening tool writes {names}. If you are one of them, give that name under aliases "
        "in brand.yml",
        brand=Written(brand), names=Listed.of(map(Written, known[:SHOWN_NAMES])),
    )  # fmt: skip


def unmentioned(brand: Sayable | str, *, others: bool) -> Message:
    """Return why there is nothing to tell of *brand*; where *others* are mentioned, with where another name belongs."""
    if not others:
        return say("no mention of {brand} in the data", brand=brand)
    return say(
        "no mention of {brand} in the data, though rivals are mentioned: a name that the tool knows it by belongs under "
        "'aliases' in brand.yml",
        brand=brand,
    )
