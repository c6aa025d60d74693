"""The matrix of a plan: every combination of its values, less what is excluded, more what is included."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from pydantic import Field

from fanops_utils.errors import PlanError
from fanops_utils.reports.planning.parameters import Parameter
from fanops_utils.workspace import Workspace
from fanops_utils.workspace.kinds import KEYS
from fanops_utils.workspace.register import Register

Value = str | None | list[str]


class Override(Register):
    """Other parameters for the combinations that *when* names."""

    when: dict[str, str] = Field(min_length=1)
    parameters: dict[str, Value] = Field(min_length=1)


class PlanJob(Register):
    """One notebook of a plan, run once for every combination of its matrix."""

    notebook: str = Field(description="its name, as fanops list has it")
    matrix: dict[str, Literal["all"] | list[str]] = Field(
        default_factory=dict, description="parameter: its values, or all that the workspace has"
    )
    exclude: tuple[dict[str, str], ...] = Field(default=(), description="combinations that are not run")
    include: tuple[dict[str, str], ...] = Field(default=(), description="combinations that are run besides")
    parameters: dict[str, Value] = Field(default_factory=dict, description="the same for every combination")
    overrides: tuple[Override, ...] = Field(default=(), description="other parameters for some combinations")
    period: str | None = Field(default=None, description="start and end in words: last_28_days")


def combinations(
    entry: PlanJob, declared: Mapping[str, Parameter], workspace: Workspace, *, notebook: str
) -> list[dict[str, str]]:
    """Return the combinations of *entry* in the order of its matrix, those included last.

    Raises PlanError for an empty axis, for 'all' of what cannot be listed, and for an exclusion that hits nothing:
    a slip there would run what was meant to be left out.
    """
    axes = {key: _axis(key, values, declared, workspace, notebook) for key, values in entry.matrix.items()}
    found = [dict(zip(axes, values, strict=True)) for values in itertools.product(*axes.values())]
    for out in entry.exclude:
        if not (hit := [one for one in found if matches(one, out)]):
            raise _nothing(f"{notebook}: the exclusion", out, found)
        found = [one for one in found if one not in hit]
    return [*found, *(dict(one) for one in entry.include)] if entry.matrix or not entry.include else list(entry.include)


def overridden(entry: PlanJob, chosen: Sequence[Mapping[str, str]], *, notebook: str) -> list[dict[str, Any]]:
    """Return the parameters of each combination in *chosen*: the entry's own, then its overrides, then its values."""
    for one in entry.overrides:
        if chosen and not any(matches(combination, one.when) for combination in chosen):
            raise _nothing(f"{notebook}: the override", one.when, chosen)
    return [
        {
            **entry.parameters,
            **{k: v for one in entry.overrides if matches(combination, one.when) for k, v in one.parameters.items()},
            **combination,
        }
        for combination in chosen
    ]


def matches(combination: Mapping[str, str], wanted: Mapping[str, str]) -> bool:
    """Return whether *combination* has every value that *wanted* names."""
    return all(combination.get(key) == value for key, value in wanted.items())


def _nothing(what: str, wanted: Mapping[str, str], found: Sequence[Mapping[str, str]]) -> PlanError:
    said = ", ".join(f"{key} {value}" for key, value in wanted.items())
    key = next(iter(wanted), "")
    values = sorted({one[key] for one in found if key in one})
    return PlanError(f"{what} matches no combination", value=said, choices=[f"{key} {value}" for value in values])


def _axis(
    key: str, values: str | list[str], declared: Mapping[str, Parameter], workspace: Workspace, notebook: str
) -> Sequence[str]:
    if not values:
        raise PlanError(f"{notebook}: the matrix of '{key}' has no value")
    if isinstance(values, list):
        return values
    if key not in KEYS:
        message = f"{notebook}: 'all' is known for {', '.join(KEYS[:-1])} and {KEYS[-1]} only"
        raise PlanError(message, value=key, choices=[one for one in KEYS if one in declared] or KEYS)
    return workspace.names_of(key)
