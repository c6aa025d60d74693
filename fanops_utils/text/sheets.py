"""Text in the cells of a spreadsheet: nothing in it is taken for a formula."""

from __future__ import annotations

FORMULA = "=+-@\t\r＝＋－＠"  # the wide ones too: where Chinese or Japanese is typed, they begin a formula


def neutral(cell: str) -> str:
    """Return *cell* so that no spreadsheet takes it for a formula.

    >>> neutral("=1+1"), neutral("＝1"), neutral("anna")
    ("'=1+1", "'＝1", 'anna')
    """
    return f"'{cell}" if cell[:1] and cell[0] in FORMULA else cell
