"""Measure detector and embedder together on a drawn shop that neither has seen.

`python -m model_hooks.training.retrieval_measure --embedder DIR --data FOLDER [--detector DIR] [--photos DIR]
[--json FILE] [--card]`. Without a detector the true boxes are searched with, and the embedder says the
category.
"""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from evaluator.attributes import attribute_precision_at_1
from evaluator.retrieval import precision_at_1, shared_label_precision
from model_hooks.errors import ModelHookError, ModelUseError
from model_hooks.protocols import AttributePredictor, Embedder
from model_hooks.registry import load_embedder
from model_hooks.threads import use_one_thread
from model_hooks.training.cards import shortened, shown_command, with_measures
from model_hooks.training.crops import World, opened, read_world
from model_hooks.training.drawn_shop.designs import ATTRIBUTES, CATEGORIES
from model_hooks.training.photos import read_photos
from model_hooks.training.retrieval_queries import (
    Codes,
    Corpus,
    Finder,
    Floats,
    Queries,
    corpus_of,
    cut,
    parts,
    queries_of,
)
from model_hooks.training.shop_files import described

Found = dict[str, Any]
PLACES = 5


def measure(embedder: Embedder, finder: Finder | None, folder: Path, *, photos: Path | None = None) -> Found:
    """Return every figure as a JSON object; shares are 0..1.

    Parameters
    ----------
    embedder
        Loaded; category and attributes are measured where it is an `AttributePredictor`.
    finder
        None means true boxes.
    folder
        A drawn shop.
    photos
        The clothing dataset, of which the test part is measured.
    """
    world = read_world(folder)
    if not world.products or not any(scene.objects for scene in world.scenes):
        raise ModelUseError(f"{folder} has no products, or nothing in its scenes; draw a larger shop.")
    corpus = corpus_of(embedder, world)
    queries = queries_of(embedder, finder, world)
    families = Counter(product.family for product in world.products)
    alone = sum(count == 1 for count in families.values())
    found: Found = {
        "products": len(world.products),
        "with_look_alike": 1 - alone / len(world.products),
        "boxes": "true" if finder is None else "detected",
        **_retrieval(queries, corpus, world),
    }
    if isinstance(embedder, AttributePredictor):
        found["heads"] = _heads(embedder, world)
        if photos is not None:
            found["photos"] = _photos(embedder, photos)
    return found


def _retrieval(queries: Queries, corpus: Corpus, world: World) -> Found:
    asked = len(queries.products)
    hits, thumbnail_hits = _restricted_hits(queries, corpus)
    free = precision_at_1(queries.codes, queries.products, corpus.codes, corpus.ids.tolist())
    right = np.array(queries.categories) == np.array(queries.true_categories)
    top = shared_label_precision(
        queries.codes, queries.true_categories, corpus.codes, corpus.categories.tolist(), ks=[PLACES]
    )[PLACES]
    return {
        "objects": asked + queries.missed,
        "found": asked,
        "p_at_1": _mean(hits),
        "p_at_1_of_all_objects": float(hits.sum() / max(asked + queries.missed, 1)),
        "p_at_1_without_restriction": free.expected,
        "p_at_1_thumbnails": _mean(thumbnail_hits[0]),
        "p_at_1_trimmed_thumbnails": _mean(thumbnail_hits[1]),
        "right_category_predicted": _mean(right),
        "right_category_top_5": _mean(right * _share_of_five(queries, corpus)),
        "right_category_top_5_without_restriction": top.value,
        "p_at_1_by_category": _by(queries.true_categories, hits),
        "bits_equal_shares": _balance(corpus.codes),
        "scenes": len(world.scenes),
    }


