"""Relative gains, and chains of them: each row of a table against the row before it."""

import math

import numpy as np
import numpy.typing as npt

from evaluator import checks


def relative_gain(old: float, new: float) -> float:
    """Return (new - old) / old.

    Parameters
    ----------
    old, new : float
        The same metric of the row before and of this row, both >= 0.

    Returns
    -------
    float
        -1 or more; 0.51 means "+51 %". nan when `old` is 0, since nothing is relative to nothing.

    Notes
    -----
    "Shop The Look", section 5.2.1 and tables 3, 7 and 8: "each gain is relative to the preceding row".

    Examples
    --------
    Single-product mAP of table 2 of "Shop The Look", "+SPI" against the baseline, published as +51 %:

    >>> round(relative_gain(0.102, 0.154), 2)
    0.51
    """
    before = float(checks.floats("old", [old], low=0)[0])
    after = float(checks.floats("new", [new], low=0)[0])
    return math.nan if before == 0 else (after - before) / before


def chain_gains(gains: npt.ArrayLike) -> float:
    """Return the gain of the last row over the one before the first: the product of (1 + gain), minus 1.

    Parameters
    ----------
    gains : array of float, shape (links,)
        Each relative to the preceding row, -1 or more. An undefined link (nan) is refused: a chain ends
        before it.

    Returns
    -------
    float
        -1 or more; 0 for no links. Gains are never added.

    Notes
    -----
    docs/evaluation.md. Only gains of one metric on one domain may be chained; the "over 160 %" of "Shop The
    Look", section 8.2, mixes two.

    Examples
    --------
    Table 3 of "Shop The Look", Home Decor Similar P@5: +24.0 %, then +38.6 %.

    >>> round(chain_gains([0.240, 0.386]), 3)
    0.719
    """
    links = checks.floats("gains", gains, low=-1)
    return float(np.prod(1 + links) - 1)
