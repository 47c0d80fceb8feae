"""Signed addresses of pictures."""

import datetime as dt
import io
from collections.abc import Callable

import pytest
import time_machine
from django.core.files.storage import default_storage
from django.test import Client
from PIL import Image as Picture

from labelapp.catalog.image_urls import image_url
from labelapp.catalog.images import take_image
from labelapp.people.models import User
from tests import personas
from tests.factories import make_image, picture_bytes

pytestmark = pytest.mark.django_db
NOON = dt.datetime(2026, 5, 4, 12, tzinfo=dt.UTC)


def signed_in(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def test_an_address_is_the_same_all_day() -> None:
    image = make_image()
    with time_machine.travel(NOON, tick=False) as clock:
        first = image_url(image, "thumb")
        clock.shift(dt.timedelta(hours=11, minutes=59))
        assert image_url(image, "thumb") == first
        clock.shift(dt.timedelta(minutes=2))
        assert image_url(image, "thumb") != first


@pytest.mark.parametrize("kind", ["display", "thumb"])
def test_a_signed_in_person_gets_the_rendition_and_may_keep_it(kind: str) -> None:
    image = take_image(picture_bytes(1, size=(400, 300)))
    with time_machine.travel(NOON, tick=False):
        response = signed_in(personas.lena()).get(image_url(image, kind))
    assert response.status_code == 200
    assert response["Content-Type"] == "image/jpeg"
    assert response["Cache-Control"] == f"private, max-age={36 * 3600}, immutable"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert b"".join(response).startswith(b"\xff\xd8")


def test_a_signature_alone_is_not_enough() -> None:
    image = take_image(picture_bytes(1))
    response = Client().get(image_url(image, "display"))
    assert response.status_code == 403
    assert "Sign in" in response.content.decode()


@pytest.mark.parametrize("change", [lambda url: url[:-3] + "x/", lambda url: url.replace("thumb", "display")])
def test_a_changed_address_leads_nowhere(change: Callable[[str], str]) -> None:
    image = take_image(picture_bytes(1))
    response = signed_in(personas.max_()).get(change(image_url(image, "thumb")))
    assert response.status_code == 404
    assert "not the address of a picture" in response.content.decode()


def test_an_address_ends_after_two_days_and_says_so() -> None:
    image = take_image(picture_bytes(1))
    with time_machine.travel(NOON, tick=False) as clock:
        url, client = image_url(image, "thumb"), signed_in(personas.max_())
        clock.shift(dt.timedelta(days=2))
        response = client.get(url)
    assert response.status_code == 410
    assert "ended on 2026-05-06; load the page again" in response.content.decode()


def test_only_engineers_and_experts_get_originals_and_only_as_a_download() -> None:
    data = picture_bytes(1)
    url = image_url(take_image(data), "original")
    assert signed_in(personas.olga()).get(url).status_code == 403
    assert signed_in(personas.lena()).get(url).status_code == 403
    response = signed_in(personas.max_()).get(url)
    assert response["Content-Type"] == "image/png"
    assert response["Content-Disposition"].startswith("attachment")
    assert b"".join(response) == data


def test_a_crop_has_the_pixels_of_its_box_and_is_made_once() -> None:
    image = take_image(picture_bytes(3, size=(300, 200)))
    client, url = signed_in(personas.lena()), image_url(image, "crop", (10, 20, 30, 40))
    first = client.get(url).content
    default_storage.delete(image.storage_name)
    assert client.get(url).content == first
    with Picture.open(io.BytesIO(first)) as crop:
        assert crop.size == (30, 40)


def test_a_large_crop_is_reduced_to_640() -> None:
    image = take_image(picture_bytes(3, size=(1600, 800)))
    crop = signed_in(personas.lena()).get(image_url(image, "crop", (0, 0, 1280, 640))).content
    with Picture.open(io.BytesIO(crop)) as picture:
        assert picture.size == (640, 320)


def test_half_a_crop_left_by_a_killed_process_is_made_again() -> None:
    image = take_image(picture_bytes(3, size=(300, 200)))
    client, url = signed_in(personas.lena()), image_url(image, "crop", (0, 0, 50, 50))
    whole = client.get(url).content
    name = next(
        f"crops/{folder}/{file}"
        for folder in default_storage.listdir("crops")[0]
        for file in default_storage.listdir(f"crops/{folder}")[1]
        if default_storage.size(f"crops/{folder}/{file}") == len(whole)
    )
    with default_storage.open(name, "wb") as file:
        file.write(whole[:100])
    assert client.get(url).content == whole


def test_a_missing_file_is_said_plainly() -> None:
    response = signed_in(personas.max_()).get(image_url(make_image(), "thumb"))
    assert response.status_code == 404
    assert "missing in the storage" in response.content.decode()


def test_a_box_goes_with_a_crop_only() -> None:
    with pytest.raises(ValueError, match="A box goes with a crop"):
        image_url(make_image(), "thumb", (0, 0, 1, 1))
    with pytest.raises(ValueError, match="A box goes with a crop"):
        image_url(make_image(), "crop")
