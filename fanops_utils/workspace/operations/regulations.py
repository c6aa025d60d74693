"""`regulations.yml`: what the law, a platform or the house asks for, where, by whom, how often, and when it was last done."""

from __future__ import annotations

from datetime import date

from pydantic import Field, model_validator

from fanops_utils.workspace.operations.shared import Id, WithDefaults, told_apart
from fanops_utils.workspace.register import Counted, Days, Register
from fanops_utils.workspace.wording import Wording


class Regulation(Register):
    """One obligation. Titles and articles are as in the plans: somebody has to check what is in force."""

    id: Id
    name: Wording
    law: Wording | None = Field(default=None, description="law, platform rule or standard")
    markets: tuple[str, ...] = Field(default=(), description="where; everywhere where none is named")
    owner: str | None = Field(default=None, description="id of a role of team.yml")
    every_days: Days | None = Field(default=None, description="days after which it is due again; left out: once")
    before_launch: bool = Field(default=False, description="true: has to be done before the first week of a launch")
    done: Counted | None = Field(default=None, description="the day it was last done")
    checked: date | None = Field(default=None, description="the day a lawyer last checked that it is in force")
    source: str | None = Field(default=None, description="where it can be read")


class Regulations(WithDefaults):
    """`regulations.yml`: the obligations."""

    regulations: tuple[Regulation, ...] = ()

    @model_validator(mode="after")
    def _told_apart(self) -> Regulations:
        told_apart(self.regulations)
        return self

    @property
    def markets(self) -> tuple[str, ...]:
        """The markets it names."""
        return tuple(dict.fromkeys(code for one in self.regulations for code in one.markets))

    @property
    def roles(self) -> tuple[str, ...]:
        """The roles of team.yml it names."""
        return tuple(dict.fromkeys(one.owner for one in self.regulations if one.owner))
