"""What tests read out of drawn figures."""

from io import BytesIO
from typing import Any

import numpy as np
from matplotlib.figure import Figure

MINUS = "\N{MINUS SIGN}"
HOME, FASHION = ("Similar P@5", "Home Decor"), ("Extremely Similar P@5", "Fashion")


def system(share: float, strict: float, seed: int) -> Any:
    chance = np.random.default_rng(seed).random((40, 5))
    return np.where(chance < strict, 4, np.where(chance < share, 3, 1))


def lines(figure: Figure) -> dict[str, Any]:
    return {str(line.get_label()): line for line in figure.axes[0].get_lines()}


def texts(figure: Figure) -> list[str]:
    return [text.get_text().replace("\n", " ") for text in figure.axes[0].texts]


def legend(figure: Any) -> list[str]:
    return [text.get_text() for each in figure.legends for text in each.get_texts()]


def rendered(figure: Figure) -> int:
    page = BytesIO()
    figure.savefig(page, format="png")
    return len(page.getvalue())
