"""Who does what, and whether the hours are there: duties by role, loads, what nobody covers."""

from __future__ import annotations

import pandas as pd

from fanops_utils.workspace.operations.team import Role, Team

FULL_TIME = 40.0
LEAST_TEAM = 5.0  # full-time people the plans ask for from week 1


def raci(team: Team) -> pd.DataFrame:
    """Return a row per duty: id, name, accountable (one role), responsible, consulted, informed (tuples of role ids)."""
    rows = [
        (one.id, one.name, one.accountable, one.responsible, one.consulted, one.informed, one.hours)
        for one in team.duties
    ]
    columns = ["id", "name", "accountable", "responsible", "consulted", "informed", "hours"]
    return pd.DataFrame(rows, columns=columns, dtype=object)


def capacity(team: Team) -> pd.DataFrame:
    """Return a row per role: id, name, hours and load a week, share (load / hours), over (load above hours), person.

    The hours of a duty are shared evenly by those responsible for it. A role without hours has no share (NaN).
    """
    rows = []
    for role in team.roles:
        load = sum(one.hours / len(one.responsible) for one in team.duties if role.id in one.responsible)
        share = load / role.hours if role.hours else float("nan")
        rows.append((role.id, role.name, role.person, role.hours, load, share, load > role.hours, role.outside))
    columns = ["id", "name", "person", "hours", "load", "share", "over", "outside"]
    return pd.DataFrame(rows, columns=columns, dtype=object).astype({"hours": float, "load": float, "share": float})


def size(team: Team) -> tuple[float, float]:
    """Return the team's own full-time equivalents (40 hours a week): those planned, and those filled by a person."""
    own = [role for role in team.roles if not role.outside]
    return sum(role.hours for role in own) / FULL_TIME, sum(role.hours for role in own if role.person) / FULL_TIME


def unfilled(team: Team, *, market: str | None = None) -> tuple[Role, ...]:
    """Return the roles that nobody fills; with *market*, of those that work for it."""
    return tuple(role for role in _roles(team, market) if not role.person)


def without_stand_in(team: Team, *, market: str | None = None) -> tuple[Role, ...]:
    """Return the roles of the team's own, with a duty to answer for, that have no stand-in with a person.

    With *market*, of the roles that work for it; a stand-in may be a role of any market.
    """
    carrying = {duty.accountable for duty in team.duties} | {one for duty in team.duties for one in duty.responsible}
    filled = {role.id for role in team.roles if role.person}
    own = (role for role in _roles(team, market) if role.id in carrying and not role.outside)
    return tuple(role for role in own if role.stand_in not in filled)


def _roles(team: Team, market: str | None) -> tuple[Role, ...]:
    return team.of(market) if market else team.roles


def speaks(team: Team, market: str, language: str) -> tuple[Role, ...]:
    """Return the filled roles for *market* that can answer in *language* (de speaks de-AT, and the other way round)."""
    root = language.partition("-")[0]
    return tuple(
        role for role in team.of(market) if role.person and any(one.partition("-")[0] == root for one in role.languages)
    )
