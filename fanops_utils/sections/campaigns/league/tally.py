"""How many campaigns worked?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from fanops_utils import charts
from fanops_utils.playbook import Finding, Section
from fanops_utils.sections.campaigns.words import VERDICTS
from fanops_utils.text import Day, Level, Listed, Message, Percent, Range, Signed, Unit, say, say_n, term

METHOD = say("Each campaign by its own report's rule; the next one is not promised by it.")
WORDS: dict[str, Message] = {
    **VERDICTS,
    "running": term("data not whole yet", "verdict"),
    "no_data": term("no data", "verdict"),
}


def tally(table: pd.DataFrame, *, level: float) -> Section:
    """Return how many campaigns worked (*table*: `models.campaign_standings`), and all of them side by side."""
    columns = {
        "rank": term("Rank", "column"),
        "name": term("Campaign", "column"),
        "start": term("Start", "column of a campaign"),
        "verdict": term("Verdict", "column"),
        "estimate": term("As measured", "column"),
        "shrunk": term("With luck taken out", "column"),
        "interval": term("{level} interval", "column", level=Level(level)),
        "pulled": term("Moved to the mean by", "column"),
    }
    caption = say("All campaigns of the registers, ranked by what is left with luck taken out")
    formats = {"estimate": Signed, "shrunk": Signed, "pulled": Percent}
    return Section.of(answer(table), charts.table(listed(table), columns=columns, caption=caption, formats=formats))


def answer(table: pd.DataFrame) -> Finding:
    """Return how many campaigns worked, had no clear effect, hurt, or cannot be told."""
    if table.empty:
        return Finding.nothing("tally", term("no campaign is registered", "why there is no data"))
    counts = {str(code): int(number) for code, number in table["verdict"].value_counts().items()}
    if set(counts) == {"no_data"}:
        return Finding.nothing("tally", term("no campaign has data", "why there is no data"))
    finished = sum(number for code, number in counts.items() if code not in ("running", "no_data"))
    worked = counts.get("worked", 0)
    each = (
        term("{verdict} {n}", "number of campaigns", verdict=WORDS[code], n=number) for code, number in counts.items()
    )
    return Finding(
        id="tally",
        title=_title(worked, finished),
        text=say("They came out so: {numbers}.", numbers=Listed.of(each)),
        estimate=float(worked),
        unit=Unit("count", term("campaigns", "unit")),
        n=finished,
        method=METHOD,
        code="finished" if finished else "none_finished",
    )


def _title(worked: int, finished: int) -> Message:
    if not finished:
        return say("No campaign is finished")
    return say_n(
        "{worked} of {n} finished campaign worked",
        "{worked} of {n} finished campaigns worked",
        n=finished,
        worked=worked,
    )


def listed(table: pd.DataFrame) -> pd.DataFrame:
    """Return the standings as rows to be shown: rank, name, start, verdict, estimate, shrunk, interval, pulled."""
    rows = table.to_dict("records")
    cells = {
        "verdict": [WORDS[row["verdict"]] for row in rows],
        "start": [Day.of(row["start"], form="month") for row in rows],
        "interval": [_interval(row) for row in rows],
    }
    return table.assign(**{name: pd.Series(values, index=table.index, dtype=object) for name, values in cells.items()})


def _interval(row: Mapping[Any, Any]) -> Range | None:
    if not np.isfinite(row["shrunk"]):
        return None
    return Range.of(row["ci_lower"], row["ci_upper"], form=Signed)
