"""Seeded corpus of the retrieval benchmark, and restrictions that let an exact share of it pass."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model_hooks.retrieval.engine import Row
from model_hooks.retrieval.restriction import And, In, Node, Not, Range

BITS = 256
CENTRES = 2_000
FLIPPED = 0.25
CATEGORIES = 200
GENDERS = ("men", "unisex", "women")
STEP = 100_000


@dataclass(frozen=True)
class Corpus:
    """N products in columns; the product id is the position."""

    codes: NDArray[np.uint8]
    categories: NDArray[np.int64]
    genders: NDArray[np.int64]
    prices: NDArray[np.float64]

    def rows(self) -> Iterator[Row]:
        merchants = [f"merchant-{number}" for number in range(500)]
        columns = zip(
            self.categories.tolist(), self.genders.tolist(), self.prices.tolist(), self.codes, strict=True
        )
        for product_id, (category, gender, price, code) in enumerate(columns):
            merchant = merchants[product_id * 7919 % 500]
            texts = (f"category-{category}", GENDERS[gender])
            yield Row(product_id, code.tobytes(), *texts, price, merchant, "fashion", "feed")


@dataclass(frozen=True)
class Filter:
    """Categories, genders and a closed window of prices; `rows` are the products that pass, ascending."""

    categories: NDArray[np.int64]
    genders: tuple[int, int]
    low: float
    high: float
    rows: NDArray[np.int64]

    @property
    def where(self) -> Node:
        return And(
            In("category", [f"category-{category}" for category in self.categories]),
            In("gender", [GENDERS[gender] for gender in self.genders]),
            Not(Range("price", lt=self.low)),
            Range("price", le=self.high),
        )

    def mask(self, corpus: Corpus) -> NDArray[np.bool_]:
        """The same as a plain numpy filter over all products."""
        wanted = np.zeros(CATEGORIES, np.bool_)
        wanted[self.categories] = True
        worn = (corpus.genders == self.genders[0]) | (corpus.genders == self.genders[1])
        affordable = (corpus.prices >= self.low) & (corpus.prices <= self.high)
        passing: NDArray[np.bool_] = wanted[corpus.categories] & worn & affordable
        return passing


def make_corpus(size: int, rng: np.random.Generator) -> Corpus:
    """Codes around random centres with a quarter of the bits flipped; categories by a power law."""
    centres = rng.integers(0, 256, (CENTRES, BITS // 8), np.uint8)
    codes = np.empty((size, BITS // 8), np.uint8)
    for start in range(0, size, STEP):
        part = codes[start : start + STEP]
        flips = np.packbits(rng.random((len(part), BITS), np.float32) < FLIPPED, axis=1)
        part[:] = centres[rng.integers(0, CENTRES, len(part))] ^ flips
    return Corpus(
        codes=codes,
        categories=np.minimum(rng.zipf(1.3, size) - 1, CATEGORIES - 1),
        genders=rng.integers(0, len(GENDERS), size),
        prices=rng.lognormal(3.5, 1.0, size),
    )


def make_filter(corpus: Corpus, share: float, rng: np.random.Generator) -> Filter:
    """Choose categories, a gender or unisex, and a window of prices that exactly the share passes."""
    wanted = round(len(corpus.codes) * share)
    genders = (int(rng.choice([0, 2])), 1)
    worn = np.isin(corpus.genders, genders)
    order = rng.permutation(CATEGORIES)
    counts = np.bincount(corpus.categories[worn], minlength=CATEGORIES)[order].cumsum()
    categories = order[: int(np.searchsorted(counts, min(2 * wanted, counts[-1]))) + 1]
    among = np.flatnonzero(worn & np.isin(corpus.categories, categories))
    by_price = among[np.argsort(corpus.prices[among])]
    first = int(rng.integers(0, len(by_price) - wanted + 1))
    rows = by_price[first : first + wanted]
    low, high = corpus.prices[rows[[0, -1]]].tolist()
    return Filter(categories, genders, low, high, np.sort(rows))


def make_queries(corpus: Corpus, count: int, rng: np.random.Generator) -> NDArray[np.uint8]:
    """Codes of products with a fifth of the bits flipped."""
    picked = corpus.codes[rng.integers(0, len(corpus.codes), count)]
    return picked ^ np.packbits(rng.random((count, BITS)) < 0.2, axis=1)
