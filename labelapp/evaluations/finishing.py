"""The last step of a run or an index. A fault in it is told on their pages, and three faults end it."""

import logging
from collections.abc import Callable

from django.db.models import F

from labelapp.evaluations.corpus_build import finish_index
from labelapp.evaluations.errors import in_words
from labelapp.evaluations.models import CorpusIndex, EvaluationRun
from labelapp.evaluations.runs import finish_run

logger = logging.getLogger(__name__)

ATTEMPTS_AT_MOST = 3


def finish_owner(run_id: int | None, index_id: int | None) -> None:
    """Finish a run or an index if no chunk of it is open; without effect when repeated."""
    if run_id is not None:
        _try(EvaluationRun, run_id, finish_run)
    if index_id is not None:
        _try(CorpusIndex, index_id, finish_index)


def _try(kind: type[EvaluationRun] | type[CorpusIndex], pk: int, finish: Callable[[int], None]) -> None:
    try:
        finish(pk)
    except Exception as error:  # any fault counts, as with chunks
        logger.exception("%s %s could not be finished", kind.__name__, pk)
        _note(kind, pk, in_words(error))


def _note(kind: type[EvaluationRun] | type[CorpusIndex], pk: int, error: str) -> None:
    going = kind._default_manager.filter(pk=pk, state=kind.State.RUNNING)
    again = f"The last step failed and will be tried again: {error}"
    going.update(finish_attempts=F("finish_attempts") + 1, error=again)
    given_up = f"The last step failed {ATTEMPTS_AT_MOST} times; mend the cause, then go on with it: {error}"
    going.filter(finish_attempts__gte=ATTEMPTS_AT_MOST).update(state=kind.State.FAILED, error=given_up)
