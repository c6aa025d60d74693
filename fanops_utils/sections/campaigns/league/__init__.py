"""The league of campaigns: which did most once luck is drawn out, what was decided, what was learnt."""

from fanops_utils.sections.campaigns.league.checks import checks
from fanops_utils.sections.campaigns.league.learnt import learnt
from fanops_utils.sections.campaigns.league.plays import owner, plays
from fanops_utils.sections.campaigns.league.ranking import ranking
from fanops_utils.sections.campaigns.league.tally import tally
from fanops_utils.sections.campaigns.league.verdict import verdict
from fanops_utils.sections.campaigns.retrospective.closing.decided import holds_until

__all__ = ["checks", "holds_until", "learnt", "owner", "plays", "ranking", "tally", "verdict"]
