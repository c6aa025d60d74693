"""The warehouse: exports in, Parquet on disk, Ibis tables out."""

from fanops_utils.data.warehouse.asking.content import live_streams, post_readings, tagged_posts
from fanops_utils.data.warehouse.asking.heard import answer_times, digest_of, heard, mention_counts, tones_by
from fanops_utils.data.warehouse.asking.partners import (
    ambassadors,
    orders_under_codes,
    partner_deliveries,
    settlements_of,
    watched_partners,
)
from fanops_utils.data.warehouse.asking.posts import post_metrics_at_age, post_table, with_topics
from fanops_utils.data.warehouse.asking.queries import (
    account_daily,
    ads_daily,
    arm_units,
    community_daily,
    daily_by_market,
    data_as_of,
    fan_days,
    fan_members,
    follower_days,
    order_days,
    order_table,
    orders_of,
)
from fanops_utils.data.warehouse.asking.rivals import brand_days, brand_posts
from fanops_utils.data.warehouse.asking.rows import row_frame, rows_of
from fanops_utils.data.warehouse.asking.state import status
from fanops_utils.data.warehouse.asking.tables import market_rows
from fanops_utils.data.warehouse.asking.units import open_units, unit_table
from fanops_utils.data.warehouse.store import Store
from fanops_utils.data.warehouse.writing.importing import import_paths
from fanops_utils.data.warehouse.writing.originals import import_kept, take_back
from fanops_utils.data.warehouse.writing.quarantine import write_quarantine
from fanops_utils.data.warehouse.writing.rebuilding import rebuild
from fanops_utils.data.warehouse.writing.reports import FileReport, Watch
from fanops_utils.data.warehouse.writing.sending import Sent, send_warehouse
from fanops_utils.data.warehouse.writing.undo import undo_import

__all__ = [
    "FileReport",
    "Sent",
    "Store",
    "Watch",
    "account_daily",
    "ads_daily",
    "ambassadors",
    "answer_times",
    "arm_units",
    "brand_days",
    "brand_posts",
    "community_daily",
    "daily_by_market",
    "data_as_of",
    "digest_of",
    "fan_days",
    "fan_members",
    "follower_days",
    "heard",
    "import_kept",
    "import_paths",
    "live_streams",
    "market_rows",
    "mention_counts",
    "open_units",
    "order_days",
    "order_table",
    "orders_of",
    "orders_under_codes",
    "partner_deliveries",
    "post_metrics_at_age",
    "post_readings",
    "post_table",
    "rebuild",
    "row_frame",
    "rows_of",
    "send_warehouse",
    "settlements_of",
    "status",
    "tagged_posts",
    "take_back",
    "tones_by",
    "undo_import",
    "unit_table",
    "watched_partners",
    "with_topics",
    "write_quarantine",
]
