"""What became of a few rows, and the rows as their columns name them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from labelapp.catalog.rows import Row


@dataclass(slots=True)
class Outcome:
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: list[tuple[Row, str]] = field(default_factory=list)

    def reject(self, row: Row, reason: object) -> None:
        self.rejected.append((row, str(reason)))


@dataclass(frozen=True, slots=True)
class Headings:
    """Which heading of the file serves which column."""

    served: Mapping[str, str]

    def split(self, row: Row) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return the values by column, and the further columns as they are.

        The category's own word counts among the further ones: our category may say less.
        """
        by_column = {column: row.values.get(heading) for column, heading in self.served.items()}
        used = {heading for column, heading in self.served.items() if column != "category"}
        return by_column, {key: value for key, value in row.values.items() if key not in used}
