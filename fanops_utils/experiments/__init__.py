"""Experiments: moments, gates, comparisons and the read-out."""

from fanops_utils.experiments.decision import Judgement, ReadOut, guardrail_holds, improvement, read_out
from fanops_utils.experiments.gates import Gate, SampleRatio, arm_counts, sample_ratio, validity
from fanops_utils.experiments.inference import Comparison, adjust, compare, comparison_table
from fanops_utils.experiments.moments import from_counts, from_frame

__all__ = [
    "Comparison",
    "Gate",
    "Judgement",
    "ReadOut",
    "SampleRatio",
    "adjust",
    "arm_counts",
    "compare",
    "comparison_table",
    "from_counts",
    "from_frame",
    "guardrail_holds",
    "improvement",
    "read_out",
    "sample_ratio",
    "validity",
]
