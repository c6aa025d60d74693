"""What the market's calendar holds next: commercial moments with their source, public holidays by rule."""

from __future__ import annotations

from datetime import date

import pandas as pd

from fanops_utils import charts
from fanops_utils.playbook import Finding, Section
from fanops_utils.sections import words
from fanops_utils.sections.cells import cells
from fanops_utils.sections.market.outside.standing import STANDINGS
from fanops_utils.text import Day, Sayable, Sentences, Unit, Written, say, say_n, term

AHEAD_DAYS = 90
COLUMNS = ["what", "local", "kind", "day", "begin", "stands"]


def ahead(moments: pd.DataFrame, holidays: pd.DataFrame, *, market: str, on: date | None) -> Section:
    """Return the moments and public holidays of *market* in the next 90 days (`outside.commercial_moments`, `public_holidays`)."""
    sold, free = (_within(one, market, on) for one in (moments, holidays))
    both = pd.concat([_sold(sold), _free(free)], ignore_index=True).sort_values("day", ignore_index=True)
    if both.empty:
        why = say("no sourced moment and no public holiday of this market in the next 90 days")
        return Section.of(Finding.nothing("ahead", why))
    first = both.iloc[0]
    finding = Finding(
        id="ahead",
        label=term("Moments ahead", "label of a finding"),
        code="ahead",
        weight="row",
        title=say("Next moment: {moment} on {day}", moment=first["what"], day=Day.of(first["day"])),
        text=Sentences.of(
            say_n("{n} public holiday in the next 90 days.", "{n} public holidays in the next 90 days.", n=len(free)),
            say("Only sales moments with a source are listed: that one is missing says nothing."),
        ),
        estimate=float(len(both)),
        unit=Unit("count", term("moments", "unit")),
        n=len(both),
        method=say(
            "Sales moments by rule, from their source; public holidays of the whole country computed by the package holidays, "
            "those of single regions left out. Begin of planning is our proposal."
        ),
    )
    columns = {
        "what": term("Moment", "column"),
        "local": term("Local name", "column"),
        "kind": term("Kind", "column"),
        "when": term("Day", "column"),
        "begin": term("Plan from", "column"),
        "stands": term("Standing", "column"),
    }
    shown = both.assign(when=cells(Day.of(one, form="iso") for one in both["day"]))
    return Section.of(finding, charts.table(shown, columns=columns, caption=say("The next 90 days")))


def _within(table: pd.DataFrame, market: str, on: date | None) -> pd.DataFrame:
    if on is None:
        return table.iloc[:0]
    first = pd.Timestamp(on)
    return table[(table["market"] == market) & table["day"].between(first, first + pd.Timedelta(days=AHEAD_DAYS))]


def _sold(moments: pd.DataFrame) -> pd.DataFrame:
    """Return *moments* as rows of the table: planning begins days before."""
    lead = pd.to_timedelta(pd.to_numeric(moments["days_before"]).fillna(0), unit="D")
    return _rows(
        what=[words.told_in(one, "moment") for one in moments.to_dict("records")],
        local=[Written(str(one)) if pd.notna(one) else None for one in moments["local_name"]],
        kind=[term("sales moment", "kind of a moment")] * len(moments),
        day=list(moments["day"]),
        begin=[Day.of(one, form="iso") for one in moments["day"] - lead],
        stands=[STANDINGS[str(one)] for one in moments["standing"]],
    )


def _free(holidays: pd.DataFrame) -> pd.DataFrame:
    kind = term("public holiday", "kind of a moment")
    return _rows(
        what=[Written(str(one), "en") for one in holidays["name"]],
        local=[Written(str(one)) for one in holidays["local_name"]],
        kind=[kind] * len(holidays),
        day=list(holidays["day"]),
        begin=[None] * len(holidays),
        stands=[STANDINGS["computed"]] * len(holidays),
    )


def _rows(*, day: list[pd.Timestamp], **said: list[Sayable | None]) -> pd.DataFrame:
    told = {name: pd.Series(values, dtype=object) for name, values in said.items()}
    return pd.DataFrame({**told, "day": pd.to_datetime(pd.Series(day, dtype="datetime64[ns]"))})[COLUMNS]
