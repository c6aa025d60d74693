"""The crisis watch: level, drivers, rivals, clocks, recovery, replay, risks and evidence, a module or two a question."""

from fanops_utils.sections.crisis.after import recovery
from fanops_utils.sections.crisis.conclusion import key_numbers, plays, verdict
from fanops_utils.sections.crisis.drilling import drill, incidents_seen
from fanops_utils.sections.crisis.driving import driving, rivals
from fanops_utils.sections.crisis.duty import clocks, evidence
from fanops_utils.sections.crisis.labels import labels, plain_share
from fanops_utils.sections.crisis.risks import risks
from fanops_utils.sections.crisis.situation import form_of, situation
from fanops_utils.sections.crisis.status import status

__all__ = [
    "clocks",
    "drill",
    "driving",
    "evidence",
    "form_of",
    "incidents_seen",
    "key_numbers",
    "labels",
    "plain_share",
    "plays",
    "recovery",
    "risks",
    "rivals",
    "situation",
    "status",
    "verdict",
]
