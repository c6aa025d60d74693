"""One gate as codes and numbers: what was checked, how it came out, what was seen; its sentence stands in `sections`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from fanops_utils.experiments.gates.ratios import SampleRatio

Status = Literal["PASS", "REVIEW", "FAIL"]
GateCode = Literal[
    "units_identified", "arms_planned", "units_once", "one_arm", "sample_ratio", "sample_ratio_by", "exposure_dates",
    "one_arm_per_cluster", "covariate", "register_frozen", "missing", "values", "window", "outcomes", "variation",
    "balance", "looks", "small_cells", "units_unseen", "influence", "nested", "planned_units", "scale", "immature",
    "unagreed_window",
]  # fmt: skip


@dataclass(frozen=True)
class CellRatios:
    """The sample ratio cell by cell: how many were checked, the worst of them, how many are off, and the first of those."""

    checked: int
    worst: str
    off: int = 0
    named: tuple[str, ...] = ()


@dataclass(frozen=True)
class Imbalance:
    """How far a covariate differs between a treatment and the control, in standard deviations."""

    treatment: str
    standardised: float


@dataclass(frozen=True)
class Windows:
    """Outcomes counted before their window is over, and missing after it."""

    early: int
    late: int


@dataclass(frozen=True)
class Unagreed:
    """The days that a metric's name counts, though its register agrees no window."""

    days: int


@dataclass(frozen=True)
class Influence:
    """What one unit does to a metric: standard errors it moves the estimate, how far it stands off, whether it decides."""

    moves: float
    gap: float | None
    hangs: bool
    rules: bool


@dataclass(frozen=True)
class Frozen:
    """When the plan was frozen, and the first day units were assigned; None where not known."""

    on: date | None
    first_day: date | None


@dataclass(frozen=True)
class Scale:
    """The smallest effect of the register, and the control's level that it is held against."""

    size: float
    base: float


@dataclass(frozen=True)
class Nested:
    """A column whose values repeat, each in one arm only: so many values, and rows to a value on average."""

    values: int
    rows: float


@dataclass(frozen=True)
class Gate:
    """One gate: FAIL stops the read-out, REVIEW must be read with it, PASS needs nothing.

    `subject` is what it is about where there are several: a metric, a covariate, a column of clusters, a family of
    cells. `n` rows, units or values of `total` offend, in the arms `names`. `level` is the error at which its `p_value`
    stops: the register's gate, shared among all gates that have one.
    """

    code: GateCode
    status: Status
    subject: str = ""
    n: int = 0
    total: int = 0
    names: tuple[str, ...] = ()
    p_value: float | None = None
    seen: SampleRatio | CellRatios | Imbalance | Windows | Unagreed | Influence | Frozen | Nested | Scale | None = None
    level: float | None = None

    @property
    def key(self) -> str:
        """The gate among all of an experiment: its code, with its subject."""
        return f"{self.code}:{self.subject}" if self.subject else self.code

    @property
    def stops(self) -> bool:
        """Whether the experiment is invalid because of this gate.

        Rules written after the data began make no arms incomparable: they cost the winner, not the comparison.
        """
        return self.status == "FAIL" and self.code != "register_frozen"
