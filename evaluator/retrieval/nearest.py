"""Whether the right product is first, or among the first k."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from evaluator import checks
from evaluator.intervals import cluster_bootstrap, widened, wilson_bounds
from evaluator.retrieval import hamming
from evaluator.retrieval.sharing import Labels, Sharing, Side, side
from evaluator.types import Estimate, Floats, Ints

LEVEL = 0.95


@dataclass(frozen=True)
class HitShare:
    """Share of queries with a right product in the first places; nan without queries.

    Attributes
    ----------
    expected : float
        Mean over queries of `hits`: codes that tie are in random order.
    best, worst : float
        The share if every tie were broken for, and against, the right product.
    n : int
        Queries, the absent ones included.
    absent : int
        Queries with no right product in the corpus; each of them is a miss.
    duplicates : ndarray of int64, shape (duplicates,)
        Rows of `distractors`, ascending, whose code equals that of a right product bit for bit. They are
        probably that product once more and make false misses; look at them.
    hits : ndarray of float64, shape (queries,)
        Chance of a hit for each query, 1 or 0 unless a tie decides. For `intervals.cluster_bootstrap` where
        queries come in scenes, and for `significance.sign_flip_test` between two models.
    interval : Estimate
        `expected` with Wilson's interval, queries independent; n counts queries.
    """

    expected: float
    best: float
    worst: float
    n: int
    absent: int
    duplicates: Ints
    hits: Floats
    interval: Estimate


@dataclass(frozen=True)
class PrecisionAt1(HitShare):
    """P@1: share of queries whose nearest code is that of a right product."""


@dataclass(frozen=True)
class RecallAtK(HitShare):
    """Recall@k: share of queries with a right product among the nearest k codes.

    Attributes
    ----------
    k : int
        Places that count.
    """

    k: int


def precision_at_1(
    query_codes: npt.ArrayLike,
    query_products: Labels,
    corpus_codes: npt.ArrayLike,
    corpus_products: Labels,
    *,
    distractors: npt.ArrayLike | None = None,
) -> PrecisionAt1:
    """Return how often the nearest code is that of a right product.

    Parameters
    ----------
    query_codes : array of uint8, shape (queries, bytes)
        Packed bits.
    query_products : array of ids, shape (queries,), or sequence of sets of ids
        The right product of each query, or all its right products. A query with none, or with none that is in
        the corpus, is a miss and counts as absent.
    corpus_codes : array of uint8, shape (products, bytes)
        Packed bits.
    corpus_products : array of ids, shape (products,), or sequence of sets of ids
        Product of each code; a product may have several codes.
    distractors : array of uint8, shape (distractors, bytes), optional
        Further codes of the corpus, never right.

    Returns
    -------
    PrecisionAt1
        Shares 0..1. Of t codes tied for the first place with r right ones among them, expected counts r / t,
        best 1, worst 1 only if r = t. nan without queries.

    Raises
    ------
    EvaluationError
        Codes that are no bytes or not of one width; not one id for each code; ids of two kinds.

    Notes
    -----
    "Shop The Look", section 6.3.1: 5,000 matching products and 100,000 distractors; docs/evaluation.md. Uses
    faiss where it is installed, with the same result to the last digit.

    Examples
    --------
    Table 5 of "Shop The Look" gives its V2 embedding 0.641. As 1,000 queries, 641 of which have a code like
    their product's, the others one like a distractor's:

    >>> queries = np.where(np.arange(1000) < 641, 0, 255).astype(np.uint8)[:, None]
    >>> result = precision_at_1(queries, ["shoe"] * 1000, [[0], [240]], ["shoe", "bag"], distractors=[[255]])
    >>> result.expected, round(result.interval.low, 3), round(result.interval.high, 3)
    (0.641, 0.611, 0.67)

    Four equally near codes, one of them right:

    >>> result = precision_at_1([[0]], ["shoe"], [[1]], ["shoe"], distractors=[[2], [4], [8]])
    >>> result.expected, result.best, result.worst
    (0.25, 1.0, 0.0)
    """
    queries = side("query", "products", query_codes, query_products)
    corpus = side("corpus", "products", corpus_codes, corpus_products, like=queries.codes)
    return PrecisionAt1(*_hit_share(queries, corpus, distractors, k=1))


def recall_at_k(
    query_codes: npt.ArrayLike,
    query_products: Labels,
    corpus_codes: npt.ArrayLike,
    corpus_products: Labels,
    *,
    k: int,
    distractors: npt.ArrayLike | None = None,
) -> RecallAtK:
    """Return how often a right product is among the nearest k codes; `precision_at_1` is the case k = 1.

    Parameters
    ----------
    query_codes, query_products, corpus_codes, corpus_products, distractors
        As in `precision_at_1`.
    k : int
        Places that count, >= 1; more than there are codes means all of them.

    Returns
    -------
    RecallAtK
        Shares 0..1, as in `precision_at_1`. When m places are left for t tied codes with r right ones among
        them, expected counts the chance that m draws without replacement find one: 1 - C(t - r, m) / C(t, m)
        (hypergeometric). nan without queries.

    Notes
    -----
    Recall@k as image retrieval uses it (recall@R of Jegou et al. 2011, "Product quantization for nearest
    neighbor search"): one right product suffices. Where a query has only one, the share of all its right
    products is the same.

    Examples
    --------
    Fisher's lady tasting tea: of eight equal cups she takes four, and one in 70 times none of the right four:

    >>> result = recall_at_k([[0]], ["tea"], [[0]] * 8, ["tea"] * 4 + ["milk"] * 4, k=4)
    >>> round(70 * (1 - result.expected), 9)
    1.0
    """
    places = checks.positive("k", k)
    queries = side("query", "products", query_codes, query_products)
    corpus = side("corpus", "products", corpus_codes, corpus_products, like=queries.codes)
    return RecallAtK(*_hit_share(queries, corpus, distractors, k=places), k=places)


def shared_label_precision(
    query_codes: npt.ArrayLike,
    query_labels: Labels,
    corpus_codes: npt.ArrayLike,
    corpus_labels: Labels,
    *,
    ks: Iterable[int] = (5, 10),
) -> dict[int, Estimate]:
    """Return p@k: the share of the nearest k images that have a label in common with the query.

    Parameters
    ----------
    query_codes, corpus_codes : array of uint8, shapes (queries, bytes) and (images, bytes)
        Packed bits. Leave the query images out of the corpus, or each finds itself.
    query_labels, corpus_labels : array of ids, shape (queries,) or (images,), or sequence of sets of ids
        Label, or labels, of each image; an image with an empty set shares with none.
    ks : iterable of int
        Depths, each >= 1.

    Returns
    -------
    dict of int to Estimate
        For each k the mean over queries of (sharing among the nearest k) / k, 0..1; n counts queries. k stays
        the divisor with fewer images. Of codes that tie for the last places the mean over all orders counts.
        Interval: bootstrap over queries. nan with a reason without queries.

    Notes
    -----
    "Visual Search at Pinterest" (KDD 2015), section 4, table 1: images carry the text queries that lead to
    them, and a result is relevant if both share one.

    Examples
    --------
    p@5 of the best net in table 1 is 0.302. As 1,000 queries with 1,510 relevant results among their five:

    >>> labels = [{"boots"}, {"boots", "red"}, {"sofa"}, {"lamp"}, set()]
    >>> queries = ["boots"] * 510 + ["sofa"] * 490
    >>> shared_label_precision(np.zeros((1000, 32)), queries, np.zeros((5, 32)), labels, ks=[5])[5].value
    0.302
    """
    queries = side("query", "labels", query_codes, query_labels)
    corpus = side("corpus", "labels", corpus_codes, corpus_labels, like=queries.codes)
    depths = [int(k) for k in checks.integers("ks", [*ks], low=1, high=2**53)]
    return {k: _precision(queries, corpus, k) for k in depths}


def _hit_share(
    queries: Side, corpus: Side, distractors: npt.ArrayLike | None, *, k: int
) -> tuple[float, float, float, int, int, Ints, Floats, Estimate]:
    """Return the fields of `HitShare`."""
    like = queries.codes if len(queries.codes) else corpus.codes
    extra = hamming.packed("distractors", [] if distractors is None else distractors, like=like)
    sharing = Sharing(queries, corpus)
    top = hamming.top(queries.codes, hamming.stacked(corpus.codes, extra), k, right=sharing)
    n, expected = len(top.tied), _mean(top.any_right)
    duplicates = np.flatnonzero(hamming.among(extra, corpus.codes[sharing.right_rows]))
    if n:
        low, high = wilson_bounds(expected, n, level=LEVEL)
        interval = Estimate(expected, low, high, n, LEVEL, "wilson")
    else:
        interval = Estimate.undefined("no queries", n=0, level=LEVEL, method="wilson")
    best, worst = _mean(top.most > 0), _mean(top.least > 0)
    return expected, best, worst, n, sharing.absent, duplicates, top.any_right, interval


def _precision(queries: Side, corpus: Side, k: int) -> Estimate:
    top = hamming.top(queries.codes, corpus.codes, k, right=Sharing(queries, corpus))
    n = len(top.tied)
    if n == 0:
        return Estimate.undefined("no queries", n=0, level=LEVEL)
    estimate = cluster_bootstrap(np.sort(top.mean), np.full(n, k), level=LEVEL)
    return widened(estimate, n, floor=0)


def _mean(values: npt.NDArray[np.generic]) -> float:
    # The exact sum keeps the figure the same to the last digit in any order of queries.
    return math.fsum(values) / len(values) if len(values) else math.nan
