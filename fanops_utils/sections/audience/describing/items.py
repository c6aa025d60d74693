"""What members take up, named: topics, activities, products, ways of joining, groups."""

from __future__ import annotations

from fanops_utils.sections import words
from fanops_utils.sections.community.words import ACTIVITIES
from fanops_utils.text import Sayable, Written, in_words, say

TALK, COME, BUY = "topic", "activity", "product"


def item(kind: str, name: str) -> Sayable:
    """Return what an item of *kind* (topic, activity, product, way, group) is called."""
    if kind == TALK:
        return say("talk about {topic}", topic=in_words(name))
    if kind == COME:
        return ACTIVITIES.get(name) or in_words(name)
    return words.way(name) if kind == "way" else Written(name) if kind == BUY else in_words(name)


def of_key(key: str) -> Sayable:
    """Return what "kind:item" is called."""
    kind, _, name = key.partition(":")
    return item(kind, name)
