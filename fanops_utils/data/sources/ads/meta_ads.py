"""Meta Ads Manager: one row per advertisement and day; the columns are those somebody chose.

Headers are English, French, Spanish and Arabic as exports print them; German, Italian, Portuguese, Japanese and Korean as
the readers of such exports in public repositories spell them (in German and Korean without the columns of the period,
which none of them names: there the column of the day is needed).
"""

from __future__ import annotations

import re
from dataclasses import replace

import pandas as pd

from fanops_utils.data.sources.ads.shared import account_of, labels, note_money, refuse_twins, totals_check
from fanops_utils.data.sources.files.reading import HEADER_WITHIN, Grid
from fanops_utils.data.sources.shared.cells import Cells
from fanops_utils.data.sources.shared.ids import is_total
from fanops_utils.data.sources.shared.owners import account_key
from fanops_utils.data.sources.shared.sheet import Aliases, Sheet, accepted, find_header, sheet_at
from fanops_utils.data.sources.shared.source import Context, Parsed, Source
from fanops_utils.errors import ImportRefused

PLATFORMS = ("facebook", "instagram")
CURRENCY = re.compile(r"\s*\(([A-Z]{3})\)$")
DAILY = "In Ads Manager choose Breakdown > By time > Day and export again"

REPORT: Aliases = {
    "starts": (
        "Inizio dei report", "Início dos relatórios", "レポート開始日", "Reporting starts",
        "Début des rapports", "Inicio del informe", "بداية إعداد التقارير", "بدء إعداد التقارير",
    ),
    "ends": (
        "Fine dei report", "Encerramento dos relatórios", "レポート終了日", "Reporting ends",
        "Fin des rapports", "Fin del informe", "نهاية إعداد التقارير", "انتهاء إعداد التقارير",
    ),
    "date": ("Tag", "Giorno", "Dia", "日", "일", "Day", "Jour", "Día", "اليوم"),
    "account_name": ("Nome da conta", "Account name", "Nom du compte", "Nombre de la cuenta", "اسم الحساب"),
    "account_number": ("Account ID", "Identificação da conta"),
    "campaign_name": (
        "Kampagnenname", "Nome della campagna", "Nome da campanha", "キャンペーン名", "캠페인 이름",
        "Campaign name", "Nom de la campagne", "Nombre de la campaña", "اسم الحملة",
    ),
    "campaign_id": (
        "Identificação da campanha", "Campaign ID", "ID de la campaña", "Identifiant de la campagne",
    ),
    "ad_group_name": (
        "Name der Anzeigengruppe", "Nome del gruppo di inserzioni", "Nome do conjunto de anúncios",
        "広告セット名", "광고 세트 이름", "Ad set name", "Nom de l'ensemble de publicités",
        "Nombre del conjunto de anuncios", "اسم المجموعة الإعلانية",
    ),
    "ad_group_id": ("Identificação do conjunto de anúncios", "Ad set ID", "ID del conjunto de anuncios"),
    "ad_name": (
        "Ad name", "Anzeigenname", "Nome dell'inserzione", "Nome do anúncio", "広告の名前", "広告名",
        "광고 이름", "Nom de la publicité", "Nombre del anuncio", "اسم الإعلان",
    ),
    "ad_id": ("Identificação do anúncio", "Ad ID", "ID del anuncio"),
    "attribution_setting": (
        "Impostazione di attribuzione", "Configuração de atribuição", "Attribution setting",
        "Paramètre d'attribution", "Configuración de atribución", "إعداد الإسناد",
    ),
    "results": ("Ergebnisse", "Risultati", "結果", "결과", "Results", "Résultats", "Resultados", "النتائج"),
    "result_type": (
        "Indicatore di risultato", "Indicador de resultados", "Tipo de resultado", "결과 유형",
        "Result indicator", "Result type", "Indicateur de résultats", "Indicador de resultado", "مؤشر النتيجة",
    ),
    "spend": (
        "Ausgegebener Betrag", "Importo speso", "Valor usado", "Valor gasto", "消化金額", "지출 금액",
        "Amount spent", "Montant dépensé", "Importe gastado", "المبلغ الذي تم إنفاقه", "المبلغ المنفق",
    ),
    "impressions": (
        "Impressionen", "Impression", "Impressioni", "Impressões", "インプレッション", "노출", "Impressions",
        "Impresiones", "مرات الظهور",
    ),
    "reach": ("Reach", "Reichweite", "Copertura", "リーチ", "Couverture", "Alcance", "الوصول"),
    "frequency": ("Frequenz", "Frequenza", "Frequência", "Frequency", "Répétition", "Frecuencia", "التكرار"),
    "clicks": (
        "Klicks (alle)", "Clic (tutti)", "Cliques (todos)", "クリック(すべて)", "クリック（すべて）",
        "클릭(전체)", "Clicks (all)", "Clics (tous)", "Clics (todos)", "النقرات (الكل)",
    ),
    "link_clicks": (
        "Link-Klicks", "Clic sul link", "Cliques no link", "リンクのクリック", "リンクのクリック数",
        "링크 클릭", "Link clicks", "Clics sur un lien", "Clics en el enlace", "نقرات الرابط",
        "النقرات على الرابط",
    ),
    "landing_page_views": (
        "Visualizações da página de destino", "랜딩 페이지 조회", "Landing page views",
        "Vues de page de destination", "Visitas a la página de destino",
    ),
    "engagements": (
        "Post engagements", "Post engagement", "Interactions avec la publication",
        "Interacciones con la publicación", "Beitragsinteraktionen", "Engajamentos com a publicação",
        "Engajamento com a publicação",
    ),
    "conversions": ("구매", "Purchases", "Achats", "Compras", "عمليات الشراء"),
    "conversions_value": (
        "Valor de conversão da compra", "구매 전환값", "Purchases conversion value",
        "Valeur de conversion des achats", "Valor de conversión de compras", "قيمة تحويل عمليات الشراء",
    ),
    "age": ("Age",),
    "gender": ("Gender",),
    "country": ("Country",),
    "region": ("Region",),
    "placement": ("Placement",),
    "shown_on": ("Platform",),
    "device": ("Impression device", "Device platform"),
}  # fmt: skip
BREAKDOWNS = ("age", "gender", "country", "region", "shown_on", "placement", "device")
COUNTS = ("impressions", "reach", "clicks", "link_clicks", "landing_page_views", "engagements")
MONEY = ("spend", "conversions_value")
NUMBERS = ("spend", "frequency", "results", "conversions", "conversions_value")
ADDITIVE = (
    "spend", "impressions", "clicks", "link_clicks", "landing_page_views", "engagements", "conversions", "conversions_value",
)  # fmt: skip


