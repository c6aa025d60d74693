"""How fast do rivals grow? Without their jumps, and with the shape of their curve where it shows one."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from fanops_utils import charts
from fanops_utils.charts.words import Words
from fanops_utils.metrics.multiple import side_of_all
from fanops_utils.playbook import Finding, Section
from fanops_utils.sections import words
from fanops_utils.text import (
    Count,
    Day,
    Listed,
    Message,
    Percent,
    Period,
    Sayable,
    Sentences,
    Signed,
    Span,
    Unit,
    Written,
    say,
    say_n,
    term,
)

LEVEL = 0.9


def growing(table: pd.DataFrame, *, brand: str, platform: str, period: Period) -> Section:
    """Return how fast *brand* and its rivals grow on *platform* (*table*: `models.growth_of_brands`)."""
    place = words.platform(platform)
    told = table[~table["code"].isin(["few", "rounded"])] if len(table) else table
    rivals = told[told["brand"] != brand] if len(told) else told
    if rivals.empty:
        why = say(
            "no rival's followers on {platform} over eight weeks: map a listening tool's file to watched_daily",
            platform=place,
        )
        return Section.of(Finding.nothing("growth", why))
    best = rivals.sort_values("estimate", ascending=False).iloc[0]
    values: dict[str, Any] = {
        "rival": Written(str(best["brand"])),
        "pace": Signed(best["estimate"], 1),
        "interval": Span.of(best["ci_lower"], best["ci_upper"], form=Signed, level=LEVEL),
    }
    title, verdict = _titles(rivals, best, values)
    ours = told[told["brand"] == brand]
    code = _against_us(ours, best)
    finding = Finding(
        id="growth",
        code=code,
        title=title,
        label=term("Growth of the fastest rival", "label of a finding"),
        verdict=verdict,
        text=Sentences.of(_us(ours, brand, place), *_shapes(rivals), *_jumps(told), _unseen(table)),
        severity="watch" if code == "behind" else "info",
        weight="chapter",
        estimate=best["estimate"],
        ci_lower=best["ci_lower"],
        ci_upper=best["ci_upper"],
        unit=Unit("change", term("per 28 days", "unit")),
        n=int(best["n"]),
        method=say(
            "Log differences of 7, 14 or 28 days side by side, days of a jump (six times the usual scatter and 2%) set apart, t; "
            "90% intervals. A break or a ceiling is told by a Bayesian criterion; a ceiling only past 30% of it."
        ),
    )
    label = pd.Series([Written(str(name)) for name in told["brand"]], index=told.index, dtype=object)
    shown = told.assign(label=label, own=told["brand"] == brand).drop(columns="n")
    shown = shown if shown["own"].any() else shown.drop(columns="own")
    chart = charts.intervals(
        shown.sort_values("estimate", ascending=False)[
            [name for name in ("label", "estimate", "ci_lower", "ci_upper", "own") if name in shown]
        ],
        label="label",
        form=Signed,
        reference=0.0,
        words=Words(
            title=say("Growth of followers per 28 days, jumps set apart"),
            alt=finding.text,
            axis=term("per 28 days", "axis"),
            subtitle=say("90% intervals, {period}", period=period),
            caption=say("Largest account of each brand on {platform}", platform=place),
        ),
    )
    return Section.of(finding, chart, _listed(told))


def _titles(rivals: pd.DataFrame, best: pd.Series, values: dict[str, Any]) -> tuple[Message, Message]:
    """Return title and verdict: who grows fastest only where the difference to each other rival is clear."""
    if len(rivals) == 1:
        return (
            say("Followers of {rival}: {pace} per 28 days", **values),
            say("Followers of {rival}: {pace} ({interval}) per 28 days.", **values),
        )
    if side_of_all(best, rivals.drop(index=best.name)) > 0:
        return (
            say("{rival} grows fastest among the rivals: {pace} followers per 28 days", **values),
            say("{rival} grows fastest among the rivals: {pace} ({interval}) per 28 days.", **values),
        )
    return (
        say("Which rival grows fastest is not clear; first is {rival} with {pace} followers per 28 days", **values),
        say("Which rival grows fastest is not clear; first is {rival} with {pace} ({interval}) per 28 days.", **values),
    )


def _against_us(ours: pd.DataFrame, best: pd.Series) -> str:
    if ours.empty:
        return "unknown"
    own = ours.iloc[0]
    return {-1: "behind", 1: "ahead", 0: "level"}[side_of_all(own, best.to_frame().T)]


def _us(ours: pd.DataFrame, brand: str, place: Sayable) -> Message:
    if ours.empty:
        return say("Our own followers on {platform} are in no file: growth is not compared with ours.", platform=place)
    own = ours.iloc[0]
    span = Span.of(own["ci_lower"], own["ci_upper"], form=Signed, level=LEVEL)
    return say(
        "{brand} grows by {pace} ({interval}).", brand=Written(brand), pace=Signed(own["estimate"], 1), interval=span
    )


def _shapes(rivals: pd.DataFrame) -> list[Message]:
    told: list[Message] = []
    for _, row in rivals.iterrows():
        name = Written(str(row["brand"]))
        if row["shape"] == "break":
            told.append(
                say(
                    "{rival} changed its pace around {day}: from {before} to {after} per 28 days.",
                    rival=name,
                    day=Day.of(row["at"]),
                    before=Signed(row["before"], 1),
                    after=Signed(row["after"], 1),
                )
            )
        elif row["shape"] == "ceiling":
            told.append(
                say(
                    "{rival} slows down: at {reached} of a ceiling of about {ceiling} followers.",
                    rival=name,
                    reached=Percent(row["reached"], 0),
                    ceiling=Count(float(f"{row['ceiling']:.2g}")),
                )
            )
    return told


def _jumps(told: pd.DataFrame) -> list[Message]:
    found = []
    for _, row in told.iterrows():
        jumps = row["jumps"]
        if len(jumps):
            days: list[Sayable] = [
                say("{day} {change}", day=Day.of(day), change=Signed(change, 0))
                for day, change in zip(jumps["date_day"].head(3), jumps["change"].head(3), strict=True)
            ]
            found.append(
                say_n(
                    "{rival} without {n} jump: {days}.",
                    "{rival} without {n} jumps: {days}.",
                    n=len(jumps),
                    rival=Written(str(row["brand"])),
                    days=Listed.of(days),
                )
            )
    return found


def _unseen(table: pd.DataFrame) -> Message | None:
    rounded = table[table["code"] == "rounded"]
    if rounded.empty:
        return None
    names: list[Sayable] = [Written(str(name)) for name in rounded["brand"]]
    return say(
        "The platform rounds the followers of {rivals}: their growth cannot be seen in this window.",
        rivals=Listed.of(names),
    )


def _listed(told: pd.DataFrame) -> charts.Table:
    shown = told.assign(
        jumped=[len(jumps) for jumps in told["jumps"]], reached=told["reached"].astype(float).replace(np.nan, None)
    )
    columns = {
        "brand": term("Brand", "column"),
        "followers": term("Followers", "column"),
        "estimate": term("Growth per 28 days", "column"),
        "ci_lower": term("90% from", "column"),
        "ci_upper": term("to", "column, upper end"),
        "jumped": term("Jumps", "column"),
        "with_jumps": term("With jumps", "column"),
    }
    signed = dict.fromkeys(["estimate", "ci_lower", "ci_upper", "with_jumps"], Signed)
    return charts.table(
        shown,
        columns=columns,
        formats={**signed, "followers": Count},
        caption=say("Growth of each brand's largest account"),
    )
