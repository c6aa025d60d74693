"""Where is room? The share of each topic in the interactions less its share in the posts."""

from __future__ import annotations

import pandas as pd

from fanops_utils import charts
from fanops_utils.sections.cells import cells
from fanops_utils.text import Percent, Points, in_words, say, term


def white_space(space: pd.DataFrame | None) -> charts.Table | None:
    """Return the table of *space* (`models.demand_less_supply`); None without one."""
    if space is None or space.empty:
        return None
    columns = {
        "name": term("Topic", "column"), "n": term("Posts", "column"), "demand": term("Share of interactions", "column"),
        "supply": term("Share of posts", "column"), "gap": term("Interactions less posts", "column"),
        "ci_lower": term("90% from", "column"), "ci_upper": term("to", "column"),
    }  # fmt: skip
    forms = {"demand": Percent, "supply": Percent, "gap": Points, "ci_lower": Points, "ci_upper": Points}
    return charts.table(
        space.assign(name=cells(in_words(str(one)) for one in space["topic"])), columns=columns, formats=forms,
        caption=say("Demand less supply: part of the interactions less part of the posts, of all posts with a topic, also "
                    "those of unknown reach; reach and format are not held equal here"),
    )  # fmt: skip
