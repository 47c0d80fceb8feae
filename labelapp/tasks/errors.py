"""What the queue refuses, and the HTTP status each refusal becomes."""

from typing import ClassVar


class QueueError(Exception):
    """Base of all refusals; the text is for the labeler."""

    status: ClassVar[int] = 409
    code: ClassVar[str] = "queue"


class LeaseLost(QueueError):  # noqa: N818  # it is a state of affairs, told to the labeler
    """The lease ended and the slot cannot be had back."""

    code = "lease_lost"


class UuidReused(QueueError):  # noqa: N818  # as above
    """Another answer already bears this client uuid."""

    code = "client_uuid_reused"


class QueueBusy(QueueError):  # noqa: N818  # as above
    """A lock was not to be had in time; the same request may simply be sent again."""

    status = 503
    code = "busy"


class ProjectError(QueueError):
    """A project cannot be made or changed as asked."""

    status = 422
    code = "project"
