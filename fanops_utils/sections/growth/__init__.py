"""Growth and referral: sources, target, size and quality, invitations, chains, steps, win-back, leaving, candidates."""

from fanops_utils.sections.growth.concluding import key_numbers, plays, verdict
from fanops_utils.sections.growth.gaining import curve, quality, sources
from fanops_utils.sections.growth.inviting import chains, inviting, steps
from fanops_utils.sections.growth.silent import leaving, seeds, winning_back

__all__ = [
    "chains",
    "curve",
    "inviting",
    "key_numbers",
    "leaving",
    "plays",
    "quality",
    "seeds",
    "sources",
    "steps",
    "verdict",
    "winning_back",
]
