"""The pages of the catalog: what they show, to whom, and how often they ask the database."""

import csv
import io
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from labelapp.catalog.categories import load_categories
from labelapp.catalog.models import ImportBatch, RejectedRow
from labelapp.people.models import User
from tests import personas
from tests.factories import make_image, make_product, make_scene

pytestmark = pytest.mark.django_db


def signed_in(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def engineer() -> Client:
    return signed_in(personas.max_())


def make_batch(**fields: object) -> ImportBatch:
    return ImportBatch.objects.create(kind="products", source="shop", file_name="rows.csv", **fields)


def addresses() -> dict[str, str]:
    """Every page of the catalog, each with something on it."""
    product, scene, batch = make_product(), make_scene(), make_batch()
    scene.pairs.create(product=product, source="test", x=1, y=2, w=3, h=4)
    RejectedRow.objects.create(batch=batch, line=2, reason="Bad.", row={"file": "a.png"})
    plain = (
        "catalog_overview",
        "product_list",
        "scene_list",
        "category_list",
        "import_list",
        "import_create",
    )
    return {name: reverse(name) for name in plain} | {
        "product_detail": reverse("product_detail", args=[product.public_id]),
        "scene_detail": reverse("scene_detail", args=[scene.public_id]),
        "import_detail": reverse("import_detail", args=[batch.public_id]),
        "import_rejected": reverse("import_rejected", args=[batch.public_id]),
    }


def test_experts_are_offered_nothing_that_would_refuse_them(engineer: Client) -> None:
    expert = signed_in(personas.eva())
    pages = ("catalog_overview", "product_list", "scene_list", "import_list")
    empty = [(reverse(name), client) for name in pages for client in (expert, engineer)]
    offers = {
        (url, client is engineer): reverse("import_create") in client.get(url).text for url, client in empty
    }
    assert all(offered == is_engineer for (_, is_engineer), offered in offers.items())
    urls = addresses()
    batch = ImportBatch.objects.get()
    for state in ImportBatch.State:
        ImportBatch.objects.update(state=state)
        text = expert.get(urls["import_detail"]).text
        assert reverse("import_stop", args=[batch.public_id]) not in text
        assert reverse("import_go_on", args=[batch.public_id]) not in text
    for name in pages:
        assert reverse("import_create") not in expert.get(urls[name]).text
        assert reverse("import_create") in engineer.get(urls[name]).text


def test_outsiders_and_labelers_are_refused() -> None:
    clients = [signed_in(personas.olga()), signed_in(personas.lena())]
    for name, url in addresses().items():
        for client in clients:
            assert client.get(url).status_code == 403, name
        assert Client().get(url).status_code == 302, name


def test_engineers_and_admins_see_every_page(engineer: Client) -> None:
    admin = signed_in(personas.ada())
    for name, url in addresses().items():
        assert engineer.get(url).status_code == 200, name
        assert admin.get(url).status_code == 200, name


def test_experts_look_but_do_not_import() -> None:
    expert = signed_in(personas.eva())
    pages = addresses()
    assert expert.get(pages.pop("import_create")).status_code == 403
    assert [expert.get(url).status_code for url in pages.values()] == [200] * len(pages)
    batch = make_batch(state="queued", rows_upload="imports/x/rows")
    for verb in ("import_stop", "import_go_on"):
        assert expert.post(reverse(verb, args=[batch.public_id])).status_code == 403


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("catalog_overview", "python manage.py import_products"),
        ("product_list", "python manage.py import_products"),
        ("scene_list", "python manage.py import_scenes"),
        ("import_list", "python manage.py import_products"),
        ("category_list", "python manage.py load_categories"),
    ],
)
def test_an_empty_page_says_how_to_fill_it(engineer: Client, name: str, words: str) -> None:
    assert words in engineer.get(reverse(name)).content.decode()


def _products(count: int) -> None:
    for _ in range(count):
        make_product()


def _scenes(count: int) -> None:
    for _ in range(count):
        scene = make_scene()
        scene.pairs.create(product=make_product(), source="test")


def _pairs(count: int) -> None:
    for _ in range(count):
        make_batch()


@pytest.mark.parametrize(
    ("name", "make"), [("product_list", _products), ("scene_list", _scenes), ("import_list", _pairs)]
)
def test_a_list_asks_as_often_for_many_rows_as_for_few(
    engineer: Client, name: str, make: Callable[[int], None]
) -> None:
    asked = []
    for count in (2, 30):
        make(count)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            engineer.get(reverse(name))
        asked.append(len(queries))
    assert asked[0] == asked[1]


