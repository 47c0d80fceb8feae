"""The relevance type."""

from typing import Any

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from labelapp.catalog.models import Product
from labelapp.tasks.types.registry import InvalidAnswer, get_task_type
from labelapp.tasks.types.relevance.answer import RelevanceAnswer, grades_from_json
from labelapp.tasks.types.relevance.grades import Grade
from labelapp.tasks.types.relevance.payload import (
    Pictured,
    pictured,
    product_ids,
    relevance_payload,
    relevance_signature,
    relevance_task,
)
from tests.factories import make_product, make_scene

kind = get_task_type("relevance")
SCENE = Pictured(1, 7)
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@pytest.fixture
def payload(db: None) -> dict[str, Any]:
    return relevance_payload(
        pictured(make_scene()), (10, 20, 30, 40), [pictured(make_product()) for _ in range(5)]
    )


def ids_in(shown: dict[str, Any]) -> list[str]:
    return [candidate["id"] for candidate in shown["candidates"]]


def test_the_grades_are_those_of_the_paper() -> None:
    assert [(grade.value, grade.label, grade.key) for grade in Grade] == [
        (4, "Extremely Similar", "1"),
        (3, "Similar", "2"),
        (2, "Marginally Similar", "3"),
        (1, "Not Similar", "4"),
        (0, "Did Not Load", "5"),
    ]


def test_the_sheet_of_keys_begins_with_the_first_key() -> None:
    assert kind.keys[0] == (("1",), "Extremely Similar")


def test_candidates_are_shown_by_public_id_with_signed_pictures(payload: dict[str, Any]) -> None:
    shown = kind.present(payload, seed="lena")
    products = Product.objects.filter(pk__in=product_ids(payload))
    assert sorted(ids_in(shown)) == sorted(str(product.public_id) for product in products)
    assert all(candidate["url"].startswith("/images/display.") for candidate in shown["candidates"])
    assert shown["scene"]["box"] == {"x": 10, "y": 20, "w": 30, "h": 40}
    assert shown["crop"]["url"].startswith("/images/crop.")


def test_the_order_differs_between_labelers_and_hides_the_ranking(payload: dict[str, Any]) -> None:
    orders = {tuple(ids_in(kind.present(payload, seed=str(seed)))) for seed in range(30)}
    assert len(orders) > 20
    ranked_otherwise = payload | {"products": payload["products"][::-1]}
    assert ids_in(kind.present(payload, seed="x")) == ids_in(kind.present(ranked_otherwise, seed="x"))


def test_each_candidate_stands_at_each_place_about_equally_often(payload: dict[str, Any]) -> None:
    one = min(ids_in(kind.present(payload, seed="0")))
    places = [ids_in(kind.present(payload, seed=str(seed))).index(one) for seed in range(200)]
    assert all(places.count(place) > 20 for place in range(5))


def test_a_draft_is_shown_with_its_grades(payload: dict[str, Any]) -> None:
    ids = ids_in(kind.present(payload, seed="x"))
    shown = kind.present(payload, seed="x", draft={"grades": {ids[1]: 0}})
    assert [candidate["grade"] for candidate in shown["candidates"]] == [None, 0, None, None, None]


def test_a_form_is_read_like_json(payload: dict[str, Any]) -> None:
    ids = ids_in(kind.present(payload, seed="x"))
    form = QueryDict("&".join([f"grade-{name}=2" for name in ids] + ["seconds=3"]))
    assert kind.answer_from_form(payload, form).to_json() == {"grades": dict.fromkeys(sorted(ids), 2)}


@pytest.mark.parametrize("value", ["5", "-1", "4.0", "four", "٣", "33"])
def test_a_form_with_another_grade_is_refused(payload: dict[str, Any], value: str) -> None:
    form = QueryDict(mutable=True)
    form["grade-x"] = value
    with pytest.raises(InvalidAnswer) as refused:
        kind.answer_from_form(payload, form)
    assert refused.value.field == "grades.x"


@given(anything)
def test_no_json_whatever_gets_through_or_breaks_anything(data: object) -> None:
    with pytest.raises(InvalidAnswer):
        RelevanceAnswer.from_json(data, candidates=["a", "b"])


@given(st.dictionaries(st.sampled_from("abc"), anything))
def test_only_known_candidates_and_grades_get_through(grades: dict[str, object]) -> None:
    are_good = all(
        name in {"a", "b"} and type(grade) is int and 0 <= grade <= 4 for name, grade in grades.items()
    )
    if are_good:
        assert grades_from_json({"grades": grades}, candidates=["a", "b"]) == grades
    else:
        with pytest.raises(InvalidAnswer, match=r"no such candidate|A grade must be"):
            grades_from_json({"grades": grades}, candidates=["a", "b"])


@pytest.mark.parametrize(
    ("box", "products", "message"),
    [
        ((-1, 0, 5, 5), [1], "begin inside"),
        ((0, 0, 0, 5), [1], "have pixels"),
        ((0, 0, 5, 5), [], "1 to 5 different"),
        ((0, 0, 5, 5), [1, 2, 3, 4, 5, 6], "1 to 5 different"),
        ((0, 0, 5, 5), [1, 1], "1 to 5 different"),
    ],
)
def test_a_wrong_payload_is_refused(
    box: tuple[int, int, int, int], products: list[int], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        relevance_payload(SCENE, box, [Pictured(product, product) for product in products])


def test_the_same_question_has_the_same_signature_in_any_order() -> None:
    first, second, third = (Pictured(pk, 10 * pk) for pk in (1, 2, 3))
    one = relevance_task(SCENE, (0, 0, 5, 5), [first, second, third])
    other = relevance_task(SCENE, (0, 0, 5, 5), [third, first, second])
    assert one.signature == other.signature
    assert one.signature != relevance_task(SCENE, (0, 0, 5, 6), [first, second, third]).signature
    assert one.signature != relevance_task(SCENE, (0, 0, 5, 5), [first, second, Pictured(3, 31)]).signature
    assert one.signature != relevance_signature(dict(one.payload), guide_version_id=2)
