import json
from pathlib import Path
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy.stats import dirichlet

from evaluator.consensus import dawid_skene, majority
from evaluator.consensus.latent_truth import DawidSkene
from evaluator.errors import EvaluationError
from evaluator.types import Floats, Ints

Labels = tuple[Ints, Ints, Ints]

# Dawid and Skene 1979, table 1: a row for each reading, a digit for each of the 45 patients. The first
# anaesthetist read the forms three times.
READINGS = [
    "131222132242121111222222112111131224223111212",
    "131222232342122111222222113111131223233112322",
    "132222232242121111222221112112131223123111212",
    "142333232243131211212232112111131234233112212",
    "131123142243121111232222112111121223224111212",
    "132222132244111111222222112112131234333111212",
    "142122133343121111122122112111131223232111212",
]
# The same paper, table 2: shares of the four grades, and the first observer's rates.
SHARES = [0.40, 0.42, 0.11, 0.07]
FIRST_OBSERVER = [[0.89, 0.11, 0, 0], [0.07, 0.88, 0.05, 0], [0, 0.34, 0.66, 0], [0, 0, 0.56, 0.44]]


def anaesthetists() -> Labels:
    grades = np.array([[int(grade) - 1 for grade in reading] for reading in READINGS])
    reading, patient = np.indices(grades.shape)
    return patient.ravel(), np.maximum(reading - 2, 0).ravel(), grades.ravel()


def crowd(
    seed: int, confusion: Floats, *, n_items: int, each: int, prior: list[float] | None = None
) -> tuple[Labels, Ints]:
    """Labels by `each` random labelers for each item from planted matrices, and the truth."""
    generator = np.random.default_rng(seed)
    n_labelers, values, _ = confusion.shape
    truth = generator.choice(values, n_items, p=prior)
    item = np.repeat(np.arange(n_items), each)
    labeler = np.argsort(generator.random((n_items, n_labelers)), axis=1)[:, :each].ravel()
    below = confusion[labeler, truth[item]].cumsum(axis=1)
    label = (generator.random(len(item))[:, None] > below[:, :-1]).sum(axis=1)
    return (item, labeler, label), truth


def accurate(*rates: float, values: int) -> Floats:
    """Matrices of labelers who are right at these rates, whatever the value."""
    right = np.array(rates)[:, None, None]
    return right * np.eye(values) + (1 - right) / (values - 1) * (1 - np.eye(values))


def objective(found: DawidSkene, labels: Labels, golden: Ints, smoothing: float) -> float:
    """The penalized log likelihood, item by item as the paper's equation 2.7 has it."""
    total = smoothing * (np.log(found.prior).sum() + np.log(found.confusion).sum())
    for item in np.unique(labels[0]):
        mine = labels[0] == item
        seen = found.prior * np.prod(found.confusion[labels[1][mine], :, labels[2][mine]], axis=0)
        total += np.log(seen.sum() if golden[item] < 0 else seen[golden[item]])
    return float(total)


def test_the_anaesthetists_of_the_first_paper_come_out_as_printed() -> None:
    found = dawid_skene(*anaesthetists(), n_values=4, smoothing=0)
    assert found.converged
    assert found.prior == pytest.approx(SHARES, abs=0.005)
    assert found.confusion[0] == pytest.approx(np.array(FIRST_OBSERVER), abs=0.0051)
    assert (found.posterior.max(axis=1) > 0.9).sum() >= 43


def by_the_paper(labels: Labels, values: int, smoothing: float, rounds: int) -> tuple[Floats, Floats]:
    """Posterior and matrices from the paper's equations, on a full table of counts."""
    counts = np.zeros((labels[0].max() + 1, labels[1].max() + 1, values))
    np.add.at(counts, labels, 1)
    counts = counts[counts.sum(axis=(1, 2)) > 0]
    posterior = counts.sum(axis=1) / counts.sum(axis=(1, 2))[:, None]
    for _ in range(rounds):
        cells = np.einsum("ik,ijl->jkl", posterior, counts) + smoothing
        confusion = cells / cells.sum(axis=2, keepdims=True)
        prior = (posterior.sum(axis=0) + smoothing) / (len(counts) + values * smoothing)
        posterior = prior * np.prod(confusion[None] ** counts[:, :, None, :], axis=(1, 3))
        posterior /= posterior.sum(axis=1, keepdims=True)
    return posterior, confusion


