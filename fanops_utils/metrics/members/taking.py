"""What members took up, and when first: topics they wrote on, activities they came to, products they bought."""

from __future__ import annotations

import ibis
import pandas as pd

from fanops_utils.metrics.folds.tables import day_column, needs

COLUMNS = ["member_key", "kind", "item", "date_day"]


def things_taken(
    fans: ibis.Table,
    messages: ibis.Table,
    events: ibis.Table,
    activities: ibis.Table,
    orders: ibis.Table,
    lines: ibis.Table,
) -> pd.DataFrame:
    """Return what each member took up: member_key, market, kind (topic, activity, product), item, date_day (of the first time).

    Columns, all in the engine: *fans* member_key, customer_key, market; *messages* member_key, topic, date_day;
    *events* (acts of coming, whose subject is the activity) member_key, subject, date_day; *activities* activity_id, kind;
    *orders* order_id, customer_key, date_day; *lines* order_id, title. Orders count for members who linked their account.
    """
    needs(messages, "member_key", "topic", "date_day")
    needs(events, "member_key", "subject", "date_day")
    needs(activities, "activity_id", "kind")
    wrote = messages.select("member_key", item="topic", date_day="date_day").mutate(kind=ibis.literal("topic"))
    held = activities.select(subject="activity_id", item="kind").distinct()
    came = events.select("member_key", "subject", "date_day").inner_join(held, "subject")
    came = came.select("member_key", "item", "date_day").mutate(kind=ibis.literal("activity"))
    linked = fans.filter(fans.customer_key.notnull()).select("member_key", "customer_key").distinct()
    bought = orders.select("order_id", "customer_key", "date_day").inner_join(linked, "customer_key")
    bought = bought.inner_join(lines.select("order_id", item=lines.title), "order_id")
    bought = bought.select("member_key", "item", "date_day").mutate(kind=ibis.literal("product"))
    parts = [part.select(*COLUMNS) for part in (wrote, came, bought)]
    every = ibis.union(*parts).filter(ibis._.item.notnull(), ibis._.member_key.notnull())
    first = every.group_by("member_key", "kind", "item").agg(date_day=every.date_day.min())
    home = fans.group_by("member_key").agg(market=fans.market.min())
    frame = first.left_join(home, "member_key").select(*COLUMNS, "market").to_pandas()
    frame = frame.sort_values(["member_key", "kind", "item"], ignore_index=True)
    return frame.assign(date_day=day_column(frame["date_day"]))


def ways_and_groups(fans: pd.DataFrame, places: pd.DataFrame, groups: pd.DataFrame) -> pd.DataFrame:
    """Return how members came and where they are: member_key, kind (way, group), item (a way of joining, a group's name).

    *fans*: member_key, acquisition; *places* (group_members): member_key, group_id, left_at; *groups*: group_id, name.
    """
    ways = fans[["member_key", "acquisition"]].rename(columns={"acquisition": "item"}).assign(kind="way")
    inside = places[places["left_at"].isna()].merge(groups[["group_id", "name"]], on="group_id", how="left")
    named = inside.assign(item=inside["name"].fillna(inside["group_id"]), kind="group")[["member_key", "item", "kind"]]
    return pd.concat([ways, named], ignore_index=True).dropna(subset=["item"]).drop_duplicates()
