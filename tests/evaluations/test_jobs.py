"""What the sweeper does, how workers are told of chunks, and what becomes of a last step that fails."""

from typing import Any

import pytest
from celery import current_app
from django.test import Client
from django.urls import reverse

from labelapp.evaluations import corpus_build, finishing, hints, jobs, ledger, runs, work
from labelapp.evaluations.corpus_index import embed_corpus
from labelapp.evaluations.engines import retriever
from labelapp.evaluations.models import CorpusIndex, EvaluationRun, WorkChunk
from labelapp.evaluations.runs import resume_run, start_run
from tests import personas
from tests.evaluations.world import World, work_all

Sent = list[tuple[str, dict[str, Any]]]


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> Sent:
    """Messages that were sent, in place of the broker: the job's name, and what it was sent with."""
    messages: Sent = []

    def send_task(name: str, **options: Any) -> None:
        messages.append((name.rpartition(".")[2], options))

    monkeypatch.setattr(current_app, "send_task", send_task)
    return messages


@pytest.fixture
def run(ready: World) -> EvaluationRun:
    """A run that nobody has worked at."""
    return start_run([ready.open], scene_set=ready.scene_set, project=ready.project, by=None)


def fail(*args: object) -> None:
    raise LookupError("The pairs are gone.")


@pytest.mark.parametrize(
    "step", [(ledger, "end_leases"), (jobs, "absorb_labels"), (work, "unfinished")], ids=lambda step: step[1]
)
def test_a_step_of_the_sweeper_that_fails_keeps_no_hint_back(
    run: EvaluationRun, sent: Sent, monkeypatch: pytest.MonkeyPatch, step: tuple[object, str]
) -> None:
    monkeypatch.setattr(*step, _named(step[1]))
    jobs.sweep()
    assert [name for name, _ in sent] == ["work_chunk"] * 3


def _named(name: str) -> Any:
    def failing() -> None:
        fail()

    failing.__name__ = name
    return failing


def test_a_hint_is_void_when_the_next_one_is_due(run: EvaluationRun, sent: Sent) -> None:
    jobs.sweep()
    told = {options["args"][0]: options["expires"] for _, options in sent}
    assert told == dict(run.chunks.values_list("pk", "due_at"))


def test_a_finished_chunk_calls_the_next(
    run: EvaluationRun, sent: Sent, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledger.due_chunks, "__defaults__", (1,))
    first, second = run.chunks.order_by("pk").values_list("pk", flat=True)[:2]
    jobs.sweep()
    jobs.work_chunk(first)
    assert [options["args"] for _, options in sent] == [(first,), (second,)]


def test_what_somebody_looks_at_does_not_queue_up_behind_chunks(run: EvaluationRun, sent: Sent) -> None:
    hints.send("look_at", 1, 2)
    jobs.sweep()
    assert [options["queue"] for _, options in sent] == ["look", *["inference"] * 3]


def test_a_run_whose_last_step_fails_is_tried_three_times_and_says_why(
    client: Client, run: EvaluationRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.force_login(personas.max_())
    page = reverse("run_detail", args=[run.public_id])
    monkeypatch.setattr(runs, "queue_pairs", fail)
    work_all()
    run.refresh_from_db()
    assert (run.state, run.finish_attempts) == (EvaluationRun.State.RUNNING, 1)
    assert "will be tried again: LookupError: The pairs are gone." in client.get(page).content.decode()
    for _ in range(2):
        finishing.finish_owner(run.pk, None)
    run.refresh_from_db()
    assert run.state == EvaluationRun.State.FAILED
    assert work.unfinished() == ([], [])
    text = client.get(page).content.decode()
    assert "failed 3 times" in text
    assert "Go on with it" in text
    assert "every 2s" not in text


def test_a_run_that_was_given_up_goes_on_when_the_cause_is_mended(
    run: EvaluationRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(runs, "queue_pairs", fail)
        work_all()
        for _ in range(2):
            finishing.finish_owner(run.pk, None)
    resume_run(run, by=None)
    assert work.unfinished() == ([run.pk], [])
    finishing.finish_owner(run.pk, None)
    run.refresh_from_db()
    assert (run.state, run.error, run.finish_attempts) == (EvaluationRun.State.FINISHED, "", 0)


def test_an_index_whose_build_fails_three_times_is_given_up_and_can_go_on(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = embed_corpus(world.corpus, world.embedder, by=None)
    with monkeypatch.context() as broken:
        broken.setattr(corpus_build, "build", fail)
        work_all()
        for _ in range(2):
            finishing.finish_owner(None, index.pk)
    index.refresh_from_db()
    assert index.state == CorpusIndex.State.FAILED
    assert "failed 3 times" in index.error
    embed_corpus(world.corpus, world.embedder, by=None)
    finishing.finish_owner(None, index.pk)
    index.refresh_from_db()
    assert (index.state, index.error) == (CorpusIndex.State.READY, "")


@pytest.mark.django_db(transaction=True)
def test_an_index_that_the_engine_lost_is_built_again(ready: World) -> None:
    index = CorpusIndex.objects.get()
    retriever(index.engine).drop(index.version)
    assert embed_corpus(ready.corpus, ready.embedder, by=None).state == CorpusIndex.State.RUNNING
    assert not WorkChunk.objects.exclude(state=WorkChunk.State.DONE).exists(), "its codes are still there"
    finishing.finish_owner(None, index.pk)
    assert index.version in retriever(index.engine).versions()
    assert embed_corpus(ready.corpus, ready.embedder, by=None).state == CorpusIndex.State.READY
