"""The local day of a row, cut once: the day and minute its moment falls on in the time of its market."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fanops_utils.data.sources.shared.owners import account_key
from fanops_utils.data.table import LOCAL, Table
from fanops_utils.data.warehouse.engine import columns, named, quoted
from fanops_utils.workspace import Brand

PLACES = {"market": "market", "country": "country", "account": "platform || ':' || account_id"}


@dataclass(frozen=True)
class Cut:
    """How the days of a table are cut: its moment, the SQL that says where a row belongs, and the zone of each place.

    A row of no known place keeps the day of UTC and has no minute; so does one whose moment is not *precise* (SQL).
    """

    time: str
    place: str
    zones: Mapping[str, str]
    precise: str = "true"

    def applied(self, source: str, names: Sequence[str], more: Sequence[str] = ()) -> str:
        """Return the SQL that reads *names*, then *more*, of *source* (SQL of a table), its local days cut anew.

        date_day and minute_of_day stand where *names* has them, else after these.
        """
        kept = [name for name in (*names, *more) if name not in LOCAL]
        local = {
            "date_day": f"CAST(coalesce(local, timezone('UTC', {named(self.time)})) AS DATE)",
            "minute_of_day": "CAST(60 * hour(local) + minute(local) AS BIGINT)",
        }
        listed = [*dict.fromkeys([*names, *LOCAL]), *more]
        read = ", ".join(f"{local[name]} AS {name}" if name in local else named(name) for name in listed)
        inner = f"SELECT {columns(kept)}, {self._local()} AS local FROM {source}"  # noqa: S608  (names of our own)
        return f"SELECT {read} FROM ({inner})"  # noqa: S608

    def _local(self) -> str:
        places: dict[str, list[str]] = defaultdict(list)
        for place, zone in sorted(self.zones.items()):
            places[zone].append(quoted(place))
        cases = "".join(
            f" WHEN {self.place} IN ({', '.join(some)}) THEN timezone({quoted(zone)}, {named(self.time)})"
            for zone, some in places.items()
        )
        return f"CASE WHEN NOT coalesce({self.precise}, false) THEN NULL{cases} END" if cases else "NULL::TIMESTAMP"


def cut_of(table: Table, brand: Brand) -> Cut | None:
    """Return how the days of *table* are cut for *brand*; None for a table whose days the platform cuts, or without any."""
    if table.local is None:
        return None
    time, place = table.local
    zone = {market.code: market.time_zone for market in brand.markets}
    zones = {
        "market": zone,
        "country": {code: market.time_zone for market in brand.markets for code in market.country_codes},
        "account": {
            f"{one.platform}:{account_key(one)}": zone[one.market] for one in brand.accounts if one.market is not None
        },
    }[place]
    precise = "created_precision = 'minute'" if "created_precision" in table.columns else "true"
    return Cut(time, PLACES[place], zones, precise)
