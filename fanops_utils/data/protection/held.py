"""What an auditor asks of a workspace, as frames: what is held of people and why, requests and partners with their clocks."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pandas as pd

from fanops_utils.data.privacy.inventory import column_inventory
from fanops_utils.data.privacy.pseudonyms import MARK, key_folder
from fanops_utils.data.privacy.small_cells import tells_few
from fanops_utils.data.schema import TABLES
from fanops_utils.data.warehouse.store import Store
from fanops_utils.workspace import Workspace
from fanops_utils.workspace.reads import note_file
from fanops_utils.workspace.registers.privacy import Privacy

BREACH_HOURS = 72.0  # GDPR Art. 33


def held_of_people(store: Store) -> pd.DataFrame:
    """Return one row per class of columns and purpose: class, basis, columns, tables, rows held, personal, unexplained.

    Only tables that hold rows count; `rows` are those of all their tables, null with tables of people where one market has
    fewer than ten members: the other markets' reports would tell how many. unexplained: columns without a purpose.
    """
    hidden = _of_people() if tells_few(pd.Series(people_by_market(store), dtype="int64")) else set()
    entries = {name: rows for name, rows in store.rows().items() if rows}
    inventory = column_inventory()
    here = inventory[inventory["table"].isin(list(entries))]
    here = here.assign(rows=here["table"].map(entries), **{"class": here["class"].fillna("none")})
    rows = []
    for kind, part in here.groupby("class", sort=True):
        tables = part.drop_duplicates("table")
        rows.append({
            "class": kind, "purpose": part["purpose"].iloc[0], "basis": part["basis"].iloc[0], "columns": len(part),
            "tables": len(tables), "rows": None if hidden & set(tables["table"]) else int(tables["rows"].sum()),
            "personal": bool(part["personal"].iloc[0] or False),
        })  # fmt: skip
    columns = ["class", "purpose", "basis", "columns", "tables", "rows", "personal"]
    return pd.DataFrame(rows, columns=columns).astype({"rows": "Int64"})


def _of_people() -> set[str]:
    return {name for name, table in TABLES.items() if any(column.endswith("_key") for column in table.columns)}


def request_clocks(register: Privacy, *, on: date) -> pd.DataFrame:
    """Return each request with its clock: kind, received, due, answered, days (open ones until *on*), state.

    state: in_time, late (answered after its day), overdue (open past it) or open. What came after *on* is left out.
    """
    rows = []
    for one in register.requests:
        if one.received > on:
            continue
        due = one.received + timedelta(days=register.answer_days)
        answered = one.answered if one.answered and one.answered <= on else None
        if answered:
            state = "in_time" if answered <= due else "late"
        else:
            state = "open" if on <= due else "overdue"
        rows.append((one.kind, one.received, due, answered, ((answered or on) - one.received).days, state))
    return pd.DataFrame(rows, columns=["kind", "received", "due", "answered", "days", "state"])


def breach_clocks(register: Privacy, *, on: date, limit: float = BREACH_HOURS) -> pd.DataFrame:
    """Return each breach: noticed, what, hours until the authority was told, state (in_time, late, open or overdue)."""
    rows = []
    for one in register.breaches:
        if one.noticed > on:
            continue
        if one.hours_until_told is not None:
            state = "in_time" if one.hours_until_told <= limit else "late"
        else:
            state = "open" if (on - one.noticed).days * 24 <= limit else "overdue"
        rows.append((one.noticed, one.what, one.hours_until_told, state))
    return pd.DataFrame(rows, columns=["noticed", "what", "hours", "state"], dtype=object)  # keeps the languages


def processor_reviews(register: Privacy, *, on: date) -> pd.DataFrame:
    """Return each processor: name, purpose, contract, certificate, certified_until, next_review, code of what is wrong.

    code: no_contract, no_certificate, certificate_expired, review_overdue (or never) or good; the gravest first.
    """
    rows = []
    for one in register.processors:
        following = one.reviewed + timedelta(days=register.review_days) if one.reviewed else None
        if not one.contract:
            code = "no_contract"
        elif not one.certificate:
            code = "no_certificate"
        elif one.certified_until is not None and one.certified_until < on:
            code = "certificate_expired"
        elif following is None or following < on:
            code = "review_overdue"
        else:
            code = "good"
        rows.append((one.name, one.purpose, one.contract, one.certificate, one.certified_until, following, code))
    columns = ["name", "purpose", "contract", "certificate", "certified_until", "next_review", "code"]
    return pd.DataFrame(rows, columns=columns, dtype=object)  # keeps the languages of names


def consent_ways(register: Privacy, *, on: date) -> pd.DataFrame:
    """Return each purpose people are asked for: purpose, asked, withdrawn, tried, code: good, untried (or too long ago), no_way."""
    rows = []
    for one in register.consents:
        old = one.tried is None or one.tried > on or (on - one.tried).days > register.review_days
        rows.append(
            (
                one.purpose,
                one.asked,
                one.withdrawn,
                one.tried,
                "no_way" if one.withdrawn is None else "untried" if old else "good",
            )
        )
    return pd.DataFrame(rows, columns=["purpose", "asked", "withdrawn", "tried", "code"], dtype=object)


def market_laws(register: Privacy, markets: tuple[str, ...], people: dict[str, int], *, on: date) -> pd.DataFrame:
    """Return each market with its laws: market, law, asks, checked, people (held there), code: good, old or missing."""
    rows: list[tuple[object, ...]] = []
    for market in markets:
        laws = [one for one in register.regulations if one.market == market]
        for one in laws:
            old = one.checked is None or (on - one.checked).days > register.review_days
            rows.append((market, one.law, one.asks, one.checked, people.get(market, 0), "old" if old else "good"))
        if not laws:
            rows.append((market, None, None, None, people.get(market, 0), "missing"))
    return pd.DataFrame(rows, columns=["market", "law", "asks", "checked", "people", "code"], dtype=object)


def people_by_market(store: Store) -> dict[str, int]:
    """Return the members held per market: distinct pseudonyms of table fans."""
    fans = store.table("fans")
    counted = (
        fans.filter(fans.market.notnull()).group_by("market").aggregate(people=fans.member_key.nunique()).to_pandas()
    )
    return {str(code): int(number) for code, number in zip(counted["market"], counted["people"], strict=True)}


def key_of(workspace: Workspace) -> tuple[str | None, bool]:
    """Return the id of the key that the warehouse was made with (None: none yet), and whether keys lie in the repository."""
    mark = workspace.warehouse / MARK
    made = json.loads(note_file(mark).read_text(encoding="utf-8")).get("key") if mark.is_file() else None
    return made, key_folder().resolve().is_relative_to(workspace.path.parents[1])
