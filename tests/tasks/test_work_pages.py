"""The labeler's pages as a browser without scripts sees them, and the forms behind them."""

import re
import uuid
from collections.abc import Callable, Iterator

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from labelapp.people.models import User
from labelapp.tasks import queue
from labelapp.tasks.errors import QueueBusy
from labelapp.tasks.gates import register_gate, unregister_gate
from labelapp.tasks.models import Draft, Label, Project, Skip, Slot
from labelapp.tasks.projects import change_state
from labelapp.tasks.states import Nothing, QueueState
from labelapp.tasks.types.relevance.payload import product_ids
from tests.tasks.steps import claimed, expire, grades_of, send

JSON = {"Accept": "application/json"}


@pytest.fixture
def as_lena(client: Client, lena: User) -> Client:
    client.force_login(lena)
    return client


def posted(slot: Slot, grade: int = 3, **fields: str) -> dict[str, str]:
    grades = {f"grade-{name}": str(value) for name, value in grades_of(slot, grade)["grades"].items()}
    travelling = {"lease_token": str(slot.lease_token), "client_uuid": str(uuid.uuid4()), "seconds": "2.5"}
    return grades | travelling | fields


def address(slot: Slot, verb: str) -> str:
    return f"/work/slots/{slot.public_id}/{verb}/"


def test_the_list_shows_what_waits(as_lena: Client, lena: User, project: Project) -> None:
    send(lena, claimed(lena, project))
    page = as_lena.get("/work/")
    assert f'href="/work/{project.slug}/"' in page.text
    assert "2 waiting · 1 sent today" in page.text


def test_the_list_of_a_labeler_without_projects_says_how_to_get_one(as_lena: Client) -> None:
    assert "No project asks for you yet" in as_lena.get("/work/").text


def test_closed_projects_leave_the_list(as_lena: Client, eva: User, project: Project) -> None:
    change_state(project, Project.State.CLOSED, by=eva)
    assert project.name not in as_lena.get("/work/").text


def test_the_page_claims_a_task_and_resumes_it(as_lena: Client, project: Project) -> None:
    first = as_lena.get(f"/work/{project.slug}/")
    slot = Slot.objects.get(state=Slot.State.CLAIMED)
    assert f'data-slot="{slot.public_id}"' in first.text
    assert f'data-slot="{slot.public_id}"' in as_lena.get(f"/work/{project.slug}/").text
    assert "no-store" in first.headers["Cache-Control"]


@pytest.mark.parametrize("name", ["Sec-Purpose", "Purpose"])
def test_a_page_fetched_ahead_takes_no_task(as_lena: Client, project: Project, name: str) -> None:
    response = as_lena.get(f"/work/{project.slug}/", headers={name: "prefetch;prerender"})
    assert response.status_code == 503
    assert as_lena.head(f"/work/{project.slug}/").status_code == 200
    assert not Slot.objects.filter(state=Slot.State.CLAIMED).exists()


def test_sending_the_form_leads_to_the_next_task(as_lena: Client, lena: User, project: Project) -> None:
    slot = claimed(lena, project)
    response = as_lena.post(address(slot, "submit"), posted(slot))
    assert (response.status_code, response.headers["Location"]) == (302, f"/work/{project.slug}/")
    assert Label.objects.get().answer == grades_of(slot, 3)


def test_an_incomplete_form_comes_back_with_what_was_chosen(
    as_lena: Client, lena: User, project: Project
) -> None:
    slot = claimed(lena, project)
    fields = posted(slot)
    missing = next(name for name in fields if name.startswith("grade-"))
    del fields[missing]
    page = as_lena.post(address(slot, "submit"), fields)
    assert page.status_code == 422
    assert "has no grade yet" in page.text
    assert len(re.findall(r"value=\"3\"[^>]* checked", page.text)) == 1
    assert not Label.objects.exists()


def test_a_nonsense_form_comes_back_empty(as_lena: Client, lena: User, project: Project) -> None:
    slot = claimed(lena, project)
    page = as_lena.post(address(slot, "submit"), posted(slot) | {"grade-nobody": "9"})
    assert page.status_code == 422
    assert " checked" not in page.text


