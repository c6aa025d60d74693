"""TikTok Ads Manager: one row per advertisement and day."""

from __future__ import annotations

import pandas as pd

from fanops_utils.data.sources.ads.shared import account_of, labels, note_money, refuse_twins, totals_check
from fanops_utils.data.sources.shared.owners import account_key
from fanops_utils.data.sources.shared.sheet import Aliases, Sheet, accepted
from fanops_utils.data.sources.shared.source import Context, Parsed, Source
from fanops_utils.errors import ImportRefused
from fanops_utils.workspace import Account

PLATFORM = ("tiktok",)
TOTAL = ("total", "합계", "총")
DAILY = "In TikTok Ads Manager add the dimension By Day and export again"

REPORT: Aliases = {
    "date": ("By Day", "Date", "일별"), "account_name": ("Account name", "계정 이름"), "account_number": ("Account ID",),
    "campaign_name": ("Campaign name", "캠페인 이름"), "campaign_id": ("Campaign ID", "캠페인 ID"),
    "ad_group_name": ("Ad group name", "광고 그룹 이름"), "ad_group_id": ("Ad group ID", "광고 그룹 ID"),
    "ad_name": ("Ad name", "광고 이름"), "ad_id": ("Ad ID", "광고 ID"), "spend": ("Cost", "비용"),
    "impressions": ("Impressions", "노출수"), "reach": ("Reach", "도달"), "frequency": ("Frequency", "빈도"),
    "clicks": ("Clicks (all)", "클릭수(전체)"), "link_clicks": ("Clicks (destination)", "클릭수(목적지)"),
    "conversions": ("Complete payment", "Purchases (website)"), "conversions_value": ("Total complete payment value",),
    "paid_likes": ("Paid likes",), "paid_comments": ("Paid comments",), "paid_shares": ("Paid shares",),
    "currency": ("Currency", "통화"),
}  # fmt: skip
COUNTS = ("impressions", "reach", "clicks", "link_clicks")
ENGAGED = ("paid_likes", "paid_comments", "paid_shares")  # the file has no total of them
NUMBERS = ("spend", "frequency", "conversions", "conversions_value")
ADDITIVE = ("spend", "impressions", "clicks", "link_clicks", "conversions", "conversions_value")


def parse_report(sheet: Sheet, context: Context) -> Parsed:
    """Return spend and delivery per advertisement and day; a row of totals is a checksum only.

    Raises ImportRefused where the file has no days, or neither it nor the account's market says the currency.
    """
    if not sheet.cells.has("date"):
        raise ImportRefused("one total per advertisement, not one a day", file=context.export.label, hint=DAILY)
    says_total = {
        name: sheet.cells.frame[name].str.strip().str.casefold().str.startswith(TOTAL)
        for name in ("date", "campaign_name")
    }
    says_total = {name: found.fillna(value=False).astype(bool) for name, found in says_total.items()}
    summing = says_total["date"] | (sheet.cells.raw("date").isna() & says_total["campaign_name"])
    sheet, totals = sheet.only(~summing), sheet.cells.frame[summing]
    cells, exported = sheet.cells, context.exported_at()
    account = account_of(context, PLATFORM, cells)
    cells.required("date")
    days = cells.iso_day("date")
    currency, warnings = _currency(sheet, context, account)
    note_money(sheet, ("spend", "conversions_value"), currency.dropna().unique())
    values = {name: cells.count(name) for name in COUNTS if cells.has(name)}
    values |= {name: cells.number(name) for name in NUMBERS if cells.has(name)}
    if all(cells.has(name) for name in ENGAGED):
        parts = pd.concat([cells.count(name) for name in ENGAGED], axis=1)
        values["engagements"] = parts.sum(axis=1, skipna=False)
    named = labels(cells)
    key = {"day": days.astype("string"), "account": cells.raw("account_name"), "currency": currency}
    refuse_twins(sheet, key | {name: named[name] for name in named if name.endswith("_name")}, "campaign_name")
    daily = accepted(sheet, {
        "platform": account.platform, "account_id": account_key(account), "date_day": days, "metric_window": "day",
        "account_name": cells.text("account_name"), **named, "currency": currency, **values,
    })  # fmt: skip
    warnings += totals_check(sheet, totals, {name: values[name] for name in ADDITIVE if name in values})
    return Parsed({"ads_daily": daily}, cells.rejects, sheet.rows_in, exported, warnings)


def _currency(sheet: Sheet, context: Context, account: Account) -> tuple[pd.Series, list[str]]:
    """Return the currency of each row: as printed, else that of the account's market, with a warning."""
    printed = sheet.cells.raw("currency").str.upper()
    sheet.cells.reject("currency", printed.notna() & ~printed.str.fullmatch("[A-Z]{3}"), "not a currency like EUR")
    if printed.notna().all():
        return printed, []
    market = next((one for one in context.brand.markets if one.code == account.market), None)
    if market is None:
        hint = "Add the column Currency to the export, or give the account a market in brand.yml"
        raise ImportRefused("the file does not say its currency", file=context.export.label, hint=hint)
    said = f"the file does not say its currency: {market.currency} is taken, that of market {market.code}"
    return printed.fillna(market.currency), [said]


SOURCES = (
    Source("tiktok_ads", "ads", PLATFORM, REPORT,
           frozenset({"campaign_name", "spend", "impressions", "link_clicks"}), parse_report),
)  # fmt: skip
