"""The questions that notebooks ask of the warehouse, caught as they are asked, and asked again of another engine."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from ibis.backends.duckdb import Backend
from ibis.expr import operations as ops

from fanops_utils import experiments, metrics
from fanops_utils.data import warehouse
from fanops_utils.data.schema import SYSTEM_TABLES, TABLES
from fanops_utils.data.warehouse import Store
from fanops_utils.data.warehouse.asking.dividing import group_of
from fanops_utils.data.warehouse.asking.quantiles import quantiles
from fanops_utils.experiments import cuts
from fanops_utils.metrics import folds
from fanops_utils.models.audience.leaving import learnt_from
from fanops_utils.reports.planning.plan import Job
from fanops_utils.reports.planning.source import read_cells
from fanops_utils.workspace import Experiment, Metric

CLOSE = 1e-12  # sums of floats, taken in another order


@dataclass
class Questions:
    """What was asked: expressions with their answers by DuckDB, each text of SQL once."""

    asked: dict[str, tuple[Any, Any]] = field(default_factory=dict)

    def note(self, backend: Any, expr: Any, answer: Any) -> None:
        tables = expr.op().find((ops.DatabaseTable, ops.SQLQueryResult))
        if tables and all(getattr(one, "name", "") in {**TABLES, **SYSTEM_TABLES} for one in tables):
            kept = (
                answer.copy() if isinstance(answer, pd.DataFrame | pd.Series) else answer
            )  # who asked may write into it
            self.asked.setdefault(str(backend.compile(expr)), (expr, kept))


@contextmanager
def catching() -> Iterator[Questions]:
    """Note, while it lasts, what DuckDB is asked of canonical tables, by frames or by Arrow."""
    found, execute, to_pyarrow = Questions(), Backend.execute, Backend.to_pyarrow

    def noted(self: Any, expr: Any, /, **options: Any) -> Any:
        answer = execute(self, expr, **options)
        found.note(self, expr, answer)
        return answer

    def noted_as_arrow(self: Any, expr: Any, /, **options: Any) -> Any:
        found.note(self, expr, execute(self, expr, **options))
        return to_pyarrow(self, expr, **options)

    Backend.execute, Backend.to_pyarrow = noted, noted_as_arrow
    try:
        yield found
    finally:
        Backend.execute, Backend.to_pyarrow = execute, to_pyarrow


def run_cells(job: Job, workspace: Path) -> dict[str, Any]:
    """Run the cells of *job* in this process with its parameters, on the tables of *workspace*, and return what they made."""
    space: dict[str, Any] = {"__name__": "__main__"}
    for cell in read_cells(job.path):
        if cell.kind == "code":
            exec(compile(cell.source, str(job.path), "exec"), space)
            if "parameters" in cell.tags:
                space |= {**job.parameters, "workspace": str(workspace)}
    return space


def is_ordered(expr: Any) -> bool:
    """Return whether *expr* says in which order its rows come; of any other one DuckDB itself gives them in any order."""
    return isinstance(expr.as_table().op(), ops.Sort)


def asked_elsewhere(expr: Any, store: Store) -> Any:
    """Return *expr* with its tables replaced by those that *store* reads."""
    tables = {one: store.table(one.name).op() for one in expr.op().find(ops.DatabaseTable)}
    return expr.op().replace(tables).to_expr()


def difference(ours: Any, theirs: Any) -> str:
    """Return how *theirs* differs from *ours*: dtypes, then order, then values; empty where it does not."""
    if not isinstance(ours, pd.DataFrame | pd.Series):
        return "" if _same(ours, theirs) and type(ours) is type(theirs) else f"values: {ours!r}, {theirs!r}"
    ours, theirs = (one.to_frame("value") if isinstance(one, pd.Series) else one for one in (ours, theirs))
    if list(ours.columns) != list(theirs.columns) or not ours.dtypes.equals(theirs.dtypes):
        return f"dtypes: {_apart(ours.dtypes, theirs.dtypes)}"
    if len(ours) != len(theirs):
        return f"values: {len(ours)} rows, {len(theirs)}"
    if _equal(ours, theirs):
        return ""
    keys = list(ours.columns)
    sorted_both = (one.astype(str).sort_values(keys).index for one in (ours, theirs))
    mine, other = (
        one.loc[index].reset_index(drop=True) for one, index in zip((ours, theirs), sorted_both, strict=True)
    )
    return "order" if _equal(mine, other) else "values: " + _where(mine, other)


def _equal(ours: pd.DataFrame, theirs: pd.DataFrame) -> bool:
    return all(_column_equal(ours[name], theirs[name]) for name in ours.columns)


def _column_equal(ours: pd.Series, theirs: pd.Series) -> bool:
    if ours.dtype.kind == "f":
        return bool(np.allclose(ours.to_numpy(), theirs.to_numpy(), rtol=CLOSE, atol=CLOSE, equal_nan=True))
    return bool(ours.reset_index(drop=True).equals(theirs.reset_index(drop=True)))


def _where(ours: pd.DataFrame, theirs: pd.DataFrame) -> str:
    name = next(one for one in ours.columns if not _column_equal(ours[one], theirs[one]))
    both = pd.DataFrame({"ours": ours[name], "theirs": theirs[name]}).astype(str)
    return f"{name}: {both[both['ours'] != both['theirs']].head(3).to_dict('list')}"


def _apart(ours: pd.Series, theirs: pd.Series) -> str:
    both = pd.DataFrame({"ours": ours.astype(str), "theirs": theirs.astype(str)})
    return str(both[both["ours"] != both["theirs"]].to_dict("index"))


def _same(ours: Any, theirs: Any) -> bool:
    if isinstance(ours, float) and isinstance(theirs, float):
        return bool(np.isclose(ours, theirs, rtol=CLOSE, atol=CLOSE, equal_nan=True))
    return bool(pd.isna(ours) and pd.isna(theirs)) or ours == theirs


def answered(both: tuple[Store, Store], names: Iterable[str] = ()) -> dict[str, tuple[Any, Any]]:
    """Return what each of *both* stores answers to the questions *names*, all by default: metrics, folds, rows."""
    return {name: (ASKED[name](both[0]), ASKED[name](both[1])) for name in names or ASKED}


def _series(metric: str) -> Callable[[Store], pd.DataFrame]:
    return lambda store: metrics.series(store, metric, grain="week").table


def _orders(store: Store) -> Any:
    return warehouse.orders_of(store, market=["DE", "US"])


def _by_member(store: Store, told: Any) -> pd.DataFrame:
    days = store.table("fan_day")
    return days.group_by("member_key").agg(told=told(days)).to_pandas().sort_values("member_key", ignore_index=True)


def _divided(store: Store) -> pd.DataFrame:
    """Return the group of every member, by keys of every look that can be made of theirs."""
    fans = store.table("fans").filter(lambda rows: rows.market.notnull()).select("member_key", "market")
    key = fans.member_key
    looks = [
        key,
        key.upper(),
        key.reverse(),
        key.substr(0, 1),
        key.substr(0, 0),
        key + "-é@_?",
        fans.market.nullif("DE"),
    ]
    told = {f"look{number}": group_of(look, 7 + number) for number, look in enumerate(looks)}
    return fans.select("member_key", **told).order_by("member_key").to_pandas()


def _learnt_from(store: Store) -> pd.DataFrame:
    chosen = learnt_from(warehouse.fan_days(store), most=15)
    return chosen.select("member_key").distinct().order_by("member_key").to_pandas()


def _trial(store: Store, **more: Any) -> tuple[Any, Experiment]:
    """Return the units of the trial of `foreign_worlds.trial_units` where they lie, and its register."""
    kinds: dict[str, Any] = {"opened": "conversion", "visits": "count", "money": "mean"}
    roles: dict[str, Any] = {"opened": "decision", "visits": "guardrail", "money": "exploratory"}
    listed = tuple(
        Metric(name=name, label=name, kind=kind, role=roles[name], missing="drop", margin=0.5)
        for name, kind in kinds.items()
    )
    fields: dict[str, Any] = {
        "id": "badge", "title": "Badge", "hypothesis": "", "owner": "CM", "unit": "fan", "control": "a",
        "allocation": {"a": 0.5, "b": 0.5}, "metrics": listed, "segments": ("market",),
        "period": {"start": date(2026, 5, 1), "end": date(2026, 5, 7)},
    }  # fmt: skip
    plan = Experiment(**(fields | more))
    units = warehouse.unit_table(store, plan)
    return (units if plan.cluster else units.drop("team")), plan  # whole teams in one arm would speak against units


def _segments(store: Store) -> pd.DataFrame:
    units, plan = _trial(store)
    hidden = experiments.Restricted(units, 10)
    return cuts.segment_effects(hidden, plan, experiments.read_out(hidden, plan))


def _unit_rows(store: Store) -> pd.DataFrame:
    return warehouse.open_units(store, _trial(store)[1])


def _moments(*by: str, cluster: str | None = None) -> Callable[[Store], pd.DataFrame]:
    def ask(store: Store) -> pd.DataFrame:
        units, plan = _trial(store, cluster=cluster)
        return experiments.from_table(units, metrics=experiments.measures_of(plan), by=by, cluster=cluster)

    return ask


def _read(**more: Any) -> Callable[[Store], pd.DataFrame]:
    return lambda store: experiments.read_out(*_trial(store, **more)).table


END = date(2025, 12, 31)
METRICS = (
    "posts_published", "engagement_rate_reach", "share_rate", "members", "members_joined", "dau", "mau", "retention_d7",
    "acts_per_active_member", "orders", "revenue", "repurchase_rate_90d", "discount_order_share", "cancellation_rate",
)  # fmt: skip
ASKED: dict[str, Callable[[Store], Any]] = {
    **{metric: _series(metric) for metric in METRICS},
    "posts": lambda store: warehouse.post_table(store, market="DE", end=END),
    "fans": lambda store: warehouse.fan_members(store, market="US"),
    "row_frame": lambda store: warehouse.row_frame(store, "fans", market="DE"),
    "order_days": warehouse.order_days,
    "status": lambda store: (
        pd.DataFrame(warehouse.status(store, on=END)).drop(columns=["gaps", "breaks"]).sort_values("table")
    ),
    "gaps": lambda store: folds.gaps(warehouse.fan_days(store)),
    "per_member": lambda store: folds.per_member(warehouse.fan_days(store), as_of=END),
    "actives": lambda store: folds.actives(warehouse.fan_days(store), start=date(2025, 3, 1), end=END),
    "cohorts": lambda store: folds.cohort_triangle(store.table("fans"), warehouse.fan_days(store), as_of=END),
    "rhythm": lambda store: folds.hour_by_weekday(store.table("orders")),
    "buyers": lambda store: folds.buyers(_orders(store), as_of=END),
    "sold": lambda store: folds.sold_by_day(_orders(store), as_of=END),
    "mean of whole numbers": lambda store: _by_member(store, lambda days: days.events.mean()),
    "some of the orders": lambda store: folds.paid_for(
        _orders(store), _orders(store).order_id.to_pandas().sort_values(ignore_index=True).head(3)).to_frame(),
    "units of a trial": _unit_rows,
    "moments of a trial": _moments(),
    "moments by market": _moments("market"),
    "moments of teams": _moments("market", cluster="team"),
    "trial read": _read(covariates=({"column": "spent_before"},)),
    "trial read by teams": _read(cluster="team"),
    "trial by market, small cells hidden": _segments,
    "divided": _divided,
    "learnt from": _learnt_from,
    "median": lambda store: quantiles(store.table("orders"), store.table("orders").total, middle=0.5).to_pandas(),
}  # fmt: skip
