"""Draw a shop: `python -m model_hooks.training.drawn_shop FOLDER --products 3000 --scenes 400 --seed 7`."""

import argparse
from pathlib import Path

from tqdm import tqdm

from model_hooks.training.drawn_shop.shop import Plan, write_shop


def main() -> None:
    """Read the command line and write the shop."""
    parser = argparse.ArgumentParser(prog="python -m model_hooks.training.drawn_shop", description=__doc__)
    parser.add_argument("folder", type=Path, help="where the pictures and tables go; made if need be")
    parser.add_argument("--products", type=int, default=3000)
    parser.add_argument("--scenes", type=int, default=400)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--processes", type=int, default=2)
    given = parser.parse_args()
    if given.processes < 1:
        parser.error("--processes begins at 1.")
    try:
        plan = Plan(given.products, given.scenes, given.seed)
    except ValueError as refused:
        parser.error(str(refused))
    with tqdm(total=plan.products + plan.scenes, unit="picture") as bar:
        write_shop(given.folder, plan, processes=given.processes, progress=bar.update)


if __name__ == "__main__":
    main()
