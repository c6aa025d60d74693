"""The privacy audit: inventory, traces, age, pseudonyms, requests, processors, laws."""

from fanops_utils.sections.protection.conclusion import key_numbers, plays, verdict
from fanops_utils.sections.protection.duties import laws, processors, requests
from fanops_utils.sections.protection.exposure import looks_personal, over_age, pseudonyms
from fanops_utils.sections.protection.inventory import inventory

__all__ = [
    "inventory",
    "key_numbers",
    "laws",
    "looks_personal",
    "over_age",
    "plays",
    "processors",
    "pseudonyms",
    "requests",
    "verdict",
]
