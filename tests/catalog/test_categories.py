"""Loading categories, rolling up, and finding the category that a word means."""

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from labelapp.catalog.categories import (
    OURS,
    CategoryMap,
    import_taxonomy,
    load_categories,
    normal,
    read_translations,
)
from labelapp.catalog.errors import ImportRefused
from labelapp.catalog.models import Category

FASHION = {"tops", "outerwear", "dresses", "pants", "shorts", "skirts", "shoes", "bags", "accessories"}
TAXONOMY = """# Google_Product_Taxonomy_Version: test
166 - Apparel & Accessories
188 - Apparel & Accessories > Jewelry
194 - Apparel & Accessories > Jewelry > Earrings
443 - Furniture > Chairs
5886 - Furniture > Chairs > Kitchen & Dining Room Chairs
9990 - Furniture > Chairs > Kitchen & Dining Room Chairs > With Arms
8 - Arts & Entertainment
"""


@pytest.fixture
def taxonomy(tmp_path: Path) -> Path:
    path = tmp_path / "taxonomy.txt"
    path.write_text(TAXONOMY)
    return path


@pytest.mark.django_db
def test_our_categories_cover_both_domains_and_loading_them_again_changes_nothing() -> None:
    assert load_categories() == load_categories() == Category.objects.count()
    coarse = Category.objects.coarse()
    assert {category.slug for category in coarse.filter(domain="fashion")} == FASHION
    assert coarse.filter(domain="home_decor").count() >= 10
    assert all(category.coarse == category for category in coarse)


@pytest.mark.django_db
def test_jewelry_rolls_up_to_accessories() -> None:
    load_categories()
    jewelry = Category.objects.get(path="Apparel & Accessories > Jewelry")
    assert jewelry.coarse is not None
    assert (jewelry.coarse.slug, jewelry.domain) == ("accessories", "fashion")


@pytest.mark.django_db
def test_the_full_list_rolls_up_to_the_nearest_coarse_ancestor(taxonomy: Path) -> None:
    import_taxonomy(taxonomy)
    import_taxonomy(taxonomy)
    slugs = {
        category.google_id: category.coarse.slug if category.coarse else None
        for category in Category.objects.select_related("coarse")
    }
    assert (slugs[194], slugs[5886], slugs[9990], slugs[8]) == ("accessories", "chairs", "chairs", None)
    with_arms = Category.objects.get(google_id=9990)
    assert (with_arms.parent_id, with_arms.domain) == (5886, "home_decor")
    load_categories()
    assert Category.objects.get(google_id=9990).coarse_id == 443


@pytest.mark.django_db
def test_a_file_that_is_no_taxonomy_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "wrong.txt"
    path.write_text("# comment\nChairs and tables\n")
    with pytest.raises(ImportRefused, match=r"Line 2 of wrong\.txt is not `ID - Top > Sub`"):
        import_taxonomy(path)


@pytest.mark.real
def test_our_ids_and_paths_are_those_of_google(shared_data: Path) -> None:
    with (shared_data / "taxonomy" / "taxonomy-with-ids.en-US.txt").open(encoding="utf-8") as lines:
        google = dict(line.strip().split(" - ", 1) for line in lines if not line.startswith("#"))
    with OURS.open(encoding="utf-8", newline="") as file:
        ours = {row["google_id"]: row["path"] for row in csv.DictReader(file)}
    assert {number: google.get(number) for number in ours} == ours


@pytest.mark.real
@pytest.mark.django_db
def test_the_real_taxonomy_loads(shared_data: Path) -> None:
    assert import_taxonomy(shared_data / "taxonomy" / "taxonomy-with-ids.en-US.txt") == 5595
    assert Category.objects.filter(parent=None, path__contains=" > ").count() == 0
    bar_stools = Category.objects.get(path="Furniture > Chairs > Table & Bar Stools")
    assert bar_stools.coarse is not None
    assert bar_stools.coarse.slug == "chairs"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "word", ["chairs", "Chairs", "443", "Furniture > Chairs", "furniture  > CHAIRS", "Seat for one"]
)
def test_a_category_is_found_by_slug_id_path_name_or_translation(word: str) -> None:
    load_categories()
    found = CategoryMap({"seat for one": "chairs"}).find(word)
    assert found is not None
    assert found.slug == "chairs"


@pytest.mark.django_db
def test_words_that_mean_no_category_are_counted_unless_they_are_left_out_on_purpose() -> None:
    load_categories()
    categories = CategoryMap({"handle": ""})
    for word in ("Oven", "Oven", "Handle", ""):
        assert categories.find(word) is None
    assert categories.unmapped == {"Oven": 2}


@pytest.mark.django_db
def test_a_translation_into_nothing_known_is_refused() -> None:
    load_categories()
    with pytest.raises(ImportRefused, match="sends 'stuhl' to 'seats', which is no category"):
        CategoryMap({"stuhl": "seats"})


def test_a_category_map_needs_its_two_columns_and_no_contradiction(tmp_path: Path) -> None:
    path = tmp_path / "map.csv"
    path.write_text("value,category\nArm  Chair,chairs\narm chair,chairs\nOven,\n")
    assert read_translations(path) == {"arm chair": "chairs", "oven": ""}
    path.write_text("from,to\na,b\n")
    with pytest.raises(ImportRefused, match="needs the columns value and category"):
        read_translations(path)
    path.write_text("value,category\nchair,chairs\nChair,sofas\n")
    with pytest.raises(ImportRefused, match="translates 'Chair' twice"):
        read_translations(path)


class TestCategoryMap(TestCase):
    """Properties that hold for any word."""

    @classmethod
    def setUpTestData(cls) -> None:
        load_categories()

    @given(st.text(st.characters(exclude_categories=["Cs"]), max_size=50))
    def test_a_word_is_found_or_counted_once(self, word: str) -> None:
        categories = CategoryMap()
        found = categories.find(word)
        assert sum(categories.unmapped.values()) == (found is None and normal(word) != "")

    @given(
        st.dictionaries(
            st.text(min_size=1, max_size=20).map(normal).filter(bool), st.sampled_from(["", *FASHION])
        )
    )
    def test_translations_go_before_everything_else(self, translations: dict[str, str]) -> None:
        categories = CategoryMap(translations)
        for word, slug in translations.items():
            found = categories.find(word.upper() if word.upper().lower() == word else word)
            assert (found.slug if found else "") == slug
