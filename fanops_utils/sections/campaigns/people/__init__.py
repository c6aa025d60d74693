"""A campaign's people: who was there, who came and stayed, and how they talked about it."""

from fanops_utils.sections.campaigns.people.alarms import alarms
from fanops_utils.sections.campaigns.people.joined import joined
from fanops_utils.sections.campaigns.people.stayed import stayed
from fanops_utils.sections.campaigns.people.tone import tone

__all__ = ["alarms", "joined", "stayed", "tone"]
