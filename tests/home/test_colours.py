"""The colours can be read and told apart, in both themes and by colour-blind people."""

import itertools
import re
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

TOKENS = Path(__file__).resolve().parents[2] / "labelapp" / "static" / "css" / "tokens.css"
THEMES = ("light", "dark")
GROUNDS = ("ground", "sunken", "surface", "raised", "hover")
Colours = npt.NDArray[np.float64]

# Machado, Oliveira, Fernandes (2009), severity 1: what people without one kind of cone see, in linear RGB.
SIGHTS = {
    "all cones": np.eye(3),
    "protanopia": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "deuteranopia": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
    "tritanopia": np.array(
        [
            [1.255528, -0.076749, -0.178779],
            [-0.078411, 0.930809, 0.147602],
            [0.004733, 0.691367, 0.303900],
        ]
    ),
}
# Ottosson (2020): linear RGB to OKLab.
TO_CONES = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
TO_LAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)


def colour(name: str, theme: str) -> str:
    """The `#rrggbb` of a token in one theme."""
    found = re.search(rf"--{name}: ([^;]+);", TOKENS.read_text())
    assert found, f"tokens.css has no --{name}"
    value = found[1]
    if pair := re.fullmatch(r"light-dark\((#\w{6}), (#\w{6})\)", value):
        return pair[1 + THEMES.index(theme)]
    if reference := re.fullmatch(r"var\(--([\w-]+)\)", value):
        return colour(reference[1], theme)
    assert re.fullmatch(r"#\w{6}", value), f"--{name} is {value}"
    return value


def linear(*values: str) -> Colours:
    encoded = np.array([[int(value[at : at + 2], 16) / 255 for at in (1, 3, 5)] for value in values])
    return np.where(encoded <= 0.04045, encoded / 12.92, ((encoded + 0.055) / 1.055) ** 2.4)


def luminance(value: str) -> float:
    return float(linear(value)[0] @ [0.2126, 0.7152, 0.0722])


def contrast(one: str, other: str) -> float:
    """WCAG 2.2, relative luminance and contrast ratio."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def lab(colours: Colours) -> Colours:
    seen: Colours = np.cbrt(colours @ TO_CONES.T) @ TO_LAB.T
    return seen


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("name", ["text", "text-quiet", "accent", "good", "warn", "bad"])
def test_text_reads_on_every_ground(name: str, theme: str) -> None:
    for ground in GROUNDS:
        assert contrast(colour(name, theme), colour(ground, theme)) >= 4.5, ground


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(
    ("ink", "fill"),
    [
        ("accent-ink", "accent-fill"),
        ("accent-ink", "bad-fill"),
        ("text", "good-soft"),
        ("text", "warn-soft"),
        ("text", "bad-soft"),
        ("bad", "bad-soft"),
        *((f"grade-{grade}-ink", f"grade-{grade}") for grade in range(5)),
    ],
)
def test_ink_reads_on_its_fill(ink: str, fill: str, theme: str) -> None:
    assert contrast(colour(ink, theme), colour(fill, theme)) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("name", ["focus", "line-control", "grade-edge"])
def test_rings_and_edges_of_controls_are_seen(name: str, theme: str) -> None:
    for ground in ("ground", "surface", "raised"):
        assert contrast(colour(name, theme), colour(ground, theme)) >= 3, ground


@pytest.mark.parametrize("theme", THEMES)
def test_the_order_of_the_grades_survives_greyscale(theme: str) -> None:
    steps = [lab(linear(colour(f"grade-{grade}", theme)))[0, 0] for grade in (1, 2, 3, 4)]
    differences = np.diff(steps) * (-1 if theme == "light" else 1)
    assert (differences > 0.12).all()


@pytest.mark.parametrize("sight", SIGHTS)
def test_the_categories_stay_apart(sight: str) -> None:
    names = [colour(f"category-{number}", "light") for number in range(1, 13)]
    seen = lab(np.clip(linear(*names) @ SIGHTS[sight].T, 0, 1))
    distances = [np.linalg.norm(one - other) for one, other in itertools.combinations(seen, 2)]
    assert min(distances) > 0.1


def test_hues_come_from_the_tokens_alone() -> None:
    for sheet in set(TOKENS.parent.glob("*.css")) - {TOKENS}:
        raw = re.findall(r"#(\w\w)(\w\w)(\w\w)\b", sheet.read_text())
        assert all(red == green == blue for red, green, blue in raw), f"{sheet.name}: {raw}"
