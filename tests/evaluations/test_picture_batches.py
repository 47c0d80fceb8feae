"""Batches stay small in number and in pixels."""

from hypothesis import given
from hypothesis import strategies as st

from labelapp.evaluations.picture_batches import PIXELS_AT_ONCE, batches


@given(st.lists(st.integers(1, 2 * PIXELS_AT_ONCE), max_size=40), st.integers(1, 8))
def test_batches_keep_the_order_and_the_limits(pixels: list[int], size: int) -> None:
    cut = list(batches(pixels, lambda count: count, size=size))
    assert [count for batch in cut for count in batch] == pixels
    for batch in cut:
        assert 1 <= len(batch) <= size
        assert len(batch) == 1 or sum(batch) <= PIXELS_AT_ONCE


@given(st.integers(0, 40), st.integers(1, 8))
def test_small_pictures_fill_every_batch_but_the_last(number: int, size: int) -> None:
    lengths = [len(batch) for batch in batches([1] * number, lambda count: count, size=size)]
    assert all(length == size for length in lengths[:-1])
    assert sum(lengths) == number
