"""Reading JSON bodies."""

import io
from collections.abc import Mapping
from typing import IO, Any

from rest_framework.parsers import JSONParser

from labelapp.tasks.types.registry import InvalidAnswer

BYTES_AT_MOST = 1024 * 1024


class BoundedJSONParser(JSONParser):
    """JSON up to a megabyte. NaN passes here, so that it is refused later with the field at fault."""

    strict = False

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        body = stream.read(BYTES_AT_MOST + 1)
        if len(body) > BYTES_AT_MOST:
            raise InvalidAnswer(f"The body is larger than {BYTES_AT_MOST:,} bytes.", field="body")
        data = super().parse(io.BytesIO(body), media_type, parser_context)
        if not isinstance(data, dict):
            raise InvalidAnswer("The body must be a JSON object.", field="body")
        return data
