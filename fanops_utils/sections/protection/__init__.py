"""The privacy audit: inventory, traces, age, pseudonyms, requests, processors, laws."""

from fanops_utils.sections.protection.agreeing import consents, plans
from fanops_utils.sections.protection.conclusion import key_numbers, plays, verdict
from fanops_utils.sections.protection.duties import laws, processors, requests
from fanops_utils.sections.protection.exposure import looks_personal, over_age, pseudonyms
from fanops_utils.sections.protection.inventory import inventory

__all__ = [
    "consents",
    "inventory",
    "key_numbers",
    "laws",
    "looks_personal",
    "over_age",
    "plans",
    "plays",
    "processors",
    "pseudonyms",
    "requests",
    "verdict",
]
