"""Make a project by command."""

import argparse
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_slug

from labelapp.tasks.errors import ProjectError
from labelapp.tasks.projects import ProjectPlan, create_project
from labelapp.tasks.types.registry import task_types


def pool_and_overlap(text: str) -> tuple[str, int]:
    """Read `in_house=2`."""
    slug, _, overlap = text.partition("=")
    if not slug or not (overlap or "1").isdecimal():
        raise argparse.ArgumentTypeError(f"'{text}' must be POOL=ANSWERS, for example in_house=1")
    return slug, int(overlap or "1")


class Command(BaseCommand):
    help = "Make a labeling project; the same slug again changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug")
        parser.add_argument("--type", required=True, choices=[kind.name for kind in task_types()])
        parser.add_argument("--name", help="Name on the pages; the slug if not given")
        parser.add_argument(
            "--pool",
            type=pool_and_overlap,
            action="append",
            required=True,
            metavar="POOL=ANSWERS",
            help="Answers wanted per task of a pool; may be given several times",
        )
        parser.add_argument("--guide", type=Path, help="Markdown file; else the guide of the task type")

    def handle(self, *args: Any, **options: Any) -> None:
        slug = options["slug"]
        try:
            validate_slug(slug)
        except ValidationError as error:
            raise CommandError(
                f"'{slug}' is no slug: use lower-case letters, digits, hyphens and underscores."
            ) from error
        try:
            guide = options["guide"].read_text() if options["guide"] else ""
            plan = ProjectPlan(
                slug=slug,
                name=options["name"] or slug,
                task_type=options["type"],
                pools=dict(options["pool"]),
                guide_text=guide,
            )
            project, made = create_project(plan, by=None)
        except (ProjectError, OSError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{'Made' if made else 'Found'} project {project.slug} ({project.name}).")
