"""What the registers of the work share: the mark of defaults, ids, entries that point at each other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Annotated, Literal, Protocol

from pydantic import Field

from fanops_utils.text import say
from fanops_utils.text.faults import advise, advised
from fanops_utils.workspace.register import Register

Id = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]*$", description="short and unique")]
Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
WEEKDAYS: tuple[Weekday, ...] = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
DEFAULTS = "true while the entries are the ones that fanops init wrote: reports call them defaults. Delete it once they are yours"


class Named(Protocol):
    """An entry with an id."""

    @property
    def id(self) -> str: ...


class WithDefaults(Register):
    """A register that `fanops init` fills with defaults; `defaults` marks them until somebody has made them theirs."""

    defaults: bool = Field(default=False, description=DEFAULTS)


def told_apart(entries: Sequence[Named]) -> list[str]:
    """Return the ids of *entries*; raise ValueError where two are the same."""
    ids = [entry.id for entry in entries]
    if twice := [one for one in ids if ids.count(one) > 1]:
        raise ValueError(say("two entries are called '{name}'", name=twice[0]))
    return ids


def once(names: Iterable[str]) -> None:
    """Raise ValueError for the first of *names* that stands there twice: the second would be lost, or counted again."""
    listed = list(names)
    if twice := [one for one in listed if listed.count(one) > 1]:
        raise ValueError(say("'{name}' stands there twice", name=twice[0]))


def in_order(name: str, low: float, high: float) -> None:
    """Raise ValueError where the band of *name* ends below its start."""
    if high < low:
        raise ValueError(say("the band of {metric} ends at {high}, below its start {low}", metric=name, high=f"{high:g}",
                             low=f"{low:g}"))  # fmt: skip


def known(names: Iterable[str], choices: Iterable[str]) -> None:
    """Raise ValueError for the first of *names* that is none of *choices*, naming the nearest one."""
    options = list(choices)
    for name in names:
        if name not in options:
            raise ValueError(advised(say("no entry is called '{name}'", name=name), advise(name, options)))
