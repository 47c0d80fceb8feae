"""The same figures from krippendorff, statsmodels, scikit-learn, and from plain loops, on random data."""

from collections import Counter
from itertools import combinations, permutations, product

import krippendorff
import numpy as np
import pytest
from sklearn.metrics import cohen_kappa_score
from statsmodels.stats import inter_rater

from evaluator.agreement import (
    box_agreement,
    cohen_kappa,
    consistency,
    count_values,
    fleiss_kappa,
    gwet_ac,
    krippendorff_alpha,
    labeler_consistency,
    pairwise_agreement,
    percent_agreement,
    randolph_kappa,
)
from evaluator.agreement.kappa import Weights
from evaluator.boxes import iou
from evaluator.types import Floats, Ints

SEEDS = range(200)


def some_counts(generator: np.random.Generator) -> Ints:
    """Counts with unlabeled items, items with one label, and often a value nobody used."""
    values = int(generator.integers(2, 7))
    shares = generator.dirichlet(np.full(values, 0.5), size=int(generator.integers(2, 40)))
    counts = np.stack([generator.multinomial(generator.integers(0, 7), row) for row in shares])
    return np.vstack([counts, np.eye(values, dtype=np.int64)[[0, 1]].sum(axis=0)])


@pytest.mark.parametrize("seed", SEEDS)
def test_alpha_equals_krippendorffs_package(seed: int) -> None:
    generator = np.random.default_rng(seed)
    counts = some_counts(generator)
    values = np.sort(generator.choice(100, size=counts.shape[1], replace=False)) / 4
    for level in ("nominal", "ordinal", "interval", "ratio"):
        peer = krippendorff.alpha(value_counts=counts, value_domain=values, level_of_measurement=level)
        ours = krippendorff_alpha(counts, level=level, values=values)
        assert ours == pytest.approx(float(peer), abs=1e-12)


@pytest.mark.parametrize("seed", SEEDS)
def test_fleiss_and_randolph_equal_statsmodels(seed: int) -> None:
    generator = np.random.default_rng(seed)
    values, labels = generator.integers(2, 7, size=2)
    counts = generator.multinomial(labels, generator.dirichlet(np.ones(values)), size=30)
    counts[0] = 0
    counts[0, :2] = [labels - 1, 1]
    assert fleiss_kappa(counts) == pytest.approx(inter_rater.fleiss_kappa(counts), abs=1e-12)
    peer = inter_rater.fleiss_kappa(counts, method="randolph")
    assert randolph_kappa(counts) == pytest.approx(peer, abs=1e-12)


@pytest.mark.parametrize("seed", SEEDS)
def test_cohens_kappa_equals_scikit_learn_and_statsmodels(seed: int) -> None:
    generator = np.random.default_rng(seed)
    values = int(generator.integers(2, 7))
    a = np.append(generator.integers(0, values, size=30), [0, 1])
    b = np.where(generator.random(32) < 0.5, a, generator.integers(0, values, size=32))
    table = np.bincount(a * values + b, minlength=values**2).reshape(values, values)
    for weights in (None, "linear", "quadratic"):
        ours = cohen_kappa(a, b, weights=weights)
        peer = cohen_kappa_score(a, b, labels=range(values), weights=weights)
        other = inter_rater.cohens_kappa(table, wt=weights, return_results=False)
        assert ours == pytest.approx(peer, abs=1e-12)
        assert ours == pytest.approx(other, abs=1e-12)


@pytest.mark.parametrize("seed", SEEDS)
def test_agreement_and_gwet_equal_loops_over_pairs_of_labels(seed: int) -> None:
    generator = np.random.default_rng(seed)
    counts = some_counts(generator)
    columns = counts.shape[1]
    items = [np.repeat(np.arange(columns), row) for row in counts if row.sum()]
    pairable = [labels for labels in items if len(labels) > 1]
    mix = np.mean([np.bincount(labels, minlength=columns) / len(labels) for labels in items], axis=0)
    kinds: list[tuple[Weights, int]] = [(None, 0), ("linear", 1), ("quadratic", 2)]
    for weights, power in kinds:
        credit = (
            1 - (np.abs(np.subtract.outer(np.arange(columns), np.arange(columns))) / (columns - 1)) ** power
        )
        np.fill_diagonal(credit, 1)
        observed = np.mean([np.mean([credit[c] for c in combinations(labels, 2)]) for labels in pairable])
        expected = credit.sum() / (columns * (columns - 1)) * (mix * (1 - mix)).sum()
        assert gwet_ac(counts, weights=weights) == pytest.approx(
            (observed - expected) / (1 - expected), abs=1e-12
        )
        if weights is None:
            assert percent_agreement(counts) == pytest.approx(observed, abs=1e-12)
    modal = [max(Counter(labels.tolist()).values()) / len(labels) for labels in pairable]
    assert consistency(counts, draws=10).value == pytest.approx(np.mean(modal), abs=1e-12)


