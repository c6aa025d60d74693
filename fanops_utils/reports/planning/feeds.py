"""Feeds: what a plan reads into the warehouse before its reports are made, and what has not come for too long."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import Field, model_validator

from fanops_utils.errors import ImportRefused
from fanops_utils.text import say
from fanops_utils.workspace import Workspace
from fanops_utils.workspace.register import Register

if TYPE_CHECKING:
    from fanops_utils.data.warehouse import FileReport, Watch

# How many days old the newest row of a source may be when a plan runs: its period, and the days exports come late.
FRESH_DAYS = {"hourly": 2, "daily": 3, "weekly": 10, "monthly": 38, "quarterly": 100}
GIVEN_UP = 10  # times as old: nobody exports that any more, and nobody waits for it
FED = ("account_daily", "posts", "ads_daily", "community_daily", "web_daily", "orders", "mentions")


class Feed(Register):
    """One entry of a plan's `import`: a file or folder, or the database of a mapping."""

    path: str = Field(default="", description="file or folder, from the workspace's folder on; may begin with ~")
    database: str | None = Field(default=None, alias="from", description="mapping whose database is read")
    account: str | None = Field(default=None, description="handle or id of the account the files belong to")
    mapping: str | None = Field(default=None, description="mapping of the workspace that reads the files")

    @model_validator(mode="before")
    @classmethod
    def _written_short(cls, given: Any) -> Any:
        return {"path": given} if isinstance(given, str) else given

    @model_validator(mode="after")
    def _reads_something(self) -> Feed:
        if bool(self.path) == bool(self.database):
            raise ValueError(say("an import reads either a path or, with from, the database of a mapping"))
        return self


@dataclass(frozen=True)
class Late:
    """A source whose newest row is too old for the rhythm of the plan."""

    table: str
    platform: str | None
    newest: date

    def to_json(self) -> dict[str, Any]:
        """Return what the manifest of a run holds of it."""
        return {"table": self.table, "platform": self.platform, "newest": self.newest.isoformat()}


def take_in(feeds: Sequence[Feed], workspace: Workspace, *, on: date, watch: Watch | None = None) -> list[FileReport]:
    """Import what *feeds* name into *workspace* on the day *on*; return a report per file.

    A file that is refused keeps nothing else from being loaded; a path that is not there, or a database that does not answer,
    is refused too. Raises WorkspaceError where a register is wrong or the warehouse cannot be written.
    """
    from fanops_utils.data.protection.returning import leave_out_returned
    from fanops_utils.data.warehouse import FileReport, import_kept

    reports: list[FileReport] = []
    for feed in feeds:
        path = Path(feed.path).expanduser()
        mapping = workspace.path / "mappings" / f"{feed.mapping}.yml" if feed.mapping else None
        try:
            reports += import_kept(
                workspace, [workspace.path / path] if feed.path else [], on=on, account=feed.account, mapping=mapping,
                database=feed.database, watch=watch,
            )  # fmt: skip
        except ImportRefused as error:
            refused = FileReport(feed.path or str(feed.database), "refused", error=str(error))
            reports.append(refused)
            if watch:
                watch.report(refused)
    leave_out_returned(workspace, [one.file for one in reports if one.rows_quarantined])
    return reports


def told_of(reports: Sequence[FileReport]) -> dict[str, Any]:
    """Return what the manifest of a run says of its import: files, rows, and what was refused, with the reason."""
    refused = [{"file": one.file, "error": one.error} for one in reports if one.status == "refused"]
    return {"files": len(reports), "rows": sum(one.rows_loaded for one in reports), "refused": refused}


def late_sources(workspace: Workspace, *, on: date, cadence: str) -> list[Late]:
    """Return the sources whose newest row is too old on the day *on* for a plan of that *cadence*, the oldest first.

    A plan that is run by hand has no rhythm: nothing is late for it.
    """
    if cadence not in FRESH_DAYS:
        return []
    allowed = FRESH_DAYS[cadence]
    newest = _newest_days(workspace)
    late = [Late(*key, day) for key, day in newest.items() if allowed < (on - day).days <= allowed * GIVEN_UP]
    return sorted(late, key=lambda one: (one.newest, one.table, one.platform or ""))


def _newest_days(workspace: Workspace) -> Mapping[tuple[str, str | None], date]:
    """Return the last day of each table and platform of the warehouse that is fed by exports."""
    from fanops_utils.data.warehouse import Store
    from fanops_utils.data.warehouse.asking.queries import DAY, DAY_OF

    store = Store(workspace)
    newest: dict[tuple[str, str | None], date] = {}
    for name in filter(store.has, FED):
        table = store.table(name)
        day = table[DAY_OF.get(name, DAY)].max().cast("date")
        keys = [key for key in ("platform",) if key in table.columns]
        days = (table.group_by(keys).agg(day=day) if keys else table.aggregate(day=day)).to_pyarrow().to_pylist()
        newest |= {(name, one.get("platform")): one["day"] for one in days if one["day"]}
    return newest
