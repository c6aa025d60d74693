"""Tone as fanops hands it over itself: the sheet that the team labelled, and what a scorer said of mentions."""

from __future__ import annotations

import hashlib
import re

import pandas as pd

from fanops_utils.data.sources.shared.sheet import Aliases, Sheet, accepted
from fanops_utils.data.sources.shared.source import Context, Parsed, Source
from fanops_utils.data.tables.tone import SCORERS, TONES
from fanops_utils.text.sheets import FORMULA

LABELS: Aliases = {
    "text_id": ("Text id",), "language": ("Language",), "text": ("Text",), "sentiment": ("Tone (positive, neutral, negative)",),
    "labeller": ("Labeller",),
}  # fmt: skip
SCORES: Aliases = {
    "mention_id": ("Mention id scored",), "language": ("Language",), "sentiment": ("Tone",), "scored_by": ("Scored by",),
}  # fmt: skip
SPELLED = {
    **{tone: tone for tone in TONES}, **{tone[:3]: tone for tone in TONES},
    "+": "positive", "0": "neutral", "-": "negative", "正面": "positive", "中性": "neutral", "负面": "negative",
    "正": "positive", "中": "neutral", "负": "negative",
}  # fmt: skip
NUMERIC = r"[0-9]+(?:[.,][0-9]+)?(?:[eE]\+?[0-9]+)?"


def text_id(text: str) -> str:
    """Return the id of a text of the sheet: the same words have the same.

    >>> text_id("so good") == text_id(" so good ")
    True
    """
    return hashlib.sha256(text.strip().encode()).hexdigest()[:16]


def parse_labels(sheet: Sheet, context: Context) -> Parsed:
    """Return the labelled rows; those left open are no labels yet, and a text that was changed is set aside."""
    open_rows = sheet.cells.raw("sentiment").isna()
    sheet = sheet.only(~open_rows)
    cells = sheet.cells
    # The mark that keeps a text from being a formula is ours; an apostrophe before anything else is the text's own.
    text = cells.raw("text").str.replace(rf"^'(?=[{re.escape(FORMULA)}])", "", regex=True)
    # An id of digits alone, or with one e among them, is a number to a spreadsheet (1.2E+15): the text has it still.
    computed = text.map(text_id, na_action="ignore").astype("string")
    known = cells.raw("text_id")
    known = known.mask(known.str.fullmatch(NUMERIC).fillna(value=False).astype(bool), computed)
    cells.reject("text", text.isna(), "the cell is empty")
    changed = text.notna() & known.notna() & (computed != known)
    cells.reject("text", changed, "not the text that was handed over: a label goes with its own words")
    told = accepted(sheet, {
        "text_id": known, "language": cells.required("language").str.casefold(), "text": text,
        "sentiment": cells.choice("sentiment", SPELLED), "labeller": cells.raw("labeller").fillna("1"),
        "date_day": _day(context, cells.frame.index),
    })  # fmt: skip
    said = [f"{int(open_rows.sum())} texts without a label: they are no labels yet"] if open_rows.any() else []
    return Parsed({"labelled_texts": told}, cells.rejects, sheet.rows_in, context.exported_at(), said)


def parse_scores(sheet: Sheet, context: Context) -> Parsed:
    """Return the scored mentions."""
    cells = sheet.cells
    told = accepted(sheet, {
        "mention_id": cells.required("mention_id"), "language": cells.required("language").str.casefold(),
        "sentiment": cells.choice("sentiment", {tone: tone for tone in TONES}),
        "scored_by": cells.choice("scored_by", {one: one for one in SCORERS}), "date_day": _day(context, cells.frame.index),
    })  # fmt: skip
    return Parsed({"scored_mentions": told}, cells.rejects, sheet.rows_in, context.exported_at())


def _day(context: Context, index: pd.Index) -> pd.Series:
    return pd.Series(pd.Timestamp(context.exported_at().date()), index=index).astype("datetime64[us]")


SOURCES = (
    Source("fanops", "labels", (), LABELS, frozenset(LABELS), parse_labels),
    Source("fanops", "scores", (), SCORES, frozenset(SCORES), parse_scores),
)
