"""Trains the default detector on drawn scenes, and writes it as a model folder.

`python -m model_hooks.training.detector measure MODEL_DIR ...` measures one instead.
"""

import argparse
import json
import math
import shutil
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from evaluator.detection import best_f1_threshold
from model_hooks.adapters.tiny.detector import WEIGHTS
from model_hooks.errors import ModelHookError, ModelUseError
from model_hooks.manifest import LABELS
from model_hooks.registry import load_detector, new_version, write_manifest
from model_hooks.training import detector_measure
from model_hooks.training.cards import how_made, shown_command, write_card
from model_hooks.training.detector_loss import detection_losses, truth_of
from model_hooks.training.detector_measure import (
    Figures,
    as_text,
    figures_of,
    find_all,
    scene_set,
    with_categories,
)
from model_hooks.training.detector_net import DetectorNet, folded, optimizer_of
from model_hooks.training.detector_views import PLAIN, draw_batch, tinted
from model_hooks.training.drawn_shop.designs import CATEGORIES
from model_hooks.training.loop import CURVES, Plan, Progress, half_precision, prepare, train
from model_hooks.training.pictures import LabeledPicture, load_products, load_scenes
from model_hooks.training.shop_files import digest
from model_hooks.weights import save_halves

if TYPE_CHECKING:
    from torch import Tensor

BATCH = 16
RATE = 2e-3
SMALLEST, STEP = 224, 32
"""Sides of training: from the smallest in these steps to one step above the adapter's (section 5.1.3)."""
SINGLE_PRODUCTS = 0.1
"""Share of catalog pictures in a batch (section 5.1.1)."""
LAST_PART = 0.85
"""From this share of the training on, most pictures come as the adapter shows them."""
EPOCHS = 15
"""Times that each scene is shown, unless said otherwise."""
ENDLESS = 1000
"""Epochs of a training that only its minutes end."""

Arrays = Mapping[str, NDArray[np.float32]]


class DetectorTraining:
    """What the loop trains: a net, and the pictures that its batches are drawn from."""

    def __init__(
        self, scenes: Sequence[LabeledPicture], products: Sequence[LabeledPicture], *, side: int, device: str
    ) -> None:
        self._scenes = scenes
        self._products = products
        self._side = side
        self._device = device
        self._detector = DetectorNet(len(CATEGORIES), device)
        self.net = self._detector.module
        self.optimizer = optimizer_of(self.net, RATE)

    def losses(self, rng: np.random.Generator, *, share: float) -> Mapping[str, "Tensor"]:
        """Draw a batch of one random size and return its losses."""
        late = share > LAST_PART
        sides = range(min(SMALLEST, self._side), self._side + STEP + 1, STEP)
        side = self._side if late else int(rng.choice(sides))
        batch = draw_batch(self._pictures(rng), side, rng, plain=0.7 if late else PLAIN)
        x = tinted(batch.pixels, rng, self._device)
        with half_precision(self._device):
            cells = self._detector(x)
        return detection_losses(cells.float(), truth_of(batch.truth, self._device), side)

    def _pictures(self, rng: np.random.Generator) -> list[LabeledPicture]:
        single = int(rng.binomial(BATCH, SINGLE_PRODUCTS)) if self._products else 0
        parts = ((self._products, single), (self._scenes, BATCH - single))
        return [
            pictures[place]
            for pictures, count in parts
            if count
            for place in rng.integers(len(pictures), size=count)
        ]


def train_detector(options: argparse.Namespace, command: str) -> Figures:
    """Train as the command's options say and write the model folder; return its figures on the validation.

    `command` is what the card says that made it.

    Raises
    ------
    ModelHookError
        If the data cannot be read, or the folder exists.
    """
    out: Path = options.out
    if out.exists():
        raise ModelUseError(f"{out} exists, and a model version never changes; choose another version.")
    device = prepare(options.seed, options.device)
    largest = options.side + STEP
    scenes = load_scenes(options.data, CATEGORIES, largest)
    if not scenes:
        raise ModelUseError(f"{options.data} holds no scene; draw some with model_hooks.training.drawn_shop.")
    products = load_products(options.data, CATEGORIES, largest)
    plan = Plan(
        options.work or out.parent / f".training-{out.name}",
        steps=max(1, round(_epochs(options) * len(scenes) / BATCH)),
        seed=options.seed,
        what=f"residual_fpn, {options.side} px, batches of {BATCH}, data {digest(options.data)[:16]}",
        minutes=options.minutes,
        rate=RATE,
        warm_up=300,
    )
    training = DetectorTraining(scenes, products, side=options.side, device=device)
    progress = train(training, plan)
    made = how_made(options, command, progress, batch=f"{BATCH} pictures", device=device)
    made |= {"learnt from": f"{len(scenes)} scenes, {len(products)} catalog pictures", "photographs": "none"}
    return write_model(options, progress, made=made, curves=plan.folder / CURVES)


