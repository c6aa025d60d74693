"""Cells to values, column by column; a cell that cannot be read is noted with its row, value and reason."""

from __future__ import annotations

from fanops_utils.data.sources.shared.cells.identifiers import Identifiers
from fanops_utils.data.sources.shared.cells.quantities import Quantities
from fanops_utils.data.sources.shared.cells.times import Times


class Cells(Quantities, Times, Identifiers):
    """The text cells of one table, and every way to read a column of them."""