@pytest.mark.parametrize("seed", range(200))
def test_the_paper_s_equations_written_out_give_the_same(seed: int) -> None:
    generator = np.random.default_rng(seed)
    values = int(generator.integers(2, 5))
    size = int(generator.integers(1, 80))
    columns = [generator.integers(0, high, size) for high in (12, 5, values)]
    smoothing = float(generator.choice([0.01, 0.5]))
    labels = (columns[0], columns[1], columns[2])
    posterior, confusion = by_the_paper(labels, values, smoothing, 6)
    found = dawid_skene(*labels, n_values=values, smoothing=smoothing, max_iterations=6, tolerance=0)
    if found.iterations == 6:
        assert found.posterior[np.unique(labels[0])] == pytest.approx(posterior, abs=1e-10)
        assert found.confusion == pytest.approx(confusion, abs=1e-10)


@pytest.mark.real
@pytest.mark.parametrize(("crowd_name", "smoothing"), [("bluebird", 0.01), ("dog", 0.01), ("rte", 0.01)])
def test_published_crowds_reach_the_published_errors(
    known_answers: Path, crowd_name: str, smoothing: float
) -> None:
    folder = known_answers / f"crowd_{crowd_name}"
    expected = json.loads((folder / "expected.json").read_text())
    (items, labelers, labels), truth = read_crowd(folder)
    values = int(labels.max()) + 1
    voted = majority(items, labelers, labels, n_values=values)
    counts = np.zeros((len(truth), values))
    np.add.at(counts, (items, labels), 1)
    first = counts == counts.max(axis=1, keepdims=True)
    by_chance = (first / first.sum(axis=1, keepdims=True))[np.arange(len(truth)), truth]
    figures = expected["recomputed"]
    assert 1 - by_chance.mean() == pytest.approx(figures["mv_tie_split_err"], abs=1e-4)
    assert (voted.label == truth).mean() == pytest.approx(figures["mv_strict_acc"], abs=1e-4)
    assert voted.tied.mean() == pytest.approx(figures["tie_share"], abs=1e-4)
    assert voted.share.mean() == pytest.approx(figures["item_consistency"], abs=1e-4)
    found = dawid_skene(items, labelers, labels, n_values=values, smoothing=smoothing)
    assert found.converged
    assert (found.label != truth).mean() == pytest.approx(figures["ds_err"], abs=expected["ds_tolerance"])


def read_crowd(folder: Path) -> tuple[Labels, Ints]:
    columns = np.loadtxt(folder / "labels.csv", delimiter=",", skiprows=1, dtype=np.int64)
    known = np.loadtxt(folder / "truth.csv", delimiter=",", skiprows=1, dtype=np.int64)
    names, items = np.unique(columns[:, 0], return_inverse=True)
    people = np.unique(columns[:, 1], return_inverse=True)[1]
    named, first = np.unique(known[:, 0], return_index=True)
    assert names.tolist() == named.tolist()
    return (items, people, columns[:, 2] - 1), known[first, 1] - 1


@pytest.mark.parametrize("seed", range(5))
def test_planted_matrices_and_shares_are_recovered(seed: int) -> None:
    planted = np.random.default_rng(seed).dirichlet(np.ones(3), size=(12, 3)) * 0.4 + 0.6 * np.eye(3)
    labels, truth = crowd(seed, planted, n_items=4000, each=6, prior=[0.6, 0.3, 0.1])
    found = dawid_skene(*labels, n_values=3)
    assert found.prior == pytest.approx([0.6, 0.3, 0.1], abs=0.03)
    assert np.abs(found.confusion - planted).mean() < 0.02
    voted = majority(*labels, n_values=3)
    assert (found.label == truth).mean() > (voted.label == truth).mean() + 0.01
    # The posterior means what it says: its largest entry is right as often as it claims.
    assert found.posterior.max(axis=1).mean() == pytest.approx((found.label == truth).mean(), abs=0.01)


