"""The verbs, one labeler at a time or a few in turn."""

import uuid
from collections.abc import Callable, Iterator

import pytest
from django.db import IntegrityError, transaction

from labelapp.people.models import User
from labelapp.tasks.errors import LeaseLost
from labelapp.tasks.gates import register_gate, unregister_gate
from labelapp.tasks.leases import sweep_leases
from labelapp.tasks.models import Draft, Lapse, Project, Skip, Slot
from labelapp.tasks.projects import change_state
from labelapp.tasks.queue import draft_for, give_back, renew, save_draft, skip
from labelapp.tasks.states import Nothing, QueueState
from tests.tasks.steps import claimed, expire, nothing, send, token


def test_a_claim_leases_an_open_slot(lena: User, project: Project) -> None:
    slot = claimed(lena, project)
    assert slot.state == Slot.State.CLAIMED
    assert slot.claimed_by == lena
    assert slot.lease_until is not None


def test_claiming_again_resumes_the_same_task(lena: User, project: Project) -> None:
    first = claimed(lena, project)
    again = claimed(lena, project)
    assert (again.pk, again.lease_token) == (first.pk, first.lease_token)


def test_the_next_task_can_be_fetched_ahead(lena: User, project: Project) -> None:
    first = claimed(lena, project)
    assert claimed(lena, project, first).pk != first.pk


def test_a_third_task_is_refused_while_two_are_held(lena: User, project: Project) -> None:
    first = claimed(lena, project)
    second = claimed(lena, project, first)
    assert nothing(lena, project, first, second).state == QueueState.FULL


def test_two_labelers_get_different_tasks(lena: User, liam: User, project: Project) -> None:
    assert claimed(lena, project).task_id != claimed(liam, project).task_id


def test_overlap_asks_two_labelers_the_same_task_and_nobody_twice(
    lena: User, liam: User, new_project: Callable[..., Project]
) -> None:
    project = new_project(tasks=1, overlap=2)
    send(lena, claimed(lena, project))
    assert nothing(lena, project).state == QueueState.DONE
    send(liam, claimed(liam, project))
    assert Slot.objects.filter(state=Slot.State.DONE).count() == 2


def test_first_answers_come_before_second_ones(lena: User, new_project: Callable[..., Project]) -> None:
    project = new_project(tasks=5, overlap=2)
    for _ in range(5):
        slot = claimed(lena, project)
        assert slot.slot_no == 1
        send(lena, slot)


def test_a_renewed_lease_ends_later(lena: User, project: Project) -> None:
    slot = claimed(lena, project)
    before = slot.lease_until
    renewed = renew(slot, by=lena, token=token(slot))
    assert before is not None
    assert renewed.lease_until is not None
    assert renewed.lease_until > before


def test_a_lapsed_lease_is_had_back_while_the_slot_is_open(lena: User, project: Project) -> None:
    slot = claimed(lena, project)
    expire(slot)
    assert renew(slot, by=lena, token=token(slot)).state == Slot.State.CLAIMED
    assert not Lapse.objects.exists()


def test_a_lapsed_lease_is_lost_when_another_labeler_took_the_slot(
    lena: User, liam: User, new_project: Callable[..., Project]
) -> None:
    project = new_project(tasks=1)
    slot = claimed(lena, project)
    expire(slot)
    claimed(liam, project)
    with pytest.raises(LeaseLost, match="someone else"):
        renew(slot, by=lena, token=token(slot))


def test_a_lapsed_lease_is_not_had_back_beyond_two(lena: User, project: Project) -> None:
    slot = claimed(lena, project)
    expire(slot)
    Slot.objects.filter(pk=slot.pk).update(rank=99)
    first = claimed(lena, project)
    claimed(lena, project, first)
    with pytest.raises(LeaseLost):
        renew(slot, by=lena, token=token(slot))


def test_a_lapsed_lease_is_not_had_back_for_a_task_held_in_another_slot(
    lena: User, new_project: Callable[..., Project]
) -> None:
    project = new_project(tasks=1, overlap=2)
    slot = claimed(lena, project)
    expire(slot)
    Slot.objects.filter(pk=slot.pk).update(rank=99)
    claimed(lena, project)
    with pytest.raises(LeaseLost, match="another window"):
        renew(slot, by=lena, token=token(slot))


def test_an_unexpired_lease_is_not_swept(lena: User, project: Project) -> None:
    claimed(lena, project)
    assert sweep_leases() == 0


def test_the_sweeper_works_in_batches(lena: User, liam: User, new_project: Callable[..., Project]) -> None:
    project = new_project(tasks=4)
    for user in (lena, liam):
        claimed(user, project, claimed(user, project))
    Slot.objects.update(lease_until="2020-01-01T00:00Z")
    assert sweep_leases(batch=3) == 4
    assert Lapse.objects.filter(cause=Lapse.Cause.EXPIRED).count() == 4


def test_a_draft_comes_back_with_the_task(lena: User, project: Project) -> None:
    slot = claimed(lena, project)
    save_draft(slot, {"grades": {"a": 1}}, by=lena, token=token(slot))
    save_draft(slot, {"grades": {"a": 2}}, by=lena, token=token(slot))
    draft = draft_for(claimed(lena, project), lena)
    assert draft is not None
    assert draft.answer == {"grades": {"a": 2}}


def test_a_draft_comes_back_also_in_another_slot_of_the_task(
    lena: User, new_project: Callable[..., Project]
) -> None:
    project = new_project(tasks=1, overlap=2)
    slot = claimed(lena, project)
    save_draft(slot, {"grades": {}}, by=lena, token=token(slot))
    expire(slot)
    Slot.objects.filter(pk=slot.pk).update(rank=99)
    other = claimed(lena, project)
    assert other.pk != slot.pk
    assert draft_for(other, lena) is not None


