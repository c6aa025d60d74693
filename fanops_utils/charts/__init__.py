"""The only place that draws: charts and tables as they appear in reports."""

from fanops_utils.charts.campaigns import drawn_together, spread, targets, waterfall
from fanops_utils.charts.chart import Chart
from fanops_utils.charts.effects import campaign_gap
from fanops_utils.charts.figures import bars, intervals, placebos
from fanops_utils.charts.portfolios import against_promise, effect_spread, fault_periods
from fanops_utils.charts.power import power_curves, reach_by_week
from fanops_utils.charts.series import hour_curve, lines, spans
from fanops_utils.charts.strips.sparkline import sparkline
from fanops_utils.charts.tables import Table, table
from fanops_utils.charts.trials import (
    daily_effects,
    look_bounds,
    metric_differences,
    quantile_differences,
    segment_effects,
)
from fanops_utils.charts.words import Words

__all__ = [
    "Chart", "Table", "Words", "against_promise", "bars", "campaign_gap", "daily_effects", "drawn_together", "effect_spread",
    "fault_periods", "hour_curve", "intervals", "lines", "look_bounds", "metric_differences", "placebos", "power_curves",
    "quantile_differences", "reach_by_week", "segment_effects", "spans", "sparkline", "spread", "table", "targets", "waterfall",
]  # fmt: skip
