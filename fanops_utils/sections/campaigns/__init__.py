"""Campaigns: what their reports say and show, before, after and across them."""

from fanops_utils.sections.campaigns import league, money, people, plan, retrospective, voices

__all__ = ["league", "money", "people", "plan", "retrospective", "voices"]
