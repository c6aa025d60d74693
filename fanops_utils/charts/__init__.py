"""The only place that draws: charts and tables as they appear in reports."""

from fanops_utils.charts.axes import percent, signed, whole
from fanops_utils.charts.chart import Chart
from fanops_utils.charts.effects import campaign_gap, experiment_effects
from fanops_utils.charts.figures import bars, intervals, placebos
from fanops_utils.charts.series import hour_curve, lines, spans
from fanops_utils.charts.tables import Table, table

__all__ = [
    "Chart", "Table", "bars", "campaign_gap", "experiment_effects", "hour_curve", "intervals", "lines", "percent",
    "placebos", "signed", "spans", "table", "whole",
]  # fmt: skip