def find_report(grid: Grid) -> Sheet | None:
    """Return the records where *grid* is a report of Ads Manager; money columns carry their currency in the name."""
    plain = [[CURRENCY.sub("", cell.strip()).replace("’", "'") for cell in row] for row in grid.rows[:HEADER_WITHIN]]
    tops = replace(grid, rows=plain)
    found = (find_header(tops, REPORT, {*when, "spend"}) for when in (("starts", "ends"), ("date", "impressions")))
    header = next((one for one in found if one), None)
    return sheet_at(grid, header) if header and _names_currency(grid.rows[header[0]]) else None


def _names_currency(titles: list[str]) -> bool:
    """Whether a money column carries its currency, as only Ads Manager writes it; else the report says it lacks it."""
    return any(CURRENCY.search(title) for title in titles) or bool(
        {"Amount spent"} & {title.strip() for title in titles}
    )


def parse_report(sheet: Sheet, context: Context) -> Parsed:
    """Return spend and delivery per advertisement and day. The rows of totals are a checksum only.

    Raises ImportRefused where a row covers more than one day, or the file names no currency or several.
    """
    sheet, totals = _without_totals(sheet)
    cells, exported = sheet.cells, context.exported_at()
    account, currency = account_of(context, PLATFORMS, cells), _currency(sheet, context)
    days = _days(sheet, context)
    note_money(sheet, MONEY, [currency])
    _reject_subtotals(cells)
    values = {name: cells.count(name) for name in COUNTS if cells.has(name)}
    values |= {name: cells.number(name) for name in NUMBERS if cells.has(name)}
    named, split = labels(cells), _breakdown(sheet)
    setting = cells.raw("attribution_setting")
    key = {"day": days.astype("string"), "split": split, "setting": setting}
    key |= {name: named[name] for name in ("campaign_name", "ad_group_name", "ad_name")}
    refuse_twins(sheet, key, "campaign_name")
    daily = accepted(sheet, {
        "platform": account.platform, "account_id": account_key(account), "date_day": days, "metric_window": "day",
        "account_name": cells.text("account_name"), **named, "breakdown": split, "attribution_setting": setting,
        "currency": currency, "result_type": cells.raw("result_type"), **values,
    })  # fmt: skip
    check = totals_check(sheet, totals, {name: values[name] for name in ADDITIVE if name in values})
    return Parsed({"ads_daily": daily}, cells.rejects, sheet.rows_in, exported, check)


