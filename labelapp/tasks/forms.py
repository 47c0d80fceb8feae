"""Forms about projects."""

from typing import Any

from django import forms

from labelapp.people.models import Pool
from labelapp.tasks.models import Project
from labelapp.tasks.projects import ProjectPlan
from labelapp.tasks.types.registry import get_task_type, task_type_choices

OVERLAP_AT_MOST = 50


class ProjectForm(forms.Form):
    """A new project; each pool has a field for how many answers per task it gives."""

    name = forms.CharField(max_length=120)
    slug = forms.SlugField(max_length=60, label="Short name", help_text="In addresses and commands.")
    task_type = forms.ChoiceField(choices=task_type_choices, label="Task type")
    guide_text = forms.CharField(
        label="Guide",
        required=False,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text="Markdown. Leave it empty to start with the guide that comes with the task type.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.pools = list(Pool.objects.filter(is_simulated=False))
        for pool in self.pools:
            self.fields[f"pool-{pool.slug}"] = forms.IntegerField(
                label=f"Answers per task from {pool.name}",
                min_value=0,
                max_value=OVERLAP_AT_MOST,
                initial=1 if pool.kind == Pool.Kind.IN_HOUSE else 0,
                required=False,
            )

    def clean_slug(self) -> str:
        slug: str = self.cleaned_data["slug"]
        if Project.objects.filter(slug=slug).exists():
            raise forms.ValidationError(f"There is a project '{slug}' already; choose another short name.")
        return slug

    def plan(self) -> ProjectPlan:
        wanted = {pool.slug: self.cleaned_data.get(f"pool-{pool.slug}") or 0 for pool in self.pools}
        return ProjectPlan(
            slug=self.cleaned_data["slug"],
            name=self.cleaned_data["name"],
            task_type=get_task_type(self.cleaned_data["task_type"]).name,
            pools={slug: overlap for slug, overlap in wanted.items() if overlap},
            guide_text=self.cleaned_data["guide_text"],
        )


class StateForm(forms.Form):
    state = forms.ChoiceField(choices=Project.State.choices)
