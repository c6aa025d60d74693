"""A brand nobody mentions: where rivals are mentioned, another name may be the reason."""

from __future__ import annotations

import pandas as pd

from fanops_utils.sections import market
from fanops_utils.sections.unmentioned import unmentioned


def test_another_name_is_asked_about_only_where_rivals_are_mentioned() -> None:
    assert "aliases" in str(unmentioned("Ours", others=True))
    assert "aliases" not in str(unmentioned("Ours", others=False))
    rivals = pd.DataFrame({"brand": ["Theirs"], "is_ours": [False], "estimate": [1.0], "n": [40]})
    for table, asked in ((rivals, True), (rivals.head(0), False)):
        finding = market.voice(table, brand="Ours").finding
        assert finding.status == "no_data" and ("aliases" in str(finding)) is asked
