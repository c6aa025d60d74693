"""Sayables as JSON and back: what a result carries is the same for every language."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from fanops_utils.text.sentences import message, phrases, units, values  # noqa: F401  (their classes make themselves known)
from fanops_utils.text.sentences.message import Written
from fanops_utils.text.sentences.sayable import Sayable


def read(told: Any) -> Sayable:
    """Return the sayable that the JSON value *told* holds; a bare text counts as written; raise ValueError for anything else.

    >>> from fanops_utils.text import say
    >>> str(read(say("{n} posts", n=3).to_json()))
    '3 posts'
    """
    if isinstance(told, str):
        return Written(told)
    if isinstance(told, dict) and len(told) == 1:
        ((tag, given),) = told.items()
        kind = Sayable.known.get(tag)
        if kind is not None and isinstance(given, list) and len(given) <= len(fields(kind)):
            return kind(*(_field(item) for item in given))
    raise ValueError(f"no message or value: {str(told)[:80]}")


def said(told: Any) -> Sayable | None:
    """Return the sayable that *told* holds, None where it is empty."""
    return read(told) if told else None


def _field(told: Any) -> Any:
    if isinstance(told, dict):
        return read(told)
    if isinstance(told, list):
        return tuple(_field(item) for item in told)
    return told
