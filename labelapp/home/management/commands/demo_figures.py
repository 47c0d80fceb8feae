"""Print what came out of the demo, and check that every part ran."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import CommandError

from evaluator.types import Estimate
from labelapp.evaluations.command import EvaluationsCommand
from labelapp.home.demo_figures import DemoFigures, demo_figures
from labelapp.home.management.commands.load_demo import add_size, size_from
from labelapp.home.planted_figures import PoolFigures


class Command(EvaluationsCommand):
    help = "Prints the demo's comparison, its pools and its pairs; fails where a part of it did not run."

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_size(parser)
        parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")

    def act(self, **options: Any) -> None:
        figures = demo_figures(size_from(options))
        systems = [row.system.slug for row in figures.report.rows]
        call_command("relevance_report", *systems, origin="simulated", stdout=self.stdout)
        self.stdout.write("\n".join(["", *_lines(figures)]))
        if options["json"]:
            options["json"].parent.mkdir(parents=True, exist_ok=True)
            options["json"].write_text(json.dumps(figures.as_json(), indent=2) + "\n")
        broken = [check.name for check in figures.checks() if not check.holds]
        if broken:
            raise CommandError(f"Not everything ran as it should: {', '.join(broken)}.")


def _lines(figures: DemoFigures) -> list[str]:
    faults = ", ".join(f"{fault} {count:,}" for fault, count in sorted(figures.faults.items()))
    checks = [
        f"  {'ok ' if check.holds else 'NO '} {check.name:<21} {check.detail}" for check in figures.checks()
    ]
    pools = [line for pool in figures.pools for line in _pool_lines(pool)]
    return ["Pools on identical items:", *pools, "", f"Creators' pairs: {faults}", "", "Checks:", *checks]


def _pool_lines(pool: PoolFigures) -> list[str]:
    size = f"{pool.labels:,} grades, {pool.per_hour:,.0f} candidates per active hour"
    return [
        f"  {pool.pool.name}: {size}",
        f"    consistency  {_share(pool.consistency)}, aimed at {100 * pool.pool.consistency:.1f} %",
        f"    accuracy     {_share(pool.accuracy)}, aimed at {100 * pool.pool.accuracy:.1f} %",
        f"    alpha        {_between(pool.alpha, 1, '')}",
    ]


def _share(estimate: Estimate) -> str:
    return _between(estimate, 100, " %")


def _between(estimate: Estimate, factor: int, unit: str) -> str:
    digits = 1 if factor > 1 else 2
    if not estimate.defined:
        return f"undefined ({estimate.reason})"
    ends = f"{factor * estimate.low:.{digits}f} to {factor * estimate.high:.{digits}f}{unit}"
    return f"{factor * estimate.value:.{digits}f}{unit} ({ends if estimate.bounded else estimate.reason})"
