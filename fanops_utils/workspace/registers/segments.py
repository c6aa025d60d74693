"""`segments.yml`: the published rules by which members fall into tiers and stages and carry tags, for all markets or one by one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal, TypeVar

from pydantic import Field, model_validator

from fanops_utils.text import say
from fanops_utils.workspace.operations.shared import WithDefaults
from fanops_utils.workspace.register import Register
from fanops_utils.workspace.wording import Wording

Days = Annotated[int, Field(ge=1)]
MARKETS = "where these rules hold; everywhere else where none is named"


class OfMarkets(Register):
    """Rules that hold in some markets, or in all that no other entry names."""

    markets: tuple[str, ...] = Field(default=(), description=MARKETS)


class TierRules(OfMarkets):
    """When a member is high-value, loyal or active; the first rule that fits decides, and the rest are ordinary."""

    active_days: Days = Field(
        default=4, le=28, description="an active member was active on so many of the last 28 days"
    )
    loyal_days: Days = Field(default=8, le=28, description="a loyal one on so many")
    loyal_tenure: Days = Field(default=90, description="and joined so many days ago")
    high_value_spend: float | None = Field(
        default=None, gt=0,
        description="a high-value one spent so much in all, in the market's currency; left out: there is no such tier",
    )  # fmt: skip

    @model_validator(mode="after")
    def _in_order(self) -> TierRules:
        if self.loyal_days < self.active_days:
            raise ValueError(
                say(
                    "loyal asks fewer active days ({loyal}) than active ({active})",
                    loyal=self.loyal_days,
                    active=self.active_days,
                )
            )
        return self


class StageRules(OfMarkets):
    """When a member is new, at risk, silent, lapsed or won back, measured by the pauses the member usually makes."""

    new_days: Days = Field(default=28, description="new until so many days after joining; won back for as long")
    at_risk: float = Field(
        default=2.33, gt=0, description="a pause so many standard deviations beyond the member's own is at risk"
    )
    silent: float = Field(default=3.0, gt=0, description="and so many silent")
    silent_days: Days = Field(default=7, description="but never before so many days")
    lapsed_days: Days = Field(default=60, description="lapsed after so many days without an act, whatever is usual")

    @model_validator(mode="after")
    def _in_order(self) -> StageRules:
        if self.silent <= self.at_risk or self.lapsed_days <= self.silent_days:
            raise ValueError(say("at risk comes before silent, silent before lapsed"))
        return self


class Action(OfMarkets):
    """What is done for the members of one stage or tier, and what shows that it helps."""

    segment: Literal["new", "active", "won-back", "at-risk", "silent", "lapsed", "loyal", "high-value"]
    now: Wording = Field(description="where these members stand, or what they need")
    do: Wording = Field(description="what is done")
    channel: Wording = Field(description="where: group, push, e-mail, shop, event, …")
    metric: str = Field(description="id of the metric it is to move: fanops metrics lists them")
    role: str | None = Field(default=None, description="id of the role of team.yml that does it")
    tested_by: str | None = Field(default=None, description="id of the experiment that measures it")
    offer: str | None = Field(
        default=None, description="or the name of the offer, in table offers, with people held out"
    )


class TagRule(OfMarkets):
    """A tag that members carry while a measure of theirs lies within bounds."""

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$", description="id of the tag, as other tools are to read it")
    label: Wording = Field(description="what it is called")
    measure: Literal["active_days_28", "active_days_91", "days_away", "tenure_days", "pace", "spend"] = Field(
        description="what is measured: active days of the last 28 or 91, days since the last act, days a member, pace (active "
        "days of the last 28 against those of the last 91: 1 is as always), what was spent in all in the market's currency"
    )
    at_least: float | None = Field(default=None, description="carried from this value on")
    at_most: float | None = Field(default=None, description="and up to this one")

    @model_validator(mode="after")
    def _bounded(self) -> TagRule:
        if self.at_least is None and self.at_most is None:
            raise ValueError(say("a tag needs at_least, at_most or both"))
        if self.at_least is not None and self.at_most is not None and self.at_most < self.at_least:
            raise ValueError(say("at_most lies below at_least"))
        return self


R = TypeVar("R", bound=OfMarkets)


class Segments(WithDefaults):
    """`segments.yml`: the rules of tiers, stages and tags, and what is done for whom; what it leaves out is as the defaults say."""

    tiers: tuple[TierRules, ...] = ()
    stages: tuple[StageRules, ...] = ()
    actions: tuple[Action, ...] = ()
    tags: tuple[TagRule, ...] = ()

    @model_validator(mode="after")
    def _told_apart(self) -> Segments:
        for entries in (self.tiers, self.stages):
            named = [code for one in entries for code in one.markets or ("*",)]
            if twice := [code for code in named if named.count(code) > 1]:
                if twice[0] == "*":
                    raise ValueError(say("two entries hold everywhere: name the markets of one"))
                raise ValueError(say("two entries hold in {market}", market=twice[0]))
        for market in {code for one in self.tags for code in one.markets} or {""}:
            names = [one.name for one in self.tags_in(market)]
            if repeated := [name for name in names if names.count(name) > 1]:
                raise ValueError(say("the tag {name} stands twice", name=repeated[0]))
        return self

    @property
    def markets(self) -> tuple[str, ...]:
        """The markets it names."""
        named = (*self.tiers, *self.stages, *self.actions, *self.tags)
        return tuple(dict.fromkeys(code for one in named for code in one.markets))

    @property
    def roles(self) -> tuple[str, ...]:
        """The roles of team.yml it names."""
        return tuple(dict.fromkeys(one.role for one in self.actions if one.role))

    def tiers_in(self, market: str) -> TierRules:
        """Return the rules of tiers that hold in *market*."""
        return _holding(self.tiers, market, TierRules())

    def stages_in(self, market: str) -> StageRules:
        """Return the rules of stages that hold in *market*."""
        return _holding(self.stages, market, StageRules())

    def actions_in(self, market: str) -> tuple[Action, ...]:
        """Return what is done in *market*."""
        return tuple(one for one in self.actions if not one.markets or market in one.markets)

    def tags_in(self, market: str) -> tuple[TagRule, ...]:
        """Return the tags given in *market*."""
        return tuple(one for one in self.tags if not one.markets or market in one.markets)


def _holding(entries: Sequence[R], market: str, otherwise: R) -> R:
    """Return the entry that names *market*, else the one that names none, else *otherwise*."""
    everywhere = next((one for one in entries if not one.markets), otherwise)
    return next((one for one in entries if market in one.markets), everywhere)
