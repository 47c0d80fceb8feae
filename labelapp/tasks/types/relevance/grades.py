"""The five grades of relevance (paper, section 4 and figure 3)."""

from django.db import models


class Grade(models.IntegerChoices):
    """Stored as numbers that rise with similarity; the keys 1 to 5 go the other way, best first."""

    EXTREMELY_SIMILAR = 4, "Extremely Similar"
    SIMILAR = 3, "Similar"
    MARGINALLY_SIMILAR = 2, "Marginally Similar"
    NOT_SIMILAR = 1, "Not Similar"
    DID_NOT_LOAD = 0, "Did Not Load"

    @property
    def key(self) -> str:
        """The key that gives this grade."""
        return str(5 - self.value)
