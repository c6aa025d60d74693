"""Experiments: moments, gates, comparisons, looks, the read-out; planning, readings beside it, all experiments together.

The parts a notebook asks for by module: `history` and `power` (planning), `segments`, `novelty`, `sensitivity`,
`quantiles`, `bayes`, `value` (readings), `clusters`, `blocks` (switchback, posts), `looks` and `record` (what is kept),
`portfolio` and `lessons` (all experiments together), `arm_tables` (those of a table of arms), `simulate` and `peeking`
(validation), `rows` and `privacy` (who may see what, small cells).
"""

from fanops_utils.experiments.decision import ReadOut, read_moments, read_out
from fanops_utils.experiments.gates import Gate, SampleRatio, arm_counts, sample_ratio, sample_ratio_by, validity
from fanops_utils.experiments.inference import Comparison, adjust, compare, compare_all, comparison_table
from fanops_utils.experiments.looks import (
    Look,
    LookState,
    count_look,
    look_of,
    look_table,
    looks_path,
    past_looks,
    plan_look,
    read_looks,
    record_look,
)
from fanops_utils.experiments.measure import Measure, measures_of
from fanops_utils.experiments.moments import from_counts, from_frame
from fanops_utils.experiments.record import DecisionRecord, decision_record
from fanops_utils.experiments.rows import Restricted, open_rows, unit_count
from fanops_utils.experiments.rules import Judgement, guardrail_holds, improvement
from fanops_utils.experiments.tables import from_table

__all__ = [
    "Comparison",
    "DecisionRecord",
    "Gate",
    "Judgement",
    "Look",
    "LookState",
    "Measure",
    "ReadOut",
    "Restricted",
    "SampleRatio",
    "adjust",
    "arm_counts",
    "compare",
    "compare_all",
    "comparison_table",
    "count_look",
    "decision_record",
    "from_counts",
    "from_frame",
    "from_table",
    "guardrail_holds",
    "improvement",
    "look_of",
    "look_table",
    "looks_path",
    "measures_of",
    "open_rows",
    "past_looks",
    "plan_look",
    "read_looks",
    "read_moments",
    "read_out",
    "record_look",
    "sample_ratio",
    "sample_ratio_by",
    "unit_count",
    "validity",
]
