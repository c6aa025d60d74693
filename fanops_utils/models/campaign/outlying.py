"""Posts of a campaign against what posts of their kind usually get: which did worst, and how unusual that was.

The rate is interactions per account reached; what is usual is the middle of the baseline's posts of the same account and
format, or of the same format. No post is called clearly worse: single posts have tails so long that no interval for one
more holds, and the lowest of many lies low by luck. What is counted instead is how many earlier posts lay as low.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from fanops_utils.metrics import interactions
from fanops_utils.metrics.columns import numbers
from fanops_utils.workspace.registers.campaign import Campaign

FEWEST_BEFORE = 10
COLUMNS = ["post_id", "created_local", "post_type", "interactions", "reach", "usual", "ratio", "as_low", "n"]


def posts_against_usual(posts: pd.DataFrame, campaign: Campaign) -> pd.DataFrame:
    """Return the posts of the live days against what is usual for their kind, the furthest below it first.

    Columns of *posts*: post_id, account_id, created_local, post_type, reach and what `interactions` reads. Returned:
    post_id; created_local; post_type; interactions; reach; usual (interactions at that reach); ratio (1 = as usual);
    as_low (posts before whose rate was no higher); n (posts before). Posts without a known reach are left out, and so
    are those of a kind of which the baseline has fewer than ten.
    """
    known = posts.assign(top=numbers(interactions(posts)), base=numbers(posts["reach"]))
    known = known[known["top"].notna() & (known["base"] > 0) & known["post_type"].notna()]
    known = known.assign(rate=known["top"] / known["base"])
    day = known["created_local"].dt.normalize()
    before, live = (
        known[day.between(pd.Timestamp(one.start), pd.Timestamp(one.end))] for one in (campaign.baseline, campaign.live)
    )
    rows = [row for post in live.to_dict("records") if (row := _row(post, before)) is not None]
    return pd.DataFrame(rows, columns=COLUMNS).sort_values("ratio", ignore_index=True)


def _row(post: Mapping[Any, Any], before: pd.DataFrame) -> tuple[Any, ...] | None:
    alike = before[before["post_type"] == post["post_type"]]
    own = alike[alike["account_id"] == post["account_id"]]
    rates = (own if len(own) >= FEWEST_BEFORE else alike)["rate"].to_numpy(float)
    if len(rates) < FEWEST_BEFORE or not (middle := float(np.median(rates))) > 0:
        return None
    told = tuple(post[name] for name in ("post_id", "created_local", "post_type", "top", "base"))
    return (*told, middle * post["base"], post["rate"] / middle, int((rates <= post["rate"]).sum()), len(rates))
