"""Cutting work so that the decoded pictures held at one time stay few and small."""

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

Item = TypeVar("Item")

PIXELS_AT_ONCE = 32_000_000


def batches(items: Iterable[Item], pixels: Callable[[Item], int], *, size: int) -> Iterator[list[Item]]:
    """Yield runs of at most `size` items and, unless a single one has more, `PIXELS_AT_ONCE` pixels."""
    batch: list[Item] = []
    total = 0
    for item in items:
        count = pixels(item)
        if batch and (len(batch) == size or total + count > PIXELS_AT_ONCE):
            yield batch
            batch, total = [], 0
        batch.append(item)
        total += count
    if batch:
        yield batch
