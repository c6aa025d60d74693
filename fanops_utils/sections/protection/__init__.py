"""The privacy audit: inventory, traces, age, pseudonyms, requests, processors, laws."""

from fanops_utils.sections.protection.conclusion import key_numbers, plays, verdict
from fanops_utils.sections.protection.duties import laws, processors, requests
from fanops_utils.sections.protection.held import inventory, looks_personal, over_age, pseudonyms

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
