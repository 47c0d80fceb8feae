"""Whether somebody wants to see what simulated people did; kept in the session."""

from django.http import HttpRequest

HIDES = "hides_simulated"


def shows_simulated(request: HttpRequest) -> bool:
    """Simulated people and what they answered are shown, and marked as such, until they are hidden."""
    return not request.session.get(HIDES, False)


def show_simulated(request: HttpRequest, *, shown: bool) -> None:
    """Show or hide them for the rest of the session."""
    request.session[HIDES] = not shown
