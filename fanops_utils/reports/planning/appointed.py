"""Whether the roles and sign-offs that registers name stand in team.yml: what a slip names, nobody does and nobody signs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from fanops_utils.errors import FanopsError, WorkspaceError
from fanops_utils.text import say
from fanops_utils.workspace import Workspace
from fanops_utils.workspace.kinds import CALENDAR, CRISIS, PATTERN, REGULATIONS, RISKS, TEAM
from fanops_utils.workspace.text_yaml import read_yaml

# where a role is named: kind of register, the way to it; `*` stands for every entry of a list
ROLES: tuple[tuple[Any, tuple[str, ...]], ...] = (
    (CALENDAR, ("steps", "*", "owner")), (CALENDAR, ("meetings", "*", "roles", "*")), (CALENDAR, ("series", "*", "owner")),
    (CALENDAR, ("series", "*", "reviewer")), (CALENDAR, ("pieces", "*", "approvals", "*", "role")),
    (RISKS, ("risks", "*", "owner")), (REGULATIONS, ("regulations", "*", "owner")), (PATTERN, ("steps", "*", "role")),
    (CRISIS, ("stakeholders", "*", "owner")),
)  # fmt: skip
SIGN_OFFS: tuple[tuple[Any, tuple[str, ...]], ...] = ((PATTERN, ("sign_off",)),)


def unknown_roles(workspace: Workspace) -> list[dict[str, str]]:
    """Return the roles and sign-offs that registers of *workspace* name and `team.yml` does not have (keys place, problem).

    Each is told once a file, with its line and the nearest one. A workspace whose team names no role is not asked yet;
    registers that cannot be read are left out: that is told already.
    """
    try:
        team = workspace.register(TEAM)
    except FanopsError:
        return []
    roles, rules = [one.id for one in team.roles], [one.id for one in team.sign_offs]
    if not roles:
        return []
    return [*_unknown(workspace, ROLES, roles), *_unknown(workspace, SIGN_OFFS, rules)]


def _unknown(
    workspace: Workspace, named: Sequence[tuple[Any, tuple[str, ...]]], choices: list[str]
) -> Iterator[dict[str, str]]:
    told: set[tuple[str, str]] = set()
    for kind, way in named:
        for path in kind.counted(workspace.path):
            place = f"data/{workspace.name}/{path.relative_to(workspace.path).as_posix()}"
            try:
                document = read_yaml(path)
            except FanopsError:
                continue
            for where, name in _at(document.data, way, ()):
                if name in choices or (place, name) in told:
                    continue
                told.add((place, name))
                message = say("no such role in team.yml") if named is ROLES else say("no such sign-off in team.yml")
                problem = WorkspaceError(message, line=document.line(where), value=name, choices=choices)
                yield {"place": place, "problem": str(problem)}


def _at(data: Any, way: tuple[str, ...], where: tuple[Any, ...]) -> Iterator[tuple[tuple[Any, ...], str]]:
    """Give the texts that stand at *way* below *data*, each with its place."""
    if not way:
        if isinstance(data, str) and data:
            yield where, data
        return
    first, *rest = way
    if first == "*":
        for number, one in enumerate(data if isinstance(data, list) else []):
            yield from _at(one, tuple(rest), (*where, number))
    elif isinstance(data, dict):
        yield from _at(data.get(first), tuple(rest), (*where, first))
