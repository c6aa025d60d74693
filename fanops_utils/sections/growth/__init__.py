"""Growth and referral: sources, codes, target, size, invitations, chains, timed rewards, steps, win-back, leaving, candidates."""

from fanops_utils.sections.growth.codes import by_code
from fanops_utils.sections.growth.concluding import key_numbers, plays, verdict
from fanops_utils.sections.growth.gaining import curve, quality, sources
from fanops_utils.sections.growth.inviting import chains, inviting, steps
from fanops_utils.sections.growth.silent import leaving, seeds, winning_back
from fanops_utils.sections.growth.timed import timed

__all__ = [
    "by_code",
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
    "timed",
    "verdict",
    "winning_back",
]
