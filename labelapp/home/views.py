"""Start pages: what to do next, per role."""

from django.http import HttpResponse
from django.shortcuts import redirect, render

from labelapp.home.doctor import examine
from labelapp.home.next_steps import engineer_steps, expert_steps
from labelapp.home.style_page import style_context
from labelapp.people.access import UserRequest, require_role
from labelapp.people.models import Role


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
    return render(request, "home/home.html", {"steps": steps, "following": following})


@require_role(Role.Name.ENGINEER)
def doctor(request: UserRequest) -> HttpResponse:
    """What this installation uses, and what is wrong with it."""
    return render(request, "home/doctor.html", {"findings": list(examine())})


def style(request: UserRequest) -> HttpResponse:
    """Every component of the design language in use."""
    return render(request, "home/style.html", style_context())
