"""`brand.yml`: the brand, its markets, its accounts on the platforms, its named competitors."""

from __future__ import annotations

import re
from functools import cache
from typing import Annotated
from urllib.parse import parse_qs, urlsplit
from zoneinfo import available_timezones

from pydantic import AfterValidator, Field, model_validator

from fanops_utils.text import say
from fanops_utils.text.catalogue import languages
from fanops_utils.text.faults import advise, advised
from fanops_utils.workspace.platforms import PlatformId
from fanops_utils.workspace.register import MisplacedError, Register
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


def _spoken(code: str) -> str:
    if not re.fullmatch(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?", code):
        raise ValueError(say("not the code of a language: write en, pt-BR or zh-Hans"))
    return code


def carries_credentials(address: str) -> bool:
    """Return whether the *address* of a storage holds a password or a key, which belong into the environment."""
    parts = urlsplit(address)
    asked = [name.casefold() for name in parse_qs(parts.query, keep_blank_values=True)]
    return parts.password is not None or any(word in name for name in asked for word in SECRET)


SECRET = ("key", "secret", "token", "sas", "password")  # in the name of what an address may not carry
TimeZone = Annotated[str, AfterValidator(_time_zone)]
Language = Annotated[str, AfterValidator(_language)]


class Market(Register):
    """One market: where the brand speaks one language to one audience.

    `adults`: how many live in it, from a source of the brand's own, which `adults_source` names with its day.
    """

    code: str = Field(pattern=r"^[A-Z][A-Z0-9_-]{1,9}$")
    name: Wording
    language: Annotated[str, AfterValidator(_spoken)]
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
        if self.warehouse and carries_credentials(self.warehouse):
            stray = say("an address of a storage carries no credentials: leave them to the environment")
            raise MisplacedError(stray, "warehouse")
        codes = [market.code for market in self.markets]
        for at, code in enumerate(codes):
            if code in codes[:at]:
                raise MisplacedError(say("two markets have the same code"), "markets", at, "code")
        if len(set(self.languages)) < len(self.languages):
            raise MisplacedError(say("a language stands twice"), "languages")
        for at, account in enumerate(self.accounts):
            if account.market is not None and account.market not in codes:
                unknown = say(
                    "account '{account}' names the unknown market '{market}'",
                    account=account.handle,
                    market=account.market,
                )
                raise MisplacedError(advised(unknown, advise(account.market, codes)), "accounts", at, "market")
        self._check_names()
        return self

    def _check_names(self) -> None:
        own = {self.name.casefold(), *(one.casefold() for one in self.aliases.get(self.name, ()))}
        for at, rival in enumerate(self.competitors):
            if rival.casefold() in own:
                ours = say("'{name}' is the brand itself, and no competitor of its own", name=rival)
                raise MisplacedError(ours, "competitors", at)
        known = (self.name, *self.competitors)
        for name in self.aliases:
            if name not in known:
                unknown = say("aliases are given of '{name}', which is neither the brand nor a competitor", name=name)
                raise MisplacedError(advised(unknown, advise(name, known)), "aliases", name)

    @property
    def heard_as(self) -> tuple[str, ...]:
        """Every name by which a mention is of the brand or of a competitor."""
        return (self.name, *self.competitors, *self.names)

    @property
    def names(self) -> dict[str, str]:
        """The brand and competitors by every other name that tools know them by."""
        return {other: name for name, others in self.aliases.items() for other in others}