def _epochs(options: argparse.Namespace) -> float:
    if options.epochs is not None:
        return float(options.epochs)
    return EPOCHS if options.minutes is None else ENDLESS


def write_model(
    options: argparse.Namespace, progress: Progress, *, made: Mapping[str, object], curves: Path
) -> Figures:
    """Write the folder NAME/VERSION, its threshold the best F1 on the validation (section 5.2.1)."""
    arrays = folded(progress.average, len(CATEGORIES))
    figures = _validated(arrays, options)
    out: Path = options.out
    with new_version(out.parent.parent, out.parent.name, out.name) as folder:
        _fill(folder, arrays)
        if curves.exists():
            shutil.copy(curves, folder / CURVES)
        write_card(
            folder,
            f"Finds fashion and home products of {len(CATEGORIES)} categories: the net residual_fpn, "
            f"{options.side} px, trained from random weights on drawn scenes.",
            made=made,
            figures=_in_card(figures),
            notes=["It has seen drawings only; on photos expect little."],
        )
        write_manifest(folder, _fields(options.side, figures.threshold))
    return figures


def _validated(arrays: Arrays, options: argparse.Namespace) -> Figures:
    """Measure through the adapter that will run the model, at the threshold that this finds best."""
    test_set = scene_set(options.validation)
    with tempfile.TemporaryDirectory(prefix="measuring-") as staging:
        folder = Path(staging) / "unmeasured" / "1"
        folder.mkdir(parents=True)
        _fill(folder, arrays)
        manifest = write_manifest(folder, _fields(options.side, 0.5))
        detector = load_detector(folder, options.device)
        results, seconds = find_all(detector, manifest, test_set)
    best = best_f1_threshold(with_categories(test_set, results), results)
    threshold = 0.5 if math.isnan(best.score) else math.floor(best.score * 1e4) / 1e4
    return figures_of(test_set, results, threshold=threshold, seconds=seconds)


def _fill(folder: Path, arrays: Arrays) -> None:
    save_halves(folder / WEIGHTS, arrays)
    (folder / LABELS).write_text(json.dumps(CATEGORIES, indent=1) + "\n", encoding="utf-8")


def _fields(side: int, threshold: float) -> dict[str, Any]:
    return {
        "kind": "detector",
        "adapter": "tiny",
        "architecture": "residual_fpn",
        "input": {"side": side},
        "threshold": threshold,
        "labels": {category: category for category in CATEGORIES},
    }


def _in_card(figures: Figures) -> dict[str, object]:
    return {
        "validation scenes": figures.images,
        "mAP50": figures.map50,
        "mAP50-95": figures.map,
        "threshold": figures.threshold,
        "precision": figures.precision,
        "recall": figures.recall,
        **{f"AP50 {name}": ap for name, ap in figures.ap50.items()},
    }


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m model_hooks.training.detector",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("--data", type=Path, required=True, metavar="FOLDER", help="drawn shop to train on")
    add(
        "--validation",
        type=Path,
        required=True,
        metavar="FOLDER",
        help="drawn shop to choose the threshold on",
    )
    add("--out", type=Path, required=True, metavar="MODELS/NAME/VERSION", help="the model folder to write")
    add("--minutes", type=float, help="end the training after these, its schedule with it")
    add("--epochs", type=float, help=f"times that each scene is shown; {EPOCHS} without --minutes")
    add("--seed", type=int, default=1, help="without --minutes, equal seeds give equal weights (default: 1)")
    add("--side", type=int, default=288, help="side of the net's input, a multiple of 32 (default: 288)")
    add("--work", type=Path, metavar="FOLDER", help="where checkpoint and curves go; resumes what is there")
    add("--device", default="auto", help="cpu, cuda, cuda:N or auto")
    options = parser.parse_args(arguments)
    if options.side < 96 or options.side % STEP:
        parser.error(f"--side is {options.side}, but must be a multiple of {STEP} from 96 on")
    return options


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit code."""
    given = sys.argv[1:] if arguments is None else list(arguments)
    try:
        if given[:1] == ["measure"]:
            text = detector_measure.main(given[1:])
        else:
            options = _options(given)
            command = shown_command("model_hooks.training.detector", given)
            text = f"{as_text(train_detector(options, command))}Wrote {options.out}\n"
    except ModelHookError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
