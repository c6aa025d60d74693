"""Dated outside facts beside metric breaks: regulations, benchmarks, sizes of platforms, commercial moments, holidays.

Every row ships with its source, the day the source was read and its standing: "primary" (the words of the law, the
regulator, the platform or the maker of a study) or "second-hand" (law firm, press, vendor). Nothing here is legal advice.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path

import holidays
import pandas as pd

from fanops_utils.errors import DataError
from fanops_utils.text import say
from fanops_utils.workspace import project_root
from fanops_utils.workspace.reads import note_file

STANDINGS = ("primary", "second-hand")
ENGLISH = "en_US"
UNION = {  # member states of the EU
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT", "LT", "LU", "LV", "MT", "NL",
    "PL", "PT", "RO", "SE", "SI", "SK",
}  # fmt: skip
SOURCED = ("source", "url", "accessed", "standing")
NEEDED = {
    "regulations": ("id", "market", "topic", "law_en", "duty", "status"),
    "benchmarks": ("id", "report", "platform", "metric", "statistic", "denominator", "value", "unit"),
    "platforms": ("id", "platform", "region", "figure", "unit", "measure", "as_of"),
    "populations": ("id", "market", "people", "as_of", "what"),
    "commercial_moments": ("id", "market", "moment", "rule", "date_2026", "date_2027"),
}


def regulations(markets: Iterable[str] | None = None, *, root: Path | None = None) -> pd.DataFrame:
    """Return one row per duty and market: market, topic, law_en, law_native, article, duty, number, number_unit, …, standing.

    A duty of the EU stands once for each member state that the row lists (`applies_to`). Of *markets* only, where given.
    Raises DataError, with the row, where a cell it needs is empty or its standing is not shipped.
    """
    frame = _read("regulations", root)
    frame["market"] = frame["applies_to"].fillna(frame["market"]).str.split(";")
    long = frame.explode("market", ignore_index=True)
    long["market"] = long["market"].str.strip()
    return long if markets is None else long[long["market"].isin(list(markets))].reset_index(drop=True)


def benchmarks(*, root: Path | None = None) -> pd.DataFrame:
    """Return one row per published figure: report, edition, period, platform, metric, statistic, denominator, value (number;
    NaN where the source gives a span in `value_text`), unit, …

    Two rows compare only where platform, metric, statistic and denominator agree. Raises as `regulations`.
    """
    frame = _read("benchmarks", root)
    return frame.assign(value_text=frame["value"], value=pd.to_numeric(frame["value"], errors="coerce"))


def regions_of(market: str) -> tuple[str, ...]:
    """Return the regions whose figures *market* (ISO code) is part of, the nearest first: itself, the EU, the world."""
    return (market, *(["EU"] if market in UNION else []), "world")


def platform_sizes(*, root: Path | None = None) -> pd.DataFrame:
    """Return one row per size of a platform in a region: figure (number), unit, measure (what is counted), as_of, growth, …

    Active users, advertising reach and surveys are three kinds of figure that do not mix. Raises as `regulations`.
    """
    frame = _read("platforms", root)
    return frame.assign(figure=pd.to_numeric(frame["figure"]))


def populations(*, root: Path | None = None) -> pd.DataFrame:
    """Return one row per country: market (ISO code), people (number), as_of, what (who is counted), source, …

    All ages, as far as a source was found: a country without a row has no known number. Raises as `regulations`.
    """
    frame = _read("populations", root)
    return frame.assign(people=pd.to_numeric(frame["people"]))


def commercial_moments(markets: Iterable[str] | None = None, *, root: Path | None = None) -> pd.DataFrame:
    """Return one row per moment, market and year: market, moment, local_name, kind, day, days_before, days_after, source, standing.

    `days_before` and `days_after` are a proposal for planning, without source. Raises as `regulations`.
    """
    frame = _read("commercial_moments", root)
    dates = [name for name in frame if str(name).startswith("date_")]
    long = frame.melt([name for name in frame if name not in dates], dates, var_name="year", value_name="day")
    long = long.assign(day=pd.to_datetime(long["day"], format="%Y-%m-%d")).drop(columns="year").dropna(subset=["day"])
    long = long if markets is None else long[long["market"].isin(list(markets))]
    return long.sort_values("day", ignore_index=True)


def public_holidays(countries: Iterable[str], *, start: date | None, end: date | None) -> pd.DataFrame:
    """Return the public holidays of *countries* (ISO codes) from *start* to *end*: market, day, name (English), local_name.
    None where a day is not known.

    By rule, from the package holidays; those of single regions are left out, days by the moon are marked "(estimated)" by
    it. A country the package does not know has no rows. Substituted days are in it.
    """
    rows: list[tuple[str, pd.Timestamp, str, str]] = []
    asked = set(countries) & set(holidays.list_supported_countries()) if start and end else set()
    for code in sorted(asked):
        assert start and end
        years = range(start.year, end.year + 1)
        own = holidays.country_holidays(code).default_language  # else the locale of the machine would choose
        local = holidays.country_holidays(code, years=years, language=own)
        told = holidays.country_holidays(code, years=years, language=ENGLISH)
        rows += [
            (code, pd.Timestamp(day), told.get(day, name), name) for day, name in local.items() if start <= day <= end
        ]
    frame = pd.DataFrame(rows, columns=["market", "day", "name", "local_name"])
    return frame.astype({"day": "datetime64[ns]"}).sort_values(["day", "market"], ignore_index=True)


def plan_cases(*, root: Path | None = None) -> pd.DataFrame:
    """Return one row per figure of a case that the plans quote: id, case, figure, unit, what, standing.

    All are claims of the plan that nobody has verified: to be shown as such, never as a target.
    """
    frame = pd.read_csv(note_file((root or project_root()) / "data" / "reference" / "cases.csv"), dtype="string")
    return frame.assign(figure=pd.to_numeric(frame["figure"]))


def _read(name: str, root: Path | None) -> pd.DataFrame:
    path = (root or project_root()) / "data" / "reference" / f"{name}.csv"
    frame = pd.read_csv(note_file(path), dtype="string")
    needed = (*NEEDED[name], *SOURCED)
    for column in needed:
        if column not in frame:
            raise DataError(say("the column is missing"), file=path, column=column)
        for at in frame.index[frame[column].isna()]:
            raise DataError(say("the cell is empty"), file=path, row=int(at) + 1, column=column)
    for at in frame.index[~frame["standing"].isin(STANDINGS)]:
        wrong = frame.loc[at, "standing"]
        raise DataError(
            say("unknown standing"), file=path, row=int(at) + 1, column="standing", value=wrong, choices=STANDINGS
        )
    return frame
