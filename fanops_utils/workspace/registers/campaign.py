"""`campaigns/<id>.yml`: the brief of a campaign, written before it starts, its costs and what was decided after."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field, model_validator

from fanops_utils.text import Day, say
from fanops_utils.text.faults import advise, advised
from fanops_utils.workspace.frozen import fingerprint
from fanops_utils.workspace.platforms import PlatformId
from fanops_utils.workspace.register import Fraction, Period, Register
from fanops_utils.workspace.registers.decision import Decision
from fanops_utils.workspace.wording import Wording

BudgetCategory = Literal["content", "people", "tools", "reserve", "media"]
FrozenState = Literal["frozen", "changed", "unfrozen"]
# Written while the campaign runs or after it: no promise is broken by filling them in.
WRITTEN_LATER = ("frozen", "payments", "events", "decisions", "led_by", "turning_point", "course", "issues")


class Event(Register):
    """Something outside the plan that may explain a change."""

    date: date
    note: Wording
    market: str | None = None


class BudgetLine(Register):
    """One planned cost of a campaign, in its currency."""

    item: Wording
    amount: float = Field(ge=0)
    category: BudgetCategory | None = None


class Payment(Register):
    """Money that was paid for one line of the budget, in the campaign's currency."""

    date: date
    item: Wording
    amount: float
    note: Wording | None = Field(default=None, description="why it is more or less than planned")


class Phase(Register):
    """One stretch of the campaign with a goal of its own; the live phase is the campaign's `live` period."""

    name: Wording
    kind: Literal["pre-heat", "live", "follow-up"]
    start: date
    end: date
    goal: Wording

    @model_validator(mode="after")
    def _ordered(self) -> Phase:
        _ = self.period
        return self

    @property
    def period(self) -> Period:
        """The phase's days."""
        return Period(start=self.start, end=self.end)


class Target(Register):
    """What is to be reached: a value from `low` (to `high`, where it is a band), per denominator, in a window."""

    metric: Wording
    low: float
    high: float | None = None
    denominator: Wording = Field(description="what it is a share of, or what it is compared with")
    window: str = Field(default="live", description="live, campaign, or the name of a phase")
    unit: Literal["fraction", "count", "money"] = "fraction"

    @model_validator(mode="after")
    def _ordered(self) -> Target:
        if self.high is not None and self.high < self.low:
            band = {"metric": str(self.metric), "high": f"{self.high:g}", "low": f"{self.low:g}"}
            raise ValueError(say("the band of {metric} ends at {high}, below its start {low}", **band))
        return self


class Partner(Register):
    """Somebody who was to publish for the campaign; `name` as in the list of deliveries."""

    name: str
    code: str | None = None
    fee: float | None = Field(default=None, ge=0)


class Offer(Register):
    """One offer of the campaign, and the code under which it is redeemed."""

    code: str
    note: Wording = ""
    discount: Fraction | None = None


class TurningPoint(Register):
    """The one decision that shaped the result most, and what is decided otherwise next time."""

    decision: Wording
    by: Wording
    evidence: Wording = Field(description="what it rested on when it was taken")
    next_time: Wording


class Course(Register):
    """How the work went, as those who did it remember; what is left out was not written down."""

    brief_understood: bool | None = Field(default=None, description="makers and partners needed no second explanation")
    rounds: int | None = Field(default=None, ge=1, description="rounds of approval of the piece that took most")
    waited_for: Wording | None = Field(default=None, description="whom or what the work waited for longest")
    waited_days: int | None = Field(default=None, ge=0, description="days it waited there")


class Issue(Register):
    """What went wrong, with its root cause and what it cost."""

    issue: Wording
    cause: Wording = Field(description="why, to the root; not known is an answer")
    impact: Wording
    post: str | None = Field(default=None, description="id of the post it is about")


