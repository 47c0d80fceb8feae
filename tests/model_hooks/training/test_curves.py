"""The picture of the losses."""

from pathlib import Path

import numpy as np
from PIL import Image

from model_hooks.training.curves import COLOURS, SIZE, draw_curves


def test_each_loss_is_drawn_in_its_colour(tmp_path: Path) -> None:
    log = [{"step": 5.0 * n, "seconds": 1.0, "loss": 4 / n, "box": 1 / n} for n in range(1, 9)]
    draw_curves(log, tmp_path / "curves.png")
    with Image.open(tmp_path / "curves.png") as picture:
        pixels = np.asarray(picture.convert("RGB"))
    assert pixels.shape == (SIZE[1], SIZE[0], 3)
    for colour in COLOURS[:2]:
        rgb = [int(colour[place : place + 2], 16) for place in (1, 3, 5)]
        _, columns = np.nonzero((pixels == rgb).all(axis=2))
        assert np.ptp(columns) > SIZE[0] / 2, colour


def test_a_log_too_short_for_a_line_draws_nothing(tmp_path: Path) -> None:
    draw_curves([{"step": 5.0, "loss": 1.0}], tmp_path / "curves.png")
    assert not list(tmp_path.iterdir())


def test_equal_losses_and_zeros_can_be_drawn(tmp_path: Path) -> None:
    for loss in (0.0, 1.0):
        draw_curves([{"step": step, "loss": loss} for step in (1.0, 2.0)], tmp_path / f"{loss}.png")
    assert len(list(tmp_path.iterdir())) == 2
