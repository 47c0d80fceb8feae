import numpy as np
import pytest
from PIL import Image

from model_hooks.adapters import pictures
from model_hooks.adapters.pictures import as_rgb, factors_to_square, letterboxed, squeezed
from model_hooks.adapters.tiny import resizing
from tests.model_hooks.folders import drawn_pictures


def test_a_letterboxed_picture_lies_top_left_on_grey() -> None:
    (square,) = letterboxed([Image.new("RGB", (80, 40), (10, 20, 30))], 32)
    assert (square[:16] == (10, 20, 30)).all()
    assert (square[16:] == 114).all()


def test_the_factor_of_a_letterbox_is_the_same_both_ways() -> None:
    picture = Image.new("RGB", (80, 40))
    assert factors_to_square(picture, 32, letterbox=True) == (0.4, 0.4)
    assert factors_to_square(picture, 32, letterbox=False) == (0.4, 0.8)


@pytest.mark.parametrize("size", [(4000, 1), (1, 4000), (1, 1)])
def test_pictures_of_any_shape_fit(size: tuple[int, int]) -> None:
    picture = Image.new("RGB", size, "white")
    assert (letterboxed([picture], 32)[0, 0, 0] == 255).all()
    assert (squeezed([picture], 32) == 255).all()


def test_the_fast_resize_equals_pillows_within_one_level() -> None:
    for picture in drawn_pictures(((80, 60), (31, 97), (200, 10))):
        slow, fast = (
            resize(picture, (48, 32)).astype(int) for resize in (pictures.resized, resizing.resized)
        )
        assert np.abs(slow - fast).max() <= 1


def test_transparent_parts_are_laid_over_white() -> None:
    picture = Image.new("RGBA", (4, 4), (255, 0, 0, 0))
    assert as_rgb(picture).getpixel((0, 0)) == (255, 255, 255)


@pytest.mark.parametrize("mode", ["L", "P", "CMYK", "1", "LA"])
def test_pictures_of_any_mode_become_rgb(mode: str) -> None:
    picture = Image.new("RGB", (8, 8), "white").convert(mode)
    assert squeezed([picture], 8).shape == (1, 8, 8, 3)
    assert np.all(squeezed([picture], 8) == 255)