@pytest.mark.parametrize("smoothing", [0.0, 0.01, 1.0])
@pytest.mark.parametrize("least", [0, 15])
@pytest.mark.parametrize("seed", range(10))
def test_the_objective_never_falls_and_is_what_it_says(seed: int, least: int, smoothing: float) -> None:
    skill = np.random.default_rng(seed).dirichlet(np.ones(3) * 2, size=(20, 3))
    labels, truth = crowd(seed, skill, n_items=60, each=5)
    golden = np.where(np.arange(60) % 7 == 0, truth, -1)
    found = dawid_skene(
        *labels,
        n_values=3,
        golden=golden,
        smoothing=smoothing,
        tolerance=1e-9,
        min_labels_per_labeler=least,
        pools=np.arange(20) % 2,
    )
    assert np.diff(found.log_likelihood).min() >= -1e-9
    assert len(found.log_likelihood) == found.iterations
    if smoothing and not least:
        assert found.log_likelihood[-1] == pytest.approx(objective(found, labels, golden, smoothing))


def test_the_objective_is_the_posterior_density_under_dirichlet_priors() -> None:
    labels = anaesthetists()
    low, high = (
        dawid_skene(*labels, n_values=4, smoothing=0.5, max_iterations=rounds, tolerance=0)
        for rounds in (2, 9)
    )

    def log_prior(found: DawidSkene) -> float:
        rows = [found.prior, *found.confusion.reshape(-1, 4)]
        return float(sum(dirichlet.logpdf(row, np.full(4, 1.5)) for row in rows))

    nobody = np.full(45, -1)
    density = [log_prior(found) + objective(found, labels, nobody, 0.0) for found in (low, high)]
    rise = high.log_likelihood[-1] - low.log_likelihood[-1]
    assert rise == pytest.approx(density[1] - density[0], rel=1e-9)


def test_goldens_are_certain_and_turn_round_a_majority_of_bad_labelers() -> None:
    planted = accurate(0.2, 0.2, 0.25, 0.25, 0.3, 0.9, 0.9, values=2)
    labels, truth = crowd(3, planted, n_items=1000, each=7)
    golden = np.where(np.arange(1000) < 60, truth, -1)
    fooled = dawid_skene(*labels, n_values=2)
    found = dawid_skene(*labels, n_values=2, golden=golden)
    assert (fooled.label == truth).mean() < 0.1
    assert (found.label[60:] == truth[60:]).mean() > 0.9
    assert found.posterior[np.arange(60), truth[:60]].tolist() == [1] * 60
    assert found.confusion == pytest.approx(planted, abs=0.07)


def test_a_golden_whose_labels_say_otherwise_is_named() -> None:
    labels, truth = crowd(4, accurate(*[0.9] * 6, values=3), n_items=400, each=5)
    golden = np.where(np.arange(401) < 50, np.append(truth, 0), -1)
    golden[7] = (truth[7] + 1) % 3
    golden[400] = 1
    found = dawid_skene(*labels, n_values=3, golden=golden)
    weighed = np.tile(np.log(found.prior), (401, 1))
    np.add.at(weighed, labels[0], np.log(found.confusion)[labels[1], :, labels[2]])
    doubted = np.flatnonzero((golden >= 0) & (weighed.argmax(axis=1) != golden) & (np.arange(401) < 400))
    assert 7 in doubted
    assert np.flatnonzero(found.contradicted).tolist() == doubted.tolist()
    assert found.label[[7, 400]].tolist() == [golden[7], 1]
    assert found.posterior[400].tolist() == [0, 1, 0]
    assert not dawid_skene(*labels, n_values=3).contradicted.any()


