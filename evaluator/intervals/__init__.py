"""Intervals: the one place to import any of them from.

`cluster_bootstrap` for a ratio over scenes; `two_way_interval` where few labelers rated many; `wilson`,
`clopper_pearson`, `jeffreys`, `newcombe_difference` for shares of independent trials; `confidence_sequence`
for a mean that is looked at while it grows; `ppi_mean` for a model judge corrected by people.
"""

from evaluator.intervals.bootstrap import (
    cluster_bootstrap,
    described,
    percentile_bounds,
    ratio_estimate,
    ratios,
    resampled_sums,
    widened,
)
from evaluator.intervals.prediction import ppi_mean
from evaluator.intervals.proportions import (
    alike_bounds,
    clopper_pearson,
    jeffreys,
    newcombe_difference,
    wilson,
    wilson_bounds,
)
from evaluator.intervals.sequences import ConfidenceSequence, confidence_sequence
from evaluator.intervals.two_way import two_way_interval

__all__ = [
    "ConfidenceSequence",
    "alike_bounds",
    "clopper_pearson",
    "cluster_bootstrap",
    "confidence_sequence",
    "described",
    "jeffreys",
    "newcombe_difference",
    "percentile_bounds",
    "ppi_mean",
    "ratio_estimate",
    "ratios",
    "resampled_sums",
    "two_way_interval",
    "widened",
    "wilson",
    "wilson_bounds",
]
