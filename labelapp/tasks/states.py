"""Why there is nothing to do just now."""

import datetime as dt
from dataclasses import dataclass

from django.db import models


class QueueState(models.TextChoices):
    DONE = "done", "Everything is answered"
    LEASED = "leased", "Others are at the rest"
    PAUSED = "paused", "Paused"
    UNQUALIFIED = "unqualified", "Not for you yet"
    GUIDE = "guide", "There is a new guide to read"
    FULL = "full", "You hold as many tasks as you may"


@dataclass(frozen=True)
class Nothing:
    """No task, with the reason; `until` says when asking again may help."""

    state: QueueState
    until: dt.datetime | None = None
