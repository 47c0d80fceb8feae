import hypothesis.extra.numpy as arrays
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from model_hooks.codes import binarize, code_bits, fit_bit_thresholds, hamming
from model_hooks.errors import CodeError

VECTORS = arrays.arrays(
    np.float32,
    st.tuples(st.integers(0, 5), st.integers(1, 40)),
    elements=st.floats(-10, 10, width=32),
)
CODES = arrays.arrays(np.uint8, st.tuples(st.integers(1, 5), st.just(6)))


def test_bits_are_big_endian_within_the_byte_and_zero_is_not_positive() -> None:
    vectors = np.array([[1, 0, 0, 0, 0, 0, 0, -1, 3], [0, -0.0, 1, 1, 1, 1, 1, 1, 0]])
    assert binarize(vectors).tolist() == [[0b10000000, 0b10000000], [0b00111111, 0]]


def test_a_value_at_its_threshold_gives_no_bit() -> None:
    assert binarize(np.array([[2.0, 2.1]]), np.array([2.0, 2.0])).tolist() == [[0b01000000]]


@given(VECTORS)
def test_unpacked_codes_are_the_comparisons_with_the_threshold(vectors: NDArray[np.float32]) -> None:
    dimension = vectors.shape[1]
    thresholds = np.linspace(-1, 1, dimension)
    assert np.array_equal(code_bits(binarize(vectors, thresholds), dimension), vectors > thresholds)


@given(CODES, CODES)
def test_hamming_distance_is_the_count_of_differing_bits(a: NDArray[np.uint8], b: NDArray[np.uint8]) -> None:
    expected = (code_bits(a, 48)[:, None] != code_bits(b, 48)[None]).sum(axis=2)
    assert np.array_equal(hamming(a, b), expected)


def test_fitted_thresholds_split_every_dimension_in_halves() -> None:
    vectors = np.random.default_rng(0).gamma(2, size=(1000, 16))
    shares = code_bits(binarize(vectors, fit_bit_thresholds(vectors)), 16).mean(axis=0)
    assert np.allclose(shares, 0.5, atol=0.01)


@pytest.mark.parametrize(
    ("vectors", "thresholds", "said"),
    [
        (np.zeros(3), None, "shape (N, D)"),
        (np.zeros((2, 0)), None, "shape (N, D)"),
        (np.zeros((2, 3)), np.zeros(4), "do not fit vectors of 3 dimensions"),
        (np.array([[np.nan]]), None, "NaN"),
        (np.zeros((1, 1)), np.array([np.nan]), "NaN"),
    ],
)
def test_binarize_refuses_what_has_no_bits(
    vectors: NDArray[np.float64], thresholds: NDArray[np.float64] | None, said: str
) -> None:
    with pytest.raises(CodeError) as refusal:
        binarize(vectors, thresholds)
    assert said in str(refusal.value)


def test_codes_of_another_width_or_type_are_refused() -> None:
    with pytest.raises(CodeError, match="takes 2 bytes, but these have 3"):
        code_bits(np.zeros((1, 3), np.uint8), 16)
    with pytest.raises(CodeError, match="of 3 and of 2 bytes"):
        hamming(np.zeros((1, 3), np.uint8), np.zeros((1, 2), np.uint8))
    with pytest.raises(CodeError, match="must be"):
        hamming(np.zeros((1, 3)), np.zeros((1, 3)))  # type: ignore[arg-type]  # the wrong type is the point


@pytest.mark.parametrize("vectors", [np.zeros((0, 4)), np.full((2, 2), np.inf)])
def test_thresholds_need_finite_vectors(vectors: NDArray[np.float64]) -> None:
    with pytest.raises(CodeError, match="Calibration"):
        fit_bit_thresholds(vectors)
