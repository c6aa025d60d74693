"""Places at an offline event: most by what members do, some by lot, and first for those who have not been there lately."""

from __future__ import annotations

from collections.abc import Set
from hashlib import sha256

import numpy as np
import pandas as pd

from fanops_utils.metrics.columns import need

BY_LOT = 0.3


def fair_places(
    members: pd.DataFrame, came: Set[str], *, seats: int, name: str, by_lot: float = BY_LOT
) -> pd.DataFrame:
    """Return who gets a place: member_key, how (score, lot), score; who came lately stands behind all others.

    *members*: member_key, days_91, acts, spend (null: not known); those not active in 91 days get none. *came*: who was
    at an offline event lately. The score is the mean of the ranks, 0 to 1, of active days, acts and, where it is known,
    spend. Of the *seats* the part *by_lot* is drawn among the others, by a hash of pseudonym and *name* (of the event), so
    that the same list comes out in every run.
    """
    need(members, "member_key", "days_91", "acts", "spend")
    here = members[members["days_91"] > 0].reset_index(drop=True)
    ranks = here[["days_91", "acts"]].rank(pct=True).assign(spend=here["spend"].astype(float).rank(pct=True))
    here = here.assign(score=ranks.mean(axis=1), again=here["member_key"].isin(set(came)))
    ranked = here.sort_values(["again", "score", "member_key"], ascending=[True, False, True], kind="stable")
    first = ranked.head(seats - round(seats * by_lot))
    others = ranked.iloc[len(first) :]
    lots = [sha256(f"{name}:{key}".encode()).hexdigest() for key in others["member_key"]]
    drawn = others.assign(lot=lots).sort_values(["again", "lot"]).head(seats - len(first))
    both = pd.concat([first.assign(how="score"), drawn.assign(how="lot")])
    return both[["member_key", "how", "score", "again"]].reset_index(drop=True)


def places_by(chosen: pd.DataFrame, members: pd.DataFrame, column: str) -> pd.DataFrame:
    """Return how places fall on the values of *column*: *column*, members (active ones), places, share and share_places.

    *chosen*: `fair_places`; *members*: member_key, *column*, days_91.
    """
    here = members[members["days_91"] > 0].drop_duplicates("member_key").set_index("member_key")
    sizes = here.groupby(column, observed=True).size()
    got = here[column].reindex(chosen["member_key"]).value_counts().reindex(sizes.index, fill_value=0)
    total, places = float(sizes.sum()), float(got.sum())
    table = pd.DataFrame({"members": sizes, "places": got.astype("int64")})
    table["share"] = table["members"] / total if total else np.nan
    table["share_places"] = table["places"] / places if places else np.nan
    return table.rename_axis(column).reset_index()
