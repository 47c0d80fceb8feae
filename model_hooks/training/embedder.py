"""Trains the default embedder on a drawn shop, and writes it as a model folder.

Killed, it goes on from its last checkpoint when called again.
"""

import argparse
import hashlib
import json
import shutil
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from model_hooks.adapters.tiny.embedder import WEIGHTS
from model_hooks.errors import ModelHookError, ModelUseError
from model_hooks.registry import load_embedder, new_version, write_manifest
from model_hooks.training import loop
from model_hooks.training.cards import how_made, shown_command, write_card
from model_hooks.training.crops import HEADS, World, load_crops, read_world
from model_hooks.training.photos import Photo, load_photos, read_photos
from model_hooks.training.retrieval_measure import measure, shown
from model_hooks.training.shop_files import digest
from model_hooks.weights import save_halves

if TYPE_CHECKING:
    from torch import Tensor

    from model_hooks.training.embedder_batches import Recipe

    Tensors = Mapping[str, Tensor]

STEPS = 9000
Photos = tuple[list[Photo], list[Photo]]
"""For training and for testing."""


def train_embedder(options: argparse.Namespace, command: str) -> str:
    """Train as the command's options say and write the model folder; return its figures on the validation.

    `command` is what the card says that made it.

    Raises
    ------
    ModelHookError
        If the data is not there or not as expected, the folder exists, or training fails.
    """
    out: Path = options.out
    if out.exists():
        raise ModelUseError(f"{out} exists, and a model version never changes; choose another version.")
    device = loop.prepare(options.seed, options.device)
    from model_hooks.training.embedder_batches import EmbedderTrainee, RealPhotos, Recipe, Views
    from model_hooks.training.embedder_net import EmbedderNet

    recipe, world = Recipe(), read_world(options.data)
    if not world.products:
        raise ModelUseError(f"{options.data} has no products; draw some.")
    photos = ([], []) if options.photos is None else read_photos(options.photos)
    plan = _plan(options, recipe, photos[0])
    net = EmbedderNet(recipe.dimension, HEADS, len(world.products))
    real = RealPhotos(*load_photos(photos[0])) if photos[0] else None
    views = Views(world, load_crops(world))
    progress = loop.train(EmbedderTrainee(net, views, recipe, photos=real, device=device), plan)
    net.load_state_dict(progress.average)
    made = how_made(options, command, progress, batch=f"{recipe.batch} crops", device=device)
    made |= {"photographs": _said_of(photos), "recipe": f"`{json.dumps(asdict(recipe))}`"}
    return write_model(options, net.exported(), _fields(recipe, world), made=made, work=plan.folder)


def _plan(options: argparse.Namespace, recipe: "Recipe", photos: Sequence[Photo]) -> loop.Plan:
    seen = hashlib.sha256("".join(photo.sha256 for photo in photos).encode()).hexdigest()
    numbers = hashlib.sha256(json.dumps([asdict(recipe), HEADS]).encode()).hexdigest()
    return loop.Plan(
        options.work or options.out.parent / f".training-{options.out.name}",
        steps=options.steps,
        seed=options.seed,
        what=f"residual_embedder, recipe {numbers[:16]}, data {digest(options.data)[:16]}, photographs "
        f"{seen[:16] if photos else 'none'}",
        minutes=options.minutes,
        rate=recipe.rate,
    )


def _said_of(photos: Photos) -> str:
    if not photos[0]:
        return "none"
    training, testing = map(len, photos)
    return (
        f"{training} of the CC0 clothing dataset, for the category only; {testing} others are for testing "
        "(the fifth of each label with the lowest SHA-256)"
    )


def write_model(
    options: argparse.Namespace,
    tensors: "Tensors",
    fields: Mapping[str, Any],
    *,
    made: Mapping[str, object],
    work: Path,
) -> str:
    """Write the folder NAME/VERSION, measured on the validation with true boxes; return the figures' text."""
    found = _validated(options, tensors, fields, work)
    out: Path = options.out
    with new_version(out.parent.parent, out.parent.name, out.name) as folder:
        save_halves(folder / WEIGHTS, {name: tensor.numpy() for name, tensor in tensors.items()})
        if (work / loop.CURVES).exists():
            shutil.copy(work / loop.CURVES, folder / loop.CURVES)
        side, dimension = fields["input"]["side"], fields["dimension"]
        write_card(
            folder,
            f"Turns a crop of {side} px into {dimension} numbers whose signs are its code, and says its "
            "category, gender and attributes: residual_embedder, trained from random weights on drawings.",
            made=made,
            figures=f"on the validation, with true boxes\n{shown(found)}",
            notes=["It knows shapes and colours of drawings; on photographs expect less."],
        )
        write_manifest(folder, fields)
    return shown(found)


def _validated(
    options: argparse.Namespace, tensors: "Tensors", fields: Mapping[str, Any], work: Path
) -> dict[str, Any]:
    """Measure through the adapter that will run the model."""
    draft = work / "draft" / "1"
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    save_halves(draft / WEIGHTS, {name: tensor.numpy() for name, tensor in tensors.items()})
    write_manifest(draft, fields)
    return measure(load_embedder(draft, options.device), None, options.validation, photos=options.photos)


def _fields(recipe: "Recipe", world: World) -> dict[str, Any]:
    return {
        "kind": "embedder",
        "adapter": "tiny",
        "architecture": "residual_embedder",
        "input": {"side": recipe.side, "proportion": True, "applies": world.applies()},
        "batch_size": 32,
        "dimension": recipe.dimension,
        "calibration": "none: vectors are centred, so the sign is the cut",
        "heads": {head: list(values) for head, values in HEADS.items()},
    }


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m model_hooks.training.embedder", description=__doc__)
    add = parser.add_argument
    add("--data", type=Path, required=True, metavar="FOLDER", help="the drawn shop to learn from")
    add("--validation", type=Path, required=True, metavar="FOLDER", help="a drawn shop of another seed")
    add("--out", type=Path, required=True, metavar="MODELS/NAME/VERSION", help="the model folder to write")
    add("--photos", type=Path, metavar="FOLDER", help="the clothing dataset: products.csv and images/")
    add("--minutes", type=float, help="end the training after these, its schedule with it")
    add("--steps", type=int, default=STEPS, help=f"batches at most (default: {STEPS})")
    add("--seed", type=int, default=1, help="without --minutes, equal seeds give equal weights (default: 1)")
    add("--work", type=Path, metavar="FOLDER", help="where checkpoint and curves go; resumes what is there")
    add("--device", default="auto", help="cpu, cuda, cuda:N or auto")
    return parser.parse_args(arguments)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit code."""
    given = sys.argv[1:] if arguments is None else list(arguments)
    options = _options(given)
    try:
        text = train_embedder(options, shown_command("model_hooks.training.embedder", given))
    except ModelHookError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(f"{text}\nWrote {options.out}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