def test_products_are_narrowed_by_words_source_domain_and_category(engineer: Client) -> None:
    load_categories()
    make_product(title="Red sofa", source="a", category_id=460)
    make_product(title="Blue chair", source="b", category_id=5886)
    make_product(title="Green shirt", source="b", domain="fashion")

    def titles(**query: str) -> set[str]:
        page = engineer.get(reverse("product_list"), query).context["page"]
        return {product.title for product in page}

    assert titles(q="SOFA") == {"Red sofa"}
    assert titles(source="b") == {"Blue chair", "Green shirt"}
    assert titles(domain="fashion") == {"Green shirt"}
    assert titles(category="chairs") == {"Blue chair"}
    assert titles(category="none") == {"Green shirt"}
    assert titles(source="b", q="chair") == {"Blue chair"}
    assert titles(source="no such source") == {"Red sofa", "Blue chair", "Green shirt"}
    assert titles(q="nothing like it") == set()


def test_products_are_sorted_and_cut_into_pages_that_do_not_overlap(engineer: Client) -> None:
    for number in range(60):
        make_product(title=f"{number % 7}", price=number % 3)
    seen = [
        product.pk
        for number in (1, 2)
        for product in engineer.get(reverse("product_list"), {"sort": "-price", "page": number}).context[
            "page"
        ]
    ]
    assert len(seen) == len(set(seen)) == 60
    first = engineer.get(reverse("product_list"), {"sort": "price"}).context["page"][0]
    assert first.price == 0


def test_a_title_is_shown_as_text_not_as_markup(engineer: Client) -> None:
    product = make_product(title="<script>alert(1)</script>", annotations={"<b>": "<i>"})
    for url in (reverse("product_list"), reverse("product_detail", args=[product.public_id])):
        page = engineer.get(url).content.decode()
        assert "<script>alert(1)" not in page
        assert "&lt;script&gt;" in page


def test_a_scene_shows_the_boxes_of_its_pairs(engineer: Client) -> None:
    scene = make_scene(image=make_image(width=800, height=600))
    scene.pairs.create(product=make_product(title="Boxed chair"), source="test", x=10, y=20, w=30, h=40)
    page = engineer.get(reverse("scene_detail", args=[scene.public_id])).content.decode()
    assert "Boxed chair" in page
    assert 'viewBox="0 0 800 600"' in page
    assert '<rect class="line" x="10.0" y="20.0" width="30.0" height="40.0" />' in page


def test_categories_count_the_products_that_roll_up_to_them(engineer: Client) -> None:
    load_categories()
    make_product(category_id=443)
    make_product(category_id=5886)
    make_product()
    response = engineer.get(reverse("category_list"))
    counts = {
        category.slug: category.product_count
        for _, categories in response.context["domains"]
        for category in categories
    }
    assert (counts["chairs"], counts["sofas"]) == (2, 0)
    assert response.context["uncategorized"] == 1


def test_a_page_that_is_open_asks_for_news_until_the_import_has_ended(engineer: Client) -> None:
    batch = make_batch(state="running", rows_expected=10, rows_seen=3)
    url = reverse("import_detail", args=[batch.public_id])
    assert 'hx-trigger="every 2s"' in engineer.get(url).content.decode()
    ImportBatch.objects.update(state="finished")
    assert "every 2s" not in engineer.get(url).content.decode()


def test_rejected_rows_download_without_formulas_that_a_spreadsheet_would_run(engineer: Client) -> None:
    batch = make_batch(state="finished", rejected=2)
    rows = [
        {"file": "=HYPERLINK(1)", "title": "+1", "@sum": "-2"},
        {"file": "a, b.png", "title": "\t=1", "note": 'say "hi"'},
    ]
    for line, row in enumerate(rows, start=2):
        RejectedRow.objects.create(batch=batch, line=line, reason="@bad", row=row)
    response = engineer.get(reverse("import_rejected", args=[batch.public_id]))
    assert response["Content-Type"].startswith("text/csv")
    given = csv.DictReader(io.StringIO(b"".join(response).decode(), newline=""))
    assert list(given) == [
        {
            "line": "2",
            "reason": "'@bad",
            "file": "'=HYPERLINK(1)",
            "title": "'+1",
            "'@sum": "'-2",
            "note": "",
        },
        {
            "line": "3",
            "reason": "'@bad",
            "file": "a, b.png",
            "title": "'\t=1",
            "'@sum": "",
            "note": 'say "hi"',
        },
    ]
