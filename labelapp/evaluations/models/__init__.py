"""Records of evaluations; one model per file."""

from labelapp.evaluations.models.corpus import CorpusIndex, CorpusItem, CorpusSnapshot
from labelapp.evaluations.models.evaluation_run import EvaluationRun, RunSystem
from labelapp.evaluations.models.feature import Feature, SceneDetections
from labelapp.evaluations.models.judgement import Judgement, LabelEvent, QueuedPair
from labelapp.evaluations.models.model_version import ModelVersion
from labelapp.evaluations.models.query_object import Candidate, QueryObject
from labelapp.evaluations.models.system import System
from labelapp.evaluations.models.work_chunk import WorkChunk

__all__ = [
    "Candidate",
    "CorpusIndex",
    "CorpusItem",
    "CorpusSnapshot",
    "EvaluationRun",
    "Feature",
    "Judgement",
    "LabelEvent",
    "ModelVersion",
    "QueryObject",
    "QueuedPair",
    "RunSystem",
    "SceneDetections",
    "System",
    "WorkChunk",
]
