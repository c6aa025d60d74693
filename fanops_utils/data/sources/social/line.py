"""LINE Official Account: the friends of each day, as the manager's analysis hands them over (friend_overview.csv).

Headers as a reader's test in public writes them, English and Japanese, with days as 20260927. Friends are counted from the
account's beginning and with those who have blocked it: what can be reached is the difference.
"""

from __future__ import annotations

from fanops_utils.data.sources.shared.cells import Cells
from fanops_utils.data.sources.shared.source import Context
from fanops_utils.data.sources.shared.spelled import Report


def _who_can_be_reached(cells: Cells, _context: Context) -> object:
    return cells.count("contacts") - cells.count("blocks")


FRIENDS = Report(
    "line", "friends",
    {"date_day": ("date", "日付"), "contacts": ("contacts", "総友だち数"),
     "target_reach": ("targetReaches", "ターゲットリーチ"), "blocks": ("blocks", "ブロック数")},
    frozenset({"date_day", "contacts", "target_reach", "blocks"}),
    {"account_daily": ("platform", "account_id", "date_day", "followers_total")},
    platform="line", formats=("%Y%m%d",), derived={"followers_total": _who_can_be_reached},
    said=("friends who have blocked the account are not counted as followers",),
)  # fmt: skip

SOURCES = (FRIENDS.as_source(),)
