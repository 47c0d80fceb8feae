"""Sheets of small pictures to look at: random ones of a drawn shop, and what a search in it brings.

`python -m model_hooks.training.contact_sheets FOLDER --out DIR [--detector DIR --embedder DIR]` writes
`drawn_pictures.jpg` and, with both nets, `drawn_top_5.jpg`.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar

import numpy as np
from PIL import Image, ImageDraw, ImageOps

from model_hooks.errors import ModelHookError
from model_hooks.protocols import Embedder
from model_hooks.registry import load_embedder
from model_hooks.threads import use_one_thread
from model_hooks.training.crops import World, opened, read_world
from model_hooks.training.retrieval_queries import Corpus, Finder, Queries, corpus_of, cut, queries_of

TILE, GAP, LINE = 150, 8, 16
PICTURES, COLUMNS = 40, 10
ROWS, PLACES = 12, 5
Thing = TypeVar("Thing")
GROUND, INK = (246, 246, 246), (40, 40, 40)


def random_pictures(world: World, *, seed: int) -> Image.Image:
    """Return twenty random products of the shop, and below them twenty random scenes."""
    rng = np.random.default_rng(seed)
    kinds = [product.path for product in world.products], [scene.path for scene in world.scenes]
    paths = [path for kind in kinds for path in _some(kind, PICTURES // 2, rng)]
    return _sheet([(opened(path), "") for path in paths], COLUMNS)


def top_5(world: World, finder: Finder, embedder: Embedder, *, seed: int) -> Image.Image:
    """Return, for 12 random objects that were found, the found crop and the five nearest of its category.

    Below each stands whether it is the very product, or of its family of look-alikes.
    """
    corpus, queries = corpus_of(embedder, world), queries_of(embedder, finder, world)
    chosen = _some(range(len(queries.products)), ROWS, np.random.default_rng(seed))
    tiles = []
    for row in sorted(chosen):
        path, box = queries.crops[row]
        tiles.append((cut(opened(path), box), f"found: {queries.categories[row]}"))
        tiles += [_candidate(world, place, queries.products[row]) for place in _nearest(queries, corpus, row)]
    return _sheet(tiles, 2 * (1 + PLACES))


def _nearest(queries: Queries, corpus: Corpus, row: int) -> list[int]:
    """Return the places of the five nearest products of the predicted category."""
    kept = np.flatnonzero(corpus.categories == queries.categories[row])
    distances = np.bitwise_count(corpus.codes[kept] ^ queries.codes[row]).sum(axis=1)
    nearest: list[int] = kept[np.argsort(distances, kind="stable")[:PLACES]].tolist()
    return nearest


def _candidate(world: World, place: int, wanted: str) -> tuple[Image.Image, str]:
    product = world.products[place]
    alike = product.family == world.products[world.row[wanted]].family
    words = "the very product" if product.id == wanted else "look-alike" if alike else ""
    return opened(product.path), words


def _some(things: Sequence[Thing], count: int, rng: np.random.Generator) -> list[Thing]:
    """Return that many of them, or all where there are fewer."""
    return [things[place] for place in rng.permutation(len(things))[:count]]


def _sheet(tiles: Sequence[tuple[Image.Image, str]], columns: int) -> Image.Image:
    rows = -(-len(tiles) // columns)
    sheet = Image.new("RGB", (GAP + columns * (TILE + GAP), GAP + rows * (TILE + LINE + GAP)), GROUND)
    pen = ImageDraw.Draw(sheet)
    for number, (picture, words) in enumerate(tiles):
        x, y = GAP + number % columns * (TILE + GAP), GAP + number // columns * (TILE + LINE + GAP)
        small = ImageOps.contain(picture.convert("RGB"), (TILE, TILE))
        sheet.paste(small, (x + (TILE - small.width) // 2, y + (TILE - small.height) // 2))
        pen.text((x + TILE / 2, y + TILE + LINE / 2), words, fill=INK, anchor="mm")
    return sheet


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m model_hooks.training.contact_sheets", description=__doc__
    )
    parser.add_argument("folder", type=Path, help="a drawn shop")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR")
    parser.add_argument("--detector", type=Path, metavar="DIR", help="folder NAME/VERSION")
    parser.add_argument("--embedder", type=Path, metavar="DIR", help="folder NAME/VERSION")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args(arguments)
    if bool(options.detector) != bool(options.embedder):
        parser.error("give both a detector and an embedder, or neither")
    use_one_thread()
    options.out.mkdir(parents=True, exist_ok=True)
    try:
        world = read_world(options.folder)
        random_pictures(world, seed=options.seed).save(options.out / "drawn_pictures.jpg", quality=82)
        if options.detector:
            finder, embedder = Finder.load(options.detector, "auto"), load_embedder(options.embedder, "auto")
            top_5(world, finder, embedder, seed=options.seed).save(
                options.out / "drawn_top_5.jpg", quality=82
            )
    except ModelHookError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
