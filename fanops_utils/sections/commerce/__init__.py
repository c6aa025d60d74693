"""Commerce: plans and trials, renewal, buying again, value, offers, sales, points, social, partners, costs; a module each."""

from fanops_utils.sections.commerce.attributes import attributes
from fanops_utils.sections.commerce.head import key_numbers, leading, verdict
from fanops_utils.sections.commerce.offers import offers
from fanops_utils.sections.commerce.partners import partners
from fanops_utils.sections.commerce.paying_back import paying_back
from fanops_utils.sections.commerce.plans import plans, trials
from fanops_utils.sections.commerce.plays import plays
from fanops_utils.sections.commerce.points import points
from fanops_utils.sections.commerce.renewal import renewal
from fanops_utils.sections.commerce.repurchase import repurchase
from fanops_utils.sections.commerce.sales import sale
from fanops_utils.sections.commerce.social import social
from fanops_utils.sections.commerce.staying_on import staying_on
from fanops_utils.sections.commerce.value import value
from fanops_utils.sections.commerce.winning import winning

__all__ = [
    "attributes", "key_numbers", "leading", "offers", "partners", "paying_back", "plans", "plays", "points", "renewal",
    "repurchase", "sale", "social", "staying_on", "trials", "value", "verdict", "winning",
]  # fmt: skip
