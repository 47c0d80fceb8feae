"""Both kernels return the first rows by (distance, row), which the engine's order by product id rests on."""

from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model_hooks.retrieval import kernels, snapshot_scan
from model_hooks.retrieval.kernels import Block, FaissKernel, Kernel, NumpyKernel


@st.composite
def blocks(draw: st.DrawFn) -> Block:
    """Up to 300 codes with few different bytes, so that ties abound; sometimes not all rows pass."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    size, width = draw(st.integers(1, 300)), draw(st.sampled_from([1, 2, 4, 8, 16, 20, 32, 33, 64]))
    codes = rng.integers(0, draw(st.sampled_from([1, 2, 4, 256])), (size, width), np.uint8)
    passing = rng.random(size) < 0.7 if draw(st.booleans()) else None
    if passing is not None:
        passing[draw(st.integers(0, size - 1))] = True
    return Block(codes, np.arange(size), passing)


@pytest.mark.parametrize("kernel", [FaissKernel(), NumpyKernel()], ids=lambda kernel: kernel.name)
@given(block=blocks(), count=st.integers(1, 5), data=st.data())
@settings(deadline=None)
def test_a_kernel_returns_the_first_rows_by_distance_and_row(
    kernel: Kernel, block: Block, count: int, data: st.DataObject
) -> None:
    size, width = block.codes.shape
    picked = data.draw(st.lists(st.integers(0, size - 1), min_size=count, max_size=count))
    queries = block.codes[picked] ^ data.draw(st.sampled_from([np.uint8(0), np.uint8(3)]))
    every = np.bitwise_count(queries[:, None] ^ block.codes[None]).sum(axis=2, dtype=np.int64)
    if block.passing is not None:
        every[:, ~block.passing] = width * 8 + 1
    k = data.draw(st.integers(1, block.size))
    right = np.argsort(every, axis=1, kind="stable")[:, :k]
    with (
        patch.object(kernels, "HEAP_ROWS", data.draw(st.sampled_from([1, 32_768]))),
        patch.object(kernels, "HEAP_K", data.draw(st.sampled_from([64, 300]))),
        patch.object(kernels, "FAISS_COUNTERS", data.draw(st.sampled_from([1, 4_000_000]))),
    ):
        distances, rows = kernel.nearest(queries, block, k)
    assert rows.tolist() == right.tolist()
    assert distances.tolist() == np.take_along_axis(every, right, 1).tolist()


@pytest.mark.parametrize("kernel", [FaissKernel(), NumpyKernel()], ids=lambda kernel: kernel.name)
@pytest.mark.parametrize("k", [kernels.HEAP_K, kernels.HEAP_K + 1])
def test_a_kernel_settles_ties_by_row_over_more_rows_than_it_takes_at_once(kernel: Kernel, k: int) -> None:
    codes = np.random.default_rng(1).integers(0, 4, (150_000, 4), np.uint8)
    every = np.bitwise_count(codes).sum(axis=1, dtype=np.int64)
    _, rows = kernel.nearest(np.zeros((1, 4), np.uint8), Block(codes, np.arange(len(codes))), k)
    assert rows[0].tolist() == np.argsort(every, kind="stable")[:k].tolist()


@given(st.lists(st.integers(0, 2**63 - 1) | st.integers(0, 100), unique=True))
def test_ids_of_any_size_are_put_in_order(ids: list[int]) -> None:
    order = snapshot_scan._order(np.array(ids, np.int64))
    assert [ids[position] for position in order] == sorted(ids)
