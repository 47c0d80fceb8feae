"""Forms of the engineers' pages; each fills the plan of one verb, the one that the command calls too."""

import uuid
from collections.abc import Callable
from typing import Any, TypeVar

from django import forms
from django.core.validators import ProhibitNullCharactersValidator
from django.db import IntegrityError
from psycopg.errors import UniqueViolation

from labelapp.catalog.models import Domain, Product, Scene, SceneSet
from labelapp.evaluations.corpora import CorpusQuery
from labelapp.evaluations.errors import EvaluationsError
from labelapp.evaluations.models import CorpusSnapshot, ModelVersion, System
from labelapp.evaluations.runs import TASK_TYPE
from labelapp.evaluations.scene_sets import SceneQuery
from labelapp.evaluations.systems import SystemPlan
from labelapp.tasks.models import Project
from model_hooks.errors import ModelHookError

Result = TypeVar("Result")
ANY = [("", "Any")]


def done(form: forms.Form, verb: Callable[[], Result]) -> Result | None:
    """Do it if the form is valid; what the verb refuses becomes the form's error."""
    if not form.is_valid():
        return None
    try:
        return verb()
    except (EvaluationsError, ModelHookError) as error:
        form.add_error(None, str(error))
    except IntegrityError as error:
        if "slug" not in form.fields or not isinstance(error.__cause__, UniqueViolation):
            raise
        form.add_error("slug", "Somebody has taken this name at the same moment; choose another.")
    return None


class NamedChoice(forms.ModelChoiceField):  # type: ignore[type-arg]  # Django's takes no argument when run
    """One record, by its slug."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, to_field_name="slug", **kwargs)

    def clean(self, value: Any) -> Any:
        ProhibitNullCharactersValidator()(value)  # which PostgreSQL cannot even look up
        return super().clean(value)


class NamedChoices(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]  # as above
    """Several records, by their slugs."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, to_field_name="slug", **kwargs)

    def clean(self, value: Any) -> Any:
        for one in value or ():
            ProhibitNullCharactersValidator()(one)
        return super().clean(value)


def _sources(model: type[Scene] | type[Product]) -> list[tuple[str, str]]:
    names = model._default_manager.order_by("source").values_list("source", flat=True).distinct()
    return ANY + [(name, name) for name in names]


class SceneSetForm(forms.Form):
    """Which scenes to freeze."""

    slug = forms.SlugField(max_length=60, label="Short name", help_text="In addresses and commands.")
    source = forms.ChoiceField(required=False, help_text="The name they were imported under.")
    domain = forms.ChoiceField(choices=[*ANY, *Domain.choices], required=False)
    limit = forms.IntegerField(
        min_value=1,
        required=False,
        label="At most",
        help_text="So many are drawn at random; empty takes all.",
    )
    seed = forms.IntegerField(
        min_value=0, initial=0, required=False, help_text="Of the draw; the same seed draws the same scenes."
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["source"].choices = _sources(Scene)  # type: ignore[attr-defined]  # a choice field has them

    def query(self) -> SceneQuery:
        data = self.cleaned_data
        return SceneQuery(data["source"] or None, data["domain"] or None, data["limit"])


class CorpusForm(forms.Form):
    """Which products to freeze, and who embeds them."""

    slug = forms.SlugField(max_length=60, label="Short name", help_text="In addresses and commands.")
    source = forms.ChoiceField(required=False, help_text="The name they were imported under.")
    domain = forms.ChoiceField(choices=[*ANY, *Domain.choices], required=False)
    embedder = forms.ModelChoiceField(
        ModelVersion.objects.embedders(), required=False, empty_label="Later", label="Embed by"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["source"].choices = _sources(Product)  # type: ignore[attr-defined]  # a choice field has them

    def query(self) -> CorpusQuery:
        return CorpusQuery(self.cleaned_data["source"] or None, self.cleaned_data["domain"] or None)


class EmbedForm(forms.Form):
    """By which embedder a corpus is made searchable."""

    embedder = forms.ModelChoiceField(ModelVersion.objects.embedders(), empty_label=None)


class SystemForm(forms.Form):
    """What a system consists of."""

    name = forms.CharField(max_length=120)
    slug = forms.SlugField(max_length=60, label="Short name", help_text="In addresses and commands.")
    detector = forms.ModelChoiceField(ModelVersion.objects.detectors(), empty_label=None)
    embedder = forms.ModelChoiceField(ModelVersion.objects.embedders(), empty_label=None)
    corpus = forms.ModelChoiceField(CorpusSnapshot.objects.all(), empty_label=None)
    restrict_category = forms.BooleanField(
        required=False, initial=True, label="Only products of the predicted category"
    )
    restrict_gender = forms.BooleanField(
        required=False, label="Only products of the predicted gender, and unisex ones"
    )
    where = forms.CharField(
        max_length=2000, required=False, label="Only products where", help_text="For instance: NOT price < 50"
    )
    threshold = forms.FloatField(
        min_value=0,
        max_value=1,
        required=False,
        help_text="Least detector score; empty takes the detector's own.",
    )

    def plan(self) -> SystemPlan:
        data = self.cleaned_data
        return SystemPlan(
            slug=data["slug"],
            name=data["name"],
            detector=data["detector"],
            embedder=data["embedder"],
            corpus=data["corpus"],
            restrict={rule for rule in ("category", "gender") if data[f"restrict_{rule}"]},
            where=data["where"],
            threshold=data["threshold"],
        )


class RunForm(forms.Form):
    """Systems, oldest first, over a scene set, judged in a project."""

    systems = NamedChoices(System.objects.order_by("created_at"), widget=forms.CheckboxSelectMultiple)
    scenes = NamedChoice(SceneSet.objects.all(), empty_label=None)
    project = NamedChoice(
        Project.objects.of_people().filter(task_type=TASK_TYPE).select_related("guide"),
        empty_label=None,
        help_text="Where people judge what nobody has judged yet.",
    )
    # The run's public id: the same form sent twice starts one run.
    run = forms.UUIDField(initial=uuid.uuid4, required=False, widget=forms.HiddenInput)
