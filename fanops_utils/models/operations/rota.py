"""Who looks after the community when: shifts of the hours at hand, laid where most is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from fanops_utils.workspace.operations.team import Team

SHIFT = 4  # hours in a row
EARLIEST, LATEST = 7, 23  # nobody is asked to work at night
MOST_DAYS = 5  # shifts a week: one a day
COVER = 0.5  # of the load: below, more is written outside of the shifts than in them
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


def shifts(
    load: pd.DataFrame, hours: Mapping[str, float], *, length: int = SHIFT, cover: float = COVER
) -> pd.DataFrame:
    """Return the shifts of the week: weekday (0 Monday), start, end (hours, local), role (None: open), load (share of the week's).

    *load*: weekday, hour, n, all 168; *hours*: at hand by role. The busiest stretch of *length* hours not yet laid goes to
    the role with the most hours left; a role has one shift a day and five a week at most, nobody one at night. Where nobody
    has hours left, shifts stay open until *cover* of the load is reached.
    """
    written = {(int(row["weekday"]), int(row["hour"])): float(row["n"]) for row in load.to_dict("records")}
    total = sum(written.values())
    left = {name: float(own) for name, own in hours.items()}
    days: dict[str, set[int]] = {name: set() for name in left}
    stretches = [
        (sum(written.get((day, hour), 0.0) for hour in range(start, start + length)), day, start)
        for day in range(7) for start in range(EARLIEST, LATEST - length + 1)
    ]  # fmt: skip
    rows: list[tuple[int, int, int, str | None, float]] = []
    for amount, day, start in sorted(stretches, key=lambda one: (-one[0], one[1], one[2])):
        if not amount or any(row[0] == day and row[1] < start + length and start < row[2] for row in rows):
            continue
        able = [name for name in left if left[name] >= length and day not in days[name] and len(days[name]) < MOST_DAYS]
        name = max(able, key=lambda one: left[one]) if able else None
        if name is None and sum(row[4] for row in rows) >= cover:
            continue
        if name is not None:
            left[name] -= length
            days[name].add(day)
        rows.append((day, start, start + length, name, amount / total))
    rows.sort(key=lambda row: (row[0], row[1]))
    table = pd.DataFrame(rows, columns=SHIFTS, dtype=object)  # an open shift has no role: None, which text would lose
    return table.astype({"weekday": int, "start": int, "end": int, "load": float})