@pytest.mark.parametrize(
    ("field", "value"), [("lease_token", "x"), ("client_uuid", ""), ("seconds", "nan"), ("seconds", "-3")]
)
def test_a_malformed_envelope_is_refused_in_the_background_with_the_field(
    as_lena: Client, lena: User, project: Project, field: str, value: str
) -> None:
    slot = claimed(lena, project)
    response = as_lena.post(address(slot, "submit"), posted(slot) | {field: value}, headers=JSON)
    assert (response.status_code, response.json()["field"]) == (422, field)


def test_background_sends_tell_counted_replayed_and_surplus_apart(
    as_lena: Client, lena: User, project: Project
) -> None:
    slot = claimed(lena, project)
    fields = posted(slot)
    answers = [as_lena.post(address(slot, "submit"), fields, headers=JSON) for _ in range(2)]
    other = as_lena.post(address(slot, "submit"), posted(slot), headers=JSON)
    codes = [(answer.status_code, answer.json()["code"]) for answer in [*answers, other]]
    assert codes == [(201, "counted"), (200, "replayed"), (409, "surplus")]


def test_a_late_form_says_that_the_answer_is_kept(
    as_lena: Client, lena: User, liam: User, new_project: Callable[..., Project]
) -> None:
    project = new_project(tasks=1)
    slot = claimed(lena, project)
    expire(slot)
    claimed(liam, project)
    page = as_lena.post(address(slot, "submit"), posted(slot), follow=True)
    assert "Your answer is kept, but it does not count." in page.text
    assert Label.objects.get().is_surplus


def test_a_draft_is_kept_and_shown_again(as_lena: Client, lena: User, project: Project) -> None:
    slot = claimed(lena, project)
    response = as_lena.post(address(slot, "draft"), posted(slot, 4), headers=JSON)
    assert response.status_code == 200
    assert Draft.objects.get().answer == grades_of(slot, 4)
    assert len(re.findall(r"value=\"4\"[^>]* checked", as_lena.get(f"/work/{project.slug}/").text)) == 2


def test_a_task_is_skipped_or_returned_by_a_form(as_lena: Client, lena: User, project: Project) -> None:
    slot = claimed(lena, project)
    form = {"lease_token": str(slot.lease_token), "reason": "unclear", "comment": "two lamps"}
    assert as_lena.post(address(slot, "skip"), form).status_code == 302
    assert Skip.objects.get().comment == "two lamps"
    other = claimed(lena, project)
    form = {"lease_token": str(other.lease_token)}
    assert as_lena.post(address(other, "return"), form).status_code == 302
    assert not Slot.objects.filter(state=Slot.State.CLAIMED).exists()


def test_a_lease_is_renewed_by_a_form(as_lena: Client, lena: User, project: Project) -> None:
    slot = claimed(lena, project)
    form = {"lease_token": str(slot.lease_token)}
    assert as_lena.post(address(slot, "renew"), form, headers=JSON).status_code == 200
    wrong = {"lease_token": str(uuid.uuid4())}
    assert as_lena.post(address(slot, "renew"), wrong, headers=JSON).json()["code"] == "lease_lost"


def test_the_next_fragment_is_another_task_or_says_why_not(
    as_lena: Client, lena: User, new_project: Callable[..., Project]
) -> None:
    project = new_project(tasks=2)
    first = claimed(lena, project)
    fragment = as_lena.post(f"/work/{project.slug}/next/", {"holding": [str(first.lease_token)]})
    assert f'data-slot="{first.public_id}"' not in fragment.text
    assert "data-slot=" in fragment.text
    held = [str(token) for token in Slot.objects.values_list("lease_token", flat=True)]
    full = as_lena.post(f"/work/{project.slug}/next/", {"holding": held})
    assert full.headers["X-Queue-State"] == "full"
    assert 'data-queue-state="full"' in full.text


def test_a_malformed_holding_is_refused(as_lena: Client, project: Project) -> None:
    assert as_lena.post(f"/work/{project.slug}/next/", {"holding": "x"}).status_code == 422


