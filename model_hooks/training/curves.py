"""Loss curves as a small picture, drawn with Pillow so that training needs no plotting library."""

import math
from collections.abc import Mapping, Sequence
from pathlib import Path

from PIL import Image, ImageDraw

SIZE = (720, 360)
MARGIN = (56, 16, 120, 32)
"""Left, top, right, bottom."""
COLOURS = ("#1f2933", "#d1495b", "#00798c", "#edae49", "#66a182", "#8d6a9f", "#c97b63", "#2e4057")
NOT_LOSSES = ("step", "seconds", "rate")


def draw_curves(log: Sequence[Mapping[str, float]], path: Path) -> None:
    """Draw each loss of the log against its step, on a logarithmic scale; fewer than two lines draw nothing.

    Parameters
    ----------
    log
        Lines with `step` and any number of losses, in order of steps.
    path
        A PNG file, replaced.
    """
    if len(log) < 2:
        return
    names = [name for name in log[-1] if name not in NOT_LOSSES]
    values = [max(line[name], 1e-4) for line in log for name in names if name in line]
    low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)) + 1e-9)
    picture = Image.new("RGB", SIZE, "white")
    draw = ImageDraw.Draw(picture)
    _axes(draw, (low, high), log[-1]["step"])
    for place, name in enumerate(names):
        colour = COLOURS[place % len(COLOURS)]
        points = [
            _point(line["step"] / log[-1]["step"], (math.log10(max(line[name], 1e-4)) - low) / (high - low))
            for line in log
            if name in line
        ]
        draw.line(points, fill=colour, width=2)
        last = f"{name} {log[-1][name]:.3f}"
        draw.text((SIZE[0] - MARGIN[2] + 8, MARGIN[1] + 16 * place), last, fill=colour)
    picture.save(path)


def _point(across: float, up: float) -> tuple[float, float]:
    left, top, right, bottom = MARGIN
    width, height = SIZE[0] - left - right, SIZE[1] - top - bottom
    return left + across * width, top + (1 - up) * height


def _axes(draw: ImageDraw.ImageDraw, decades: tuple[int, int], steps: float) -> None:
    low, high = decades
    for decade in range(low, high + 1):
        up = (decade - low) / (high - low)
        draw.line([_point(0, up), _point(1, up)], fill="#dde3e8")
        draw.text((8, _point(0, up)[1] - 6), f"{10.0**decade:g}", fill="#52606d")
    for across in (0, 0.5, 1):
        x, y = _point(across, 0)
        draw.text((x - 8, y + 8), f"{across * steps:.0f}", fill="#52606d")
