"""Cells to values, column by column: texts, numbers, times, ids."""

from fanops_utils.data.sources.shared.cells.cells import Cells
from fanops_utils.data.sources.shared.cells.texts import Reject

__all__ = ["Cells", "Reject"]
