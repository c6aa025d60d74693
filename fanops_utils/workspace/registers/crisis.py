"""`crisis.yml`: when a day is a warning, which words and voices are grave, who answers by when, and what came of it."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from fanops_utils.text import Written, say
from fanops_utils.text.faults import advise, advised
from fanops_utils.workspace.register import Fraction, Minutes, Register
from fanops_utils.workspace.wording import Wording

Level = Annotated[int, Field(ge=1, le=3)]  # 1 is worst
Levels = Annotated[tuple[Level, ...], Field(min_length=1)]


def _local(given: Any) -> Any:
    # 20260309 would be read as seconds since 1970; an offset cannot be held against the other times, which are local
    if re.fullmatch(r"[+-]?[\d.]+", str(given)):
        raise ValueError(say("no time. Write it as {example}", example=Written("2026-03-09T14:30:00")))
    try:
        told = given if isinstance(given, datetime) else datetime.fromisoformat(str(given))
    except ValueError:
        return given
    if told.tzinfo is not None:
        raise ValueError(say("not a local time. Write it by the market's clocks, without Z or an offset"))
    return given


LocalTime = Annotated[datetime, BeforeValidator(_local)]
ClockStart = Literal["alert", "outbreak", "grave"]


class Rules(Register):
    """The plan's rules, shown beside the baseline's own."""

    rise: float = Field(default=3.0, gt=0, description="3 is +300 % against the same weekdays of eight weeks")
    negative_share: Fraction = Field(default=0.15, description="share of negatives that is too high")
    floor: int = Field(default=10, ge=1, description="negatives below which nothing is called a crisis")
    loud_voice: int = Field(default=100_000, ge=1, description="followers from which an author is a loud voice")


class Keywords(Register):
    """Topics of the listening tool that make a warning grave; in one market, or in all."""

    market: str | None = None
    topics: tuple[str, ...] = Field(min_length=1)


class Clock(Register):
    """What is due how soon after the alert (or the outbreak: the first alert at level 2 or 1), and who does it."""

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]*$")
    what: Wording
    minutes: Minutes = Field(gt=0)
    owner: Wording | None = None
    starts: ClockStart = Field(default="alert", description="alert, outbreak (level 2 or 1) or grave (a grave word)")
    levels: Levels = (1, 2)


class Approver(Register):
    """Who approves what goes out at a level, and who does where they cannot be reached."""

    who: Wording
    stand_in: Wording | None = None
    levels: Levels = (1, 2, 3)


class Fact(Register):
    """One thing of an incident: known, being checked or unknown, by whom, and when there is news of it."""

    what: Wording
    state: Literal["known", "checking", "unknown"]
    owner: Wording | None = None
    next: LocalTime | None = Field(default=None, description="when the next update comes, local time")


class Entry(Register):
    """When a clock of an incident was met."""

    clock: str
    at: LocalTime


class Incident(Register):
    """A crisis as the team handled it: `log` holds what was done when, in the market's local time."""

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]*$")
    market: str
    start: LocalTime = Field(description="when the alert reached the team, local time")
    level: Level
    end: LocalTime | None = None
    topic: str | None = None
    log: tuple[Entry, ...] = ()
    facts: tuple[Fact, ...] = ()
    lessons: Wording | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Incident:
        if self.end is not None and self.end < self.start:
            raise ValueError(say("the incident '{id}' ends before it starts", id=self.id))
        if early := [one.clock for one in self.log if one.at < self.start]:
            told = {"id": self.id, "clock": early[0]}
            raise ValueError(say("the incident '{id}' met the clock '{clock}' before it starts", **told))
        met = [one.clock for one in self.log]
        if twice := [one for one in met if met.count(one) > 1]:
            raise ValueError(say("the incident '{id}' met the clock '{clock}' twice", id=self.id, clock=twice[0]))
        return self


class Stakeholder(Register):
    """Somebody who is told in a crisis; a name alone will do."""

    name: Wording
    minutes: Minutes | None = Field(default=None, description="minutes after the alarm by which they are told")
    owner: str | None = Field(default=None, description="id of the role of team.yml that tells them")
    how: Wording | None = Field(default=None, description="by which way: telephone, portal, post")
    levels: Levels = Field(default=(1, 2, 3), description="levels of a crisis in which they are told")

    @model_validator(mode="before")
    @classmethod
    def _named(cls, given: Any) -> Any:
        return given if isinstance(given, dict) and "name" in given else {"name": given}


class Crisis(Register):
    """`crisis.yml`: rules, grave words, clocks, incidents and drills of a brand."""

    rules: Rules = Rules()
    keywords: tuple[Keywords, ...] = ()
    clocks: tuple[Clock, ...] = ()
    stakeholders: tuple[Stakeholder, ...] = Field(default=(), description="in the order in which they are told")
    approvers: tuple[Approver, ...] = ()
    never: tuple[Wording, ...] = Field(default=(), description="what nobody does in a crisis")
    incidents: tuple[Incident, ...] = ()
    drills: tuple[date, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _no_risks(cls, given: Any) -> Any:
        if isinstance(given, dict) and given.get("risks"):
            raise ValueError(say("risks belong into risks.yml: one list, with one trigger each"))
        return {name: value for name, value in given.items() if name != "risks"} if isinstance(given, dict) else given

    @model_validator(mode="after")
    def _known(self) -> Crisis:
        known = [one.id for one in self.clocks]
        for ids in (known, [one.id for one in self.incidents]):
            if twice := [one for one in ids if ids.count(one) > 1]:
                raise ValueError(say("two entries are called '{name}'", name=twice[0]))
        for incident in self.incidents:
            for entry in incident.log:
                if entry.clock not in known:
                    told = {"id": incident.id, "clock": entry.clock}
                    unknown = say("the incident '{id}' names no clock of the register: {clock}", **told)
                    raise ValueError(advised(unknown, advise(entry.clock, known)))
        return self

    def grave_topics(self, market: str) -> frozenset[str]:
        """Return the topics that make a warning in *market* grave."""
        return frozenset(topic for one in self.keywords if one.market in (None, market) for topic in one.topics)
