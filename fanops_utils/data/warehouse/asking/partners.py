"""Partners as notebooks read them: what they delivered, how their accounts went, what was settled with them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

import pandas as pd

from fanops_utils.data.warehouse.asking.common import PROVENANCE, between, dated
from fanops_utils.data.warehouse.asking.queries import is_void, orders_of
from fanops_utils.data.warehouse.store import Store
from fanops_utils.workspace.kinds import PARTNERS


def partner_deliveries(
    store: Store, *, market: str | None = None, start: date | None = None, end: date | None = None
) -> pd.DataFrame:
    """Return table partners with `partner`: its name in partners.yml or a campaign's register, else its mark (#1a2b).

    The warehouse knows partners by pseudonym; the code or the handle of a register says who is who.
    """
    table = store.table("partners")
    wanted = [*between(table.date_day, start, end), *([table.market == market] if market else [])]
    frame = (
        (table.filter(wanted) if wanted else table)
        .drop(*PROVENANCE)
        .order_by("partner_key", "deliverable_id")
        .to_pandas()
    )
    return dated(frame).assign(partner=_names(store, frame["partner_key"]))


def watched_partners(
    store: Store, *, market: str | None = None, end: date | None = None
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the days and the posts of the partners' watched accounts, each with `partner` as in `partner_deliveries`."""
    found = []
    for name in ("watched_daily", "watched_posts"):
        table = store.table(name)
        table = table.filter(table.owner == "partner", table.partner_key.notnull(), *between(table.date_day, None, end),
                             *([table.market == market] if market else []))  # fmt: skip
        frame = dated(table.drop(*PROVENANCE).order_by("handle", "date_day").to_pandas())
        found.append(frame.assign(partner=_names(store, frame["partner_key"])))
    return found[0], found[1]


def settlements_of(store: Store, *, market: str | None = None, end: date | None = None) -> pd.DataFrame:
    """Return table settlements (periods that ended by *end*) with `partner` as in `partner_deliveries`."""
    table = store.table("settlements")
    wanted = [*([table.period_end <= end] if end else []), *([table.market == market] if market else [])]
    frame = (
        (table.filter(wanted) if wanted else table)
        .drop(*PROVENANCE)
        .order_by("partner_key", "period_start")
        .to_pandas()
    )
    return frame.assign(partner=_names(store, frame["partner_key"]))


def orders_under_codes(store: Store, codes: Iterable[str], *, end: date | None = None) -> pd.DataFrame:
    """Return the orders under one of *codes* (in any letters), cancelled ones too: a settlement takes them back.

    Columns: order_id, date_day, market, customer_key, currency, discount_code, total, refunded_amount, void (cancelled or
    voided: nothing was kept).
    """
    orders = orders_of(store, end=end, cancelled=True)
    listed = sorted({code.upper() for code in codes})
    orders = orders.filter(orders.discount_code.upper().isin(listed)) if listed else orders.limit(0)
    columns = (
        "order_id",
        "date_day",
        "market",
        "customer_key",
        "currency",
        "discount_code",
        "total",
        "refunded_amount",
    )
    return dated(orders.select(*columns, void=is_void(orders)).order_by("order_id").to_pandas())


def ambassadors(store: Store, *, until: date | None, days: int = 90) -> tuple[int, int]:
    """Return how many members have the role ambassador, and how many of them did something in the *days* up to *until*."""
    fans = store.table("fans")
    keys = fans.filter(fans.role == "ambassador").select("platform", "member_key").distinct()
    acts = store.table("fan_day")
    recent = acts.filter(between(acts.date_day, until - timedelta(days=days - 1), until)) if until else acts
    return int(keys.count().execute()), int(keys.semi_join(recent, ["platform", "member_key"]).count().execute())


def _names(store: Store, keys: pd.Series) -> pd.Series:
    """Return the name of each partner: by code or handle from the registers, else its mark."""
    workspace = store.workspace
    known = workspace.register(PARTNERS).partners
    codes = {one.code: one.name for campaign in workspace.campaigns.values() for one in campaign.partners if one.code}
    codes |= {one.code: one.name for one in known if one.code}
    handles = {one.handle: one.name for one in known if one.handle}
    names: dict[str, str] = {}
    for table, column, said in (("watched_daily", "handle", handles), ("partners", "code", codes)):
        source = store.table(table)
        pairs = source.filter(source.partner_key.notnull(), source[column].isin(list(said))) if said else None
        if pairs is not None:
            for key, one in pairs.select("partner_key", column).distinct().to_pandas().itertuples(index=False):
                names[str(key)] = said[str(one)]
    return keys.map(lambda key: names.get(str(key), "#" + str(key)[:4])).astype("string")
