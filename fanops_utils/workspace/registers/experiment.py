"""`experiments/<id>.yml`: hypothesis, arms, metrics and rules of an experiment, written before its data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, model_validator

from fanops_utils.errors import suggest
from fanops_utils.text import Day, Number, Sayable, say
from fanops_utils.text.faults import advise, advised
from fanops_utils.workspace.frozen import fingerprint
from fanops_utils.workspace.register import Fraction, Period, Register
from fanops_utils.workspace.registers.experiment_metric import Metric
from fanops_utils.workspace.registers.experiment_parts import LEAST_IN_ARM, Covariate, Source, shares_of
from fanops_utils.workspace.wording import Wording

MOST_ARMS = 20


class Experiment(Register):
    """`experiments/<id>.yml`: hypothesis, arms, metrics and rules, written before the data."""

    id: str
    title: Wording
    hypothesis: Wording
    owner: Wording
    unit: Wording
    control: str
    allocation: Annotated[dict[str, Fraction], BeforeValidator(shares_of)] = Field(
        min_length=2,
        max_length=MOST_ARMS,
        description="shares that add up to 1, or a ratio in whole numbers: 1, 1 and 1",
    )
    metrics: tuple[Metric, ...] = Field(min_length=1)
    market: str | None = None
    area: Wording | None = Field(default=None, description="what it is about, to learn across experiments")
    period: Period | None = None
    source: Source = Source(table="experiment_units")
    unit_column: str = "unit_key"
    variant_column: str = "variant"
    exposure_column: str = "assigned_at"
    recorded_column: str | None = Field(
        default=None, description="time up to which a row's outcomes are recorded, where known"
    )
    cluster: str | None = Field(default=None, description="column of what was assigned together, where not the unit")
    average: Literal["cluster", "unit"] = Field(
        default="cluster",
        description="of clusters: every cluster counts once, or every unit, so that large ones count more",
    )
    least_clusters: int = Field(
        default=10, ge=4,
        description="fewer clusters in two arms than this give no test, where set; four in the smaller arm are needed anyway",
    )  # fmt: skip
    independent: tuple[str, ...] = Field(
        default=(), description="columns whose values repeat within one arm though units were assigned one by one"
    )
    design: Literal["parallel", "switchback"] = Field(
        default="parallel",
        description="arms side by side, or one after the other for everybody, a slot of time at a time",
    )
    block: str | None = Field(
        default=None, description="column within which every arm was drawn: a day, a pair of posts"
    )
    washout: int = Field(
        default=0, ge=0, description="slots left out after a change of arm, and at the start of a block"
    )
    segments: tuple[str, ...] = Field(default=(), description="columns to look at the effect by")
    covariates: tuple[Covariate, ...] = ()
    method: Literal["fixed", "sequential", "always-valid"] = "fixed"
    looks: int | None = Field(default=None, ge=1, le=200, description="looks planned, the last one included")
    spending: Literal["obrien-fleming", "pocock", "rho"] = "obrien-fleming"
    planned_units: int | None = Field(default=None, ge=4, description="units in all arms at the planned end")
    alpha: Fraction = 0.05
    power: Fraction = 0.8
    correction: Literal["holm", "bonferroni"] = "holm"
    srm_gate: Fraction = 0.01
    currency: str | None = None
    follow_up: date | None = Field(default=None, description="when to look whether the effect lasted")
    frozen: str | None = Field(default=None, description="fingerprint, written when the plan was frozen")
    frozen_on: date | None = Field(default=None, description="day the plan was frozen, written with the fingerprint")

    @model_validator(mode="after")
    def _complete(self) -> Experiment:
        for problem in self._problems():
            raise ValueError(problem)
        return self

    def _problems(self) -> Iterator[Sayable]:
        if self.control not in self.allocation:
            yield advised(
                say("control '{name}' has no share", name=self.control), advise(self.control, self.allocation)
            )
        if abs(sum(self.allocation.values()) - 1) > 1e-6:
            total = Number(sum(self.allocation.values()), digits=4)
            yield say("the shares in allocation add up to {total}, not 1", total=total)
        if not any(metric.role == "decision" for metric in self.metrics):
            yield say("no metric has the role 'decision'")
        for name, times in Counter(metric.name for metric in self.metrics).items():
            if times > 1:
                yield say("the metric '{name}' stands twice", name=name)
        for column, metrics in self._readers().items():
            if len({metric.window_days for metric in metrics}) > 1:
                yield say(
                    "'{column}' is read with two windows: give each metric with its own 'window_days' a column",
                    column=column,
                )
        yield from self._look_problems()
        yield from self._covariate_problems()
        yield from self._slot_problems()
        for name in (*self.segments, *filter(None, (self.cluster, self.block))):
            if name in self._outcomes():
                yield say("'{name}' is an outcome: it cannot be a segment, a cluster or a block too", name=name)

    def _look_problems(self) -> Iterator[Sayable]:
        if self.method == "sequential" and (self.looks is None or self.looks < 2):
            yield say("a sequential method needs the number of 'looks' planned, two or more")
        if self.method == "fixed" and self.looks not in (None, 1):
            yield say("a fixed method has one look, not {looks}. Choose the method 'sequential'", looks=str(self.looks))
        if self.method == "sequential" and self.period is None and self.planned_units is None:
            yield say("a sequential method needs a 'period' or 'planned_units', to know how much of the data is in")

    def _covariate_problems(self) -> Iterator[Sayable]:
        for covariate in self.covariates:
            if covariate.column in self._outcomes():
                yield say(
                    "the covariate '{column}' is an outcome: it is not known before the assignment",
                    column=covariate.column,
                )
            until = covariate.measured_until
            if until and self.period and until >= self.period.start:
                yield say(
                    "the covariate '{column}' is measured until {until}, after the experiment's start {start}: "
                    "the treatment may have changed it",
                    column=covariate.column, until=Day.of(until, form="iso"), start=Day.of(self.period.start, form="iso"),
                )  # fmt: skip

    def _slot_problems(self) -> Iterator[Sayable]:
        if self.design == "switchback" and self.cluster is None:
            yield say("a switchback needs the column of its slots of time as 'cluster'")
        if self.washout and self.design != "switchback":
            yield say("'washout' leaves out slots after a change of arm: only the design 'switchback' has any")
        if self.block is not None and self.block in (self.cluster, self.unit_column):
            yield say("the block '{name}' is what is assigned: within it there is nothing to compare", name=self.block)
        if not self.counts_slots:
            return
        if self.method != "fixed":
            yield say(
                "slots and blocks are compared once, at the end: the method '{method}' is for units", method=self.method
            )
        if self.covariates or self.segments or any(metric.winsorise for metric in self.metrics):
            yield say("where slots or blocks are compared, there are no covariates, segments or winsorised metrics")

    def _readers(self) -> dict[str, list[Metric]]:
        found: dict[str, list[Metric]] = {}
        for metric in self.metrics:
            for column in metric.columns:
                found.setdefault(column, []).append(metric)
        return found

    def _outcomes(self) -> set[str]:
        return {column for metric in self.metrics for column in metric.columns}

    @property
    def markets(self) -> tuple[str, ...]:
        """The market it names, if any."""
        return () if self.market is None else (self.market,)

    @property
    def treatments(self) -> tuple[str, ...]:
        """The arms other than the control, in the register's order."""
        return tuple(name for name in self.allocation if name != self.control)

    @property
    def first_decision(self) -> Metric:
        """The first decision metric: the one the verdict speaks of where there are several."""
        return next(metric for metric in self.metrics if metric.role == "decision")

    @property
    def unit_columns(self) -> tuple[str, ...]:
        """The columns a unit must have: key, arm, outcomes, segments, covariates, cluster and block, each once."""
        outcomes = (column for metric in self.metrics for column in metric.columns)
        covariates = (one.column for one in self.covariates)
        whole = filter(None, (self.cluster, self.block, self.recorded_column))
        named = (self.unit_column, self.variant_column, *outcomes, *self.segments, *covariates, *whole)
        return tuple(dict.fromkeys(named))

    @property
    def clusters_needed(self) -> int:
        """The clusters that two arms must have between them: as the register sets it, else four in each."""
        return self.least_clusters if "least_clusters" in self.model_fields_set else 2 * LEAST_IN_ARM

    @property
    def counts_slots(self) -> bool:
        """Whether slots of time, or units within blocks, are compared, each once, and not all units with one another."""
        return self.design == "switchback" or self.block is not None

    @property
    def is_changed(self) -> bool:
        """Whether the register says something else than when it was frozen."""
        return self.frozen is not None and fingerprint(self, without=("frozen",)) != self.frozen

    def metric(self, name: str) -> Metric:
        """Return the metric called *name*; raise ValueError naming the nearest one."""
        for metric in self.metrics:
            if metric.name == name:
                return metric
        raise ValueError(f"no metric '{name}'. {suggest(name, [metric.name for metric in self.metrics])}")
