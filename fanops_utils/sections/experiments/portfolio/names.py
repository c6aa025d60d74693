"""What the portfolio's codes are called: verdicts, areas, periods."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pandas as pd

from fanops_utils.text import Day, Message, Sayable, Written, say, term

VERDICTS: dict[str, Message] = {
    "ship": term("ship", "verdict in a table"),
    "do_not_ship": term("do not ship", "verdict in a table"),
    "run_on": term("run on", "verdict in a table"),
    "stop": term("stop, inconclusive", "verdict in a table"),
    "invalid": term("invalid", "verdict in a table"),
    "arms_differ": term("arms differ", "verdict in a table"),
    "no_difference": term("no difference shown", "verdict in a table"),
}


def no_tests() -> Message:
    """Return why there is nothing to read together; it goes on after "No data:"."""
    return say("no experiment has units")


def source(arms: str | None, *, workspace: str) -> Message:
    """Return what the experiments were read from: the *workspace*, or the file *arms*."""
    return say("table of arms {file}", file=arms) if arms else say("workspace {name}", name=workspace)


def cells(codes: pd.Series, name: Callable[[str], Sayable]) -> pd.Series:
    """Return what *name* calls each of *codes*, as a column to be shown."""
    named = [name(code if isinstance(code, str) else str(code)) for code in codes]  # str() would lose languages
    return pd.Series(named, index=codes.index, dtype=object)


def area(name: str) -> Sayable:
    """Return the area as it is written in the registers, or that none is named."""
    return Written(name) if name else term("area not named", "area of an experiment")


def period(when: str) -> Sayable:
    """Return the period of an experiment: its first day where it is one, else as written."""
    try:
        return Day.of(date.fromisoformat(when), form="iso") if len(when) == len("2026-08-03") else Written(when)
    except ValueError:
        return Written(when)
