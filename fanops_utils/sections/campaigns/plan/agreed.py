"""The brief as it is signed, field by field."""

from __future__ import annotations

import pandas as pd

from fanops_utils.playbook.plays import role
from fanops_utils.sections.campaigns.words import counted
from fanops_utils.text import Day, Listed, Money, Period, Sayable, Signed, Written, term
from fanops_utils.workspace import Campaign

NONE = term("none", "field of a brief")
COLUMNS = {"what": term("What", "column"), "agreed": term("Agreed", "column")}


def agreed(campaign: Campaign) -> pd.DataFrame:
    """Return the brief as it is signed: what (field of the register) and agreed (its value)."""
    metric = term("{metric}, per day", "field of a brief", metric=counted(campaign))
    definition = Written(campaign.definition) if campaign.definition else None
    rows: list[tuple[Sayable, Sayable]] = [
        (term("Objective", "field of a brief"), Written(campaign.objective)),
        (term("Metric", "field of a brief"), metric),
        *([(term("What it counts", "field of a brief"), definition)] if definition else []),
        (term("Treated", "field of a brief"), Listed.of(campaign.treated)),
        (term("Held back", "field of a brief"), Listed.of(campaign.controls) if campaign.controls else NONE),
        (term("Baseline", "field of a brief"), Period.of(campaign.baseline.start, campaign.baseline.end)),
        (term("Live", "field of a brief"), Period.of(campaign.live.start, campaign.live.end)),
        (term("Target", "field of a brief"), NONE if campaign.target_lift is None else Signed(campaign.target_lift)),
        (term("Budget", "field of a brief"), Money(campaign.planned, campaign.currency) if campaign.planned else NONE),
        (term("Owner", "field of a brief"), role(campaign.owner)),
        (term("Review", "field of a brief"),
         Day.of(campaign.review) if campaign.review else term("not set", "field of a brief")),
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=["what", "agreed"])
