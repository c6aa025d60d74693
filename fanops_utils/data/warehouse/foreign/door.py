"""The one door: whatever engine answers, rows come back with the dtypes DuckDB gives, in one order, times in UTC microseconds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ibis
import pandas as pd
import pyarrow as arrow
from ibis.expr import operations as ops
from ibis.formats.pandas import PandasData

from fanops_utils.workspace.reads import declared_elsewhere

if TYPE_CHECKING:
    from ibis.backends.sql import SQLBackend


class Door:
    """What an Ibis backend does differently behind the door: it hands rows over as Arrow, in the types of the question.

    Frames are made of these alone, so no driver's own conversion decides a dtype (naive or nanosecond times, whole
    columns of nulls as floats, decimals for sums). Rows that a question leaves in any order, or in a tie, are ordered by
    their columns.
    """

    def execute(self, expr: Any, /, *, params: Any = None, limit: Any = None, **kwargs: Any) -> Any:
        """Return the rows of *expr* as pandas has them from DuckDB."""
        table = expr.as_table()
        rows = self._rows(table, params=params, limit=limit, **kwargs)
        return expr.__pandas_result__(frame_of(rows, table.schema()))

    def to_pyarrow(self, expr: Any, /, *, params: Any = None, limit: Any = None, **kwargs: Any) -> Any:
        """Return the rows of *expr* as Arrow, in the types of the question."""
        return expr.__pyarrow_result__(self._rows(expr.as_table(), params=params, limit=limit, **kwargs))

    def _rows(self, table: ibis.Table, **options: Any) -> arrow.Table:
        with declared_elsewhere():
            return in_types(self._fetched(portable(in_order(table)), **options), table.schema())

    def _fetched(self, table: ibis.Table, **options: Any) -> arrow.Table:
        backend: Any = super()
        return backend.to_pyarrow(table, **options)


class SparkDoor(Door):
    """Spark as Arrow both ways: through pandas, nulls of whole numbers would come as floats, those of text as NaN."""

    def _fetched(self: Any, table: ibis.Table, *, params: Any = None, limit: Any = None, **_: Any) -> arrow.Table:
        self._run_pre_execute_hooks(table)
        return self.raw_sql(self.compile(table, params=params, limit=limit)).toArrow()

    def get_schema(
        self: Any, table_name: str, *, catalog: str | None = None, database: str | None = None
    ) -> ibis.Schema:
        """Return the columns of a table by its whole name: Ibis would move the session to its database and back."""
        from ibis.backends.pyspark.datatypes import PySparkType
        from ibis.common.exceptions import TableNotFound

        whole = ".".join(f"`{part}`" for part in (catalog, database, table_name) if part)
        try:
            return ibis.Schema(PySparkType.to_ibis(self._session.table(whole).schema))
        except Exception as error:
            if not self._session.catalog.tableExists(whole):
                raise TableNotFound(table_name) from error
            raise

    def _register_in_memory_table(self: Any, op: Any) -> None:
        session = self._session
        session.createDataFrame(in_types(op.data.to_pyarrow(op.schema), op.schema)).createOrReplaceTempView(op.name)


DOORS = {"pyspark": SparkDoor}


def behind_door(backend: type[SQLBackend]) -> Any:
    """Return a *backend* of Ibis behind the door, not connected yet."""
    return type(backend.__name__, (DOORS.get(backend.name, Door), backend), {})()


def in_order(table: ibis.Table) -> ibis.Table:
    """Return *table* with its rows in one order: as it says, and where it does not, by its columns from left to right."""
    asked = table.op()
    if isinstance(asked, ops.Limit | ops.Sample) or (isinstance(asked, ops.Aggregate) and not asked.groups):
        return table
    kinds = table.schema()
    names = [name for name in table.columns if not kinds[name].is_nested()]
    if not isinstance(asked, ops.Sort):
        return table.order_by(names)
    told = [key.to_expr() for key in asked.keys]
    rest = [name for name in names if name not in {key.get_name() for key in told}]
    return asked.parent.to_expr().order_by([*told, *rest])


def portable(table: ibis.Table) -> ibis.Table:
    """Return *table* in words that every engine takes as they are meant.

    Yes and no made numbers case by case: not every engine casts them to every kind of number. Means of whole numbers as
    means of floats: PostgreSQL answers with decimals. Different rows as groups:
    where they are in order too, Ibis 12 counts the columns of their conditions as theirs (PostgreSQL, Spark, BigQuery,
    Snowflake; `split_select_distinct_with_order_by`), and rows come again.
    """
    if not table.op().find(_is_said_otherwise):
        return table

    def said_otherwise(node: Any, given: Any) -> Any:
        made = node.__recreate__(given) if given else node
        if isinstance(made, ops.Distinct):
            rows = made.parent.to_expr()
            return rows.aggregate([], by=list(rows.columns)).op()
        if _is_mean_of_whole(made):
            return ops.Mean(made.arg.to_expr().cast("float64").op(), where=made.where)
        if not _is_flag_as_number(made):
            return made
        flag = made.arg.to_expr()
        return ibis.cases((flag, 1), (~flag, 0), else_=ibis.null("int8")).cast(made.to).op()

    return table.op().replace(said_otherwise).to_expr()


def _is_said_otherwise(node: Any) -> bool:
    return isinstance(node, ops.Distinct) or _is_flag_as_number(node) or _is_mean_of_whole(node)


def _is_mean_of_whole(node: Any) -> bool:
    return isinstance(node, ops.Mean) and node.arg.dtype.is_integer()


def _is_flag_as_number(node: Any) -> bool:
    return isinstance(node, ops.Cast) and node.to.is_numeric() and node.arg.dtype.is_boolean()


def in_types(rows: arrow.Table, schema: ibis.Schema) -> arrow.Table:
    """Return *rows* in the Arrow types of *schema*: times in microseconds, a time without a zone taken as UTC where it has one."""
    wanted = arrow.schema([arrow.field(name, _arrow_type(kind)) for name, kind in schema.items()])
    return rows.rename_columns(wanted.names).cast(wanted, safe=False)


def _arrow_type(kind: Any) -> arrow.DataType:
    if kind.is_timestamp():
        return arrow.timestamp("us", tz=kind.timezone)
    return kind.to_pyarrow()


def frame_of(rows: arrow.Table, schema: ibis.Schema) -> pd.DataFrame:
    """Return *rows*, which are in the types of *schema*, as Ibis makes a frame of what DuckDB answers."""
    columns = {
        name: column.to_pylist() if column.null_count or arrow.types.is_nested(column.type) else column.to_pandas()
        for name, column in zip(rows.column_names, rows.columns, strict=True)
    }
    return PandasData.convert_table(pd.DataFrame(columns), schema)
