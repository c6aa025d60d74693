"""`calendar.yml`: launches with their steps, meetings, moments of the markets, series and the mix of content."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, model_validator

from fanops_utils.text import say
from fanops_utils.workspace.operations.shared import Id, Weekday, WithDefaults, in_order, known, once, told_apart
from fanops_utils.workspace.platforms import PlatformId
from fanops_utils.workspace.register import Counted, Months, Period, Register, Weeks
from fanops_utils.workspace.registers.brand import TimeZone
from fanops_utils.workspace.wording import Wording

Rhythm = Literal["week", "two weeks", "month", "quarter", "year"]
Day = date  # the field `date` below would hide the type
Mark = Annotated[int, Field(ge=1, le=5)]
Time = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$", description="as 15:00, by the clocks of `time_zone`")]


class Launch(Register):
    """The entry into one market."""

    market: str
    start: Counted = Field(description="first day of week 1")
    budget: float | None = Field(default=None, ge=0, description="whole budget, in the market's currency")
    done: tuple[str, ...] = Field(default=(), description="ids of the steps that are finished")


class Step(Register):
    """One step of every launch, counted in weeks from its start; a gate holds the next steps until it is passed."""

    id: Id
    name: Wording
    first_week: Weeks
    last_week: Weeks
    deliverable: Wording | None = Field(default=None, description="what lies on the table at its end")
    owner: str | None = Field(default=None, description="id of a role of team.yml")
    gate: bool = Field(default=False, description="true: what comes later waits for it")

    @model_validator(mode="after")
    def _ordered(self) -> Step:
        if self.last_week < self.first_week:
            weeks = {"last": str(self.last_week), "first": str(self.first_week)}
            raise ValueError(say("the step ends in week {last}, before week {first}", **weeks))
        return self


class Meeting(Register):
    """A meeting that comes back, and the days it was held."""

    id: Id
    name: Wording
    every: Rhythm
    weekday: Weekday | None = None
    time: Time | None = None
    minutes: int | None = Field(default=None, ge=5, le=1440)
    roles: tuple[str, ...] = Field(default=(), description="ids of the roles that come")
    agenda: Wording | None = None
    first: Counted | None = Field(default=None, description="the day from which it is due")
    held: tuple[date, ...] = Field(default=(), description="days on which it was held")


class Moment(Register):
    """A day, or days, that matter in a market: a holiday, an event of the brand, a deadline."""

    id: Id
    name: Wording
    date: Day
    end: Day | None = Field(default=None, description="last day; left out: one day")
    markets: tuple[str, ...] = Field(default=(), description="where; everywhere where none is named")
    kind: Literal["holiday", "season", "brand", "promotion", "deadline", "campaign"] = "season"
    told_on: Day | None = Field(default=None, description="day the product team was told of a promotion: 30 days ahead")
    note: Wording | None = None

    @model_validator(mode="after")
    def _ordered(self) -> Moment:
        _ = self.period
        return self

    @property
    def period(self) -> Period:
        """Its days."""
        return Period(start=self.date, end=self.end or self.date)


class Series(Register):
    """A content series that comes back: how often, where, who makes and who checks it."""

    id: Id
    name: Wording
    kind: Literal["product", "education", "interaction", "emotion", "entertainment"]
    platform: PlatformId
    weekdays: tuple[Weekday, ...] = Field(min_length=1, description="days of the week on which it appears")
    markets: tuple[str, ...] = Field(default=(), description="where; everywhere where none is named")
    format: str | None = Field(default=None, description="type of post: image, short_video, carousel, …")
    source: Literal["brand", "professional", "users"] = Field(default="brand", description="who makes it")
    owner: str | None = Field(default=None, description="id of a role of team.yml")
    reviewer: str | None = Field(default=None, description="id of the role that checks it for the market")


class Approval(Register):
    """One approval of a planned piece."""

    role: str = Field(description="id of a role of team.yml")
    by: Wording = Field(description="the person")
    date: Day


class Marks(Register):
    """How one reviewer judged a piece by the four principles, 1 (no) to 5 (fully)."""

    by: Wording = Field(description="the person who judged, before seeing how others did")
    authentic: Mark = Field(description="no false facts; product and trade are told as they are")
    valuable: Mark = Field(description="answers a need of those who read it")
    novel: Mark = Field(description="a form or a thought not seen here before")
    consistent: Mark = Field(description="image, style and pictures are the brand's")


class Piece(Register):
    """The planned piece of a series on a day, as far as it has been worked on."""

    series: str
    date: Day
    market: str
    approvals: tuple[Approval, ...] = ()
    marks: tuple[Marks, ...] = Field(default=(), description="what reviewers gave it, each for themselves")


class Band(Register):
    """The share of the output that is to come from one source, from a month after the start on."""

    source: Literal["brand", "professional", "users"]
    from_month: Months
    low: float = Field(ge=0, le=1)
    high: float = Field(ge=0, le=1)

    @model_validator(mode="after")
    def _in_order(self) -> Band:
        in_order(self.source, self.low, self.high)
        return self


class Calendar(WithDefaults):
    """`calendar.yml`: what happens when."""

    time_zone: TimeZone | None = Field(
        default=None, description="zone of the meetings' clock times, as Europe/Berlin; without it they are whole days"
    )

    launches: tuple[Launch, ...] = ()
    steps: tuple[Step, ...] = ()
    meetings: tuple[Meeting, ...] = ()
    moments: tuple[Moment, ...] = ()
    series: tuple[Series, ...] = ()
    pieces: tuple[Piece, ...] = ()
    mix: tuple[Band, ...] = ()

    @model_validator(mode="after")
    def _joined(self) -> Calendar:
        steps = told_apart(self.steps)
        for entries in (self.meetings, self.moments):
            told_apart(entries)
        once(f"{one.series}, {one.date}, {one.market}" for one in self.pieces)
        once(f"{one.source}, {one.from_month}" for one in self.mix)
        known([one.series for one in self.pieces], told_apart(self.series))
        known([one for launch in self.launches for one in launch.done], steps)
        if twice := [one for one in self.launches if sum(one.market == other.market for other in self.launches) > 1]:
            raise ValueError(say("two launches are in {market}", market=twice[0].market))
        return self

    @property
    def markets(self) -> tuple[str, ...]:
        """The markets it names."""
        named = [one.market for one in self.launches] + [one.market for one in self.pieces]
        named += [code for moment in self.moments for code in moment.markets]
        named += [code for series in self.series for code in series.markets]
        return tuple(dict.fromkeys(named))

    @property
    def roles(self) -> tuple[str, ...]:
        """The roles of team.yml it names."""
        named = [one.owner for one in self.steps]
        named += [one.owner for one in self.series] + [one.reviewer for one in self.series]
        named += [role for one in self.meetings for role in one.roles]
        return tuple(dict.fromkeys(one for one in named if one))

    def launch(self, market: str) -> Launch | None:
        """Return the launch in *market*; None without one."""
        return next((one for one in self.launches if one.market == market), None)
