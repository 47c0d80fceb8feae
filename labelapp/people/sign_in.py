"""Signing in, with guessing slowed down."""

from ipaddress import ip_address
from typing import Any

from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.signals import user_login_failed
from django.contrib.auth.views import LoginView
from django.core.exceptions import ValidationError
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from labelapp.people.models import FailedSignIn, User


class SignInForm(AuthenticationForm):
    """Refuses a name after too many wrong passwords, for a quarter of an hour: soon those from one address,
    and much later those from anywhere."""

    error_messages = {
        **AuthenticationForm.error_messages,
        "invalid_login": "This name and this password do not belong together. Check both; capitals count.",
    }

    def clean(self) -> dict[str, Any]:
        username = self.cleaned_data.get("username", "")
        if FailedSignIn.objects.is_throttled(username, client_address(self.request)):
            raise ValidationError(
                "Too many wrong passwords for this name. Wait a quarter of an hour, then try again."
            )
        cleaned: dict[str, Any] = super().clean()
        return cleaned

    def confirm_login_allowed(self, user: User) -> None:
        super().confirm_login_allowed(user)
        FailedSignIn.objects.filter(username=user.username.lower()).delete()


class SignInView(LoginView):
    form_class = SignInForm
    redirect_authenticated_user = True

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        # A fragment request of someone whose sign-in has ended is redirected here; the whole sign-in page
        # in place of the fragment would wipe out what the page shows and what was typed into it.
        if "HX-Request" in request.headers:
            return render(request, "errors/401.html", status=401)
        return super().get(request, *args, **kwargs)


def client_address(request: HttpRequest | None) -> str | None:
    """Return the address that the web server saw; None where it saw none, as behind a socket."""
    try:
        return str(ip_address(request.META.get("REMOTE_ADDR", ""))) if request else None
    except ValueError:
        return None


@receiver(user_login_failed)
def remember_failure(credentials: dict[str, Any], request: HttpRequest | None = None, **kwargs: Any) -> None:
    username = str(credentials.get("username", ""))[:150].lower()
    FailedSignIn.objects.create(username=username, address=client_address(request))
