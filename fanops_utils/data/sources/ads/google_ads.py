"""Google Ads: one row per campaign or ad group and day, below the report's title and its dates.

Headers in English, German and French as tests of readers in public repositories copy the exports: "Day, Campaign, Campaign ID,
Currency code, Cost, Impr., Clicks, Conversions, Conv. value". Rows "Total: Account", "Total: Campaigns" stand below.
"""

from __future__ import annotations

import pandas as pd

from fanops_utils.data.sources.ads.shared import account_of, labels, note_money, refuse_twins, totals_check
from fanops_utils.data.sources.shared.cells import Cells
from fanops_utils.data.sources.shared.owners import account_key
from fanops_utils.data.sources.shared.sheet import Aliases, Sheet, accepted
from fanops_utils.data.sources.shared.source import Context, Parsed, Source
from fanops_utils.errors import ImportRefused

PLATFORM = ("google",)
DAILY = "In Google Ads segment the report by Time > Day and download it again"
TOTAL = r"(?i)\s*(?:total|gesamt)\s*:.*"
WHOLE = r"(?i)\s*(?:total|gesamt)\s*:\s*(?:account|konto|compte)\s*"

REPORT: Aliases = {
    "date": ("Day", "Tag", "Jour"), "account_name": ("Account name", "Account"), "account_number": ("Customer ID",),
    "campaign_name": ("Campaign", "Kampagne", "Campagne"), "campaign_id": ("Campaign ID",),
    "ad_group_name": ("Ad group",), "ad_group_id": ("Ad group ID",), "device": ("Device",),
    "currency": ("Currency code", "Währungscode", "Code de la devise"), "spend": ("Cost", "Kosten", "Coût"),
    "impressions": ("Impr.",), "clicks": ("Clicks", "Klicks", "Clics"), "conversions": ("Conversions",),
    "conversions_value": ("Conv. value",),
}  # fmt: skip
COUNTS = ("impressions", "clicks")
NUMBERS = ("spend", "conversions", "conversions_value")
ADDITIVE = (*COUNTS, *NUMBERS)


def parse_report(sheet: Sheet, context: Context) -> Parsed:
    """Return spend and delivery per campaign or ad group and day; rows of totals are a checksum only.

    Clicks of Google Ads lead to the destination: they are the clicks and the clicks on the link. Raises ImportRefused
    where the file has no days or no currency.
    """
    for column, hint in (("date", DAILY), ("currency", "Add the column Currency code and download it again")):
        if not sheet.cells.has(column):
            what = "one total per campaign, not one a day" if column == "date" else "the file does not say its currency"
            raise ImportRefused(what, file=context.export.label, hint=hint)
    sheet, totals = _without_totals(sheet)
    cells, exported = sheet.cells, context.exported_at()
    account = account_of(context, PLATFORM, cells)
    cells.required("date")
    days, currency = cells.iso_day("date"), cells.required("currency")
    cells.reject("currency", currency.notna() & ~currency.str.fullmatch("[A-Z]{3}"), "not a currency like EUR")
    note_money(
        sheet, ("spend", "conversions_value"), currency[currency.str.fullmatch("[A-Z]{3}").fillna(False)].unique()
    )
    values = {name: cells.count(name) for name in COUNTS if cells.has(name)}
    values |= {name: cells.number(name) for name in NUMBERS if cells.has(name)}
    named = labels(cells)
    split = cells.names["device"] + " " + cells.text("device") if cells.has("device") else cells.raw("device")
    key = {"day": days.astype("string"), "account": cells.raw("account_name"), "currency": currency, "split": split}
    refuse_twins(sheet, key | {name: named[name] for name in named if name.endswith("_name")}, "campaign_name")
    daily = accepted(sheet, {
        "platform": account.platform, "account_id": account_key(account), "date_day": days, "metric_window": "day",
        "account_name": cells.text("account_name"), **named, "breakdown": split, "currency": currency, **values,
        **({"link_clicks": values["clicks"]} if "clicks" in values else {}),
    })  # fmt: skip
    check = totals_check(sheet, totals, {name: values[name] for name in ADDITIVE if name in values})
    return Parsed({"ads_daily": daily}, cells.rejects, sheet.rows_in, exported, check)


def _without_totals(sheet: Sheet) -> tuple[Sheet, pd.DataFrame]:
    """Split off the rows of totals; the one of the whole account is what the others are held against."""
    first = _first_cells(sheet.cells)
    summing = first.str.fullmatch(TOTAL).fillna(value=False).astype(bool)
    whole = first.str.fullmatch(WHOLE).fillna(value=False).astype(bool)
    return sheet.only(~summing), sheet.cells.frame[whole]


def _first_cells(cells: Cells) -> pd.Series:
    """Return of each row the cell that may say "Total": its day, or its campaign where that stands first."""
    found = cells.raw("date")
    for name in ("campaign_name", "account_name"):
        other = cells.raw(name)
        found = found.where(~other.str.fullmatch(TOTAL).fillna(value=False), other)
    return found


SOURCES = (
    Source("google_ads", "ads", PLATFORM, REPORT, frozenset({"campaign_name", "spend", "impressions"}), parse_report),
)
