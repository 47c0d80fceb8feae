"""Pages for what went wrong. Those for 400 and 500 need neither database nor session: these may be why."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _plain("400", status=400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "errors/403.html", {"reason": _reason(exception)}, status=403)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "errors/404.html", status=404)


def form_too_old(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer to a form with a wrong CSRF token."""
    return _plain("403_csrf", status=403)


def server_error(request: HttpRequest) -> HttpResponse:
    return _plain("500", status=500)


def _reason(exception: Exception) -> str:
    """What `PermissionDenied` was raised with; our own raises say it in words for the reader."""
    return str(exception.args[0]) if exception.args else ""


def _plain(name: str, *, status: int) -> HttpResponse:
    page = render_to_string(f"errors/{name}.html", {"product_name": settings.PRODUCT_NAME})
    return HttpResponse(page, status=status)