def test_labelers_with_few_labels_share_the_matrix_of_their_pool() -> None:
    good, bad = [0.9] * 8, [0.55] * 8
    labels, _ = crowd(5, accurate(*good, *bad, values=2), n_items=500, each=8)
    newcomers = np.array([16, 17, 18])
    item, labeler, label = (
        np.concatenate([old, new]) for old, new in zip(labels, ([0, 1, 2], newcomers, [0, 1, 0]), strict=True)
    )
    pools = np.array(["good"] * 8 + ["bad"] * 8 + ["good", "bad", "good"])
    found = dawid_skene(item, labeler, label, n_values=2, min_labels_per_labeler=5, pools=pools)
    assert found.confusion[16].tolist() == found.confusion[18].tolist()
    assert found.confusion[16] == pytest.approx(found.confusion[:8].mean(axis=0), abs=0.01)
    assert found.confusion[17] == pytest.approx(found.confusion[8:16].mean(axis=0), abs=0.01)
    together = dawid_skene(item, labeler, label, n_values=2, min_labels_per_labeler=5)
    assert together.confusion[16].tolist() == together.confusion[17].tolist()
    assert together.confusion[16] == pytest.approx(together.confusion[:16].mean(axis=0), abs=0.01)
    alone = dawid_skene(item, labeler, label, n_values=2)
    assert np.ptp(alone.confusion[16:], axis=0).max() > 0.5


