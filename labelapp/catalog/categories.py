"""Loading categories, rolling them up to the coarse ones, and finding the category that a word means."""

import csv
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from django.db import transaction

from labelapp.catalog.errors import ImportRefused
from labelapp.catalog.models import Category, Domain

OURS = Path(__file__).with_name("data") / "categories.csv"
ROOTS = {
    "Apparel & Accessories": Domain.FASHION,
    "Furniture": Domain.HOME_DECOR,
    "Home & Garden": Domain.HOME_DECOR,
}
# So many different words that mean no category are told apart; a file may hold millions.
MOST_UNMAPPED = 1000
FIELDS = ["path", "parent", "slug", "name", "domain", "coarse"]


def load_categories(path: Path = OURS) -> int:
    """Load our hand-written categories and roll everything up again; returns how many there are."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    coarse_ids = {row["slug"]: int(row["google_id"]) for row in rows if row["slug"]}
    nodes = [
        Category(
            google_id=int(row["google_id"]),
            path=row["path"],
            slug=row["slug"] or None,
            name=row["name"],
            domain=row["domain"] or None,
            coarse_id=coarse_ids.get(row["slug"] or row["rolls_up_to"]),
        )
        for row in rows
    ]
    _save(nodes)
    return len(nodes)


def ensure_categories() -> None:
    """Load our categories into a database that has none."""
    if not Category.objects.coarse().exists():
        load_categories()


def import_taxonomy(path: Path) -> int:
    """Load Google's full list over ours; slugs and hand-made roll-ups stay as they are."""
    ensure_categories()
    ours = Category.objects.in_bulk()
    nodes = []
    for google_id, place in _taxonomy_lines(path):
        node = ours.get(google_id) or Category(google_id=google_id)
        node.path = place
        node.name = node.name or place.rsplit(" > ", 1)[-1]
        nodes.append(node)
    _save(nodes)
    return len(nodes)


def _taxonomy_lines(path: Path) -> Iterator[tuple[int, str]]:
    with path.open(encoding="utf-8-sig", errors="replace") as lines:
        for number, line in enumerate(lines, start=1):
            if not line.strip() or line.startswith("#"):
                continue
            google_id, dash, place = line.strip().partition(" - ")
            if not dash or not google_id.isascii() or not google_id.isdecimal() or len(google_id) > 9:
                raise ImportRefused(
                    f"Line {number} of {path.name} is not `ID - Top > Sub`. Take the file"
                    " taxonomy-with-ids.en-US.txt of Google's product taxonomy."
                )
            yield int(google_id), place.strip()


def _save(nodes: list[Category]) -> None:
    with transaction.atomic():
        merged = Category.objects.in_bulk() | {node.google_id: node for node in nodes}
        _link(merged)
        Category.objects.bulk_create(
            merged.values(), update_conflicts=True, unique_fields=["google_id"], update_fields=FIELDS
        )


def _link(nodes: Mapping[int, Category]) -> None:
    """Set each node's parent, and the coarse category and domain it gets from its nearest ancestor."""
    by_path = {node.path: node for node in nodes.values()}
    hand_made = {row_id for row_id, node in nodes.items() if node.slug} | set(_hand_made_roll_ups())
    for node in sorted(nodes.values(), key=lambda node: node.path.count(" > ")):
        ancestors = [by_path[place] for place in _ancestor_paths(node.path) if place in by_path]
        node.parent = ancestors[0] if ancestors and _is_parent(ancestors[0], node) else None
        if node.google_id not in hand_made:
            node.coarse_id = ancestors[0].coarse_id if ancestors else None
            node.domain = ancestors[0].domain if ancestors else ROOTS.get(node.path)


def _hand_made_roll_ups() -> Iterator[int]:
    with OURS.open(encoding="utf-8", newline="") as file:
        yield from (int(row["google_id"]) for row in csv.DictReader(file) if row["rolls_up_to"])


def _ancestor_paths(path: str) -> Iterator[str]:
    """Yield the paths above, nearest first."""
    while " > " in path:
        path = path.rsplit(" > ", 1)[0]
        yield path


def _is_parent(upper: Category, lower: Category) -> bool:
    return lower.path.rpartition(" > ")[0] == upper.path


class CategoryMap:
    """Finds the category that a word of an import means; counts the words that mean none.

    A translation table comes first, then our slug, the Google id, the Google path and the category's name.
    """

    def __init__(self, translations: Mapping[str, str] | None = None) -> None:
        self.unmapped: Counter[str] = Counter()
        self._words: dict[str, Category | None] = {}
        for category in Category.objects.select_related("coarse"):
            self._words.setdefault(category.path.lower(), category)
            self._words[str(category.google_id)] = category
        for category in Category.objects.coarse().select_related("coarse"):
            self._words.setdefault(category.name.lower(), category)
            self._words[str(category.slug)] = category
        for word, target in (translations or {}).items():
            self._words[word] = self._target(word, target) if target else None

    def find(self, word: str) -> Category | None:
        key = normal(word)
        if key and key not in self._words and (word in self.unmapped or len(self.unmapped) < MOST_UNMAPPED):
            self.unmapped[word] += 1
        return self._words.get(key)

    def _target(self, word: str, target: str) -> Category:
        category = self._words.get(normal(target))
        if category is None:
            raise ImportRefused(
                f"The category map sends {word!r} to {target!r}, which is no category."
                " Use a slug or Google id of the category page, or import the full taxonomy first."
            )
        return category


def normal(word: str) -> str:
    """Return the word as it is compared: lower case, single blanks."""
    return " ".join(word.lower().split())


def read_translations(path: Path) -> dict[str, str]:
    """Read a category map: CSV with the columns value and category; an empty category means none."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            if not {"value", "category"} <= set(reader.fieldnames or []):
                raise ImportRefused("The category map needs the columns value and category.")
            return dict(_translations(reader))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise ImportRefused(f"The category map cannot be read: {error}. It is CSV in UTF-8.") from None


def _translations(rows: Iterable[dict[str, str]]) -> Iterator[tuple[str, str]]:
    seen: dict[str, str] = {}
    for row in rows:
        word, target = normal(row["value"] or ""), (row["category"] or "").strip()
        if word:
            if seen.setdefault(word, target) != target:
                raise ImportRefused(f"The category map translates {row['value']!r} twice, and differently.")
            yield word, target
