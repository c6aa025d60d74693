"""`privacy.yml`: how long rows are kept where it is not the default, and whose names may stand in data and reports."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from fanops_utils.workspace.register import Register


def _or_none(value: Any) -> Any:
    """A key under which every line is a comment says nothing."""
    return {} if value is None else value


Days = Annotated[dict[str, Annotated[int, Field(gt=0)]], BeforeValidator(_or_none)]
Purposes = Annotated[dict[str, Annotated[str, Field(min_length=3)]], BeforeValidator(_or_none)]


class Privacy(Register):
    """`privacy.yml`: days that the rows of a table are kept, and names that may be told, each with its purpose."""

    keep_days: Days = Field(default_factory=dict)
    allowed: Purposes = Field(default_factory=dict)
