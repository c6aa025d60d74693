"""The warehouse: exports in, Parquet on disk, Ibis tables out."""

from fanops_utils.data.warehouse.importing import FileReport, import_paths
from fanops_utils.data.warehouse.queries import (
    account_daily,
    arm_units,
    daily_by_market,
    data_as_of,
    fan_activity,
    fan_members,
    follower_days,
    mentions_of,
    order_table,
    post_table,
)
from fanops_utils.data.warehouse.store import Store, status

__all__ = [
    "FileReport",
    "Store",
    "account_daily",
    "arm_units",
    "daily_by_market",
    "data_as_of",
    "fan_activity",
    "fan_members",
    "follower_days",
    "import_paths",
    "mentions_of",
    "order_table",
    "post_table",
    "status",
]