class Campaign(Register):
    """`campaigns/<id>.yml`: the brief, written before the campaign; costs and decisions, written after."""

    id: str
    name: Wording
    objective: Wording
    owner: Wording
    platform: PlatformId
    metric: Literal["engagements", "views", "reach", "profile_visits", "link_clicks", "followers_gained"]
    definition: Wording | None = Field(default=None, description="what the metric counts, in a sentence")
    treated: tuple[str, ...] = Field(min_length=1)
    controls: tuple[str, ...] = ()
    live: Period
    baseline: Period
    phases: tuple[Phase, ...] = ()
    target_lift: float | None = Field(default=None, description="fraction, 0.15 = +15 %")
    targets: tuple[Target, ...] = ()
    currency: str = Field(default="USD", pattern=r"^[A-Z]{3}$")
    covariates: str | None = Field(
        default=None,
        description="CSV in the workspace, of series it cannot touch (weather, searches): date_day, a column each",
    )
    budget: tuple[BudgetLine, ...] = ()
    value_per_unit: float | None = Field(default=None, ge=0, description="money one unit of the metric is worth")
    margin: Fraction | None = Field(default=None, description="part of revenue left after the cost of the goods")
    partners: tuple[Partner, ...] = ()
    offers: tuple[Offer, ...] = ()
    utm: tuple[str, ...] = Field(default=(), description="utm_campaign of its links")
    ads: tuple[str, ...] = Field(default=(), description="names of its campaigns in the ads manager")
    review: date | None = None
    frozen: str | None = Field(default=None, description="fingerprint of the brief on the day it was agreed")
    payments: tuple[Payment, ...] = ()
    events: tuple[Event, ...] = ()
    decisions: tuple[Decision, ...] = ()
    led_by: Wording | None = Field(default=None, description="who leads the retrospective: not the owner")
    turning_point: TurningPoint | None = None
    course: Course | None = None
    issues: tuple[Issue, ...] = ()

    @model_validator(mode="after")
    def _apart(self) -> Campaign:
        both = sorted(set(self.treated) & set(self.controls))
        if both:
            raise ValueError(say("{market} is both treated and a control", market=both[0]))
        if self.baseline.end >= self.live.start:
            end, start = Day.of(self.baseline.end, form="iso"), Day.of(self.live.start, form="iso")
            raise ValueError(say("the baseline ends {end}, on or after the start {start}", end=end, start=start))
        return self

    @model_validator(mode="after")
    def _named_rightly(self) -> Campaign:
        names = [phase.name for phase in self.phases]
        if twice := [name for name in names if names.count(name) > 1]:
            raise ValueError(say("two phases are called '{name}'", name=str(twice[0])))
        for phase in self.phases:
            if phase.kind == "pre-heat" and self.baseline.end >= phase.start:
                end = Day.of(self.baseline.end, form="iso")
                raise ValueError(say("the baseline ends {end}, inside the phase '{phase}'", end=end, phase=phase.name))
        windows = ("live", "campaign", *names)
        for target in self.targets:
            if target.window not in windows:
                unknown = say("no window is called '{name}'", name=target.window)
                raise ValueError(advised(unknown, advise(target.window, windows)))
        items = [line.item for line in self.budget]
        for payment in self.payments:
            if payment.item not in items:
                unknown = say("no budget line is called '{name}'", name=payment.item)
                raise ValueError(advised(unknown, advise(payment.item, items)))
        return self

    @property
    def markets(self) -> tuple[str, ...]:
        """The markets it names, treated and controls."""
        return (*self.treated, *self.controls)

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of offers and partners, without repeats."""
        listed = [offer.code for offer in self.offers] + [one.code for one in self.partners if one.code]
        return tuple(dict.fromkeys(listed))

    @property
    def planned(self) -> float:
        """The whole budget, in the campaign's currency."""
        return sum(line.amount for line in self.budget)

    @property
    def paid(self) -> float:
        """What was paid so far, in the campaign's currency."""
        return sum(payment.amount for payment in self.payments)

    def categories(self) -> dict[str, float]:
        """Return the budget by category; a line without one counts as its item."""
        found: dict[str, float] = {}
        for line in self.budget:
            name = line.category or line.item
            found[name] = found.get(name, 0.0) + line.amount
        return found

    @property
    def whole(self) -> Period:
        """From the first day of the first phase to the last day of the last one; the live period without phases."""
        days = [self.live, *(phase.period for phase in self.phases)]
        return Period(start=min(one.start for one in days), end=max(one.end for one in days))

    def window(self, name: str) -> Period:
        """Return the days of the window *name*: live, campaign, or a phase."""
        named = {"live": self.live, "campaign": self.whole} | {phase.name: phase.period for phase in self.phases}
        return named[name]

    def brief_hash(self) -> str:
        """Return the fingerprint of the brief: everything but what is written while it runs or after."""
        return fingerprint(self, without=WRITTEN_LATER)

    def frozen_state(self) -> FrozenState:
        """Return whether the brief is the one that was agreed on, was changed since, or was never frozen."""
        if self.frozen is None:
            return "unfrozen"
        return "frozen" if self.frozen == self.brief_hash() else "changed"
