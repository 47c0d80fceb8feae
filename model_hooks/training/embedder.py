"""Train the default embedder on a drawn shop.

`python -m model_hooks.training.embedder --data FOLDER --validation FOLDER --out MODEL_ROOT [--photos FOLDER]`
writes `MODEL_ROOT/drawn-shop-embedder/1`. Killed, it goes on from its last checkpoint when called again.
"""

import argparse
import json
import shlex
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from model_hooks.adapters.tiny.embedder import WEIGHTS
from model_hooks.errors import ModelHookError, ModelUseError
from model_hooks.registry import new_version, write_manifest
from model_hooks.training import loop
from model_hooks.training.crops import HEADS, World, load_crops, read_world
from model_hooks.training.photos import load_photos, read_photos

if TYPE_CHECKING:
    from torch import Tensor

    from model_hooks.training.embedder_batches import RealPhotos, Recipe

NAME = "drawn-shop-embedder"
STEPS = 9000


@dataclass(frozen=True)
class Order:
    """What to train: folders, time and seed, as the command line gives them."""

    data: Path
    validation: Path
    out: Path
    photos: Path | None
    minutes: float
    steps: int
    seed: int
    device: str
    version: str
    work: Path


def train_embedder(order: Order, recipe: "Recipe") -> Path:
    """Train, export and measure; returns the model folder.

    Raises
    ------
    ModelUseError
        If the data is not there or not as expected, or training fails.
    ModelFolderError
        If that version exists.
    """
    device = loop.prepare(order.seed, order.device)
    from model_hooks.training.embedder_batches import EmbedderTrainee, Views
    from model_hooks.training.embedder_net import EmbedderNet

    world = read_world(order.data)
    if not world.products:
        raise ModelUseError(f"{order.data} has no products; draw some.")
    photos = _real_photos(order.photos)
    net = EmbedderNet(recipe.dimension, HEADS, len(world.products))
    views = Views(world, load_crops(world))
    trainee = EmbedderTrainee(net, views, recipe, photos=photos, device=device)
    plan = loop.Plan(order.work, order.steps, order.seed, minutes=order.minutes, rate=recipe.rate)
    progress = loop.train(trainee, plan)
    net.load_state_dict(progress.average)
    return _write_folder(order, recipe, net.exported(), world=world, progress=progress)


def _real_photos(folder: Path | None) -> "RealPhotos | None":
    from model_hooks.training.embedder_batches import RealPhotos

    return None if folder is None else RealPhotos(*load_photos(read_photos(folder)[0]))


def _write_folder(
    order: Order, recipe: "Recipe", tensors: "dict[str, Tensor]", *, world: World, progress: loop.Progress
) -> Path:
    from safetensors.torch import save_file

    from model_hooks.registry import load_embedder
    from model_hooks.training.retrieval_measure import measure, shown

    fields: dict[str, Any] = {
        "kind": "embedder",
        "adapter": "tiny",
        "architecture": "residual_embedder",
        "input": {"side": recipe.side, "proportion": True, "applies": world.applies()},
        "batch_size": 32,
        "dimension": recipe.dimension,
        "calibration": "none: vectors are centred, so the sign is the cut",
        "heads": {head: list(values) for head, values in HEADS.items()},
    }
    draft = order.work / "draft" / order.version
    draft.mkdir(parents=True, exist_ok=True)
    (draft / "model.json").unlink(missing_ok=True)
    save_file(tensors, draft / WEIGHTS)
    write_manifest(draft, fields)
    found = measure(load_embedder(draft, order.device), None, order.validation, photos=order.photos)
    with new_version(order.out, NAME, order.version) as folder:
        save_file(tensors, folder / WEIGHTS)
        card = _card(order, recipe, world=world, progress=progress) + shown(found) + "\n```\n"
        (folder / "card.md").write_text(card, encoding="utf-8")
        write_manifest(folder, fields)
    sys.stdout.write(shown(found) + "\n")
    return order.out / NAME / order.version


def _card(order: Order, recipe: "Recipe", *, world: World, progress: loop.Progress) -> str:
    command = f"python -m model_hooks.training.embedder {shlex.join(sys.argv[1:])}"
    objects = sum(len(scene.objects) for scene in world.scenes)
    photos = "none" if order.photos is None else "training part of the CC0 clothing dataset, category only"
    return (
        f"# {NAME}/{order.version}\n\n"
        f"A residual net of plain 3 x 3 convolutions: turns a {recipe.side} px crop into {recipe.dimension} "
        "numbers whose signs are its code, and says its category, gender and attributes.\n\n"
        f"- Data: {len(world.products)} drawn products and {objects} objects in {len(world.scenes)} scenes\n"
        f"- Photographs: {photos}\n"
        f"- Command: `{command}`\n"
        f"- Seed {order.seed}, {progress.step} steps of {recipe.batch} crops, "
        f"{progress.seconds / 60:.0f} minutes on one thread\n"
        f"- Recipe: `{json.dumps(asdict(recipe))}`\n\n"
        "Measured on the validation shop, with true boxes:\n\n```\n"
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit code."""
    parser = argparse.ArgumentParser(prog="python -m model_hooks.training.embedder", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="the drawn shop to learn from")
    parser.add_argument("--validation", type=Path, required=True, help="a drawn shop of another seed")
    parser.add_argument("--out", type=Path, required=True, metavar="MODEL_ROOT")
    parser.add_argument("--photos", type=Path, help="the clothing dataset: products.csv and images/")
    parser.add_argument("--minutes", type=float, default=45, help="of training, 45 unless given")
    parser.add_argument("--steps", type=int, default=STEPS)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--device", default="auto", help="cpu, cuda or auto")
    parser.add_argument("--version", default="1")
    parser.add_argument("--work", type=Path, help="for checkpoint and curves; beside MODEL_ROOT unless given")
    options = vars(parser.parse_args(arguments))
    options["work"] = options["work"] or options["out"] / f".training-{NAME}-{options['version']}"
    from model_hooks.training.embedder_batches import Recipe

    try:
        folder = train_embedder(Order(**options), Recipe())
    except ModelHookError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(f"Wrote {folder}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
