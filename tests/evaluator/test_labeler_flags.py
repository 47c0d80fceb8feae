"""Honest labelers are left in peace, planted careless ones are found, names and order do not matter."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from evaluator.errors import EvaluationError
from evaluator.labelers import (
    LabelerFlags,
    drift,
    drift_flags,
    flagged_together,
    pace_flags,
    position_bias,
    run_flags,
    spammer_score,
)
from evaluator.labelers.flags import flags_of
from evaluator.types import Floats, Ints

RATE = 0.05
Timed = tuple[Floats, Ints, Ints]
Answered = tuple[Ints, Ints, Ints]


def timed(generator: np.random.Generator, labelers: int, *, speeders: int = 0, overlap: int = 3) -> Timed:
    """Seconds, items, labelers: honest people differ by a factor of 1.35, speeders need a tenth."""
    items = 40 * labelers // overlap
    item = np.repeat(np.arange(items), overlap)
    labeler = np.concatenate([generator.permutation(labelers)[:overlap] for _ in range(items)])
    habit = generator.normal(0, 0.3, labelers)
    habit[:speeders] -= math.log(10)
    load = generator.normal(2.5, 0.4, items)
    return np.exp(load[item] + habit[labeler] + generator.normal(0, 0.6, len(item))), item, labeler


def answered(
    generator: np.random.Generator, labelers: int, *, holders: int = 0, sticky: float = 0.0
) -> Answered:
    """Labels, labelers, order: 100 answers each; holders give the same answer in blocks of 25."""
    mix = generator.dirichlet(np.full(5, 2.0))
    labels = np.empty((labelers, 100), dtype=np.int64)
    for labeler in range(labelers):
        labels[labeler] = generator.choice(5, 100, p=generator.dirichlet(20 * mix + 0.01))
        for place in np.flatnonzero(generator.random(99) < sticky) + 1:
            labels[labeler, place] = labels[labeler, place - 1]
        if labeler < holders:
            labels[labeler] = np.repeat(generator.integers(0, 5, 4), 25)
    return labels.ravel(), np.repeat(np.arange(labelers), 100), np.tile(np.arange(100), labelers)


def false_share(sign: LabelerFlags, careless: int) -> float:
    return float(sign.flagged[careless:].sum() / max(1, sign.flagged.sum()))


@pytest.mark.parametrize(("labelers", "overlap"), [(5, 2), (12, 3), (30, 1)])
def test_honest_paces_are_flagged_in_at_most_5_percent_of_pools(labelers: int, overlap: int) -> None:
    generator = np.random.default_rng(labelers)
    pools = [timed(generator, labelers, overlap=overlap) for _ in range(400)]
    assert sum(pace_flags(*pool).flagged.any() for pool in pools) <= 400 * RATE


@pytest.mark.parametrize(("labelers", "speeders"), [(12, 1), (20, 5)])
def test_planted_speeders_are_found_among_honest_paces(labelers: int, speeders: int) -> None:
    generator = np.random.default_rng(2)
    signs = [pace_flags(*timed(generator, labelers, speeders=speeders)) for _ in range(150)]
    assert np.mean([sign.flagged[:speeders].mean() for sign in signs]) > 0.9
    assert np.mean([false_share(sign, speeders) for sign in signs]) <= RATE


def test_a_pace_is_measured_on_the_items_that_a_labeler_had() -> None:
    """Everybody needs 10 seconds for easy and 40 for hard items; labeler 0 had easy ones only."""
    item = np.tile(np.arange(20), 6)
    labeler = np.repeat(np.arange(6), 20)
    seconds = np.where(item < 10, 10.0, 40.0) * np.random.default_rng(0).uniform(0.9, 1.1, 120)
    kept = (labeler > 0) | (item < 10)
    sign = pace_flags(seconds[kept], item[kept], labeler[kept])
    assert sign.score == pytest.approx(1, abs=0.05)
    assert not sign.flagged.any()


def test_three_people_have_no_pace_in_common_and_equal_times_are_no_evidence() -> None:
    few = pace_flags([1, 10, 10], [0, 0, 0], [0, 1, 2])
    assert np.isnan(few.p_value).all()
    assert few.reason == "fewer than 4 labelers have no pace in common"
    alike = pace_flags([5] * 20, [*range(5)] * 4, [*range(4)] * 5)
    assert alike.p_value == pytest.approx(0.5)
    assert pace_flags([], [], []).labelers.size == 0


@pytest.mark.parametrize(("labelers", "sticky"), [(5, 0.0), (15, 0.0), (15, 0.3)])
def test_honest_runs_are_flagged_in_at_most_5_percent_of_pools(labelers: int, sticky: float) -> None:
    generator = np.random.default_rng(labelers)
    pools = [answered(generator, labelers, sticky=sticky) for _ in range(120)]
    assert sum(run_flags(*pool).flagged.any() for pool in pools) <= 120 * RATE


@pytest.mark.parametrize(("labelers", "holders"), [(10, 1), (20, 4)])
def test_planted_key_holders_are_found_among_honest_runs(labelers: int, holders: int) -> None:
    generator = np.random.default_rng(6)
    signs = [run_flags(*answered(generator, labelers, holders=holders)) for _ in range(40)]
    assert np.mean([sign.flagged[:holders].mean() for sign in signs]) > 0.8
    assert np.mean([false_share(sign, holders) for sign in signs]) <= RATE


def test_a_queue_of_one_answer_makes_nobody_suspicious() -> None:
    sign = run_flags([3] * 300, np.arange(300) // 30, [*range(30)] * 10)
    assert sign.score.tolist() == [30] * 10
    assert not sign.flagged.any()


def test_answers_of_one_moment_make_no_run_by_being_sorted() -> None:
    labels = [0, 1] * 50
    sign = run_flags(labels, [7] * 100, [0] * 100)
    assert sign.score[0] < 15
    single = run_flags([1, 2, 2], ["a", "b", "b"], [1, 1, 2])
    assert np.isnan(single.p_value).tolist() == [True, False]
    assert single.reason == "a single label has no run"


@pytest.mark.parametrize("positions", [2, 5])
def test_honest_choices_are_flagged_in_at_most_5_percent_of_pools(positions: int) -> None:
    generator = np.random.default_rng(positions)
    labeler = np.repeat(np.arange(15), 60)
    flagged = 0
    for _ in range(300):
        chosen = generator.integers(0, positions, size=900)
        flagged += int(position_bias(chosen, labeler, n_positions=positions).flagged.any())
    assert flagged <= 300 * RATE
    chosen[labeler == 4] = np.where(generator.random(60) < 0.5, 1, chosen[labeler == 4])
    sign = position_bias(chosen, labeler, n_positions=positions)
    assert sign.flagged.nonzero()[0].tolist() == [4]
    assert sign.score[4] > 0.5


@pytest.mark.parametrize("left", range(21))
def test_two_sides_have_the_binomial_p_value_of_scipy(left: int) -> None:
    sign = position_bias([0] * left + [1] * (20 - left), [0] * 20)
    assert sign.p_value[0] == pytest.approx(stats.binomtest(left, 20).pvalue, abs=1e-12)


@pytest.mark.parametrize("accuracy", [0.6, 0.9, 0.98])
def test_steady_labelers_are_hardly_ever_alarmed_about_however_often_one_looks(accuracy: float) -> None:
    generator = np.random.default_rng(1)
    records = generator.random((200, 150)) < accuracy
    assert sum(drift(record, np.arange(150)).alarm for record in records) <= 200 * RATE


def test_the_evidence_against_steadiness_is_an_e_value() -> None:
    """Exact over all records of 14 goldens: the e-value that counts, above 1, is at most 1 on average."""
    records = (np.arange(2**14)[:, None] >> np.arange(14)) & 1
    sums = np.column_stack([records[:, :10].sum(axis=1), records[:, 10:]])
    kinds, times = np.unique(sums, axis=0, return_counts=True)
    moments = [0] * 10 + [1, 2, 3, 4]
    e_values = np.array(
        [drift([1] * first + [0] * (10 - first) + rest, moments).e_value for first, *rest in kinds.tolist()]
    )
    for accuracy in (0.3, 0.7, 0.95):
        right = kinds.sum(axis=1)
        chance = times * accuracy**right * (1 - accuracy) ** (14 - right)
        assert chance.sum() == pytest.approx(1)
        assert 0 < chance @ np.where(e_values > 1, e_values, 0) <= 1


def test_a_planted_fall_is_found_dated_and_told_from_a_rise() -> None:
    generator = np.random.default_rng(4)
    good, bad = generator.random((30, 100)) < 0.9, generator.random((30, 100)) < 0.5
    falls = [drift(np.append(first, then), np.arange(200)) for first, then in zip(good, bad, strict=True)]
    assert np.mean([one.alarm for one in falls]) > 0.9
    assert np.median([one.change_after for one in falls]) == pytest.approx(100, abs=5)
    assert np.median([one.alarm_after for one in falls if one.alarm]) < 150
    correct = np.concatenate([good[0], bad[0], bad[1], good[1], good[2], good[3]])
    sign = drift_flags(correct, np.tile(np.arange(200), 3), np.repeat(["fell", "rose", "same"], 200))
    assert dict(zip(sign.labelers.tolist(), sign.flagged.tolist(), strict=True)) == {
        "fell": True,
        "rose": False,
        "same": False,
    }
    assert sign.p_value[1] == 1
    assert sign.score[0] < -0.2 < 0.2 < sign.score[1]


def test_ten_goldens_tell_no_change() -> None:
    result = drift([1] * 5 + [0] * 5, range(10))
    assert (result.e_value, result.p_value, result.alarm, result.alarm_after) == (1, 1, False, -1)
    assert math.isnan(result.before)
    assert result.reason
    assert np.isnan(drift_flags([1, 0], [1, 2], ["a", "a"]).p_value).all()
    assert drift([], []).n == 0
    assert drift_flags([], [], []).labelers.size == 0


def test_moments_may_be_dates_and_long_records_are_worked_off_in_blocks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    correct = np.random.default_rng(0).random(60) < 0.7
    days = np.datetime64("2026-11-01") + np.arange(60)
    plain = drift(correct, days)
    monkeypatch.setattr("evaluator.labelers.change.CELLS", 50)
    assert drift(correct, days) == plain
    with pytest.raises(EvaluationError, match=r"when\[1\]: NaT"):
        drift([1, 0], np.array(["2026-11-01", "NaT"], dtype="datetime64[D]"))


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=25)
def test_order_of_rows_and_names_of_labelers_change_no_digit(seed: int) -> None:
    generator = np.random.default_rng(seed)
    seconds, items, labelers = timed(generator, 6)
    labels, moments = generator.integers(0, 3, len(items)), generator.integers(0, 20, len(items))
    order = generator.permutation(len(items))
    names = np.array(["z", "c", "y", "b", "x", "a"])

    def signs(rows: Ints, who: Any) -> list[LabelerFlags]:
        return [
            pace_flags(seconds[rows], items[rows], who[rows]),
            run_flags(labels[rows], who[rows], moments[rows]),
            position_bias(labels[rows] % 2, who[rows]),
            drift_flags(labels[rows] % 2, moments[rows], who[rows]),
        ]

    plain, renamed = signs(np.arange(len(items)), labelers), signs(order, names[labelers])
    for one, other in zip(plain, renamed, strict=True):
        place = np.argsort(names)
        for field in ("score", "p_value", "q_value", "flagged", "n"):
            np.testing.assert_array_equal(getattr(one, field)[place], getattr(other, field))


def test_signs_taken_together_share_one_family() -> None:
    p = np.random.default_rng(0).random(12) ** 3
    first = flags_of(range(5), p[:5], p[:5], [9] * 5, method="pace")
    second = flags_of(range(7), p[5:], p[5:], [9] * 7, method="runs")
    together = flagged_together([first, second], rate=0.2)
    adjusted = stats.false_discovery_control(p)
    assert np.append(together[0].q_value, together[1].q_value) == pytest.approx(adjusted, abs=1e-12)
    assert (together[1].flagged == (adjusted[5:] <= 0.2)).all()
    assert together[0].rate == 0.2
    assert flagged_together([]) == ()
    with pytest.raises(EvaluationError, match="rate"):
        flagged_together([first], rate=0)


def test_a_spammers_score_is_0_whatever_is_always_said() -> None:
    for answers in ([0.2, 0.3, 0.5], [0, 0, 1]):
        assert spammer_score([answers] * 3, [0.5, 0.3, 0.2]) == pytest.approx(0, abs=1e-15)
    assert spammer_score(np.eye(3), [0.5, 0.3, 0.2]) == pytest.approx(1)
    assert spammer_score(np.eye(3)[[1, 2, 0]], [0.5, 0.3, 0.2]) == pytest.approx(1)
    assert math.isnan(spammer_score([[1, 0], [0, 1]], [1, 0]))


@pytest.mark.parametrize("seed", range(200))
def test_the_spammer_score_is_that_of_raykar_and_yu(seed: int) -> None:
    """Equation for several classes: sum over pairs of classes of squared row distances / (C (C - 1))."""
    generator = np.random.default_rng(seed)
    classes = int(generator.integers(2, 6))
    confusion = generator.dirichlet(np.ones(classes), size=classes)
    pairs = [(c, other) for c in range(classes) for other in range(c)]
    expected = sum(((confusion[c] - confusion[other]) ** 2).sum() for c, other in pairs)
    score = spammer_score(confusion, np.full(classes, 1 / classes))
    assert score == pytest.approx(expected / (classes * (classes - 1)), abs=1e-12)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: spammer_score([[0.5, 0.6], [0.5, 0.5]], [0.5, 0.5]), r"confusion\[0\]: sums to 1.1"),
        (lambda: spammer_score(np.eye(2), [0.5, 0.6]), r"prior\[0\]: sums to 1.1"),
        (lambda: spammer_score(np.eye(2), [1]), "prior: has length 1"),
        (lambda: pace_flags([1, 0], [0, 0], [0, 1]), r"seconds\[1\]: nobody labels in 0 seconds"),
        (lambda: pace_flags([1, -1], [0, 0], [0, 1]), r"seconds\[1\]"),
        (lambda: pace_flags([1, 1], [0], [0, 1]), "items: expected one id for each of 2 rows"),
        (lambda: run_flags([1, 1], [0], [0, 1]), "labelers: expected one id"),
        (lambda: run_flags([[1]], [0], [0]), "labels: expected one id"),
        (lambda: position_bias([0, 2], [0, 0]), r"chosen\[1\]: 2 is outside 0 to 1"),
        (lambda: position_bias([0], [0], n_positions=1), "n_positions"),
        (lambda: drift([0, 2], [0, 1]), r"correct\[1\]"),
        (lambda: drift([0, 1], [0, math.nan]), r"when\[1\]"),
        (lambda: drift([0, 1], [0, 1], level=0), "level"),
        (lambda: drift_flags([0, 1], [0, 1], [0, 1], rate=2), "rate"),
    ],
)
def test_dishonest_input_is_refused(call: Any, message: str) -> None:
    with pytest.raises(EvaluationError, match=message):
        call()