def test_a_busy_queue_says_that_nothing_is_lost(
    as_lena: Client, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(*args: object, **kwargs: object) -> None:
        raise QueueBusy("The queue is busy. Nothing is lost.")

    monkeypatch.setattr(queue, "claim", busy)
    page = as_lena.get(f"/work/{project.slug}/")
    assert page.status_code == 503
    assert "Nothing is lost" in page.text


@pytest.fixture
def gate() -> Iterator[None]:
    def closed(user: User, project: Project) -> Nothing:
        return Nothing(QueueState.GUIDE)

    register_gate(closed)
    yield
    unregister_gate(closed)


def test_a_closed_gate_says_so(as_lena: Client, project: Project, gate: None) -> None:
    assert "There is a new guide to read" in as_lena.get(f"/work/{project.slug}/").text


@pytest.mark.parametrize(
    ("state", "words"), [(Project.State.PAUSED, "Paused"), (Project.State.CLOSED, "All done here")]
)
def test_a_stopped_project_says_so(
    as_lena: Client, eva: User, project: Project, state: Project.State, words: str
) -> None:
    change_state(project, state, by=eva)
    assert words in as_lena.get(f"/work/{project.slug}/").text


def test_whoever_is_in_no_pool_is_told(client: Client, eva: User, project: Project) -> None:
    client.force_login(eva)
    assert "Not for you yet" in client.get(f"/work/{project.slug}/").text


def test_outsiders_and_guests_are_refused(client: Client, olga: User, project: Project) -> None:
    for path in ("/work/", f"/work/{project.slug}/"):
        assert client.get(path).headers["Location"].startswith("/sign-in/")
    client.force_login(olga)
    for path in ("/work/", f"/work/{project.slug}/"):
        assert client.get(path).status_code == 403
    assert client.post(f"/work/{project.slug}/next/").status_code == 403


@pytest.mark.parametrize("verb", ["submit", "draft", "renew", "skip", "return"])
def test_slots_of_others_are_not_found(
    client: Client, lena: User, liam: User, olga: User, project: Project, verb: str
) -> None:
    slot = claimed(lena, project)
    client.force_login(liam)
    assert client.post(address(slot, verb), posted(slot)).status_code == 404
    client.force_login(olga)
    assert client.post(address(slot, verb), posted(slot)).status_code == 403
    client.force_login(lena)
    assert client.get(address(slot, verb)).status_code == 405


def test_a_project_of_another_pool_is_not_found(as_lena: Client, lena: User, project: Project) -> None:
    lena.memberships.all().delete()
    assert as_lena.get(f"/work/{project.slug}/").status_code == 404


def test_a_form_of_someone_else_at_the_same_browser_is_refused(
    as_lena: Client, lena: User, liam: User, project: Project
) -> None:
    slot = claimed(lena, project)
    headers = JSON | {"X-Work-User": str(liam.public_id)}
    refused = as_lena.post(address(slot, "submit"), posted(slot), headers=headers)
    assert (refused.status_code, refused.json()["code"]) == (403, "other_user")
    assert as_lena.post(f"/work/{project.slug}/next/", headers=headers).status_code == 403
    assert not Label.objects.exists()


def test_page_and_fragment_give_away_nothing(
    as_lena: Client, lena: User, new_project: Callable[..., Project]
) -> None:
    with connection.cursor() as cursor:
        # A product's number below must not be found where a width on the page happens to equal it.
        cursor.execute("SELECT setval(pg_get_serial_sequence('catalog_product', 'id'), 7000000)")
    project = new_project()
    page = as_lena.get(f"/work/{project.slug}/")
    stage = page.text[page.text.index("<task-queue") : page.text.index("</task-queue>")]
    fragment = as_lena.post(f"/work/{project.slug}/next/")
    for text in (stage, fragment.text, str(page.headers), str(fragment.headers)):
        assert not re.search(r"system|model|\brank|distance|score|embed|detector|golden|purpose", text, re.I)
    payload = Slot.objects.select_related("task").get(state="claimed").task.payload
    assert not [pk for pk in product_ids(payload) if re.search(rf"[\"'=/]{pk}[\"'/&]", stage)]


def test_the_work_page_takes_the_same_statements_whatever_the_size(
    as_lena: Client, new_project: Callable[..., Project]
) -> None:
    counts = []
    for tasks in (3, 40):
        project = new_project(tasks=tasks)
        with CaptureQueriesContext(connection) as queries:
            as_lena.get(f"/work/{project.slug}/")
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[0] <= 24
