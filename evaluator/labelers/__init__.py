"""How good each labeler is, and whose work deserves a look.

Goldens tell accuracy (`golden_accuracy`, `rank_labelers`, `golden_flags`) and its change (`drift`,
`drift_flags`); seconds tell pace (`pace_flags`); answers alone tell runs (`run_flags`), a preferred side
(`position_bias`) and, given what is true, how much they inform (`spammer_score`). Every flag function answers
with `LabelerFlags`; `flagged_together` puts several signs into one family of tests.
"""

from evaluator.labelers.answers import position_bias, run_flags, spammer_score
from evaluator.labelers.change import Drift, drift, drift_flags
from evaluator.labelers.flags import LabelerFlags, flagged_together
from evaluator.labelers.golden import (
    LabelerRanking,
    golden_accuracy,
    golden_flags,
    goldens_needed,
    rank_labelers,
)
from evaluator.labelers.pace import pace_flags
from evaluator.labelers.prior import PoolPrior, pool_prior
from evaluator.significance import benjamini_hochberg

__all__ = [
    "Drift",
    "LabelerFlags",
    "LabelerRanking",
    "PoolPrior",
    "benjamini_hochberg",
    "drift",
    "drift_flags",
    "flagged_together",
    "golden_accuracy",
    "golden_flags",
    "goldens_needed",
    "pace_flags",
    "pool_prior",
    "position_bias",
    "rank_labelers",
    "run_flags",
    "spammer_score",
]
