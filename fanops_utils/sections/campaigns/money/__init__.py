"""A campaign's money: its lines, what a unit cost, whether it paid, advertisements, their pace, and which sales claim it."""

from fanops_utils.sections.campaigns.money.ads import ads
from fanops_utils.sections.campaigns.money.claims import claims
from fanops_utils.sections.campaigns.money.contents import contents
from fanops_utils.sections.campaigns.money.lines import lines
from fanops_utils.sections.campaigns.money.pace import pace
from fanops_utils.sections.campaigns.money.paid_back import paid_back
from fanops_utils.sections.campaigns.money.units import units

__all__ = ["ads", "claims", "contents", "lines", "pace", "paid_back", "units"]
