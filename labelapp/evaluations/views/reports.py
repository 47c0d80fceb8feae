"""The Relevance@5 report and the pictures behind it."""

from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render

from labelapp.catalog.models import SceneSet
from labelapp.evaluations.errors import EvaluationsError
from labelapp.evaluations.graded_runs import Question
from labelapp.evaluations.judgements import origin_to_show
from labelapp.evaluations.models import EvaluationRun, Judgement, System
from labelapp.evaluations.reports import GRADES, Report, relevance_report, report_as_json
from labelapp.evaluations.wall import WALL_PAGE, wall_ids, wall_rows
from labelapp.people.access import UserRequest, staff_required
from labelapp.people.simulated import shows_simulated


class ReportForm(forms.Form):
    """Which systems to compare, over what, judged by whom."""

    system = forms.ModelMultipleChoiceField(
        System.objects.none(), to_field_name="slug", label="Systems", widget=forms.CheckboxSelectMultiple
    )
    scenes = forms.ModelChoiceField(
        SceneSet.objects.none(),
        to_field_name="slug",
        required=False,
        label="Scenes",
        empty_label="Newest that all ran over",
    )
    guide = forms.IntegerField(min_value=1, required=False, label="Guide version")
    origin = forms.ChoiceField(choices=Judgement.Origin.choices, required=False, label="Judged by")

    def __init__(self, *args: object, with_simulated: bool = True, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # handed through as they came
        self.fields["origin"].choices = _origins(with_simulated=with_simulated)  # type: ignore[attr-defined]  # a choice field has them
        finished = {"runs__state": EvaluationRun.State.FINISHED}
        self.fields["system"].queryset = System.objects.filter(**finished).distinct().order_by("created_at")  # type: ignore[attr-defined]  # a model choice field has one
        self.fields["scenes"].queryset = SceneSet.objects.filter(**finished).distinct()  # type: ignore[attr-defined]  # the same

    def report(self) -> Report:
        data = self.cleaned_data
        return relevance_report(
            list(data["system"]),
            scene_set=data["scenes"],
            guide_number=data["guide"],
            origin=data["origin"] or Judgement.Origin.HUMAN,
        )


def _origins(*, with_simulated: bool) -> list[tuple[str, str]]:
    return [
        (value, str(label))
        for value, label in Judgement.Origin.choices
        if with_simulated or value != Judgement.Origin.SIMULATED
    ]


class WallForm(forms.Form):
    """Whose judgements, under which guide version, and whether failures only."""

    origin = forms.ChoiceField(choices=Judgement.Origin.choices, required=False)
    guide = forms.IntegerField(min_value=1, required=False)
    show = forms.ChoiceField(choices=[("failures", "Failures")], required=False)

    def question(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {"guide_number": data["guide"], "origin": data["origin"] or Judgement.Origin.HUMAN}


@staff_required
def report_page(request: UserRequest) -> HttpResponse:
    newest = EvaluationRun.objects.filter(state=EvaluationRun.State.FINISHED).order_by("-finished_at").first()
    if newest is None:
        return render(request, "evaluations/report_empty.html")
    shown = shows_simulated(request)
    form = ReportForm(_asked(request, newest, with_simulated=shown), with_simulated=shown)
    report, error = _made(form)
    if "json" in request.GET and report:
        return JsonResponse(report_as_json(report))
    status = 422 if report is None else 200
    return render(
        request,
        "evaluations/report.html",
        {
            "form": form,
            "report": report,
            "error": error,
            "grades": GRADES,
            "origins": _origins(with_simulated=shown),
        },
        status=status,
    )


def _asked(request: UserRequest, newest: EvaluationRun, *, with_simulated: bool) -> dict[str, Any]:
    """Return what was asked for; where nothing was, the newest run's systems and those who judged it.

    A program, and whoever names systems, never gets simulated judgements unasked.
    """
    asked: dict[str, Any] = {name: request.GET.get(name, "") for name in ("scenes", "guide", "origin")}
    if asked["origin"] == Judgement.Origin.SIMULATED and not with_simulated:
        asked["origin"] = ""
    if not request.GET.keys() & {"system", "scenes", "guide", "json"}:
        asked["origin"] = asked["origin"] or origin_to_show(newest, with_simulated=with_simulated)
    asked["system"] = request.GET.getlist("system") or [system.slug for system in newest.ordered_systems()]
    return asked


def _made(form: ReportForm) -> tuple[Report | None, str]:
    if not form.is_valid():
        return None, ""
    try:
        return form.report(), ""
    except EvaluationsError as error:
        return None, str(error)


@staff_required
def report_wall(request: UserRequest, run: str, system: str) -> HttpResponse:
    """The query objects of a system in a run with their graded candidates; the worst first if asked."""
    found = get_object_or_404(EvaluationRun, public_id=run)
    shown = get_object_or_404(found.systems, slug=system)
    chosen = WallForm(request.GET)
    if not chosen.is_valid():
        raise Http404("There is no such view of the wall.")
    if chosen.cleaned_data["origin"] == Judgement.Origin.SIMULATED and not shows_simulated(request):
        return redirect("report")
    question = Question.of(found.project, **chosen.question())
    only_failures = chosen.cleaned_data["show"] == "failures"
    ids = wall_ids(found, shown, question, only_failures=only_failures)
    page = Paginator(ids, WALL_PAGE).get_page(request.GET.get("page"))
    context = {"run": found, "system": shown, "page": page, "only_failures": only_failures}
    context |= {"is_simulated": question.origin == Judgement.Origin.SIMULATED}
    context |= {"question": question, "rows": wall_rows(list(page.object_list), question)}
    return render(request, "evaluations/report_wall.html", context)
