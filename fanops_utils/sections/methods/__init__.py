"""What the validation of the methods says: do they keep what they promise, on data whose truth is known?"""

from fanops_utils.sections.methods.campaigns import campaign_coverage, campaign_false, campaign_plain, campaign_power
from fanops_utils.sections.methods.conclusion import plays, simulated, verdict
from fanops_utils.sections.methods.hard import covered, hard
from fanops_utils.sections.methods.hard_campaigns import campaign_covered, campaign_hard
from fanops_utils.sections.methods.key_numbers import key_numbers
from fanops_utils.sections.methods.looks import campaign_mixes, campaign_running
from fanops_utils.sections.methods.own_past import campaign_own_past
from fanops_utils.sections.methods.peeking import peeking
from fanops_utils.sections.methods.trials import checks, coverage, errors, strength

__all__ = [
    "campaign_coverage", "campaign_covered", "campaign_false", "campaign_hard", "campaign_mixes", "campaign_own_past",
    "campaign_plain", "campaign_power", "campaign_running", "checks", "coverage", "covered", "errors", "hard", "key_numbers",
    "peeking", "plays", "simulated", "strength", "verdict",
]  # fmt: skip
