"""Words of the content reports: types, who made a post, parts of the day, traits of captions."""

from __future__ import annotations

from fanops_utils.models.content.library import NO_SERIES
from fanops_utils.sections import words
from fanops_utils.text import Message, Sayable, in_words, term

TYPES: dict[str, Message] = {
    "product": term("Product", "content type"), "education": term("Education", "content type"),
    "interaction": term("Interaction", "content type"), "emotion": term("Emotion", "content type"),
    "entertainment": term("Entertainment", "content type"),
}  # fmt: skip
MAKERS: dict[str, Message] = {
    "OGC": term("the brand (OGC)", "who made it"), "PGC": term("professionals (PGC)", "who made it"),
    "UGC": term("users (UGC)", "who made it"), "KOL": term("partners (KOL)", "who made it"),
}  # fmt: skip
MAKING: dict[str, Message] = {
    "original": term("Original posts", "making of posts"), "curated": term("Curated posts", "making of posts"),
}  # fmt: skip
PARTS: dict[str, Message] = {
    "night": term("night, 0–6", "part of the day"), "morning": term("morning, 6–11", "part of the day"),
    "midday": term("midday, 11–15", "part of the day"), "afternoon": term("afternoon, 15–18", "part of the day"),
    "evening": term("evening, 18–24", "part of the day"),
}  # fmt: skip
TRAITS: dict[str, Message] = {
    "question": term("A question in the first line", "trait of a caption"),
    "number": term("A number in the first line", "trait of a caption"),
    "emoji": term("An emoji", "trait of a caption"),
    "many_hashtags": term("More than three hashtags", "trait of a caption"),
    "long_caption": term("A caption longer than the middle one", "trait of a caption"),
}  # fmt: skip
SORTS: dict[str, Message] = {
    "content_type": term("content types", "way of sorting posts"), "post_type": term("formats", "way of sorting posts"),
    "topic": term("topics", "way of sorting posts"), "series": term("series", "way of sorting posts"),
    "making": term("original and curated posts", "way of sorting posts"), "origin": term("makers", "way of sorting posts"),
}  # fmt: skip
SORTS_FIRST: dict[str, Message] = {
    "content_type": term("Content type", "column"), "post_type": term("Format", "column"), "topic": term("Topic", "column"),
    "series": term("Series", "column"), "making": term("Making", "column"), "origin": term("Made by", "column"),
    "part": term("Part of the day", "column"),
}  # fmt: skip


def value(sort: str, name: str) -> Sayable:
    """Return the value *name* of a way of sorting posts, for a cell, a label or after a colon."""
    if sort == "post_type":
        return words.posts_of(name, first=True)
    if sort == "series" and name == NO_SERIES:
        return term("outside any series", "series")
    known = {"content_type": TYPES, "making": MAKING, "origin": MAKERS, "part": PARTS}.get(sort, {})
    return known.get(name) or in_words(name)
