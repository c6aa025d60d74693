"""Campaigns: what their reports say and show, before, after and across them."""

from fanops_utils.sections.campaigns import key_numbers, league, money, people, plan, retrospective, voices

__all__ = ["key_numbers", "league", "money", "people", "plan", "retrospective", "voices"]
