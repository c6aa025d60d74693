"""The forest of invitations: who came through whom, generation by generation."""

from __future__ import annotations

from datetime import date

import ibis
import pandas as pd

from fanops_utils.metrics.folds.tables import day_column, needs

DEEPEST = 50


def invitation_forest(referrals: ibis.Table, *, end: date | None = None) -> pd.DataFrame:
    """Return per generation how many people there are, and what they did with their invitations up to *end*.

    Columns of *referrals*: inviter_key, invited_key, invited_at, accepted_at, date_day. A person belongs to whoever's
    invitation they took up first; generation 0 are inviters who took up none. Returned: generation, people, inviters
    (those of them who invited anybody), sent (their invitations), joined (the people who came through them). People who
    lead to each other in a circle, which only faulty data hold, have no generation and are left out.
    """
    needs(referrals, "inviter_key", "invited_key", "invited_at", "accepted_at", "date_day")
    given = referrals.filter(referrals.date_day <= end) if end else referrals
    sent = given.group_by("inviter_key").agg(sent=given.count())
    parents = _parents(given)
    people = given.select(person=given.inviter_key).union(parents.select(person=parents.invited_key), distinct=True)
    level = people.anti_join(parents, people.person == parents.invited_key).cache()
    lines, generation = [], 0
    while generation <= DEEPEST:
        asked = level.left_join(sent, level.person == sent.inviter_key)
        counts = asked.agg(people=asked.count(), inviters=asked.sent.count(), sent=asked.sent.sum()).to_pandas().iloc[0]
        if not counts["people"]:
            break
        children = parents.semi_join(level, parents.inviter_key == level.person)
        level = children.select(person=children.invited_key).cache()
        joined = int(level.count().to_pandas())
        total = 0 if pd.isna(counts["sent"]) else int(counts["sent"])
        lines.append((generation, int(counts["people"]), int(counts["inviters"]), total, joined))
        generation += 1
    return pd.DataFrame(lines, columns=["generation", "people", "inviters", "sent", "joined"]).astype("int64")


def rewards_by_day(referrals: ibis.Table) -> pd.DataFrame:
    """Return what was paid for invitations: date_day, currency (null: points), reward; days without a reward are left out.

    Columns of *referrals*: date_day, currency, reward.
    """
    needs(referrals, "date_day", "currency", "reward")
    paid = referrals.filter(referrals.reward.notnull())
    keys = ["date_day", "currency"]
    found = paid.group_by(keys).agg(reward=paid.reward.sum()).order_by(keys).to_pandas()
    return found.assign(date_day=day_column(found["date_day"])).astype({"reward": "float64"})


def _parents(referrals: ibis.Table) -> ibis.Table:
    """Return invited_key and inviter_key of the invitation each person took up first; nobody invites themselves."""
    taken = referrals.filter(
        referrals.accepted_at.notnull(), referrals.invited_key.notnull(), referrals.invited_key != referrals.inviter_key
    )
    first = ibis.window(group_by="invited_key", order_by=["accepted_at", "invited_at", "inviter_key"])
    ranked = taken.mutate(rank=ibis.row_number().over(first))
    return ranked.filter(ranked["rank"] == 0).select("invited_key", "inviter_key").cache()
