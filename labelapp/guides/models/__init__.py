"""Records of guides; one model per file."""

from labelapp.guides.models.guide import Guide
from labelapp.guides.models.guide_version import GuideVersion

__all__ = ["Guide", "GuideVersion"]
