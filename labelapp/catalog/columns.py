"""The columns of import files: the one place that says what each is called and what it may hold."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import urlsplit

from labelapp.catalog.errors import ImportRefused, RowRefused
from labelapp.catalog.models import Domain, ImportBatch, Product

Values = Mapping[str, Any]
BOX = ("x", "y", "w", "h")
FALSE_WORDS = {"0", "false", "no", "n", "f"}
TRUE_WORDS = {"1", "true", "yes", "y", "t"}
GENDERS = {
    **dict.fromkeys(("men", "man", "male", "m", "mens", "men's"), Product.Gender.MEN),
    **dict.fromkeys(("women", "woman", "female", "f", "w", "womens", "women's"), Product.Gender.WOMEN),
    **dict.fromkeys(("unisex", "u", "both", "all"), Product.Gender.UNISEX),
}


@dataclass(frozen=True, slots=True)
class Column:
    """A column, the other headings that it goes by (the first one present counts), and what it is for."""

    name: str
    also: tuple[str, ...]
    meaning: str
    required: bool = False


FILE = Column(
    "file",
    ("image", "picture", "filename", "file_name", "image_file"),
    "the picture's place in the folder",
    required=True,
)
EXTERNAL_ID = Column("id", ("external_id",), "the source's own id; without it the file name is the id")
DOMAIN = Column("domain", (), "fashion or home_decor; may be given once for the whole file instead")
PRODUCT_COLUMNS = (
    FILE,
    EXTERNAL_ID,
    Column("title", ("name",), "what people call it"),
    Column(
        "category",
        ("google_id", "google_path", "google_product_category", "coarse", "type", "product_type"),
        "our category, a Google id or path, or any word that the category map translates",
    ),
    Column("gender", (), "men, women or unisex; empty means unknown"),
    Column("price", (), "a number with a decimal point; empty means unknown"),
    Column("currency", (), "three letters, as in EUR"),
    Column("merchant", ("shop", "brand"), "who sells it"),
    Column("url", ("link",), "where it is sold"),
    Column("merchant_provided", (), "yes if the category came from the merchant"),
    DOMAIN,
)
SCENE_COLUMNS = (FILE, EXTERNAL_ID, Column("title", ("name",), "what the scene shows"), DOMAIN)
PAIR_COLUMNS = (
    Column(
        "scene", ("scene_id", "scene_file", "room", "room_file"), "id or file of the scene", required=True
    ),
    Column("product", ("product_id", "product_file"), "id or file of the product", required=True),
    *[
        Column(name, (), "the product's box in the scene, in upright pixels; all four or none")
        for name in BOX
    ],
)
COLUMNS = {
    ImportBatch.Kind.PRODUCTS: PRODUCT_COLUMNS,
    ImportBatch.Kind.SCENES: SCENE_COLUMNS,
    ImportBatch.Kind.PAIRS: PAIR_COLUMNS,
}


def headings(kind: str, given: list[str]) -> dict[str, str]:
    """Return which heading of the file serves which column; raises `ImportRefused` if one is missing."""
    simple = {heading.strip().lower().replace(" ", "_"): heading for heading in given}
    columns = COLUMNS[ImportBatch.Kind(kind)]
    found = {
        column.name: simple[alias]
        for column in columns
        for alias in [next((name for name in (column.name, *column.also) if name in simple), "")]
        if alias
    }
    missing = [column for column in columns if column.required and column.name not in found]
    if missing:
        wanted = "; ".join(f"`{column.name}` (or {', '.join(column.also)})" for column in missing)
        has = ", ".join(given[:20]) or "nothing"
        raise ImportRefused(f"The file has no column {wanted}; it has {has}. Rename or add the column.")
    return found


def text(values: Values, name: str, *, limit: int) -> str:
    """Return a column as text, empty where it is absent."""
    value = values.get(name)
    words = "" if value is None else str(value).strip()
    if len(words) > limit:
        raise RowRefused(f"The {name} has {len(words)} characters; at most {limit} are taken.")
    return words


def gender(values: Values) -> str | None:
    word = text(values, "gender", limit=20).lower()
    if not word:
        return None
    if word not in GENDERS:
        raise RowRefused(f"The gender {word!r} is not known; use men, women or unisex, or leave it empty.")
    return GENDERS[word]


def price(values: Values) -> Decimal | None:
    word = text(values, "price", limit=40)
    if not word:
        return None
    try:
        amount = Decimal(word)
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or not 0 <= amount < Decimal(10) ** 10:
        raise RowRefused(f"The price {word!r} is not a number such as 12.50.")
    return amount.quantize(Decimal("0.01"))


def currency(values: Values) -> str:
    word = text(values, "currency", limit=10).upper()
    if word and not re.fullmatch("[A-Z]{3}", word):
        raise RowRefused(f"The currency {word!r} is not a three-letter code such as EUR.")
    return word


def url(values: Values) -> str:
    word = text(values, "url", limit=500)
    if not word:
        return ""
    try:
        parts = urlsplit(word)
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in {"http", "https"} or not parts.netloc or re.search(r"\s", word):
        raise RowRefused(f"The url {word[:80]!r} does not begin with http:// or https://.")
    return word


def flag(values: Values, name: str) -> bool:
    word = text(values, name, limit=10).lower()
    if word and word not in FALSE_WORDS | TRUE_WORDS:
        raise RowRefused(f"The {name} {word!r} is neither yes nor no.")
    return word in TRUE_WORDS


def domain(values: Values, default: str | None) -> str | None:
    word = text(values, "domain", limit=40).lower().replace(" ", "_").replace("-", "_") or default
    if word is not None and word not in Domain.values:
        raise RowRefused(f"The domain {word!r} is not known; use {' or '.join(Domain.values)}.")
    return word


def box(values: Values) -> tuple[float, float, float, float] | None:
    """Return the box of a pair, or None where all four columns are empty."""
    words = [text(values, name, limit=40) for name in BOX]
    if not any(words):
        return None
    try:
        x, y, w, h = (float(word) for word in words)
    except ValueError:
        raise RowRefused(f"The box {', '.join(words)} is not four numbers x, y, w, h.") from None
    if not all(map(math.isfinite, (x, y, w, h))) or min(x, y) < 0 or min(w, h) <= 0:
        raise RowRefused(f"The box {', '.join(words)} is not x, y >= 0 and w, h > 0 in pixels.")
    return x, y, w, h
