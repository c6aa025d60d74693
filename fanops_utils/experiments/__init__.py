"""Experiments: moments, gates, comparisons, looks, the read-out; planning, readings beside it, all experiments together.

What a notebook asks for by module: `controls` and `planning` (before), `cuts` and `spread` (beside the read-out),
`portfolio` and
`lessons` (all experiments together), `simulate`, `hard` and `peeking` (validation).
"""

from fanops_utils.experiments.designs import controls, planning
from fanops_utils.experiments.effects.comparison import Comparison, adjust, comparison_table
from fanops_utils.experiments.effects.inference import compare, compare_all
from fanops_utils.experiments.gates.gate import Gate
from fanops_utils.experiments.gates.ratios import SampleRatio, arm_counts, sample_ratio, sample_ratio_by
from fanops_utils.experiments.gates.validity import validity
from fanops_utils.experiments.intake.aggregates import Aggregates
from fanops_utils.experiments.intake.rows import Restricted, data_day, mature, open_rows, unit_count
from fanops_utils.experiments.looks.plan import Look, LookState, plan_look
from fanops_utils.experiments.looks.record import looks_path, past_looks, read_looks, record_look
from fanops_utils.experiments.moments.frames import from_counts, from_frame
from fanops_utils.experiments.moments.measure import Measure, measures_of
from fanops_utils.experiments.moments.tables import from_table
from fanops_utils.experiments.portfolio import lessons
from fanops_utils.experiments.readout.decision import ReadOut, read_moments, read_out
from fanops_utils.experiments.readout.record import DecisionRecord, decision_record
from fanops_utils.experiments.readout.rules import Judgement, Rule, Verdict, guardrail_holds, improvement
from fanops_utils.experiments.readout.taken import due_looks, look_of, look_table
from fanops_utils.experiments.reasons import Reason
from fanops_utils.experiments.segments import cuts, spread
from fanops_utils.experiments.simulation import hard, peeking, simulate

__all__ = [
    "Aggregates",
    "Comparison",
    "DecisionRecord",
    "Gate",
    "Judgement",
    "Look",
    "LookState",
    "Measure",
    "ReadOut",
    "Reason",
    "Restricted",
    "Rule",
    "SampleRatio",
    "Verdict",
    "adjust",
    "arm_counts",
    "compare",
    "compare_all",
    "comparison_table",
    "controls",
    "cuts",
    "data_day",
    "decision_record",
    "due_looks",
    "from_counts",
    "from_frame",
    "from_table",
    "guardrail_holds",
    "hard",
    "improvement",
    "lessons",
    "look_of",
    "look_table",
    "looks_path",
    "mature",
    "measures_of",
    "open_rows",
    "past_looks",
    "peeking",
    "plan_look",
    "planning",
    "read_looks",
    "read_moments",
    "read_out",
    "record_look",
    "sample_ratio",
    "sample_ratio_by",
    "simulate",
    "spread",
    "unit_count",
    "validity",
]
