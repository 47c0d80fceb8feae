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
    if given.products < 1 or given.scenes < 0 or given.seed < 0 or given.processes < 1:
        parser.error("--products and --processes begin at 1, --scenes and --seed at 0.")
    plan = Plan(given.products, given.scenes, given.seed)
    with tqdm(total=plan.products + plan.scenes, unit="picture") as bar:
        write_shop(given.folder, plan, processes=given.processes, progress=bar.update)


if __name__ == "__main__":
    main()
