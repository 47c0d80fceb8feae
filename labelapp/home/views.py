"""Start pages: what to do next, per role."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from labelapp.home.doctor import examine
from labelapp.home.next_steps import admin_steps, engineer_steps, expert_steps, loading
from labelapp.home.style_page import style_context
from labelapp.people.access import UserRequest, require_role, staff_required
from labelapp.people.models import Role
from labelapp.people.simulated import show_simulated


def home(request: UserRequest) -> HttpResponse:
    """Labelers go straight to their work; the others see the next step on their way."""
    user = request.user
    if user.role_names == {Role.Name.LABELER}:
        return redirect("work_list")
    if user.has_role(Role.Name.ENGINEER):
        steps = engineer_steps()
    else:
        steps = expert_steps() if user.has_role(Role.Name.EXPERT) else []
    following = next((step for step in steps if not step.is_done), None)
    context = {"steps": steps, "following": following, "loading": loading() if steps else []}
    if user.role_names == {Role.Name.ADMIN}:
        context["admin_steps"] = admin_steps()
    return render(request, "home/home.html", context)


@require_POST
@staff_required
def simulated(request: UserRequest) -> HttpResponse:
    """Show or hide simulated people and their answers, and go back to where the button was pressed."""
    show_simulated(request, shown=request.POST.get("show") == "yes")
    back = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
    return redirect(back if is_ours else "home")


@require_role(Role.Name.ENGINEER)
def doctor(request: UserRequest) -> HttpResponse:
    """What this installation uses, and what is wrong with it."""
    return render(request, "home/doctor.html", {"findings": list(examine())})


def style(request: UserRequest) -> HttpResponse:
    """Every component of the design language in use."""
    return render(request, "home/style.html", style_context())
