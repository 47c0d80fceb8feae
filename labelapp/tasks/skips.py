"""Reading a skip from a form or a JSON body."""

from collections.abc import Mapping
from typing import Any

from labelapp.tasks.models import Skip
from labelapp.tasks.types.registry import InvalidAnswer

COMMENT_AT_MOST = 500


def read_skip(data: Mapping[str, Any]) -> tuple[Skip.Reason, str]:
    """Return reason and comment; raises `InvalidAnswer`."""
    reason, comment = data.get("reason"), data.get("comment", "")
    if not isinstance(reason, str) or reason not in Skip.Reason.values:
        raise InvalidAnswer(f"'reason' must be one of {', '.join(Skip.Reason.values)}.", field="reason")
    if not isinstance(comment, str) or len(comment) > COMMENT_AT_MOST or "\x00" in comment:
        raise InvalidAnswer(
            f"'comment' must be text of at most {COMMENT_AT_MOST} characters.", field="comment"
        )
    return Skip.Reason(reason), comment
