"""Real public data beside the repository: tests that need it skip, saying so, where it is absent."""

from __future__ import annotations

from pathlib import Path

import pytest

SHARED = Path(__file__).parents[2] / "shared" / "data"


def shared(folder: str) -> Path:
    """Return the folder of real data called *folder*, or skip the test."""
    path = SHARED / folder
    if not path.is_dir():
        pytest.skip(f"../shared/data/{folder} is not here")
    return path
