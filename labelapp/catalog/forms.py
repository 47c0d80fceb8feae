"""Forms of the catalog: filters of its lists, and the upload of an import."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeAlias

from django import forms
from django.core.files.uploadedfile import TemporaryUploadedFile, UploadedFile
from django.core.validators import RegexValidator
from django.db.models import Q

from labelapp.catalog.categories import CategoryMap, ensure_categories, read_translations
from labelapp.catalog.columns import headings
from labelapp.catalog.errors import ImportRefused
from labelapp.catalog.importing.sources import open_archive
from labelapp.catalog.models import Category, Domain, ImportBatch
from labelapp.catalog.rows import FORMATS, count_rows, read_headings
from labelapp.catalog.uploads import Upload

Kind = ImportBatch.Kind
LARGEST_ROWS = 512 * 2**20
LARGEST_PICTURES = 4 * 2**30
LARGEST_MAP = 4 * 2**20
Uploaded: TypeAlias = "UploadedFile[bytes]"  # not generic at run time
WORD = RegexValidator(r"^[\w .-]+$", "Use letters, digits, blanks, dots, dashes and underscores.")


class SceneFilter(forms.Form):
    """What narrows a list down; a wrong word narrows nothing."""

    q = forms.CharField(label="Search", required=False, max_length=200)
    source = forms.ChoiceField(required=False)
    domain = forms.ChoiceField(required=False, choices=[("", "Any"), *Domain.choices])

    def __init__(self, data: Any, *, sources: list[str]) -> None:
        super().__init__(data)
        self.fields["q"].widget = forms.TextInput(attrs={"type": "search", "placeholder": "Title or id"})
        self._choices("source").choices = [("", "Any"), *((name, name) for name in sources)]

    def condition(self) -> Q:
        """Return what a row of the list must fulfil."""
        self.is_valid()
        chosen = self.cleaned_data
        words = chosen.get("q")
        condition = Q(title__icontains=words) | Q(external_id__icontains=words) if words else Q()
        for name in ("source", "domain"):
            if chosen.get(name):
                condition &= Q(**{name: chosen[name]})
        return condition

    def _choices(self, name: str) -> forms.ChoiceField:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  # declared above
        return field


class ProductFilter(SceneFilter):
    """The same, and the category."""

    category = forms.ChoiceField(required=False)

    def __init__(self, data: Any, *, sources: list[str]) -> None:
        super().__init__(data, sources=sources)
        coarse = Category.objects.coarse().order_by("domain", "name").values_list("slug", "name")
        self._choices("category").choices = [
            ("", "Any"),
            ("none", "None"),
            *((s or "", n) for s, n in coarse),
        ]

    def condition(self) -> Q:
        condition = super().condition()
        category = self.cleaned_data.get("category")
        if category == "none":
            return condition & Q(category__coarse=None)
        return condition & Q(category__coarse__slug=category) if category else condition


class ImportForm(forms.Form):
    """Files to import; what can be known before a worker reads them all is checked here."""

    kind = forms.ChoiceField(label="What", choices=Kind.choices)
    source = forms.CharField(
        max_length=60,
        validators=[WORD],
        help_text="Where the rows come from. Ids are unique within a source.",
    )
    rows = forms.FileField(
        label="List",
        help_text="CSV, JSONL or Parquet.",
        widget=forms.FileInput(attrs={"accept": ",".join(FORMATS)}),
    )
    pictures = forms.FileField(
        label="Pictures",
        required=False,
        help_text="A zip archive of at most 4 GB; the command takes folders of any size.",
        widget=forms.FileInput(attrs={"accept": ".zip"}),
    )
    domain = forms.ChoiceField(
        required=False,
        choices=[("", "As the rows say"), *Domain.choices],
        help_text="For rows that name none.",
    )
    category_map = forms.FileField(
        label="Category map",
        required=False,
        help_text="CSV with the columns value and category: your words, and our categories.",
        widget=forms.FileInput(attrs={"accept": ".csv"}),
    )
    scene_source = forms.CharField(
        required=False, max_length=60, help_text="Pairs only: the scenes' source, if it is another."
    )
    product_source = forms.CharField(
        required=False, max_length=60, help_text="Pairs only: the products' source, if it is another."
    )

    def clean_rows(self) -> Uploaded:
        rows: Uploaded = self.cleaned_data["rows"]
        _refuse_by_size(rows, LARGEST_ROWS)
        with _told(), on_disk(rows) as path:
            given = read_headings(path, name=str(rows.name))
            headings(self.cleaned_data.get("kind") or Kind.PRODUCTS, given)
            self.rows_expected = count_rows(path, name=str(rows.name))
        return rows

    def clean_pictures(self) -> "Uploaded | None":
        pictures: Uploaded | None = self.cleaned_data["pictures"]
        if pictures:
            _refuse_by_size(pictures, LARGEST_PICTURES)
            with _told():
                open_archive(pictures)
            pictures.seek(0)
        return pictures

    def clean_category_map(self) -> dict[str, str]:
        file: Uploaded | None = self.cleaned_data["category_map"]
        if not file:
            return {}
        _refuse_by_size(file, LARGEST_MAP)
        with _told(), on_disk(file) as path:
            translations = read_translations(path)
            ensure_categories()
            CategoryMap(translations)
        return translations

    def clean(self) -> dict[str, Any]:
        chosen = self.cleaned_data
        pictured = chosen.get("kind") in {Kind.PRODUCTS, Kind.SCENES}
        if pictured and "pictures" in chosen and not chosen["pictures"]:
            self.add_error("pictures", "Products and scenes need their pictures: add a zip archive.")
        return chosen

    def upload(self) -> Upload:
        """Return what the form holds, ready to start."""
        chosen = self.cleaned_data
        pairs = chosen["kind"] == Kind.PAIRS
        kept = ("scene_source", "product_source") if pairs else ("domain",)
        options = {name: chosen[name] for name in kept}
        if chosen["kind"] == Kind.PRODUCTS:
            options["translations"] = chosen["category_map"]
        return Upload(
            kind=chosen["kind"],
            source=chosen["source"],
            rows=chosen["rows"],
            pictures=None if pairs else chosen["pictures"],
            rows_expected=self.rows_expected,
            options=options,
        )


@contextmanager
def on_disk(file: Uploaded) -> Iterator[Path]:
    """Give an uploaded file as one on disk; small ones are kept in memory by Django."""
    if isinstance(file, TemporaryUploadedFile):
        yield Path(file.temporary_file_path())
    else:
        with tempfile.NamedTemporaryFile(prefix="upload-") as copy:
            for chunk in file.chunks():
                copy.write(chunk)
            copy.flush()
            yield Path(copy.name)
    file.seek(0)


@contextmanager
def _told() -> Iterator[None]:
    """Turn what a reader refuses into an error of the form."""
    try:
        yield
    except ImportRefused as refused:
        raise forms.ValidationError(str(refused)) from refused


def _refuse_by_size(file: Uploaded, limit: int) -> None:
    if (file.size or 0) > limit:
        raise forms.ValidationError(
            f"The file has {(file.size or 0) / 2**20:,.0f} MB; a page takes at most {limit // 2**20:,} MB."
            " Use the import command for larger ones."
        )
