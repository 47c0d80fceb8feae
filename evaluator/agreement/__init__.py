"""How far labelers agree: with each other, with the most common answer, and beyond chance.

Most functions take `value_counts`, an integer array (items, values): how many labelers gave item i the value
v, made by `count_values`. They do not ask who gave a label, so adaptive overlap and changing labelers are
fine; `labeler_consistency` and `pairwise_agreement` do ask and take the labels themselves. For grades use
ordinal alpha, for causes without an order nominal alpha, and show it beside `consistency`, which chance alone
lifts far above 0.
"""

from evaluator.agreement.alpha import alpha_interval, krippendorff_alpha
from evaluator.agreement.between_labelers import (
    LabelerShares,
    PairMatrix,
    labeler_consistency,
    pairwise_agreement,
)
from evaluator.agreement.drawn_boxes import BoxAgreement, box_agreement
from evaluator.agreement.kappa import cohen_kappa, fleiss_kappa, gwet_ac, percent_agreement, randolph_kappa
from evaluator.agreement.modal_share import consistency
from evaluator.agreement.value_counts import count_values

__all__ = [
    "BoxAgreement",
    "LabelerShares",
    "PairMatrix",
    "alpha_interval",
    "box_agreement",
    "cohen_kappa",
    "consistency",
    "count_values",
    "fleiss_kappa",
    "gwet_ac",
    "krippendorff_alpha",
    "labeler_consistency",
    "pairwise_agreement",
    "percent_agreement",
    "randolph_kappa",
]
