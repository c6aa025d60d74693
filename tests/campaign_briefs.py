"""A brief for the tests of the campaign reports, on the markets of `market_worlds`."""

from __future__ import annotations

from typing import Any

from fanops_utils.workspace import Campaign


def brief(**options: Any) -> Campaign:
    """Return a campaign in BR against five controls, live for the last four weeks of the simulated markets."""
    return Campaign.model_validate({
        "id": "spring", "name": "Spring", "objective": "Talk", "owner": "lead", "platform": "instagram",
        "metric": "engagements", "treated": ["BR"], "controls": ["US", "MX", "DE", "FR", "JP"],
        "live": {"start": "2026-04-13", "end": "2026-05-10"}, "baseline": {"start": "2026-02-16", "end": "2026-04-12"},
        **options,
    })  # fmt: skip
