"""CSV files that a register names: the team's own, read as they are or refused by name."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from fanops_utils.errors import DataError
from fanops_utils.text import Written, say


def read_own_csv(path: Path, **options: Any) -> pd.DataFrame:
    """Return the CSV at *path*, read with pandas' *options*; raise DataError for a file that is none, with pandas' reason."""
    try:
        return pd.read_csv(path, **options)
    except (OSError, ValueError) as error:  # pandas' own are ValueErrors: no column, rows of several widths, not UTF-8
        raise DataError(
            say("the file cannot be read ({error})", error=Written(str(error).strip(), "en")), file=path
        ) from None
