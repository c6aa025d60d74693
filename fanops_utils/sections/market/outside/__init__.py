"""What is known from outside: law, sizes of platforms, moments ahead, cases that the plans quote; all sourced and dated."""

from fanops_utils.sections.market.outside.cases import cases
from fanops_utils.sections.market.outside.law import law, missing_duties, registered
from fanops_utils.sections.market.outside.moments import ahead
from fanops_utils.sections.market.outside.reached import penetration
from fanops_utils.sections.market.outside.sizes import scale

__all__ = ["ahead", "cases", "law", "missing_duties", "penetration", "registered", "scale"]