def _restricted_hits(queries: Queries, corpus: Corpus) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the chance of a hit of each query among the products of its predicted category.

    The second, `(2, queries)`, is that of the nearest colour thumbnail, which ties with no other: of a whole
    catalog picture, and of the product alone.
    """
    hits, thumbnail_hits = np.zeros(len(queries.products)), np.zeros((2, len(queries.products)))
    wanted = np.array(queries.products)
    said = np.array(queries.categories)
    for category in np.unique(said):
        rows, kept = np.flatnonzero(said == category), np.flatnonzero(corpus.categories == category)
        if kept.size:
            ids = corpus.ids[kept]
            result = precision_at_1(
                queries.codes[rows], wanted[rows].tolist(), corpus.codes[kept], ids.tolist()
            )
            hits[rows] = result.hits
            for place, thumbnails in enumerate(corpus.thumbnails):
                nearest = _nearest(queries.thumbnails[rows], thumbnails[kept])
                thumbnail_hits[place, rows] = ids[nearest] == wanted[rows]
    return hits, thumbnail_hits


def _nearest(queries: Floats, corpus: Floats) -> NDArray[np.int64]:
    products = queries @ corpus.T
    nearest: NDArray[np.int64] = ((corpus**2).sum(axis=1) - 2 * products).argmin(axis=1)
    return nearest


def _share_of_five(queries: Queries, corpus: Corpus) -> NDArray[np.float64]:
    """Return the share of the five places that a search within the predicted category can fill."""
    names, counts = np.unique(corpus.categories, return_counts=True)
    sizes = dict(zip(names.tolist(), counts.tolist(), strict=True))
    return np.array([min(sizes.get(category, 0), PLACES) / PLACES for category in queries.categories])


def _by(names: list[str], values: NDArray[np.float64]) -> dict[str, float]:
    keys = np.array(names)
    return {name: _mean(values[keys == name]) for name in CATEGORIES if (keys == name).any()}


def _balance(codes: Codes) -> float:
    """Return the mean over bits of the share of the rarer value: 0.5 where every bit is used fully."""
    shares = np.unpackbits(codes, axis=1).mean(axis=0)
    return float(np.minimum(shares, 1 - shares).mean())


def _heads(predictor: AttributePredictor, world: World) -> Found:
    """Return P@1 of category and attributes on the true crops of the scenes."""
    rows: list[tuple[str, str | None, str]] = []
    for scene in world.scenes:
        picture = opened(scene.path)
        said = predictor.attributes([cut(picture, each.box) for each in scene.objects])
        for each, words in zip(scene.objects, said, strict=True):
            true = world.products[world.row[each.product]].words
            rows += [
                (true[head], words.get(head), head) for head in ("category", *ATTRIBUTES) if head in true
            ]
    truth, predicted, heads = (list(column) for column in zip(*rows, strict=True))
    found = attribute_precision_at_1(truth, predicted, heads)
    return {head: _estimate(found[head].precision) for head in ("category", *ATTRIBUTES) if head in found}


def _photos(predictor: AttributePredictor, folder: Path) -> Found:
    """Return category P@1 on the test part of the photographs, and the share of its largest class."""
    testing = read_photos(folder)[1]
    true = [CATEGORIES[photo.category] for photo in testing]
    said: list[str | None] = []
    for batch in parts(testing, 32):
        words = predictor.attributes([opened(photo.path) for photo in batch])
        said += [each.get("category") for each in words]
    found = attribute_precision_at_1(true, said, ["category"] * len(true))["category"]
    largest = max(map(true.count, set(true))) / len(true)
    recall = dict(zip(found.values, (each.value for each in found.recall), strict=True))
    return {"category": _estimate(found.precision), "largest_class": largest, "recall": recall}


def _estimate(estimate: Any) -> Found:
    return {"value": estimate.value, "low": estimate.low, "high": estimate.high, "n": estimate.n}


def _mean(values: NDArray[Any]) -> float:
    return float(np.mean(values)) if len(values) else float("nan")


def shown(found: Mapping[str, Any], indent: str = "") -> str:
    """Return the figures as lines of text."""
    lines = []
    for name, value in found.items():
        title = f"{indent}{name.replace('_', ' ')}"
        if isinstance(value, Mapping) and set(value) >= {"value", "low"}:
            figure = cast("Mapping[str, float]", value)
            lines.append(
                f"{title}: {figure['value']:.3f} ({figure['low']:.3f}-{figure['high']:.3f}, n {figure['n']})"
            )
        elif isinstance(value, Mapping):
            lines += [f"{title}:", shown(value, indent + "  ")]
        else:
            lines.append(f"{title}: {value:.3f}" if isinstance(value, float) else f"{title}: {value}")
    return "\n".join(lines)


def _write_into_card(options: argparse.Namespace, given: Sequence[str], found: Found) -> None:
    boxes = "true boxes" if options.detector is None else f"boxes of {shortened(options.detector.resolve())}"
    photos = "" if options.photos is None else ", and photographs"
    with_measures(
        options.embedder,
        f"the {described(options.data)}, {boxes}{photos}",
        command=shown_command("model_hooks.training.retrieval_measure", given),
        figures=shown(found),
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m model_hooks.training.retrieval_measure", description=__doc__
    )
    parser.add_argument("--embedder", type=Path, required=True, help="folder NAME/VERSION")
    parser.add_argument("--detector", type=Path, help="folder NAME/VERSION; true boxes unless given")
    parser.add_argument("--data", type=Path, required=True, help="a drawn shop that neither has seen")
    parser.add_argument("--photos", type=Path, help="the clothing dataset: products.csv and images/")
    parser.add_argument("--json", type=Path, help="write the figures here too")
    parser.add_argument("--device", default="auto", help="cpu, cuda or auto")
    parser.add_argument("--card", action="store_true", help="write them into the embedder's card.md too")
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit code."""
    given = sys.argv[1:] if arguments is None else list(arguments)
    options = _parser().parse_args(given)
    use_one_thread()
    try:
        finder = None if options.detector is None else Finder.load(options.detector, options.device)
        embedder = load_embedder(options.embedder, options.device)
        found = measure(embedder, finder, options.data, photos=options.photos)
        if options.card:
            _write_into_card(options, given, found)
    except ModelHookError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(shown(found) + "\n")
    if options.json is not None:
        options.json.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
