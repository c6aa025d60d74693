"""`brand.yml`: the brand, its markets, its accounts on the platforms, its named competitors."""

from __future__ import annotations

from functools import cache
from typing import Annotated
from zoneinfo import available_timezones

from pydantic import AfterValidator, Field, model_validator

from fanops_utils.text import say
from fanops_utils.text.catalogue import languages
from fanops_utils.text.faults import advise, advised
from fanops_utils.workspace.platforms import PlatformId
from fanops_utils.workspace.register import Register
from fanops_utils.workspace.registers.engine import Engine
from fanops_utils.workspace.wording import Wording


@cache
def time_zones() -> frozenset[str]:
    """Return the names of all time zones; they are looked for once, in some hundred folders of the system."""
    return frozenset(available_timezones())


def _time_zone(name: str) -> str:
    if name not in time_zones():
        raise ValueError(advised(say("not a time zone"), advise(name, sorted(time_zones()))))
    return name


def _language(code: str) -> str:
    if code not in languages():
        raise ValueError(advised(say("no language that reports can be written in"), advise(code, languages())))
    return code


TimeZone = Annotated[str, AfterValidator(_time_zone)]
Language = Annotated[str, AfterValidator(_language)]


class Market(Register):
    """One market: where the brand speaks one language to one audience.

    `adults`: how many live in it, from a source of the brand's own, which `adults_source` names with its day.
    """

    code: str = Field(pattern=r"^[A-Z][A-Z0-9_-]{1,9}$")
    name: Wording
    language: str
    time_zone: TimeZone
    currency: str = Field(pattern=r"^[A-Z]{3}$")
    countries: tuple[str, ...] = ()
    adults: int | None = Field(default=None, gt=0)
    adults_source: str = ""

    @model_validator(mode="after")
    def _sourced(self) -> Market:
        if self.adults and not self.adults_source:
            raise ValueError(say("adults without adults_source: name the source and its day"))
        return self

    @property
    def country_codes(self) -> tuple[str, ...]:
        """ISO 3166 codes whose orders belong to this market; the market's own code by default."""
        return self.countries or (self.code,)


class Account(Register):
    """One account of the brand on a platform; `id` and `handle` are how its files name it."""

    platform: PlatformId
    handle: str
    market: str | None = None
    id: str | None = None


class Brand(Register):
    """`brand.yml`: the brand, its markets, accounts and named competitors; `languages` are those of its reports.

    `aliases`: other names under which tools know the brand or a competitor: its name before a renaming, say. `warehouse` is
    the address of its tables where they lie on object storage: whoever writes them has a workspace of his own, on a disk.
    `engine`: the warehouse that somebody else runs, where they are read. None of the two: they are the workspace's own.
    """

    name: str
    languages: tuple[Language, ...] = Field(default=("en",), min_length=1)
    markets: tuple[Market, ...] = Field(min_length=1)
    accounts: tuple[Account, ...] = ()
    competitors: tuple[str, ...] = ()
    aliases: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    warehouse: str | None = Field(
        default=None, pattern=r"^(s3|gs|az|abfss|file)://.+",
        description="where its tables lie on object storage, only read there, as s3://bucket/folder",
    )  # fmt: skip
    engine: Engine | None = Field(default=None, description="read the tables from a warehouse somebody else runs")

    @model_validator(mode="after")
    def _consistent(self) -> Brand:
        if self.engine is not None and self.warehouse is not None:
            raise ValueError(say("the tables are read from one place: engine or warehouse, not both"))
        codes = [market.code for market in self.markets]
        if len(set(codes)) < len(codes):
            raise ValueError(say("two markets have the same code"))
        if len(set(self.languages)) < len(self.languages):
            raise ValueError(say("a language stands twice"))
        for account in self.accounts:
            if account.market is not None and account.market not in codes:
                unknown = say(
                    "account '{account}' names the unknown market '{market}'",
                    account=account.handle,
                    market=account.market,
                )
                raise ValueError(advised(unknown, advise(account.market, codes)))
        known = (self.name, *self.competitors)
        for name in self.aliases:
            if name not in known:
                unknown = say("aliases are given of '{name}', which is neither the brand nor a competitor", name=name)
                raise ValueError(advised(unknown, advise(name, known)))
        return self

    @property
    def heard_as(self) -> tuple[str, ...]:
        """Every name by which a mention is of the brand or of a competitor."""
        return (self.name, *self.competitors, *self.names)

    @property
    def names(self) -> dict[str, str]:
        """The brand and competitors by every other name that tools know them by."""
        return {other: name for name, others in self.aliases.items() for other in others}
