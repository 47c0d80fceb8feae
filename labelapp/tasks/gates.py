"""Gates that other apps put before new claims; each app registers its own in `AppConfig.ready()`."""

from collections.abc import Callable

from labelapp.people.models import User
from labelapp.tasks.models import Project
from labelapp.tasks.states import Nothing

# A gate answers None to let the labeler pass, else the state to show. It runs inside the claim: one query.
ClaimGate = Callable[[User, Project], Nothing | None]

_gates: list[ClaimGate] = []


def register_gate(gate: ClaimGate) -> None:
    if gate not in _gates:
        _gates.append(gate)


def unregister_gate(gate: ClaimGate) -> None:
    _gates.remove(gate)


def closed_gate(user: User, project: Project) -> Nothing | None:
    """Return what the first closed gate says, in the order of registration."""
    return next((nothing for gate in _gates if (nothing := gate(user, project))), None)
