"""Records of the labeling queue; one model per file."""

from labelapp.tasks.models.draft import Draft
from labelapp.tasks.models.label import Label
from labelapp.tasks.models.lapse import Lapse
from labelapp.tasks.models.project import Project, ProjectPool
from labelapp.tasks.models.skip import Skip
from labelapp.tasks.models.slot import Slot
from labelapp.tasks.models.task import Task

__all__ = ["Draft", "Label", "Lapse", "Project", "ProjectPool", "Skip", "Slot", "Task"]
