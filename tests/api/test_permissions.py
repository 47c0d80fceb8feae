"""Who the REST interface lets work: the roles of the labeling pages, whatever pool somebody is in."""

from collections.abc import Callable
from typing import Any

import pytest

from labelapp.people.models import User
from labelapp.tasks.models import Label, Project, Slot
from tests.api.conftest import Call
from tests.api.steps import error_of, submission

SLOT_VERBS = ["renew", "draft", "skip", "return", "submit"]


def test_outsiders_may_not_claim_and_learn_of_no_project(
    call_as: Callable[[User], Call], olga: User, project: Project
) -> None:
    as_olga = call_as(olga)
    known = error_of(as_olga(f"projects/{project.slug}/claim"), 403)
    assert known == error_of(as_olga("projects/nowhere/claim"), 403)
    assert known["code"] == "permission_denied"


@pytest.mark.parametrize("verb", SLOT_VERBS)
def test_outsiders_are_refused_by_every_verb(
    call_as: Callable[[User], Call], olga: User, claimed: dict[str, Any], verb: str
) -> None:
    error_of(call_as(olga)(f"slots/{claimed['slot']}/{verb}", **submission(claimed)), 403)


def test_who_lost_the_role_but_not_the_pool_may_not_claim(call: Call, lena: User, project: Project) -> None:
    lena.roles.all().delete()
    error = error_of(call(f"projects/{project.slug}/claim"), 403)
    assert "role of a labeler" in error["message"]
    assert not Slot.objects.filter(state="claimed").exists()


@pytest.mark.parametrize("verb", SLOT_VERBS)
def test_who_lost_the_role_may_do_nothing_with_a_task_in_hand(
    call: Call, lena: User, claimed: dict[str, Any], verb: str
) -> None:
    lena.roles.all().delete()
    error_of(call(f"slots/{claimed['slot']}/{verb}", **submission(claimed, reason="other")), 403)
    assert Slot.objects.get(public_id=claimed["slot"]).state == "claimed"
    assert not Label.objects.exists()
