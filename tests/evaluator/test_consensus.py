import numpy as np
import pytest

from evaluator.consensus import dawid_skene, majority, next_label_value, stop
from evaluator.errors import EvaluationError
from evaluator.relevance import precision_at_k


def test_the_most_common_grade_wins_and_a_tie_is_unjudged() -> None:
    items = [0, 0, 0, 1, 1, 3]
    result = majority(items, [0, 1, 2, 0, 1, 2], [3, 3, 4, 2, 3, 0], n_values=5)
    assert result.label.tolist() == [3, -1, -1, 0]
    assert result.tied.tolist() == [False, True, False, False]
    assert result.share.tolist() == pytest.approx([2 / 3, 1 / 2, np.nan, 1], nan_ok=True)


def test_a_tie_below_the_first_place_does_not_matter() -> None:
    assert majority([0] * 4, range(4), [4, 4, 1, 2], n_values=5).label.tolist() == [4]


def test_items_beyond_the_last_label_can_be_asked_for() -> None:
    assert majority([0], [7], [1], n_values=2, n_items=3).label.tolist() == [1, -1, -1]
    assert majority([], [], [], n_values=2, n_items=2).label.tolist() == [-1, -1]
    assert majority([], [], [], n_values=2).label.tolist() == []


def test_the_consensus_of_grades_is_ready_for_precision() -> None:
    grades = majority([0, 0, 1, 2, 2], [0, 1, 0, 0, 1], [4, 4, 3, 4, 1], n_values=5, n_items=5).label
    assert precision_at_k([grades], min_grade=3).value == pytest.approx(2 / 5)


@pytest.mark.parametrize(
    ("items", "labelers", "labels", "message"),
    [
        ([0, -1], [0, 0], [0, 0], r"items\[1\]: -1 is outside"),
        ([0, 5], [0, 0], [0, 0], r"items\[1\]: 5 is outside 0 to 1"),
        ([0, 0], [0, 0], [0, 5], r"labels\[1\]: 5 is outside 0 to 4"),
        ([0, 0], [0, -2], [0, 0], r"labelers\[1\]: -2"),
        ([0, 0], [0], [0, 0], "labelers: has length 1, but items has length 2"),
        ([0, 0], [0, 0], [0], "labels: has length 1, but items has length 2"),
    ],
)
def test_dishonest_labels_are_refused(
    items: list[int], labelers: list[int], labels: list[int], message: str
) -> None:
    with pytest.raises(EvaluationError, match=message):
        majority(items, labelers, labels, n_values=5, n_items=2)


def test_many_labels_are_counted_as_item_by_item() -> None:
    generator = np.random.default_rng(0)
    item, label = generator.integers(0, 1000, 100_000), generator.integers(0, 4, 100_000)
    result = majority(item, item, label, n_values=4)
    for number in range(0, 1000, 97):
        mine = np.bincount(label[item == number], minlength=4)
        first = np.flatnonzero(mine == mine.max())
        assert result.label[number] == (first[0] if len(first) == 1 else -1)
        assert result.share[number] == mine.max() / mine.sum()


def test_no_values_or_no_whole_number_of_items_is_refused() -> None:
    with pytest.raises(EvaluationError, match="n_values: 0 is not"):
        majority([0], [0], [0], n_values=0)
    with pytest.raises(EvaluationError, match=r"n_items\[0\]: -1 is outside"):
        majority([], [], [], n_values=2, n_items=-1)


@pytest.mark.parametrize("seed", range(200))
def test_the_value_of_a_label_is_the_mean_of_what_bayes_makes_of_each_answer(seed: int) -> None:
    generator = np.random.default_rng(seed)
    items, labelers, values = generator.integers(1, 6, 3)
    posterior = generator.dirichlet(np.ones(values), size=items)
    confusions = generator.dirichlet(np.ones(values) * 0.5, size=(labelers, values))
    rise = next_label_value(posterior, confusions)
    assert rise.shape == (items, labelers)
    for item, labeler in np.ndindex(items, labelers):
        expected = 0.0
        for label in range(values):
            joint = posterior[item] * confusions[labeler][:, label]
            expected += joint.sum() * (joint / joint.sum()).max()
        assert rise[item, labeler] == pytest.approx(expected - posterior[item].max(), abs=1e-12)
        assert 0 <= rise[item, labeler] <= 1 - 1 / values + 1e-12


