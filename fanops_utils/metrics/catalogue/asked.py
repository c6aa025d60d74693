"""What is asked of a metric, and the rows it is answered from: each with its market and the local day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any, Literal

import pandas as pd

from fanops_utils.data.schema import table as table_of
from fanops_utils.data.warehouse.engine import small_letters
from fanops_utils.data.warehouse.store import Store
from fanops_utils.errors import ParameterError
from fanops_utils.text import say
from fanops_utils.workspace.platforms import PLATFORMS

if TYPE_CHECKING:
    import ibis
    import ibis.expr.types as ir

Grain = Literal["day", "week", "month", "period"]
GRAINS: tuple[Grain, ...] = ("day", "week", "month", "period")
MOMENTS = {
    "posts": "created_timestamp", "orders": "created_timestamp", "mentions": "mentioned_at", "fans": "joined_at",
    "partners": "published_at", "survey_answers": "answered_at", "referrals": "invited_at",
    "community_daily": "interval_start",
}  # fmt: skip
DAYS_OF = {"post_metrics": "posts"}  # a table without days of its own: its rows have those of another's
OF_ACCOUNTS = {"account_daily": "account_id", "posts": "account_id", "ads_daily": "account_id",
               "community_daily": "community_id"}  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """A question: whose days, from when to when (both included), what is known by `as_of`, told by `grain`."""

    store: Store
    market: str | None = None
    platform: str | None = None
    start: date | None = None
    end: date | None = None
    as_of: date | None = None
    grain: Grain = "day"

    def checked(self) -> Asked:
        """Return the question; raise ParameterError, with the nearest choice, for a market or platform nobody has."""
        markets = [one.code for one in self.store.workspace.brand.markets]
        if self.market is not None and self.market not in markets:
            raise ParameterError(say("unknown market"), value=self.market, choices=markets)
        if self.platform is not None and self.platform not in PLATFORMS:
            raise ParameterError(say("unknown platform"), value=self.platform, choices=PLATFORMS)
        if self.grain not in GRAINS:
            raise ParameterError(say("no such period to tell a metric by"), value=self.grain, choices=GRAINS)
        if self.start and self.end and self.start > self.end:
            raise ParameterError(say("the period ends before it starts"), value=self.end)
        return self

    def everywhere(self) -> Asked:
        """Return the same question of all markets and days."""
        return replace(self, market=None, platform=None, start=None, end=None)

    def rows(self, name: str) -> ibis.Table:
        """Return table *name* with market and date_day, of the market and platform asked for, of all days."""
        found = self.those(_with_day(self.store, name, _with_market(self.store, name, self.store.table(name))))
        return found.filter(found.date_day <= self.as_of) if self.as_of else found

    def those(self, rows: ibis.Table) -> ibis.Table:
        """Return the *rows* of the market and platform asked for."""
        found = rows.filter(rows.market == self.market) if self.market is not None else rows
        if self.platform is not None and "platform" in found.columns:
            return found.filter(found.platform == self.platform)
        return found

    def covered(self, name: str, keys: Sequence[str]) -> pd.DataFrame:
        """Return the *keys* that occur in table *name*, each with `first` and `last`: the days the table covers.

        These are the table's own, of all markets, by platform where it is a key: a question narrows the rows, never the days.
        """
        found: Any = self.store.once(("covered", name, self.as_of, *keys), lambda: self._spans(name, keys)).copy()
        for side, ends in (("first", "min"), ("last", "max")):
            days = pd.to_datetime(found[side]).astype("datetime64[us]")
            by = found["platform"] if "platform" in keys else pd.Series(0, index=found.index)
            found[side] = days.groupby(by, dropna=False).transform(ends)
        for key, asked in (("market", self.market), ("platform", self.platform)):
            if asked is not None and key in keys:
                found = found[found[key] == asked]
        return found.reset_index(drop=True)

    def _spans(self, name: str, keys: Sequence[str]) -> pd.DataFrame:
        rows = self.everywhere().rows(name)
        rows = rows.filter(rows.date_day.notnull())
        spans = rows.group_by([*keys]).agg(first=rows.date_day.min(), last=rows.date_day.max())
        return spans.order_by(*keys).to_pandas()

    def dated(self, name: str) -> bool:
        """Return whether the rows of table *name* have a day of their own."""
        return name in MOMENTS or "date_day" in table_of(name).columns

    def within(self, rows: ibis.Table) -> ibis.Table:
        """Return the *rows* of the days asked for."""
        days = rows.date_day
        return rows.filter(*([days >= self.start] if self.start else []), *([days <= self.end] if self.end else []),
                           days.notnull())  # fmt: skip

    def period_of(self, day: ir.DateColumn) -> ir.DateValue:
        """Return the first day of the period that *day* belongs to; of the whole period where that is asked for."""
        import ibis

        if self.grain == "day":
            return day
        if self.grain == "period":
            return ibis.literal(self.start).cast("date") if self.start else day.min().over(ibis.window())
        return day.truncate({"week": "W", "month": "M"}[self.grain])


def _with_market(store: Store, name: str, table: ibis.Table) -> ibis.Table:
    """Return *table* with the market of its account or country, where it has none of its own."""
    import ibis

    brand = store.workspace.brand
    if name in OF_ACCOUNTS:
        from fanops_utils.data.warehouse.asking.common import accounts

        key = OF_ACCOUNTS[name]
        owned = [(*pair, code) for pair, code in accounts(brand, None).items()]
        known = ibis.memtable(pd.DataFrame(owned, columns=["platform", key, "market"]),
                              schema={"platform": "string", key: "string", "market": "string"})  # fmt: skip
        ours_only = name in ("account_daily", "posts")  # what others published is in these files too
        joined = table.inner_join(known, ["platform", key]) if ours_only else table.left_join(known, ["platform", key])
        return joined.drop(*(column for column in joined.columns if column.endswith("_right")))
    if name == "orders":
        return _by_country(table, table.country.upper(), {
            code.upper(): one.code for one in brand.markets for code in one.country_codes
        })  # fmt: skip
    if name == "web_daily":
        return _by_country(table, table.country.lower(), {
            small_letters(str(key)): one.code for one in brand.markets for key in (one.name, one.code, *one.country_codes)
        })  # fmt: skip
    return table


def _by_country(table: ibis.Table, country: ir.StringColumn, markets: dict[str, str]) -> ibis.Table:
    import ibis

    return table.mutate(market=country.cases(*markets.items(), else_=ibis.null("string")))


def _with_day(store: Store, name: str, table: ibis.Table) -> ibis.Table:
    """Return *table* with date_day: the day of its moment in the time of its market, in UTC where none is known."""
    import ibis

    if "date_day" in table_of(name).columns:
        return table
    moment = table[MOMENTS[name]]
    if name == "community_daily":
        return table.mutate(date_day=moment)
    local = _timezone()
    zones = {one.code: local(one.time_zone, moment).date() for one in store.workspace.brand.markets}
    cut = table.market.cases(*zones.items(), else_=local("UTC", moment).date())
    if "created_precision" in table.columns:  # a post that is dated to the day only
        cut = ibis.ifelse(table.created_precision == "minute", cut, local("UTC", moment).date())
    return table.mutate(date_day=cut)


@cache
def _timezone() -> Any:
    """Return DuckDB's clock of a zone as a function of Ibis: its name and a moment in, the time of its walls out."""
    import ibis
    import ibis.expr.datatypes as dt

    def timezone(_zone, _moment):  # type: ignore[no-untyped-def]
        """The engine has it."""

    kinds = ((dt.string, dt.Timestamp(timezone="UTC")), dt.timestamp)
    return ibis.udf.scalar.builtin(timezone, signature=kinds)
