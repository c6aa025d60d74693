"""`team.yml`: the roles, their hours and stand-ins, the duties with exactly one accountable role, who signs what off."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from fanops_utils.text import say
from fanops_utils.workspace.operations.shared import Id, WithDefaults, known, once, told_apart
from fanops_utils.workspace.register import Register
from fanops_utils.workspace.wording import Wording

Hours = Annotated[float, Field(ge=0, le=168)]


class Role(Register):
    """One role, and who fills it."""

    id: Id
    name: Wording
    person: Wording | None = Field(default=None, description="who fills it; left out: nobody yet")
    hours: Hours = Field(default=40, description="hours a week for this work")
    markets: tuple[str, ...] = Field(default=(), description="markets it works for; all where none is named")
    languages: tuple[str, ...] = Field(default=(), description="languages it can answer in: en, pt-BR, …")
    stand_in: str | None = Field(default=None, description="id of the role that acts when it is away")
    outside: bool = Field(default=False, description="true for help from outside: no part of the team's size")
    called: tuple[str, ...] = Field(
        default=(), description="what reports call it, as owner of what to do: market lead, …"
    )


class Duty(Register):
    """One piece of work: who does it, who answers for it (one role), who is asked and who is told."""

    id: Id
    name: Wording
    accountable: str = Field(description="id of the one role that answers for it")
    responsible: tuple[str, ...] = Field(min_length=1, description="ids of the roles that do it")
    consulted: tuple[str, ...] = ()
    informed: tuple[str, ...] = ()
    hours: Hours = Field(default=0, description="hours a week it takes, shared evenly by those responsible")
    costs: tuple[str, ...] = Field(default=(), description="categories of the budget lines that are spent on it alone")
    output: str | None = Field(default=None, description="id of the metric that counts what it makes: fanops metrics")

    @model_validator(mode="after")
    def _once(self) -> Duty:
        once(self.responsible)  # hours are shared among them: twice would leave half of them to nobody
        asked = [*self.consulted, *self.informed]
        if both := [one for one in asked if one in self.responsible or asked.count(one) > 1 or one == self.accountable]:
            raise ValueError(say("'{name}' stands twice in the duty '{duty}'", name=both[0], duty=self.id))
        return self

    @property
    def roles(self) -> tuple[str, ...]:
        """All roles it names."""
        return (self.accountable, *self.responsible, *self.consulted, *self.informed)


class SignOff(Register):
    """What must be signed before it goes out: so many approvals, by different persons, by these roles."""

    id: Id
    name: Wording
    roles: tuple[str, ...] = Field(min_length=1, description="ids of the roles whose approval counts")
    approvals: int = Field(default=1, ge=1, description="how many approvals by different persons")


class Team(WithDefaults):
    """`team.yml`: roles, duties and sign-offs."""

    roles: tuple[Role, ...] = ()
    duties: tuple[Duty, ...] = ()
    sign_offs: tuple[SignOff, ...] = ()

    @model_validator(mode="after")
    def _joined(self) -> Team:
        ids = told_apart(self.roles)
        told_apart(self.duties)
        told_apart(self.sign_offs)
        for role in self.roles:
            if role.stand_in == role.id:
                raise ValueError(say("'{name}' stands in for itself", name=role.id))
            once(role.markets)  # hours are shared among markets
            known([role.stand_in] if role.stand_in else [], ids)
        known([one for duty in self.duties for one in duty.roles], ids)
        known([one for rule in self.sign_offs for one in rule.roles], ids)
        return self

    @property
    def markets(self) -> tuple[str, ...]:
        """The markets it names."""
        return tuple(dict.fromkeys(code for role in self.roles for code in role.markets))

    def role(self, name: str | None) -> Role | None:
        """Return the role with id *name*; None without one."""
        return next((role for role in self.roles if role.id == name), None)

    def named(self, owner: str, market: str | None = None) -> Role | None:
        """Return the role that *owner* names: by its id, its name or what reports call it; None without one.

        With *market*, of the roles that work for it, and first one that works for it alone.
        """
        roles = sorted(self.of(market) if market else self.roles, key=lambda role: not role.markets)
        word = owner.casefold()
        return next(
            (role for role in roles if word in {role.id, role.name.casefold(), *map(str.casefold, role.called)}), None
        )

    def of(self, market: str) -> tuple[Role, ...]:
        """Return the roles that work for *market*."""
        return tuple(role for role in self.roles if not role.markets or market in role.markets)
