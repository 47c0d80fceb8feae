"""Drawing a whole shop: streamed, on several processes, the same whatever their number."""

import io
import multiprocessing
import signal
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

import numpy as np
from PIL import Image

from model_hooks.training.drawn_shop.assortment import EVERY, assortment
from model_hooks.training.drawn_shop.catalog_pictures import catalog_picture
from model_hooks.training.drawn_shop.designs import Design
from model_hooks.training.drawn_shop.outfits import Wardrobe
from model_hooks.training.drawn_shop.pairs import creator_pairs
from model_hooks.training.drawn_shop.scenes import DrawnScene, draw_scene
from model_hooks.training.drawn_shop.tables import Tables, product_file, scene_file

JPEG_QUALITY = 88
CHUNK = 8
"""Pictures that a process draws before it hands them over."""
AHEAD = 3
"""Chunks per process that may wait to be fetched: what bounds the memory."""
Thing = TypeVar("Thing")
Drawn = tuple[Thing, bytes]


@dataclass(frozen=True, slots=True)
class Plan:
    """How large the shop is, and which one.

    Attributes
    ----------
    products, scenes
        Numbers of each.
    seed
        The same plan gives the same shop, byte for byte, on one machine.
    """

    products: int
    scenes: int
    seed: int

    def __post_init__(self) -> None:
        """Refuse what cannot be drawn."""
        least = EVERY if self.scenes else 1
        if self.products < least or self.scenes < 0 or self.seed < 0:
            raise ValueError(
                f"A shop of {self.products} products and {self.scenes} scenes with seed {self.seed} cannot be"
                f" drawn; ask for {least} products or more, and for no negative numbers."
            )


@lru_cache(maxsize=2)
def stock(products: int, seed: int) -> tuple[Design, ...]:
    """Return the assortment; remembered, since every process asks for it again and again."""
    return tuple(assortment(products, seed))


@lru_cache(maxsize=2)
def _wardrobe(products: int, seed: int) -> Wardrobe:
    return Wardrobe.of(stock(products, seed))


def draw_products(plan: Plan, *, processes: int = 1, first: int = 0) -> Iterator[Drawn[Design]]:
    """Yield every product with its catalog picture as JPEG bytes, in order; from number `first` on."""
    yield from _drawn(_product_chunk, plan, range(first, plan.products), processes=processes)


def draw_scenes(plan: Plan, *, processes: int = 1, first: int = 0) -> Iterator[Drawn[DrawnScene]]:
    """Yield every scene's truth with its picture as JPEG bytes, in order; from number `first` on."""
    yield from _drawn(_scene_chunk, plan, range(first, plan.scenes), processes=processes)


def write_shop(
    folder: Path, plan: Plan, *, processes: int = 2, progress: Callable[[], None] = lambda: None
) -> None:
    """Write the shop into a folder: pictures, truth for training, and CSV files for the app's importers.

    Parameters
    ----------
    folder
        Made if need be; files of a former shop are overwritten.
    processes
        1 draws in this very process.
    progress
        Called after each picture.
    """
    for name in ("products", "scenes"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        tables = Tables(folder, stack)
        for design, jpeg in draw_products(plan, processes=processes):
            (folder / product_file(design)).write_bytes(jpeg)
            tables.product(design)
            progress()

        def written() -> Iterator[DrawnScene]:
            for scene, jpeg in draw_scenes(plan, processes=processes):
                (folder / scene_file(scene)).write_bytes(jpeg)
                tables.scene(scene)
                progress()
                yield scene

        for pair in creator_pairs(written(), stock(plan.products, plan.seed), plan.seed):
            tables.pair(pair)


def _drawn(
    chunk: Callable[[Plan, range], list[Drawn[Thing]]], plan: Plan, numbers: range, *, processes: int
) -> Iterator[Drawn[Thing]]:
    """Yield what the chunks draw, in order, while further chunks are being drawn."""
    parts = (numbers[start : start + CHUNK] for start in range(0, len(numbers), CHUNK))
    if processes == 1:
        for part in parts:
            yield from chunk(plan, part)
        return
    spawning = multiprocessing.get_context("spawn")
    # Ctrl-C is for whoever draws the shop; that one ends the pool.
    deaf = (signal.SIGINT, signal.SIG_IGN)
    with ProcessPoolExecutor(processes, spawning, initializer=signal.signal, initargs=deaf) as pool:
        waiting: deque[Future[list[Drawn[Thing]]]] = deque()
        try:
            for part in parts:
                waiting.append(pool.submit(chunk, plan, part))
                if len(waiting) > AHEAD * processes:
                    yield from waiting.popleft().result()
            while waiting:
                yield from waiting.popleft().result()
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _product_chunk(plan: Plan, numbers: range) -> list[Drawn[Design]]:
    designs = stock(plan.products, plan.seed)
    return [
        (
            designs[number],
            _jpeg(catalog_picture(designs[number], np.random.default_rng([plan.seed, 4, number]))),
        )
        for number in numbers
    ]


def _scene_chunk(plan: Plan, numbers: range) -> list[Drawn[DrawnScene]]:
    wardrobe = _wardrobe(plan.products, plan.seed)
    drawn = []
    for number in numbers:
        rng = np.random.default_rng([plan.seed, 5, number])
        scene, picture = draw_scene(wardrobe, f"s{plan.seed}-{number:06d}", rng)
        drawn.append((scene, _jpeg(picture)))
    return drawn


def _jpeg(picture: Image.Image) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=JPEG_QUALITY)
    return buffer.getvalue()
