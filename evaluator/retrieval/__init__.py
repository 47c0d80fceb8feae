"""Retrieval by binary codes: is the right product first, or among the first k.

Codes are packed bits, an array of uint8 (codes, bytes) as `numpy.packbits` gives it; their distance is the
number of bits that differ (Hamming). Many codes are equally far from a query, so the order of the corpus must
not decide: every figure here is the mean over all orders of the tied codes. Several right products may exist
for one query; any of them is a hit.
"""

from evaluator.retrieval.nearest import (
    HitShare,
    PrecisionAt1,
    RecallAtK,
    precision_at_1,
    recall_at_k,
    shared_label_precision,
)

__all__ = ["HitShare", "PrecisionAt1", "RecallAtK", "precision_at_1", "recall_at_k", "shared_label_precision"]
