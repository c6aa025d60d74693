"""What a spreadsheet does to an id, and what can be trusted of it afterwards."""

from __future__ import annotations

import re

import pandas as pd

# Words of sums (and averages) that spreadsheets, their pivot tables, and platforms put below a table.
ADDING_UP = (
    "total; totals; grand total; sum; subtotal; sub total; overall; all; average; avg; gesamt; summe; gesamtsumme; "
    "gesamtergebnis; zwischensumme; durchschnitt; mittelwert; total general; suma total; promedio; total geral; soma; "
    "soma total; somme; total général; sous-total; moyenne; totale; totale complessivo; subtotale; итого; всего; "
    "общий итог; 合計; 合计; 总计; 總計; 総計; 総合計; 总和; 汇总; 累计; 小计; 小計; 平均; 平均值; 합계; 총계; 총합계; 총; "
    "łącznie; suma; razem; suma końcowa; toplam; genel toplam; tổng; tổng cộng; jumlah; jumlah total; รวม; ผลรวมทั้งหมด; "
    "الإجمالي; المجموع; "
    "المجموع الكلي; totaal; eindtotaal; totalsumma; totalsum; yhteensä; celkem; összesen; végösszeg; σύνολο; разом; ∑"
)
TOTALS = frozenset(word.casefold() for word in ADDING_UP.split("; "))
ERRORS = frozenset({"#name?", "#ref!", "#n/a", "#value!", "#div/0!", "#null!", "#num!", "#error!", "#spill!", "#error"})
INVISIBLE = "\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff"
UNCOMPUTED = "=⁇ "  # before a formula whose value the workbook does not hold
EXACT = 2**53
E_NOTATION = r"[+-]?[0-9]+(?:[.,][0-9]+)?[eE][+-]?[0-9]+"
POINT_ZERO = r"([0-9]+)[.,]0+"
ROUNDED = r"[0-9]{15,}"
EXCEL_DIGITS = 15
MANY = 0.2  # of the long ids of a file: by chance one in ten ends in a zero, one in a hundred in two
TOTAL = (
    "(?i:(?:"
    + "|".join(map(re.escape, sorted(TOTALS)))
    + r")\s*[:：*]*\s*(?:[(（]\s*[0-9]+[^()（）]*[)）])?\s*[:：*]?)"
)
# One pass decides whether any id of a column needs a second look.
SUSPECT = rf"^[=#'\"]|[{INVISIBLE}\u00a0]|^\s|\s$|^[0-9]+[.,]0+$|^{E_NOTATION}$|^[0-9]{{14,}}0$|^{TOTAL}$"
WRAPPED = re.compile(r'="?([^"]*)"?')


def bare(values: pd.Series) -> pd.Series:
    """Return ids without what a spreadsheet or a copy puts around them: `="…"`, an apostrophe, invisible marks."""
    found = values.str.replace(rf"[{INVISIBLE}]", "", regex=True).str.replace("\u00a0", " ", regex=False).str.strip()
    wrapped = found.str.extract(r'^="([^"]*)"$', expand=False)
    found = wrapped.fillna(found)
    return found.str.replace(r"^'+", "", regex=True).str.strip('"').str.strip()


def is_total(values: pd.Series) -> pd.Series:
    """Return where a cell says that its row adds the others up: a word for it, with a colon or their number after it."""
    visible = values.str.replace(rf"[{INVISIBLE}]", "", regex=True).str.strip().str.lstrip(":*").str.strip()
    return visible.str.fullmatch(TOTAL).fillna(value=False).astype(bool)


def is_broken(values: pd.Series) -> pd.Series:
    """Return where a spreadsheet holds an error or a formula instead of an id."""
    return (values.str.casefold().isin(ERRORS) | values.str.startswith("=")).fillna(value=False).astype(bool)


def is_rounded(values: pd.Series) -> pd.Series:
    """Return where a long number keeps no more than the 15 digits of a spreadsheet, and chance does not explain it.

    >>> is_rounded(pd.Series(["17978900000000100", "17978900000000200"], dtype="string")).tolist()
    [True, True]
    >>> is_rounded(pd.Series([f"179789345678912{number:02}" for number in range(40)], dtype="string")).any()
    np.False_
    """
    long = values.str.fullmatch(r"[0-9]{16,}").fillna(value=False).astype(bool)
    beyond = (values.str.len() - EXCEL_DIGITS).where(long, 0)
    zeros = values.str.len() - values.str.rstrip("0").str.len()
    suspicious = (long & (zeros >= beyond)).fillna(value=False).astype(bool)
    distinct_long, distinct = values[long].nunique(), values[suspicious].nunique()
    few = distinct_long == 0 or distinct <= MANY * distinct_long
    return suspicious & (not few)


def same_but_rounded(printed: pd.Series, linked: pd.Series) -> pd.Series:
    """Return where *printed* is what a spreadsheet makes of the id *linked*: cut after 15 digits, or in E-notation."""

    def close(one: object, other: object) -> bool:
        if pd.isna(one) or pd.isna(other):  # type: ignore[call-overload]
            return False
        try:
            number, whole = float(str(one).replace(",", ".")), float(str(other))
        except ValueError:
            return False
        mantissa = re.split("[eE]", str(one))[0] if "e" in str(one).lower() else ""
        digits = len(re.sub(r"\D", "", mantissa)) if mantissa else EXCEL_DIGITS
        return abs(number - whole) <= whole * 10.0 ** -(min(digits, EXCEL_DIGITS) - 1)

    return pd.Series([close(*pair) for pair in zip(printed, linked, strict=True)], index=printed.index)