def test_the_next_label_goes_to_the_open_item_and_the_better_labeler() -> None:
    better, worse, guesses = ([[right, 1 - right], [1 - right, right]] for right in (0.9, 0.7, 0.5))
    rise = next_label_value([[0.55, 0.45], [0.8, 0.2], [1.0, 0.0]], [better, worse, guesses])
    assert rise[0] == pytest.approx([0.35, 0.15, 0])
    assert rise[1] == pytest.approx([0.1, 0, 0])
    assert rise[2].tolist() == [0, 0, 0]


def test_many_items_are_valued_block_by_block_as_one_by_one() -> None:
    posterior = np.random.default_rng(1).dirichlet(np.ones(3), size=5000)
    confusions = np.random.default_rng(2).dirichlet(np.ones(3), size=(4, 3))
    together = next_label_value(posterior, confusions)
    for item in (0, 2047, 2048, 4999):
        assert together[[item]] == pytest.approx(next_label_value(posterior[[item]], confusions), abs=1e-15)


def test_nobody_to_ask_and_nothing_to_ask_about_are_empty() -> None:
    assert next_label_value([[0.5, 0.5]], []).shape == (1, 0)
    assert next_label_value([], [[[0.5, 0.5], [0.5, 0.5]]]).shape == (0, 1)
    assert stop([]).tolist() == []


def test_an_item_is_done_when_one_value_reaches_the_bound() -> None:
    posterior = [[0.95, 0.05], [0.05, 0.95], [0.9, 0.1], [0.5, 0.5]]
    assert stop(posterior).tolist() == [True, True, False, False]
    assert stop(posterior, bound=0.9).tolist() == [True, True, True, False]
    assert stop([[1, 0]], bound=1).tolist() == [True]


def test_stopping_by_the_posterior_beats_a_fixed_number_of_labels() -> None:
    generator = np.random.default_rng(8)
    rates = generator.uniform(0.6, 0.95, 15)
    truth = generator.integers(0, 2, 1500)
    item = np.repeat(np.arange(1500), 7)
    labeler = np.argsort(generator.random((1500, 15)), axis=1)[:, :7].ravel()
    label = np.where(generator.random(len(item)) < rates[labeler], truth[item], 1 - truth[item])
    turn = np.tile(np.arange(7), 1500)
    asked = turn < 2
    for overlap in range(3, 8):
        found = dawid_skene(item[asked], labeler[asked], label[asked], n_values=2)
        asked |= (turn < overlap) & ~stop(found.posterior, bound=0.95)[item]
    fixed = turn < 5
    adaptive = dawid_skene(item[asked], labeler[asked], label[asked], n_values=2)
    plain = dawid_skene(item[fixed], labeler[fixed], label[fixed], n_values=2)
    assert asked.sum() < fixed.sum()
    assert (adaptive.label == truth).mean() >= (plain.label == truth).mean()


@pytest.mark.parametrize(
    ("posterior", "confusions", "message"),
    [
        ([[0.5, 0.4]], [], r"posterior\[0\]: sums to 0.9, not to 1"),
        ([[1.5, -0.5]], [], r"posterior\[0, 1\]: -0.5 is below 0"),
        ([0.5, 0.5], [], "posterior: expected 2 dimension"),
        ([[0.5, 0.5]], [[[0.5, 0.5], [0.5, 0.6]]], r"confusions\[0, 1\]: sums to 1.1"),
        ([[0.5, 0.5]], [[[1.0]]], r"confusions: expected \(labelers, 2, 2\), found shape \(1, 1, 1\)"),
    ],
)
def test_what_is_no_probability_is_refused(
    posterior: list[list[float]], confusions: list[list[list[float]]], message: str
) -> None:
    with pytest.raises(EvaluationError, match=message):
        next_label_value(posterior, confusions)


@pytest.mark.parametrize("bound", [0, 1.1, -1, float("nan")])
def test_a_bound_that_is_no_probability_is_refused(bound: float) -> None:
    with pytest.raises(EvaluationError, match="bound: "):
        stop([[0.5, 0.5]], bound=bound)
