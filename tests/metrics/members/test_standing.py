"""Cards of groups: what is not known of a group does not stand on its card as zero."""

from __future__ import annotations

import pandas as pd

from fanops_utils.metrics.members.hours import HOUR_COLUMNS
from fanops_utils.metrics.members.standing import personas


def test_a_group_of_which_no_spend_is_known_has_none_on_its_card() -> None:
    members = pd.DataFrame({
        "tier": ["loyal"] * 12 + ["ordinary"] * 12, "active_days_28": 2, "acquisition": "search",
        "spend": [float("nan")] * 12 + [5.0] * 11 + [float("nan")],
    })  # fmt: skip
    hours = pd.DataFrame(columns=["tier", *HOUR_COLUMNS]).astype({"n": "int64", "apart": bool})
    cards = personas(members, hours, "tier").set_index("tier")["spend_share"]
    assert pd.isna(cards["loyal"]) and cards["ordinary"] == 1.0