def test_a_pool_of_newcomers_alone_gets_the_matrix_that_fits_it_best() -> None:
    generator = np.random.default_rng(6)
    truth = generator.integers(0, 2, 600)
    item = np.repeat(np.arange(600), 5)
    label = np.where(generator.random(3000) < 0.75, truth[item], 1 - truth[item])
    found = dawid_skene(item, np.arange(3000) // 2, label, n_values=2, min_labels_per_labeler=5)
    assert np.ptp(found.confusion, axis=0).max() == 0
    assert found.confusion[0] == pytest.approx(accurate(0.75, values=2)[0], abs=0.05)
    same = dawid_skene(item, np.zeros(3000, dtype=int), label, n_values=2)
    assert found.posterior == pytest.approx(same.posterior, abs=1e-12)


def test_labelers_without_labels_are_told_by_their_pool_when_asked_for() -> None:
    labels = anaesthetists()
    found = dawid_skene(*labels, n_values=4, n_labelers=6, min_labels_per_labeler=1)
    assert found.confusion[5].diagonal().min() > 0.5
    assert found.posterior == pytest.approx(dawid_skene(*labels, n_values=4).posterior, abs=1e-12)
    assert dawid_skene(*labels, n_values=4, n_labelers=6).confusion[5].tolist() == [[0.25] * 4] * 4


def test_items_without_labels_have_the_prior_and_no_part_in_it() -> None:
    labels = anaesthetists()
    plain = dawid_skene(*labels, n_values=4)
    more = dawid_skene(*labels, n_values=4, n_items=47)
    assert more.prior.tolist() == plain.prior.tolist()
    assert more.posterior[45:] == pytest.approx(np.array([plain.prior] * 2), abs=1e-15)
    assert more.label[45:].tolist() == [-1, -1]
    assert more.posterior[:45].tolist() == plain.posterior[:45].tolist()


def test_no_labels_at_all_leave_everything_even() -> None:
    found = dawid_skene([], [], [], n_values=2, n_items=1, n_labelers=1)
    assert (found.posterior.tolist(), found.prior.tolist()) == ([[0.5, 0.5]], [0.5, 0.5])
    assert found.confusion.tolist() == [[[0.5, 0.5], [0.5, 0.5]]]
    assert (found.label.tolist(), found.converged) == ([-1], True)
    assert dawid_skene([], [], [], n_values=3).posterior.shape == (0, 3)
    assert dawid_skene([0], [0], [0], n_values=1).posterior.tolist() == [[1.0]]


def test_two_labelers_who_always_disagree_leave_it_a_tie() -> None:
    found = dawid_skene([0, 0, 1, 1], [0, 1, 0, 1], [0, 1, 1, 0], n_values=2)
    assert found.posterior == pytest.approx(np.full((2, 2), 0.5))
    assert found.label.tolist() == [-1, -1]


def test_the_iteration_stops_where_it_is_told_to() -> None:
    short = dawid_skene(*anaesthetists(), n_values=4, max_iterations=3, tolerance=0)
    assert (short.iterations, short.converged) == (3, False)
    loose, tight = (dawid_skene(*anaesthetists(), n_values=4, tolerance=rise) for rise in (1e-2, 1e-8))
    assert (loose.converged, tight.converged) == (True, True)
    assert loose.iterations < tight.iterations
    rises = np.diff(loose.log_likelihood) / 315
    assert rises[-1] <= 1e-2 < rises[:-1].min(initial=1)


@st.composite
def labels(draw: st.DrawFn) -> Labels:
    """Item, labeler and label of each label."""
    count = draw(st.integers(1, 25))

    def column(high: int) -> Ints:
        return draw(hnp.arrays(np.int64, count, elements=st.integers(0, high)))

    return column(6), column(4), column(2)


def fitted(columns: Labels, least: int = 3) -> DawidSkene:
    return dawid_skene(
        *columns, n_values=3, n_items=7, n_labelers=5, min_labels_per_labeler=least, smoothing=0.1
    )


@given(labels(), st.randoms())
@settings(max_examples=60, deadline=None)
def test_the_order_of_rows_changes_no_digit(data: Labels, random: Random) -> None:
    order = list(range(len(data[0])))
    random.shuffle(order)
    item, labeler, label = data
    assert repr(fitted((item[order], labeler[order], label[order]))) == repr(fitted(data))


@given(labels(), st.permutations(range(7)), st.permutations(range(5)), st.permutations(range(3)))
@settings(max_examples=100, deadline=None)
def test_other_numbers_for_items_labelers_and_values_change_nothing_else(
    data: Labels, items: list[int], people: list[int], values: list[int]
) -> None:
    item, who, value = (np.array(new) for new in (items, people, values))
    plain = fitted(data)
    renamed = fitted((item[data[0]], who[data[1]], value[data[2]]))
    assert renamed.posterior[np.ix_(item, value)] == pytest.approx(plain.posterior, abs=1e-9)
    assert renamed.confusion[np.ix_(who, value, value)] == pytest.approx(plain.confusion, abs=1e-9)
    assert renamed.log_likelihood == pytest.approx(plain.log_likelihood, abs=1e-9)
    assert renamed.label[item].tolist() == [-1 if best < 0 else value[best] for best in plain.label]


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"items": [0, -1]}, r"items\[1\]: -1 is outside"),
        ({"labelers": [0]}, "labelers: has length 1, but items has length 2"),
        ({"labels": [0, 2]}, r"labels\[1\]: 2 is outside 0 to 1"),
        ({"n_values": 0}, "n_values: 0"),
        ({"n_items": 1}, r"items\[1\]: 1 is outside 0 to 0"),
        ({"n_labelers": 1}, r"labelers\[1\]: 1 is outside 0 to 0"),
        ({"golden": [-1, 2]}, r"golden\[1\]: 2 is outside -1 to 1"),
        ({"golden": [-1, -1, 0], "n_items": 2}, "golden: has length 3, but there are 2 items"),
        ({"golden": [-1]}, "golden: has length 1, but the labels need 2"),
        ({"smoothing": -1}, r"smoothing\[0\]: -1 is below 0"),
        ({"smoothing": np.nan}, "smoothing"),
        ({"tolerance": -1}, "tolerance"),
        ({"max_iterations": 0}, "max_iterations: 0"),
        ({"min_labels_per_labeler": -1}, r"min_labels_per_labeler\[0\]: -1"),
        ({"pools": ["a", "b", "c"], "n_labelers": 2}, "pools: expected one id for each of 2 rows"),
    ],
)
def test_dishonest_labels_are_refused(changed: dict[str, object], message: str) -> None:
    honest = {"items": [0, 1], "labelers": [0, 1], "labels": [0, 1], "n_values": 2}
    with pytest.raises(EvaluationError, match=message):
        dawid_skene(**{**honest, **changed})  # type: ignore[arg-type]
