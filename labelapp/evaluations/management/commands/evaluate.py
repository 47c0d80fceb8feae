"""Run systems over a scene set."""

from argparse import ArgumentParser
from typing import Any

from labelapp.evaluations.command import EvaluationsCommand
from labelapp.evaluations.errors import EvaluationsError
from labelapp.evaluations.models import EvaluationRun, System, WorkChunk
from labelapp.evaluations.names import project_named, scene_set_named
from labelapp.evaluations.runs import start_run


class Command(EvaluationsCommand):
    help = "Has the workers run systems over a scene set and queue what people have to judge."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("systems", nargs="+", metavar="SYSTEM", help="slugs, the oldest system first")
        parser.add_argument("--scenes", required=True, metavar="SET")
        parser.add_argument(
            "--project", required=True, metavar="SLUG", help="where the candidates are judged"
        )
        parser.add_argument("--wait", action="store_true", help="until the run is over")

    def act(self, **options: Any) -> None:
        run = start_run(
            [System.objects.get_by_slug(slug) for slug in options["systems"]],
            scene_set=scene_set_named(options["scenes"]),
            project=project_named(options["project"]),
            by=None,
        )
        self.stdout.write(f"Run {run.public_id} has begun with {run.chunks.count()} chunks.")
        if options["wait"]:
            wait_for_run(self, run)


def wait_for_run(command: EvaluationsCommand, run: EvaluationRun) -> None:
    """Wait, and tell how it ended; failures end the command with an error."""

    def is_over() -> bool:
        run.refresh_from_db(fields=["state", "failed_chunks", "error"])
        return run.state != EvaluationRun.State.RUNNING

    command.wait_for(run.chunks.all(), is_over=is_over, unit="scenes")
    if run.state == EvaluationRun.State.FAILED:
        raise EvaluationsError(f"Run {run.public_id}: {run.error} `manage.py resume_run {run.public_id}`")
    if run.failed_chunks:
        first = run.chunks.filter(state=WorkChunk.State.FAILED)[0]
        raise EvaluationsError(
            f"Run {run.public_id} finished with {run.failed_chunks} failures, the first at chunk "
            f"{first.position}: {first.error} `manage.py resume_run {run.public_id}` tries again."
        )
    objects, waiting = run.query_objects.count(), run.project.slots.filter(state="open").count()
    command.stdout.write(
        f"Run {run.public_id} is {run.state}: {objects} query objects; "
        f"{waiting} answers wait in project {run.project.slug}."
    )
