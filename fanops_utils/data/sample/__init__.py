"""The simulated brand: exports in the platforms' own formats, with truths planted in them."""

from fanops_utils.data.sample.build import SampleSummary, write_sample

__all__ = ["SampleSummary", "write_sample"]
