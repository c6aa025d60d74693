"""Content performance: what posts earn, which kinds do best, when, how long they live, who makes them, live streams."""

from fanops_utils.sections.content.closing import boosted, key_numbers, plays, verdict
from fanops_utils.sections.content.earned import earned
from fanops_utils.sections.content.fades import fades
from fanops_utils.sections.content.fit import captions, combinations, fit
from fanops_utils.sections.content.hour_draft import hour_draft
from fanops_utils.sections.content.making import calendar, makers
from fanops_utils.sections.content.ranked import ranked
from fanops_utils.sections.content.streams import live
from fanops_utils.sections.content.talked_of import talked_of
from fanops_utils.sections.content.when import when

__all__ = [
    "boosted", "calendar", "captions", "combinations", "earned", "fades", "fit", "hour_draft", "key_numbers", "live", "makers",
    "plays", "ranked", "talked_of", "verdict", "when",
]  # fmt: skip
