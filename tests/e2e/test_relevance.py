"""Rating relevance in a real browser: by keyboard alone, by mouse alone, and as fast as fingers go."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from labelapp.tasks.models import Label, Project, Skip
from labelapp.tasks.types.relevance.payload import product_ids
from tests.e2e.rating_page import RatingPage

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


def answers() -> list[dict[str, Any]]:
    return [label.answer["grades"] for label in Label.objects.order_by("pk")]


def test_a_whole_task_by_keyboard_alone(rating: RatingPage) -> None:
    first, ids = rating.slot, rating.candidate_ids()
    rating.expect_current(1)
    rating.press("1", "2", "3", "4", "5")
    assert rating.grades() == ["4", "3", "2", "1", "0"]
    rating.press("Enter")
    rating.expect_today(1)
    assert rating.slot != first
    rating.expect_current(1)
    assert answers() == [dict(zip(ids, [4, 3, 2, 1, 0], strict=True))]
    assert Label.objects.get().seconds > 0


def test_a_whole_task_by_mouse_alone(rating: RatingPage) -> None:
    ids = rating.candidate_ids()
    labels = ["Similar", "Not Similar", "Extremely Similar", "Marginally Similar", "Did Not Load"]
    for number, label in enumerate(labels, start=1):
        rating.grade_key(number, label).click()
    rating.page.get_by_role("button", name="Send").click()
    rating.expect_today(1)
    assert answers() == [dict(zip(ids, [3, 1, 4, 2, 0], strict=True))]


def test_keys_pressed_without_waiting_go_to_the_task_that_is_shown(rating: RatingPage) -> None:
    rating.press(*"11111", "Enter", *"22222", "Enter")
    rating.expect_today(2)
    rating.wait_for_next()
    rating.press(*"33333", "Enter", *"44444", "Enter")
    rating.expect_today(4)
    expect(rating.page.get_by_role("heading")).to_have_text("All done here")
    assert [set(answer.values()) for answer in answers()] == [{4}, {3}, {2}, {1}]


def test_the_next_task_and_its_pictures_are_there_before_the_present_one_is_sent(rating: RatingPage) -> None:
    rating.press(*"11111")
    rating.expect_saved()
    script = "() => [...document.querySelectorAll('task-queue img')].every(i => i.complete && i.naturalWidth)"
    rating.press("Enter")
    assert rating.page.evaluate(script)


def test_enter_says_what_is_missing_and_goes_there(rating: RatingPage) -> None:
    first = rating.slot
    rating.press("1", "ArrowRight", "1", "1", "1", "ArrowLeft", "Enter")
    expect(rating.messages).to_have_text("One candidate has no grade yet.")
    rating.expect_current(2)
    assert rating.slot == first
    rating.press("1", "Enter")
    rating.expect_today(1)


def test_arrows_walk_without_grading(rating: RatingPage) -> None:
    rating.press("ArrowRight", "ArrowRight", "ArrowLeft")
    rating.expect_current(2)
    assert rating.grades() == [None] * 5


def test_undo_and_redo_take_grades_back_and_the_focus_with_them(rating: RatingPage) -> None:
    rating.press("1", "2", "Control+z")
    assert rating.grades()[:2] == ["4", None]
    rating.expect_current(2)
    rating.press("Control+Shift+Z")
    assert rating.grades()[:2] == ["4", "3"]
    rating.page.get_by_role("button", name="Undo").click()
    assert rating.grades()[:2] == ["4", None]


def test_the_keys_are_shown_on_demand(rating: RatingPage) -> None:
    rating.press("?")
    sheet = rating.page.get_by_role("dialog", name="Keys on this page")
    expect(sheet).to_contain_text("Extremely Similar")
    rating.press("1", "Escape")
    expect(sheet).to_be_hidden()
    assert rating.grades() == [None] * 5


def test_the_guide_opens_beside_the_task_and_grading_goes_on(rating: RatingPage) -> None:
    rating.press("g")
    guide = rating.page.get_by_role("complementary", name="Guide")
    expect(guide.get_by_role("heading", name="Grading relevance")).to_be_visible()
    rating.press("1")
    assert rating.grades()[0] == "4"
    rating.press("Escape")
    expect(guide).to_be_hidden()


def test_a_task_is_skipped_by_keys_and_the_next_is_there(rating: RatingPage) -> None:
    first = rating.slot
    rating.press("s", "2")
    assert rating.slot != first
    rating.expect_saved()
    rating.wait_for_next()
    assert Skip.objects.get().reason == "broken"
    assert str(Skip.objects.get().slot.public_id) == first


def test_a_picture_that_did_not_load_offers_its_grade_and_sends_nothing(
    lenas_page: Page, rating: RatingPage
) -> None:
    broken = rating.candidates.nth(1)
    address = broken.locator("img").get_attribute("src")
    lenas_page.route(f"**{address}", lambda route: route.abort())
    rating.page.reload()
    rating.wait_for_next()
    expect(broken).to_have_attribute("data-lost", "")
    expect(broken.get_by_text("Did not load", exact=True)).to_be_visible()
    assert rating.grades() == [None] * 5
    rating.press("1", "5", "1", "1", "1", "Enter")
    rating.expect_today(1)
    assert sorted(answers()[0].values()) == [0, 4, 4, 4, 4]


def test_nothing_moves_when_the_next_task_comes(rating: RatingPage) -> None:
    def places() -> list[Any]:
        script = "all => all.map(one => JSON.stringify(one.getBoundingClientRect()))"
        return [
            rating.page.locator(selector).evaluate_all(script)
            for selector in ("[data-candidate]", ".scene", ".crop", "save-state", "[type=submit]")
        ]

    before = places()
    rating.press(*"11111", "Enter")
    rating.expect_today(1)
    assert places() == before


@pytest.mark.parametrize(("width", "height", "rows"), [(1440, 900, 1), (1024, 768, 2), (768, 1024, 2)])
def test_everything_fits_the_window(rating: RatingPage, width: int, height: int, rows: int) -> None:
    rating.page.set_viewport_size({"width": width, "height": height})
    boxes = [rating.candidates.nth(n).bounding_box() for n in range(5)]
    assert all(boxes)
    assert len({box["y"] for box in boxes if box}) == rows
    if rows == 1:
        assert all(box["width"] >= 180 for box in boxes if box)
    overflow = "document.querySelector('main').scrollHeight - document.querySelector('main').clientHeight"
    assert rating.page.evaluate(overflow) <= 0
    assert rating.page.evaluate("document.documentElement.scrollWidth") <= width


def test_every_part_has_a_name_for_those_who_do_not_see_it(rating: RatingPage) -> None:
    group = rating.page.get_by_role("radiogroup", name="Candidate 2 of 5")
    assert group.get_by_role("radio").count() == 5
    expect(group.get_by_role("radio", name="Marginally Similar")).not_to_be_checked()
    unnamed = "() => [...document.querySelectorAll('img')].filter(image => !image.alt).length"
    assert rating.page.evaluate(unnamed) == 0
    expect(rating.page.get_by_role("img", name="The object, enlarged")).to_be_visible()


def test_the_page_gives_away_nothing_of_where_candidates_came_from(
    rating: RatingPage, project: Project
) -> None:
    html = rating.page.content()
    for task in project.tasks.all():
        for number in (*product_ids(task.payload), task.payload["scene"]["id"]):
            assert f'"{number}"' not in html
    words = ("system", "rank", "distance", "detector", "embedd", "score")
    assert not [word for word in words if word in rating.queue.inner_html().lower()]
