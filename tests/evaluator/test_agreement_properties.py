"""What must not change a figure of agreement, whatever the labels."""

from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from evaluator.agreement import (
    alpha_interval,
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
from evaluator.agreement.alpha import Level
from evaluator.types import Ints

Labels = tuple[Ints, Ints, Ints]
LEVELS: tuple[Level, ...] = ("nominal", "ordinal", "interval", "ratio")


@st.composite
def labels(draw: st.DrawFn) -> Labels:
    """Item, labeler and value of each label."""
    count = draw(st.integers(1, 40))

    def column(high: int) -> Ints:
        return draw(hnp.arrays(np.int64, count, elements=st.integers(0, high)))

    return column(8), column(5), column(3)


def counted(data: Labels) -> Ints:
    return count_values(data[0], data[2], n_values=4, n_items=9)


def figures(counts: Ints) -> list[str]:
    """Every figure of counts, each digit of it."""
    return [
        *(repr(krippendorff_alpha(counts, level=level)) for level in LEVELS),
        *(repr(alpha_interval(counts, level=level, draws=50)) for level in LEVELS),
        *(repr(gwet_ac(counts, weights=weights)) for weights in (None, "linear", "quadratic")),
        *(repr(kappa(counts)) for kappa in (fleiss_kappa, randolph_kappa, percent_agreement)),
        repr(consistency(counts, draws=50)),
    ]


@given(labels(), st.randoms())
@settings(max_examples=60, deadline=None)
def test_the_order_and_names_of_items_change_no_digit(data: Labels, random: Random) -> None:
    counts = counted(data)
    assert figures(counts[random.sample(range(9), 9)]) == figures(counts)


@given(labels(), st.randoms())
@settings(max_examples=60, deadline=None)
def test_labelers_can_be_permuted_without_a_trace(data: Labels, random: Random) -> None:
    items, labelers, values = data
    names = random.sample(range(6), 6)
    plain = labeler_consistency(*data)
    renamed = labeler_consistency(items + 7, np.array(names)[labelers], values)
    place = [renamed.labelers.tolist().index(names[who]) for who in plain.labelers]
    assert repr(renamed.share[place]) == repr(plain.share)
    assert repr((renamed.low[place], renamed.high[place])) == repr((plain.low, plain.high))
    assert repr((renamed.pooled, renamed.mean)) == repr((plain.pooled, plain.mean))
    pairs = pairwise_agreement(*data)
    again = pairwise_agreement(items + 7, np.array(names)[labelers], values)
    assert repr(again.kappa[np.ix_(place, place)]) == repr(pairs.kappa)
    assert repr(again.share[np.ix_(place, place)]) == repr(pairs.share)


@given(labels(), st.randoms())
@settings(max_examples=60, deadline=None)
def test_the_order_of_labels_changes_no_digit(data: Labels, random: Random) -> None:
    order = random.sample(range(len(data[0])), len(data[0]))
    shuffled = (data[0][order], data[1][order], data[2][order])
    assert np.array_equal(counted(shuffled), counted(data))
    assert repr(labeler_consistency(*shuffled)) == repr(labeler_consistency(*data))
    assert repr(pairwise_agreement(*shuffled)) == repr(pairwise_agreement(*data))


@given(labels())
@settings(max_examples=60, deadline=None)
def test_items_taken_twice_leave_values_unchanged(data: Labels) -> None:
    counts = counted(data)
    twice = np.vstack([counts, counts])
    for figure in (percent_agreement, fleiss_kappa, randolph_kappa, gwet_ac):
        assert figure(twice) == pytest.approx(figure(counts), abs=1e-12, nan_ok=True)
    once = consistency(counts, draws=10)
    again = consistency(twice, draws=10)
    assert again.value == pytest.approx(once.value, nan_ok=True)
    assert again.n == 2 * once.n


@given(labels())
@settings(max_examples=60, deadline=None)
def test_a_labelers_consistency_is_the_same_on_items_taken_twice(data: Labels) -> None:
    items, labelers, values = data
    plain = labeler_consistency(*data)
    twice = labeler_consistency(np.concatenate([items, items + 9]), np.tile(labelers, 2), np.tile(values, 2))
    assert twice.share.tolist() == pytest.approx(plain.share.tolist(), nan_ok=True)
    assert twice.n.tolist() == (2 * plain.n).tolist()


@given(labels())
@settings(max_examples=60, deadline=None)
def test_an_added_all_tied_item_leaves_the_consistency_of_the_others_alone(data: Labels) -> None:
    counts = counted(data)
    plain, more = consistency(counts, draws=10), consistency(np.vstack([counts, [1] * 4]), draws=10)
    alone = 0.0 if not plain.n else plain.value * plain.n
    assert more.value * more.n == pytest.approx(alone + 0.25)


@given(labels(), st.floats(0.1, 9), st.floats(-5, 5))
@settings(max_examples=60, deadline=None)
def test_interval_alpha_knows_neither_unit_nor_zero(data: Labels, unit: float, zero: float) -> None:
    counts = counted(data)
    moved = krippendorff_alpha(counts, level="interval", values=unit * np.arange(4) + zero)
    assert moved == pytest.approx(krippendorff_alpha(counts, level="interval"), abs=1e-9, nan_ok=True)


@given(labels(), st.randoms())
@settings(max_examples=60, deadline=None)
def test_nominal_figures_do_not_depend_on_the_names_of_values(data: Labels, random: Random) -> None:
    counts = counted(data)
    renamed = counts[:, random.sample(range(4), 4)]
    for figure in (krippendorff_alpha, fleiss_kappa, randolph_kappa, gwet_ac, percent_agreement):
        assert figure(renamed) == pytest.approx(figure(counts), abs=1e-12, nan_ok=True)


@given(labels())
@settings(max_examples=60, deadline=None)
def test_cohens_kappa_is_the_same_both_ways(data: Labels) -> None:
    _, first, second = data
    for weights in (None, "linear", "quadratic"):
        forth = cohen_kappa(first, second, weights=weights)
        assert cohen_kappa(second, first, weights=weights) == pytest.approx(forth, nan_ok=True)
        assert not forth > 1


@given(labels())
@settings(max_examples=60, deadline=None)
def test_an_interval_lies_around_its_value(data: Labels) -> None:
    for estimate in (consistency(counted(data), draws=200), alpha_interval(counted(data), draws=200)):
        if estimate.bounded:
            assert estimate.low <= estimate.value <= estimate.high <= 1
        else:
            assert estimate.reason
