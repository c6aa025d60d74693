"""The only place that draws: charts and tables as they appear in reports."""

from fanops_utils.charts.chart import Chart
from fanops_utils.charts.curves.effects import campaign_gap
from fanops_utils.charts.curves.portfolios import effect_spread, fault_periods
from fanops_utils.charts.curves.power import power_curves, reach_by_week
from fanops_utils.charts.curves.processes import control_chart, step_curve
from fanops_utils.charts.curves.relations import calibration, scatter
from fanops_utils.charts.curves.series import hour_curve, lines, spans
from fanops_utils.charts.curves.trials import daily_effects, look_bounds
from fanops_utils.charts.grids.forms import cohort_triangle, heat_map, migration_matrix
from fanops_utils.charts.rows.campaigns import spread, targets, waterfall
from fanops_utils.charts.rows.estimates import against_promise, bars, drawn_together, intervals, placebos
from fanops_utils.charts.rows.shares import funnel, stacked_shares
from fanops_utils.charts.rows.trials import metric_differences, quantile_differences, segment_effects
from fanops_utils.charts.strips.multiples import small_multiples
from fanops_utils.charts.strips.sparkline import sparkline
from fanops_utils.charts.strips.timeline import timeline
from fanops_utils.charts.tables import Table, table
from fanops_utils.charts.words import Words

__all__ = [
    "Chart", "Table", "Words", "against_promise", "bars", "calibration", "campaign_gap", "cohort_triangle", "control_chart",
    "daily_effects", "drawn_together", "effect_spread", "fault_periods", "funnel", "heat_map", "hour_curve", "intervals",
    "lines", "look_bounds", "metric_differences", "migration_matrix", "placebos", "power_curves", "quantile_differences",
    "reach_by_week", "scatter", "segment_effects", "small_multiples", "spans", "sparkline", "spread", "stacked_shares",
    "step_curve", "table", "targets", "timeline", "waterfall",
]  # fmt: skip