def test_drafts_of_others_stay_unseen(lena: User, liam: User, new_project: Callable[..., Project]) -> None:
    project = new_project(tasks=1)
    slot = claimed(lena, project)
    save_draft(slot, {"grades": {}}, by=lena, token=token(slot))
    expire(slot)
    assert draft_for(claimed(liam, project), liam) is None


def test_sending_an_answer_clears_its_draft(lena: User, project: Project) -> None:
    slot = claimed(lena, project)
    save_draft(slot, {"grades": {}}, by=lena, token=token(slot))
    send(lena, slot)
    assert not Draft.objects.exists()


def test_a_skipped_task_goes_to_others_and_does_not_come_back(
    lena: User, liam: User, new_project: Callable[..., Project]
) -> None:
    project = new_project(tasks=1)
    slot = claimed(lena, project)
    for _ in range(2):
        skip(slot, Skip.Reason.BROKEN, by=lena, token=token(slot), comment="grey square")
    assert Skip.objects.get().comment == "grey square"
    assert nothing(lena, project).state == QueueState.DONE
    assert claimed(liam, project).task_id == slot.task_id


def test_a_returned_task_may_come_again_with_its_draft(
    lena: User, new_project: Callable[..., Project]
) -> None:
    project = new_project(tasks=1)
    slot = claimed(lena, project)
    save_draft(slot, {"grades": {}}, by=lena, token=token(slot))
    for _ in range(2):
        give_back(slot, by=lena, token=token(slot))
    again = claimed(lena, project)
    assert again.task_id == slot.task_id
    assert draft_for(again, lena) is not None


def test_a_returned_task_is_not_had_back_by_renewing(lena: User, project: Project) -> None:
    slot = claimed(lena, project)
    give_back(slot, by=lena, token=token(slot))
    with pytest.raises(LeaseLost):
        renew(slot, by=lena, token=token(slot))


@pytest.mark.parametrize("verb", ["renew", "draft", "skip", "return"])
def test_no_verb_takes_a_wrong_token(lena: User, project: Project, verb: str) -> None:
    slot = claimed(lena, project)
    verbs: dict[str, Callable[[uuid.UUID], object]] = {
        "renew": lambda token: renew(slot, by=lena, token=token),
        "draft": lambda token: save_draft(slot, {}, by=lena, token=token),
        "skip": lambda token: skip(slot, Skip.Reason.OTHER, by=lena, token=token),
        "return": lambda token: give_back(slot, by=lena, token=token),
    }
    with pytest.raises(LeaseLost):
        verbs[verb](uuid.uuid4())
    slot.refresh_from_db()
    assert slot.state == Slot.State.CLAIMED


def test_nothing_left_says_done(lena: User, new_project: Callable[..., Project]) -> None:
    assert nothing(lena, new_project(tasks=0)) == Nothing(QueueState.DONE)


def test_what_others_hold_says_when_to_come_back(
    lena: User, liam: User, new_project: Callable[..., Project]
) -> None:
    project = new_project(tasks=1)
    slot = claimed(lena, project)
    assert nothing(liam, project) == Nothing(QueueState.LEASED, slot.lease_until)


def test_a_paused_project_says_so_and_a_resumed_one_goes_on(lena: User, eva: User, project: Project) -> None:
    change_state(project, Project.State.PAUSED, by=eva)
    assert nothing(lena, project).state == QueueState.PAUSED
    change_state(project, Project.State.ACTIVE, by=eva)
    claimed(lena, project)


def test_a_closed_project_has_nothing(lena: User, eva: User, project: Project) -> None:
    change_state(project, Project.State.CLOSED, by=eva)
    assert nothing(lena, project).state == QueueState.DONE


def test_whoever_is_in_none_of_the_pools_is_unqualified(eva: User, project: Project) -> None:
    assert nothing(eva, project).state == QueueState.UNQUALIFIED


def test_whoever_left_the_pool_is_unqualified(lena: User, project: Project) -> None:
    membership = lena.memberships.get()
    membership.until = membership.since
    membership.save()
    assert nothing(lena, project).state == QueueState.UNQUALIFIED


@pytest.fixture(params=[QueueState.GUIDE, QueueState.UNQUALIFIED])
def gate(request: pytest.FixtureRequest) -> Iterator[QueueState]:
    def closed(user: User, project: Project) -> Nothing:
        return Nothing(request.param)

    register_gate(closed)
    register_gate(closed)
    yield request.param
    unregister_gate(closed)


def test_a_closed_gate_stops_new_claims(lena: User, project: Project, gate: QueueState) -> None:
    assert nothing(lena, project).state == gate


def test_the_database_refuses_one_labeler_two_slots_of_a_task(
    lena: User, new_project: Callable[..., Project]
) -> None:
    project = new_project(tasks=1, overlap=2)
    slot = claimed(lena, project)
    other = Slot.objects.exclude(pk=slot.pk).get()
    other.state, other.claimed_by = slot.state, lena
    other.lease_until, other.lease_token = slot.lease_until, uuid.uuid4()
    with pytest.raises(IntegrityError, match="slot_labeler_once_per_ask"), transaction.atomic():
        other.save()


def test_claims_take_the_same_few_statements_whatever_the_size(
    lena: User,
    new_project: Callable[..., Project],
    django_assert_num_queries: Callable[[int], object],
) -> None:
    for tasks in (1, 60):
        project = new_project(tasks=tasks)
        # savepoint, lock timeout, my pools, my claims, savepoint, the claim, release, its task, release
        with django_assert_num_queries(9):  # type: ignore[attr-defined]
            claimed(lena, project)
