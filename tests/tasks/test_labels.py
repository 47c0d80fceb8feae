"""Answers are taken in once each, and none is lost."""

import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from labelapp.guides.publishing import publish
from labelapp.people.models import User
from labelapp.tasks.errors import LeaseLost, UuidReused
from labelapp.tasks.labels import Envelope, Outcome, submit
from labelapp.tasks.models import Label, Project, Skip, Slot
from labelapp.tasks.projects import change_state
from labelapp.tasks.queue import give_back, skip
from labelapp.tasks.signals import label_submitted
from labelapp.tasks.states import QueueState
from labelapp.tasks.types.registry import InvalidAnswer, get_task_type
from tests.tasks.steps import claimed, expire, grades_of, nothing, send, token


@pytest.fixture
def news() -> Iterator[list[Label]]:
    """Labels that the signal brought."""
    heard: list[Label] = []

    def hear(sender: object, label: Label, **rest: Any) -> None:
        assert not transaction.get_autocommit()
        heard.append(label)

    label_submitted.connect(hear)
    yield heard
    label_submitted.disconnect(hear)


def test_a_sent_answer_is_stored_with_all_that_belongs_to_it(
    lena: User, project: Project, news: list[Label]
) -> None:
    slot = claimed(lena, project)
    sent = send(lena, slot, grade=4)
    label = Label.objects.get()
    assert sent.outcome == Outcome.COUNTED
    assert label.answer == grades_of(slot, 4)
    assert (label.labeler, label.pool, label.task, label.slot) == (lena, slot.pool, slot.task, slot)
    assert (label.seconds, label.question_version) == (12.5, 1)
    assert label.guide_version == project.guide_version()
    assert news == [label]
    slot.refresh_from_db()
    assert slot.state == Slot.State.DONE


def test_the_same_submit_twice_is_one_label(lena: User, project: Project, news: list[Label]) -> None:
    slot = claimed(lena, project)
    again = uuid.uuid4()
    first = send(lena, slot, client_uuid=again)
    second = send(lena, slot, client_uuid=again)
    assert (first.outcome, second.outcome) == (Outcome.COUNTED, Outcome.REPLAYED)
    assert first.label == second.label
    assert len(news) == 1


def test_a_second_window_does_not_answer_twice(lena: User, project: Project, news: list[Label]) -> None:
    slot = claimed(lena, project)
    send(lena, slot, grade=4)
    second = send(lena, slot, grade=1)
    assert second.outcome == Outcome.SURPLUS
    assert second.label.is_surplus
    assert len(news) == 1


def test_a_late_answer_counts_while_nobody_else_has_the_slot(lena: User, project: Project) -> None:
    slot = claimed(lena, project)
    expire(slot)
    assert send(lena, slot).outcome == Outcome.COUNTED


def test_a_late_answer_is_kept_as_surplus_when_another_has_the_slot(
    lena: User, liam: User, new_project: Callable[..., Project], news: list[Label]
) -> None:
    project = new_project(tasks=1)
    late = claimed(lena, project)
    expire(late)
    taken = claimed(liam, project)
    client_uuid = uuid.uuid4()
    assert send(lena, late, grade=0, client_uuid=client_uuid).outcome == Outcome.SURPLUS
    assert send(lena, late, grade=0, client_uuid=client_uuid).outcome == Outcome.SURPLUS
    assert send(liam, taken, grade=4).outcome == Outcome.COUNTED
    assert [label.labeler for label in news] == [liam]
    assert Label.objects.filter(is_surplus=True).get().labeler == lena


def test_whoever_sent_a_late_answer_is_not_asked_again(
    lena: User, liam: User, new_project: Callable[..., Project]
) -> None:
    project = new_project(tasks=1)
    late = claimed(lena, project)
    expire(late)
    taken = claimed(liam, project)
    send(lena, late)
    give_back(taken, by=liam, token=taken.lease_token or uuid.uuid4())
    assert nothing(lena, project).state == QueueState.DONE


def test_a_late_answer_does_not_count_beside_another_slot_of_the_same_task(
    lena: User, new_project: Callable[..., Project]
) -> None:
    project = new_project(tasks=1, overlap=2)
    late = claimed(lena, project)
    expire(late)
    Slot.objects.filter(pk=late.pk).update(rank=99)
    other = claimed(lena, project)
    assert other.pk != late.pk
    assert send(lena, late).outcome == Outcome.SURPLUS
    assert send(lena, other).outcome == Outcome.COUNTED
    assert send(lena, late).outcome == Outcome.SURPLUS


