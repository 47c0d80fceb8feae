"""Figures printed in papers and by other programs."""

import csv
import json
from pathlib import Path

import numpy as np
import pytest

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
from evaluator.agreement.kappa import Weights
from evaluator.types import Ints
from tests.evaluator.agreement_tables import (
    ABSTRACTORS,
    COUPLES,
    FLEISS,
    FOURTEEN_RATERS,
    KRIPPENDORFF,
    SAS,
)

Table = list[list[int]]


def two_labelers(table: Table) -> tuple[Ints, Ints]:
    """The labels behind a contingency table."""
    cells = np.indices(np.shape(table)).reshape(2, -1)
    first, second = np.repeat(cells, np.ravel(table), axis=1)
    return first, second


def counts_of(table: Table) -> Ints:
    first, second = two_labelers(table)
    items = np.arange(len(first))
    return count_values(np.tile(items, 2), np.concatenate([first, second]), n_values=len(table))


@pytest.mark.parametrize(
    ("level", "printed"), [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849), ("ratio", 0.797)]
)
def test_alpha_of_krippendorffs_twelve_units(level: Level, printed: float) -> None:
    alpha = krippendorff_alpha(KRIPPENDORFF, level=level, values=[1, 2, 3, 4, 5])
    assert alpha == pytest.approx(printed, abs=5e-4)


def test_alpha_of_krippendorffs_other_examples() -> None:
    ten_units = [[2, 0]] * 5 + [[1, 1]] * 4 + [[0, 2]]
    assert krippendorff_alpha(ten_units) == pytest.approx(0.095, abs=5e-4)
    # Section B: what Ben and Gerry said of twelve units, printed as .692.
    pairs = ["ab", "aa", "bb", "bb", "db", "cc", "cc", "cc", "ee", "dd", "dd", "ad"]
    twelve = [[pair.count(value) for value in "abcde"] for pair in pairs]
    assert krippendorff_alpha(twelve) == pytest.approx(0.692, abs=5e-4)


def test_gwets_vignette_for_the_units_with_gaps() -> None:
    assert percent_agreement(KRIPPENDORFF) == pytest.approx(0.8181818, abs=5e-8)
    assert gwet_ac(KRIPPENDORFF) == pytest.approx(0.77544, abs=5e-6)
    assert fleiss_kappa(KRIPPENDORFF) == pytest.approx(0.76117, abs=5e-6)
    assert randolph_kappa(KRIPPENDORFF) == pytest.approx(0.77273, abs=5e-6)
    assert krippendorff_alpha(KRIPPENDORFF) == pytest.approx(0.74342, abs=5e-6)


@pytest.mark.parametrize(("weights", "printed"), [(None, 0.775), ("linear", 0.859), ("quadratic", 0.914)])
def test_gwets_second_coefficient_as_irrcac_prints_it(weights: Weights, printed: float) -> None:
    assert gwet_ac(KRIPPENDORFF, weights=weights) == pytest.approx(printed, abs=5e-4)


def test_fleiss_psychiatrists() -> None:
    assert percent_agreement(FLEISS) == pytest.approx(0.5556, abs=5e-5)
    assert fleiss_kappa(FLEISS) == pytest.approx(0.430, abs=5e-4)


def test_gwets_vignette_for_the_first_half_of_fleiss_patients() -> None:
    half = FLEISS[:15]
    assert percent_agreement(half) == pytest.approx(0.5511111, abs=5e-8)
    assert fleiss_kappa(half) == pytest.approx(0.4139265, abs=5e-8)
    assert gwet_ac(half) == pytest.approx(0.4448007, abs=5e-8)
    assert randolph_kappa(half) == pytest.approx(0.4388889, abs=5e-8)
    assert krippendorff_alpha(half) == pytest.approx(0.4204384, abs=5e-8)


def test_fleiss_kappa_of_fourteen_raters() -> None:
    assert fleiss_kappa(FOURTEEN_RATERS) == pytest.approx(0.210, abs=5e-4)


@pytest.mark.parametrize(
    ("table", "fixed", "free"),
    [([[7, 1], [3, 5]], 0.161905, 0.214286), ([[6, 1, 0], [0, 7, 0]], 0.708333, 0.785714)],
)
def test_what_randolphs_calculator_prints(table: Table, fixed: float, free: float) -> None:
    assert fleiss_kappa(table) == pytest.approx(fixed, abs=5e-7)
    assert randolph_kappa(table) == pytest.approx(free, abs=5e-7)


def test_gwets_vignette_for_two_abstractors() -> None:
    counts = counts_of(ABSTRACTORS)
    assert cohen_kappa(*two_labelers(ABSTRACTORS)) == pytest.approx(0.7964094, abs=5e-8)
    assert fleiss_kappa(counts) == pytest.approx(0.7962397, abs=5e-8)
    assert gwet_ac(counts) == pytest.approx(0.8493305, abs=5e-8)
    assert randolph_kappa(counts) == pytest.approx(0.835, abs=5e-8)
    assert krippendorff_alpha(counts) == pytest.approx(0.7972585, abs=5e-8)


@pytest.mark.parametrize(
    ("table", "weights", "printed"),
    [
        (COUPLES, None, 0.1293),
        (COUPLES, "linear", 0.2374),
        (SAS, None, 0.4842),
        (SAS, "linear", 0.4701),
        ([[20, 5], [10, 15]], None, 0.4),
    ],
    ids=["vcd", "vcd, linear", "SAS", "SAS, linear", "Wikipedia"],
)
def test_cohens_kappa_as_other_programs_print_it(table: Table, weights: Weights, printed: float) -> None:
    assert cohen_kappa(*two_labelers(table), weights=weights) == pytest.approx(printed, abs=5e-5)


def test_gwets_paradox_kappa_falls_below_zero_and_ac1_does_not() -> None:
    # Gwet 2008, table 1 and the text after it: 125 subjects, of whom both raters call 118 positive.
    table = [[118, 5], [2, 0]]
    assert cohen_kappa(*two_labelers(table)) == pytest.approx(-0.0234, abs=5e-5)
    assert gwet_ac(counts_of(table)) == pytest.approx(0.9408, abs=5e-5)


def rows_of(folder: Path) -> list[Ints]:
    with (folder / "labels.csv").open() as lines:
        rows = [
            (int(row["item"]), int(row["worker"]), int(row["label"]) - 1) for row in csv.DictReader(lines)
        ]
    return list(np.array(rows, dtype=np.int64).T)


@pytest.mark.real
@pytest.mark.parametrize("name", ["crowd_bluebird", "crowd_dog", "crowd_rte"])
def test_alpha_and_consistency_of_real_crowds(known_answers: Path, name: str) -> None:
    items, workers, labels = rows_of(known_answers / name)
    expected = json.loads((known_answers / name / "expected.json").read_text())["recomputed"]
    counts = count_values(items - items.min(), labels, n_values=int(labels.max()) + 1)
    assert krippendorff_alpha(counts) == pytest.approx(expected["alpha"]["nominal"], abs=1e-4)
    shares = consistency(counts)
    assert shares.value == pytest.approx(expected["item_consistency_2_or_more"], abs=1e-4)
    assert shares.n == expected["items_with_2_or_more"]
    interval = alpha_interval(counts)
    assert interval.low < expected["alpha"]["nominal"] < interval.high
    assert len(labeler_consistency(items, workers, labels).share) == expected["workers"]
    assert int(np.trace(pairwise_agreement(items, workers, labels).both)) == expected["ratings"]
