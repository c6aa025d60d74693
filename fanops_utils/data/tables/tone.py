"""The tone of texts: what the team labelled, and what a scorer says of mentions that the tool left open."""

from __future__ import annotations

from fanops_utils.data.columns import day, text
from fanops_utils.data.table import define

TONES = ("positive", "neutral", "negative")
SCORERS = ("vader", "model")

TABLES = (
    define("labelled_texts", "one row per text and labeller: the tone that somebody of the team gave it", "text_id labeller", {
        "text_id": text("hash of the text as it stands in the sheet", required=True),
        "language": text("code of the language: en, pt, zh", required=True),
        "text": text("the text, what names a person struck out", required=True),
        "sentiment": text("as the team reads it", required=True, choices=TONES),
        "labeller": text("which of the labellers: 1, 2 or as the team calls them, no names", required=True),
        "date_day": day("day it was read back", required=True),
    }),
    define("scored_mentions", "one row per mention without a tone of the tool's, as a scorer reads it", "mention_id", {
        "mention_id": text("the listening tool's id, as in mentions", required=True),
        "language": text("code of the language", required=True),
        "sentiment": text("as the scorer reads it", required=True, choices=TONES),
        "scored_by": text("vader (English), or the model trained on the team's own labels", required=True, choices=SCORERS),
        "date_day": day("day it was scored", required=True),
    }),
)  # fmt: skip