def some_labels(generator: np.random.Generator) -> tuple[Ints, Ints, Ints]:
    """Items, labelers and values; now and then somebody labels an item twice."""
    count = int(generator.integers(1, 60))
    return (
        generator.integers(0, 8, size=count),
        generator.integers(0, 6, size=count),
        generator.integers(0, 4, size=count),
    )


@pytest.mark.parametrize("seed", SEEDS)
def test_labeler_consistency_equals_a_loop_over_labels(seed: int) -> None:
    labels = list(zip(*some_labels(np.random.default_rng(seed)), strict=True))
    credits: dict[int, list[float]] = {int(who): [] for _, who, _ in labels}
    for item, who, value in labels:
        others = Counter(int(v) for i, w, v in labels if i == item and w != who)
        if others:
            modes = [v for v, times in others.items() if times == max(others.values())]
            credits[int(who)].append((value in modes) / len(modes))
    result = labeler_consistency(*zip(*labels, strict=True))
    assert result.labelers.tolist() == sorted(credits)
    assert result.n.tolist() == [len(credits[who]) for who in sorted(credits)]
    shares = [np.mean(credits[who]) if credits[who] else np.nan for who in sorted(credits)]
    assert result.share.tolist() == pytest.approx(shares, nan_ok=True)
    everything = [credit for own in credits.values() for credit in own]
    assert result.pooled == pytest.approx(np.mean(everything) if everything else np.nan, nan_ok=True)


@pytest.mark.parametrize("seed", SEEDS)
def test_pairwise_agreement_equals_scikit_learn_on_the_shared_items(seed: int) -> None:
    generator = np.random.default_rng(seed)
    table = generator.integers(-1, 3, size=(4, 12))
    labelers, items = np.nonzero(table >= 0)
    result = pairwise_agreement(items, labelers, table[labelers, items])
    for first, second in product(range(4), repeat=2):
        shared = (table[first] >= 0) & (table[second] >= 0)
        a, b = table[first, shared], table[second, shared]
        assert (result.agree[first, second], result.both[first, second]) == ((a == b).sum(), shared.sum())
        if len(set(a) | set(b)) > 1:
            peer = cohen_kappa_score(a, b)
            assert result.kappa[first, second] == pytest.approx(peer, abs=1e-12)
        else:
            assert np.isnan(result.kappa[first, second])


def some_boxes(generator: np.random.Generator) -> tuple[Floats, Ints]:
    """Boxes crowded enough that each overlaps several others."""
    count = int(generator.integers(0, 5))
    corner = generator.integers(0, 6, size=(count, 2))
    boxes = np.hstack([corner, corner + generator.integers(8, 14, size=(count, 2))]).astype(np.float64)
    return boxes, generator.integers(0, 2, size=count)


def best_total(overlaps: Floats) -> float:
    """The largest total overlap of any one-to-one choice, by trying all."""
    a, b = overlaps.shape
    if a > b:
        return best_total(overlaps.T)
    return max(sum(overlaps[range(a), list(choice)]) for choice in permutations(range(b), a))


@pytest.mark.parametrize("seed", SEEDS)
def test_boxes_are_paired_with_the_largest_total_overlap_of_all_choices(seed: int) -> None:
    generator = np.random.default_rng(seed)
    (ours, our_names), (theirs, their_names) = some_boxes(generator), some_boxes(generator)
    result = box_agreement(ours, theirs, our_names, their_names, iou=0.4)
    overlaps = iou(ours, theirs)
    fitting = (overlaps >= 0.4) & (our_names[:, None] == their_names[None, :])
    total = overlaps[result.pairs[:, 0], result.pairs[:, 1]].sum()
    assert total == pytest.approx(best_total(np.where(fitting, overlaps, 0.0)))
    assert fitting[result.pairs[:, 0], result.pairs[:, 1]].all()
    assert len(result.pairs) + result.missed + result.swapped == len(ours)
    assert len(result.pairs) + result.extra + result.swapped == len(theirs)


def test_counting_equals_a_loop() -> None:
    generator = np.random.default_rng(5)
    items, labels = generator.integers(0, 9, size=50), generator.integers(0, 3, size=50)
    expected = [
        [int(((items == item) & (labels == value)).sum()) for value in range(3)] for item in range(10)
    ]
    assert count_values(items, labels, n_values=3, n_items=10).tolist() == expected
