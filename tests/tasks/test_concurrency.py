"""Many clients at once on real connections: claims, lapses, kills and resubmits in random order."""

import random
import threading
import uuid
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.db.models import Count

from labelapp.people.models import Role, User
from labelapp.tasks.errors import LeaseLost, QueueBusy
from labelapp.tasks.labels import Outcome
from labelapp.tasks.leases import locked, short_transaction, sweep_leases
from labelapp.tasks.models import Label, Project, Skip, Slot, Task
from labelapp.tasks.queue import claim, give_back, renew, skip
from labelapp.tasks.states import Nothing, QueueState
from tests import personas
from tests.tasks.steps import claimed, send, token

CLIENTS = 24
LABELERS = 8

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def labelers(transactional_db: None) -> list[User]:
    return [personas.person(f"labeler-{n}", Role.Name.LABELER, pool="in_house") for n in range(LABELERS)]


def at_once(*calls: Callable[[], object]) -> list[object]:
    """Run each call in a thread of its own, all released together; raise what any raised."""
    barrier = threading.Barrier(len(calls))

    def run(call: Callable[[], object]) -> object:
        try:
            connection.ensure_connection()
            barrier.wait()
            return call()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return [future.result() for future in [pool.submit(run, call) for call in calls]]


class Client:
    """One browser window of a labeler, which does foolish things at random."""

    def __init__(self, user: User, project: Project, seed: int) -> None:
        self.user, self.project = user, project
        self.random = random.Random(seed)
        self.sent: list[uuid.UUID] = []

    def work(self) -> None:
        for _ in range(400):
            slot = claim(self.user, self.project)
            if isinstance(slot, Nothing):
                if slot.state == QueueState.DONE:
                    return
                sweep_leases()
            else:
                self.act(slot)
        pytest.fail("the work never ended")

    def act(self, slot: Slot) -> None:
        deed = self.random.choices(
            [self.answer, self.answer_twice, self.answer_late, self.vanish, self.let_go, self.stay],
            weights=[8, 2, 2, 1, 1, 1],
        )[0]
        try:
            deed(slot)
        except (LeaseLost, QueueBusy):
            return

    def answer(self, slot: Slot, client_uuid: uuid.UUID | None = None) -> None:
        client_uuid = client_uuid or uuid.uuid4()
        send(self.user, slot, client_uuid=client_uuid)
        self.sent.append(client_uuid)

    def answer_twice(self, slot: Slot) -> None:
        client_uuid = uuid.uuid4()
        self.answer(slot, client_uuid)
        send(self.user, slot, client_uuid=client_uuid)

    def answer_late(self, slot: Slot) -> None:
        self.vanish(slot)
        self.answer(slot)

    def vanish(self, slot: Slot) -> None:
        Slot.objects.filter(pk=slot.pk, state="claimed", lease_token=slot.lease_token).update(
            lease_until="2020-01-01T00:00Z"
        )
        sweep_leases()

    def let_go(self, slot: Slot) -> None:
        give_back(slot, by=self.user, token=token(slot))

    def stay(self, slot: Slot) -> None:
        renew(slot, by=self.user, token=token(slot))


@pytest.mark.parametrize(("seed", "overlap"), [(1, 1), (2, 2), (3, 3)])
def test_no_task_over_its_overlap_nobody_twice_and_no_answer_lost(
    labelers: list[User], new_project: Callable[..., Project], seed: int, overlap: int
) -> None:
    project = new_project(tasks=24, overlap=overlap, candidates=1)
    clients = [Client(labelers[n % LABELERS], project, seed * 1000 + n) for n in range(CLIENTS)]
    at_once(*(client.work for client in clients))

    counted = Label.objects.filter(is_surplus=False)
    per_task = Counter(counted.values_list("task_id", flat=True))
    assert set(per_task.values()) == {overlap}
    assert len(per_task) == 24
    twice = counted.values("task", "labeler").annotate(times=Count("pk")).filter(times__gt=1)
    assert not twice.exists()
    sent = [client_uuid for client in clients for client_uuid in client.sent]
    assert len(set(sent)) == len(sent)
    assert Label.objects.filter(client_uuid__in=sent).count() == len(sent)
    assert not Slot.objects.exclude(state=Slot.State.DONE).exists()


def test_all_clients_at_one_task_give_it_to_one(
    labelers: list[User], new_project: Callable[..., Project]
) -> None:
    project = new_project(tasks=1)
    got = at_once(*(lambda user=user: claim(user, project) for user in labelers))
    assert sum(isinstance(slot, Slot) for slot in got) == 1


def test_windows_of_one_labeler_never_hold_more_than_two(
    labelers: list[User], new_project: Callable[..., Project]
) -> None:
    project = new_project(tasks=20)
    first = claimed(labelers[0], project)
    at_once(*(lambda: claim(labelers[0], project, holding=[token(first)]) for _ in range(8)))
    assert Slot.objects.filter(claimed_by=labelers[0], state="claimed").count() == 2


def test_the_same_submit_from_many_connections_is_one_label(
    labelers: list[User], new_project: Callable[..., Project]
) -> None:
    slot = claimed(labelers[0], new_project(tasks=1))
    client_uuid = uuid.uuid4()
    got = at_once(*(lambda: send(labelers[0], slot, client_uuid=client_uuid).outcome for _ in range(8)))
    assert Counter(got) == {Outcome.COUNTED: 1, Outcome.REPLAYED: 7}
    assert Label.objects.count() == 1


def test_different_submits_of_two_windows_count_once(
    labelers: list[User], new_project: Callable[..., Project]
) -> None:
    slot = claimed(labelers[0], new_project(tasks=1))
    got = at_once(*(lambda grade=grade: send(labelers[0], slot, grade=grade).outcome for grade in range(5)))
    assert Counter(got) == {Outcome.COUNTED: 1, Outcome.SURPLUS: 4}


def test_a_skip_against_a_submit_has_one_winner(
    labelers: list[User], new_project: Callable[..., Project]
) -> None:
    slot = claimed(labelers[0], new_project(tasks=1))

    def skipping() -> bool:
        try:
            skip(slot, Skip.Reason.OTHER, by=labelers[0], token=token(slot))
        except LeaseLost:
            return False
        return True

    skipped, outcome = at_once(skipping, lambda: send(labelers[0], slot).outcome)
    assert (skipped, outcome) in [(True, Outcome.SURPLUS), (False, Outcome.COUNTED)]
    assert Label.objects.count() == 1


def test_a_lock_that_is_not_to_be_had_says_busy(
    labelers: list[User], new_project: Callable[..., Project]
) -> None:
    slot = claimed(labelers[0], new_project(tasks=1))
    has_lock, tried = threading.Event(), threading.Event()

    def hold() -> None:
        with short_transaction():
            locked(slot)
            has_lock.set()
            tried.wait(timeout=30)

    def try_it() -> None:
        has_lock.wait(timeout=30)
        try:
            with pytest.raises(QueueBusy, match="send it again"):
                send(labelers[0], slot)
        finally:
            tried.set()

    at_once(hold, try_it)
    assert send(labelers[0], slot).outcome == Outcome.COUNTED


def test_tasks_added_twice_at_once_stand_once(new_project: Callable[..., Project]) -> None:
    from labelapp.tasks.projects import NewTask, add_tasks

    project = new_project(tasks=0)
    items = [NewTask({"n": n}, f"{n:064d}") for n in range(200)]
    at_once(*(lambda: add_tasks(project, items, batch=50) for _ in range(4)))
    assert Task.objects.filter(project=project).count() == 200
    assert Slot.objects.filter(project=project).count() == 200
