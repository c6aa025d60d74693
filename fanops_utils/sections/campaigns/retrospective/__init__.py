"""The campaign retrospective: did it work, how sure is that, what did its parts do, what remains to be said and done."""

from fanops_utils.sections.campaigns.retrospective.brief import brief
from fanops_utils.sections.campaigns.retrospective.chance import chance
from fanops_utils.sections.campaigns.retrospective.checks import checks
from fanops_utils.sections.campaigns.retrospective.closing.decided import decided, holds_until
from fanops_utils.sections.campaigns.retrospective.closing.plays import plays
from fanops_utils.sections.campaigns.retrospective.closing.terms import terms
from fanops_utils.sections.campaigns.retrospective.closing.unknown import unknown
from fanops_utils.sections.campaigns.retrospective.closing.verdict import confidence, facts, verdict
from fanops_utils.sections.campaigns.retrospective.cost import cost
from fanops_utils.sections.campaigns.retrospective.effect import effect
from fanops_utils.sections.campaigns.retrospective.mixes import mixes
from fanops_utils.sections.campaigns.retrospective.parts.formats import formats
from fanops_utils.sections.campaigns.retrospective.parts.partners import partners
from fanops_utils.sections.campaigns.retrospective.parts.phases import phases
from fanops_utils.sections.campaigns.retrospective.parts.places import places
from fanops_utils.sections.campaigns.retrospective.parts.worst import worst
from fanops_utils.sections.campaigns.retrospective.run import run
from fanops_utils.sections.campaigns.retrospective.targets import against_targets, measured, targets

__all__ = [
    "against_targets", "brief", "chance", "checks", "confidence", "cost", "decided", "effect", "facts", "formats", "holds_until",
    "measured", "mixes", "partners", "phases", "places", "plays", "run", "targets", "terms", "unknown", "verdict", "worst",
]  # fmt: skip