def _without_totals(sheet: Sheet) -> tuple[Sheet, pd.DataFrame]:
    """Split off the rows of totals, first or last: no day, and neither period nor campaign."""
    cells = sheet.cells
    undated = cells.raw("date").isna() if cells.has("date") else cells.raw("starts").isna()
    nameless = cells.raw("campaign_name").isna() & cells.raw("ad_group_name").isna() & cells.raw("ad_name").isna()
    summing = undated & ((cells.raw("starts").isna() & cells.raw("ends").isna()) | nameless)
    return sheet.only(~summing), cells.frame[summing]


def _reject_subtotals(cells: Cells) -> None:
    """Reject dated rows without any name beside rows that have one: they add the others of their day up."""
    named = pd.concat([cells.raw(name) for name in ("campaign_name", "ad_group_name", "ad_name")], axis=1).notna()
    total = is_total(cells.raw("campaign_name"))
    has_name = named.any(axis=1)
    nameless = ~has_name & bool(has_name.any())
    cells.reject("campaign_name", nameless | total, "a row that adds others up, not a record")


def _days(sheet: Sheet, context: Context) -> pd.Series:
    cells = sheet.cells
    if cells.has("date"):
        cells.required("date")
        return cells.iso_day("date")
    starts, ends = cells.iso_day("starts"), cells.iso_day("ends")
    longer = starts.notna() & ends.notna() & (starts != ends)
    if longer.any():
        span = f"{cells.raw('starts')[longer].iloc[0]} to {cells.raw('ends')[longer].iloc[0]}"
        reason = "one total for several days, which no day can be given"
        raise ImportRefused(reason, file=context.export.label, value=span, hint=DAILY)
    cells.required("starts")
    return starts


def _currency(sheet: Sheet, context: Context) -> str:
    found = {match.group(1) for title in sheet.header for match in [CURRENCY.search(title)] if match}
    if len(found) == 1:
        return found.pop()
    hint = "The header must say it, as in Amount spent (USD): export the file again"
    what = "no column names its currency" if not found else "the columns name several currencies"
    raise ImportRefused(what, file=context.export.label, value=", ".join(sorted(found)) or None, hint=hint)


def _breakdown(sheet: Sheet) -> pd.Series:
    """Return the audience split of each row, such as `Age 25-34, Gender female`; null where there is none."""
    found = pd.Series("", index=sheet.cells.frame.index, dtype="string")
    for name in (one for one in BREAKDOWNS if sheet.cells.has(one)):
        value = sheet.cells.text(name).fillna("")
        found = found.mask(value != "", found + ", " + sheet.cells.names[name] + " " + value)
    return found.str.removeprefix(", ").mask(found == "")


SOURCES = (
    Source("meta_ads", "ads", PLATFORMS, REPORT, frozenset({"starts", "ends", "spend"}), parse_report, find_report),
)
