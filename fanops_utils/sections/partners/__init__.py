"""The partner scorecard: value, price, sales, real numbers, scores, settlement, duties, one module a question."""

from fanops_utils.sections.partners.authenticity import authenticity
from fanops_utils.sections.partners.conclusion import key_numbers, plays, verdict
from fanops_utils.sections.partners.contribution import overlap, sales
from fanops_utils.sections.partners.duties import duties, ladder
from fanops_utils.sections.partners.price import price
from fanops_utils.sections.partners.scorecard import scorecard
from fanops_utils.sections.partners.settlement import settlement
from fanops_utils.sections.partners.value import tiers, value

__all__ = [
    "authenticity",
    "duties",
    "key_numbers",
    "ladder",
    "overlap",
    "plays",
    "price",
    "sales",
    "scorecard",
    "settlement",
    "tiers",
    "value",
    "verdict",
]
