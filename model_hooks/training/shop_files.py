"""The two tables of a drawn shop's folder that training reads, and what a card says of them."""

import hashlib
import json
import re
from pathlib import Path
from typing import Any

from model_hooks.errors import ModelUseError

TRUTH, DESIGNS = "truth.jsonl", "designs.jsonl"


def read_lines(path: Path) -> list[dict[str, Any]]:
    """Return the objects of a JSON lines file.

    Raises
    ------
    ModelUseError
        If it is missing or a line is not JSON.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
        return [json.loads(line) for line in lines if line]
    except (OSError, ValueError) as error:
        raise ModelUseError(
            f"{path} cannot be read ({error}), so {path.parent} is no folder of the drawn shop; "
            "draw one with `python -m model_hooks.training.drawn_shop`."
        ) from error


def described(folder: Path) -> str:
    """Return the seed and the size of a drawn shop, as a card names it; its seed stands in its ids."""
    designs, scenes = read_lines(folder / DESIGNS), read_lines(folder / TRUTH)
    found = (re.match(r"d(\d+)-", str(design.get("id", ""))) for design in designs)
    seeds = sorted({int(match[1]) for match in found if match})
    seed = f"seed {', '.join(map(str, seeds))}" if seeds else "unknown seed"
    objects = sum(len(scene["objects"]) for scene in scenes)
    return f"drawn shop of {seed} ({len(designs)} products, {len(scenes)} scenes with {objects} objects)"


def digest(folder: Path) -> str:
    """Return the SHA-256 over both tables: two folders with equal digests hold the same shop.

    Raises
    ------
    ModelUseError
        If one of them cannot be read.
    """
    found = hashlib.sha256()
    for name in (DESIGNS, TRUTH):
        try:
            content = (folder / name).read_bytes()
        except OSError as error:
            raise ModelUseError(f"{folder / name} cannot be read ({error}); draw the shop again.") from error
        found.update(f"{name} {len(content)}\n".encode())
        found.update(content)
    return found.hexdigest()
