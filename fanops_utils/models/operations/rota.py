"""Who looks after the community when: shifts of the hours at hand, laid where most is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from fanops_utils.workspace.operations.team import Team

SHIFT = 4  # hours in a row
EARLIEST, LATEST = 7, 23  # nobody is asked to work at night
MOST_DAYS = 5  # shifts a week: one a day
SHIFTS = ["weekday", "start", "end", "role", "load"]


def hours_at_hand(team: Team, *, market: str, markets: Sequence[str], duty: str = "community") -> dict[str, float]:
    """Return the hours a week that each role has for the *duty* in *market*, by its id; roles nobody fills are left out.

    The hours of the duty are shared evenly by those responsible, and by the *markets* each of them works for.
    """
    found = next((one for one in team.duties if one.id == duty), None)
    if found is None:
        return {}
    filled = {one.id: one for one in team.of(market) if one.person}
    return {
        name: found.hours / len(found.responsible) / len(filled[name].markets or markets)
        for name in found.responsible if name in filled
    }  # fmt: skip


def shifts(load: pd.DataFrame, hours: Mapping[str, float], *, length: int = SHIFT) -> pd.DataFrame:
    """Return the shifts of the week: weekday (0 Monday), start, end (hours, local), role, load (share of the week's).

    *load*: weekday, hour, n, all 168; *hours*: at hand by role. The busiest stretch of *length* hours not yet covered goes to
    the role with the most hours left; a role has one shift a day and five a week at most, nobody one at night.
    """
    grid = load.pivot(index="weekday", columns="hour", values="n").reindex(
        index=range(7), columns=range(24), fill_value=0
    )
    total = float(grid.to_numpy().sum())
    left = {name: float(own) for name, own in hours.items() if own >= length}
    taken: dict[str, set[int]] = {name: set() for name in left}
    open_ = [
        (float(grid.loc[day, start : start + length - 1].sum()), day, start)
        for day in range(7) for start in range(EARLIEST, LATEST - length + 1)
    ]  # fmt: skip
    rows: list[tuple[int, int, int, str, float]] = []
    for amount, day, start in sorted(open_, key=lambda one: (-one[0], one[1], one[2])):
        if not amount or any(row[0] == day and row[1] < start + length and start < row[2] for row in rows):
            continue
        able = [
            name for name in left if left[name] >= length and day not in taken[name] and len(taken[name]) < MOST_DAYS
        ]
        if not able:
            continue
        name = max(able, key=lambda one: left[one])
        left[name] -= length
        taken[name].add(day)
        rows.append((day, start, start + length, name, amount / total))
    return pd.DataFrame(sorted(rows), columns=SHIFTS)


def uncovered(load: pd.DataFrame, rota: pd.DataFrame) -> pd.DataFrame:
    """Return the hours of *load* that no shift of the *rota* covers: weekday, hour, n, share of the week's load; busiest first."""
    covered = {(row["weekday"], hour) for row in rota.to_dict("records") for hour in range(row["start"], row["end"])}
    free = [(day, hour) not in covered for day, hour in zip(load["weekday"], load["hour"], strict=True)]
    total = load["n"].sum()
    return load[free].assign(share=lambda frame: frame["n"] / total if total else frame["n"] * 0.0).sort_values(
        ["n", "weekday", "hour"], ascending=[False, True, True], ignore_index=True
    )  # fmt: skip
