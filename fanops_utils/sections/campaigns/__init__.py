"""Campaigns: what their reports say and show, before, after and across them."""

from fanops_utils.sections.campaigns import money, people, retrospective, voices

__all__ = ["money", "people", "retrospective", "voices"]
