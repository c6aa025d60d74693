"""Texts of registers in frames: pandas makes plain strings of them, in their first language, unless told not to."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pandas as pd

from fanops_utils.text.sentences.message import Worded


def worded_frame(rows: list[Any], *, columns: list[str], texts: Iterable[str]) -> pd.DataFrame:
    """Return *rows* as a frame whose columns *texts* hold texts of registers, in all the languages they are given in.

    These columns stay objects, also when rows are selected, sorted, joined or put together. The keys of a group, an index
    that becomes a column, `map`, `astype(str)` and `str()` lose the languages: take the text from a row, or `worded`.
    """
    frame, kept = pd.DataFrame(rows, columns=columns), pd.DataFrame(rows, columns=columns, dtype=object)
    return frame.assign(**{name: kept[name] for name in texts})


def worded_column(texts: Iterable[str]) -> pd.Series:
    """Return *texts* of registers as a column that keeps their languages."""
    return pd.Series(list(texts), dtype=object)


def worded(text: str, among: Iterable[str]) -> str:
    """Return that of the texts *among* which is *text* and has its languages; *text* itself where none is."""
    return next((one for one in among if isinstance(one, Worded) and one == text), text)