def test_an_answer_after_a_skip_is_kept_but_does_not_count(lena: User, project: Project) -> None:
    slot = claimed(lena, project)
    assert slot.lease_token is not None
    skip(slot, Skip.Reason.OTHER, by=lena, token=slot.lease_token)
    assert send(lena, slot).outcome == Outcome.SURPLUS


def test_a_paused_project_still_takes_what_is_under_way(lena: User, eva: User, project: Project) -> None:
    slot = claimed(lena, project)
    change_state(project, Project.State.CLOSED, by=eva)
    assert send(lena, slot).outcome == Outcome.COUNTED


def test_an_unknown_token_is_refused(lena: User, project: Project) -> None:
    slot = claimed(lena, project)
    slot.lease_token = uuid.uuid4()
    with pytest.raises(LeaseLost):
        send(lena, slot)
    assert not Label.objects.exists()


def test_a_token_of_another_labeler_is_refused(lena: User, liam: User, project: Project) -> None:
    slot = claimed(lena, project)
    with pytest.raises(LeaseLost):
        send(liam, slot)


def test_a_client_uuid_serves_one_answer_only(lena: User, liam: User, project: Project) -> None:
    client_uuid = uuid.uuid4()
    send(lena, claimed(lena, project), client_uuid=client_uuid)
    for user in (lena, liam):
        with pytest.raises(UuidReused):
            send(user, claimed(user, project), client_uuid=client_uuid)


def test_a_label_names_the_guide_version_that_stood_at_the_claim(lena: User, project: Project) -> None:
    before = project.guide_version()
    slot = claimed(lena, project)
    publish(project.guide, "# Guide\n\nGrade with more care.", by=None)
    send(lena, slot)
    send(lena, claimed(lena, project))
    assert [label.guide_version.number for label in Label.objects.order_by("pk")] == [before.number, 2]


def test_what_a_receiver_raises_undoes_the_submit(lena: User, project: Project) -> None:
    def refuse(sender: object, **rest: Any) -> None:
        raise DatabaseError("no room")

    slot = claimed(lena, project)
    label_submitted.connect(refuse)
    try:
        with pytest.raises(DatabaseError, match="no room"):
            send(lena, slot)
    finally:
        label_submitted.disconnect(refuse)
    slot.refresh_from_db()
    assert slot.state == Slot.State.CLAIMED
    assert not Label.objects.exists()


def test_labels_cannot_be_changed(lena: User, project: Project) -> None:
    label = send(lena, claimed(lena, project)).label
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        Label.objects.filter(pk=label.pk).update(seconds=1)


GOOD = {"lease_token": str(uuid.uuid4()), "client_uuid": str(uuid.uuid4()), "seconds": 3}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("lease_token", None),
        ("lease_token", "no uuid"),
        ("lease_token", 17),
        ("client_uuid", ["x"]),
        ("client_uuid", "x" * 100_000),
        ("seconds", None),
        ("seconds", -1),
        ("seconds", float("nan")),
        ("seconds", float("inf")),
        ("seconds", "long"),
        ("seconds", True),
        ("seconds", 10**400),
        ("seconds", {}),
    ],
)
def test_a_malformed_envelope_is_refused_with_the_field(field: str, value: object) -> None:
    with pytest.raises(InvalidAnswer) as refused:
        Envelope.from_data(GOOD | {field: value})
    assert refused.value.field == field


def test_submits_take_a_few_statements(
    lena: User, project: Project, django_assert_num_queries: Callable[[int], object]
) -> None:
    slot = claimed(lena, project)
    # the candidates, twice; then savepoint, lock timeout, slot, client uuid, finish, guide version,
    # savepoint, label, release, draft, the evaluations' event row, release
    with django_assert_num_queries(14):  # type: ignore[attr-defined]
        send(lena, slot)


def test_another_constraint_is_not_blamed_on_the_uuid(lena: User, project: Project) -> None:
    slot = claimed(lena, project)
    answer = get_task_type("relevance").answer_from_json(slot.task.payload, grades_of(slot))
    broken = Envelope(lease_token=token(slot), client_uuid=uuid.uuid4(), seconds=-1.0)
    with pytest.raises(IntegrityError, match="label_seconds_not_negative"):
        submit(slot, answer, by=lena, envelope=broken)
    assert not Label.objects.exists()
