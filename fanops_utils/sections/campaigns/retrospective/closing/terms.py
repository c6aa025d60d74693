"""What the words of the report mean."""

from __future__ import annotations

import pandas as pd

from fanops_utils import charts
from fanops_utils.playbook import Section
from fanops_utils.sections.campaigns.words import counted
from fanops_utils.text import Level, Number, Period, Sayable, Written, say, term
from fanops_utils.workspace import Campaign

COLUMNS = {"term": term("Term", "column"), "meaning": term("Meaning", "column")}


def terms(campaign: Campaign, *, level: float) -> Section:
    """Return the terms of the report with their meanings."""
    return Section.of(charts.table(listed(campaign, level=level), columns=COLUMNS, caption=say("Terms of this report")))


def listed(campaign: Campaign, *, level: float) -> pd.DataFrame:
    """Return the terms of the report: term, meaning."""
    own = Written(campaign.definition) if campaign.definition else say("As the platform counts them.")
    rows: list[tuple[Sayable, Sayable]] = [
        (counted(campaign), own),
        (term("Effect", "term"),
         say("Total of the live days against what the control markets say would have come anyway, as a fraction of that.")),
        (term("Interval", "term"),
         say("{level}: of a hundred such reports on ordinary data, it holds the truth in about {number}.",
             level=Level(level), number=Number(level * 100, 0))),
        (term("Placebo window", "term"),
         say("Past days as many as the campaign's, treated as if it had run then; they show what chance does.")),
        (term("Baseline", "term"),
         say("{period}: what the live days are held against, same weekdays.",
             period=Period.of(campaign.baseline.start, campaign.baseline.end))),
        (term("Detectable", "term"), say("Smallest true effect that such data would show four times in five.")),
        (term("Worked, hurt", "term"), say("The whole interval lies above, or below, zero.")),
        (term("No clear effect", "term"),
         say("The interval holds zero. Nothing was shown, in either direction; it is no proof of nothing.")),
        (term("Cannot tell", "term"), say("A condition of the method is not met; the rule that said so stands beside it.")),
        (term("Weighted mix", "term"),
         say("Controls that count unequally (synthetic control, synthetic DiD); shown beside the verdict, never in it.")),
        (term("Suggestive", "term"), say("No control market: the market's own past only; whatever else changed is in it.")),
        (term("Tracked", "term"), say("Sales that passed by a code, link or answer of the campaign, with or without it.")),
        (term("Return", "term"), say("(Value of the gain − cost) / cost; at 0% its cost came back.")),
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=["term", "meaning"])
