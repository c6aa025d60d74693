"""Forms of numbers that only charts need."""

from __future__ import annotations

from fanops_utils.text import Form, Number


def difference(*, share: bool) -> Form:
    """Return the form of a difference whose unit stands beside the axis: percentage points of a share, else its own unit.

    >>> str(difference(share=True)(0.0341)), str(difference(share=False)(1.8409))
    ('+3.41', '+1.84')
    """
    return (lambda value: Number(value * 100, 2, sign=True)) if share else (lambda value: Number(value, sign=True))
