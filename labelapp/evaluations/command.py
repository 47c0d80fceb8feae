"""What the commands of this app share: faults told in one sentence, and waiting with a progress bar."""

import signal
import sys
import time
from collections.abc import Callable
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db.models import QuerySet
from tqdm import tqdm

from labelapp.evaluations.errors import EvaluationsError
from labelapp.evaluations.models import WorkChunk
from labelapp.evaluations.progress import progress_of
from model_hooks.errors import ModelHookError

POLL_SECONDS = 0.5
PATIENCE_SECONDS = 20.0


class EvaluationsCommand(BaseCommand):
    """A command whose work is one call; subclasses write `act`."""

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            self.act(**options)
        except (EvaluationsError, ModelHookError) as error:
            raise CommandError(str(error)) from error
        except KeyboardInterrupt:
            self.stderr.write("Stopped waiting; what was begun goes on.")
            sys.exit(128 + signal.SIGINT)

    def act(self, **options: Any) -> None:
        raise NotImplementedError

    def wait_for(self, chunks: "QuerySet[WorkChunk]", *, is_over: Callable[[], bool], unit: str) -> None:
        """Show how the workers get on until the work is over; Ctrl-C stops the waiting, not the work."""
        started = time.monotonic()
        has_warned = False
        with tqdm(total=progress_of(chunks).items, unit=f" {unit}", file=self.stderr) as bar:
            while True:
                over = is_over()
                now = progress_of(chunks)
                bar.update(now.items_done - bar.n)
                bar.set_postfix(failed=now.failed)
                if over:
                    return
                if (
                    not has_warned
                    and not now.leased + now.closed
                    and time.monotonic() - started > PATIENCE_SECONDS
                ):
                    has_warned = True
                    bar.write(
                        "No worker has begun yet; is one running? `make demo` starts one.", file=self.stderr
                    )
                time.sleep(POLL_SECONDS)
