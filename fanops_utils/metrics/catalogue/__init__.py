"""The metric catalogue: what every number is called, counts, is divided by, and how it is computed as a series."""

from fanops_utils.metrics.catalogue.comparing import compare, difference
from fanops_utils.metrics.catalogue.metric import Metric
from fanops_utils.metrics.catalogue.registry import METRICS, known_as, metric, search
from fanops_utils.metrics.catalogue.series import MetricSeries, series

__all__ = ["METRICS", "Metric", "MetricSeries", "compare", "difference", "known_as", "metric", "search", "series"]
