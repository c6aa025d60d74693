"""The market analysis: platforms, change, growth, formats, topics, hours, rivals, tone and law, one module a question."""

from fanops_utils.sections.market.changed import changed
from fanops_utils.sections.market.content.demand import demand
from fanops_utils.sections.market.content.formats import formats
from fanops_utils.sections.market.content.local import local
from fanops_utils.sections.market.content.reading import reading
from fanops_utils.sections.market.content.trend import trend
from fanops_utils.sections.market.growth import growth
from fanops_utils.sections.market.key_numbers import key_numbers
from fanops_utils.sections.market.outlook import outlook
from fanops_utils.sections.market.outside import ahead, cases, law, missing_duties, penetration, registered, scale
from fanops_utils.sections.market.platforms import platforms
from fanops_utils.sections.market.plays import cleared, plays, strictest
from fanops_utils.sections.market.rivals import rivals
from fanops_utils.sections.market.structure import structure
from fanops_utils.sections.market.tone import last_alarms, tone
from fanops_utils.sections.market.verdict import verdict
from fanops_utils.sections.market.voice import voice

__all__ = [
    "ahead", "cases", "changed", "cleared", "demand", "formats", "growth", "key_numbers", "last_alarms", "law", "local",
    "missing_duties", "outlook", "penetration", "platforms", "plays", "reading", "registered", "rivals", "scale",
    "strictest", "structure", "tone", "trend", "verdict", "voice",
]  # fmt: skip
