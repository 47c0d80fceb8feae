"""What a number means: every figure that the product shows, with its interval.

Arrays in, frozen dataclasses out; neither Django nor torch. Undefined figures are ``nan`` with a reason,
never 0, 1 or an exception; dishonest input is an `evaluator.errors.EvaluationError`.
"""

from evaluator.errors import EvaluationError
from evaluator.types import Estimate

__all__ = ["Estimate", "EvaluationError"]
