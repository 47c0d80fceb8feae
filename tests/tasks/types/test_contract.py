"""What every registered task type must do; a new type is tested before its author writes a test."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.http import QueryDict
from django.template.loader import get_template

from labelapp.guides.markdown import to_html
from labelapp.tasks.types.registry import (
    InvalidAnswer,
    TaskType,
    get_task_type,
    task_type_choices,
    task_types,
)
from labelapp.tasks.types.relevance.payload import pictured, relevance_payload
from tests.factories import make_product, make_scene

Sample = tuple[dict[str, Any], dict[str, Any]]


def relevance_sample() -> Sample:
    products = [make_product() for _ in range(5)]
    shown = [pictured(product) for product in products]
    payload = relevance_payload(pictured(make_scene()), (1, 2, 30, 40), shown)
    grades = {str(product.public_id): grade for grade, product in enumerate(products)}
    return payload, {"grades": grades}


# One payload and one good answer per type.
SAMPLES: dict[str, Callable[[], Sample]] = {"relevance": relevance_sample}

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.parametrize("kind", task_types(), ids=lambda kind: kind.name),
]


def test_it_is_known_by_its_name(kind: TaskType) -> None:
    assert get_task_type(kind.name) is kind
    assert (kind.name, kind.label) in task_type_choices()


def test_it_brings_its_page_script_and_style(kind: TaskType) -> None:
    get_template(f"{kind.name}/task.html")
    assert finders.find(f"{kind.name}/{kind.name}.js")
    assert finders.find(f"{kind.name}/{kind.name}.css")


def test_its_lease_lasts_at_least_five_minutes(kind: TaskType) -> None:
    assert kind.lease.total_seconds() >= 300


def test_its_keys_are_unique(kind: TaskType) -> None:
    keys = [key for some, _ in kind.keys for key in some]
    assert len(set(keys)) == len(keys)


def test_its_guide_is_readable(kind: TaskType) -> None:
    assert "<h1>" in to_html(kind.default_guide)


def test_a_good_answer_survives_the_way_through_json(kind: TaskType) -> None:
    payload, answer = SAMPLES[kind.name]()
    once = kind.answer_from_json(payload, answer).to_json()
    assert once == answer
    assert kind.answer_from_json(payload, once).to_json() == once


@pytest.mark.parametrize("empty", [None, {}, [], "", 0])
def test_an_empty_answer_is_refused(kind: TaskType, empty: object) -> None:
    payload, _ = SAMPLES[kind.name]()
    with pytest.raises(InvalidAnswer) as refused:
        kind.answer_from_json(payload, empty)
    assert refused.value.field


def test_an_empty_form_is_refused(kind: TaskType) -> None:
    payload, _ = SAMPLES[kind.name]()
    with pytest.raises(InvalidAnswer):
        kind.answer_from_form(payload, QueryDict())


def test_an_empty_draft_is_kept(kind: TaskType) -> None:
    payload, _ = SAMPLES[kind.name]()
    assert kind.draft_from_json(payload, kind.draft_from_form(payload, QueryDict()))


def test_a_draft_of_a_whole_answer_is_that_answer(kind: TaskType) -> None:
    payload, answer = SAMPLES[kind.name]()
    assert kind.draft_from_json(payload, answer) == answer


def test_it_shows_the_same_to_the_same_labeler_each_time(kind: TaskType) -> None:
    payload, answer = SAMPLES[kind.name]()
    shown = [kind.present(payload, seed="lena", draft=answer) for _ in range(2)]
    assert shown[0] == shown[1]
