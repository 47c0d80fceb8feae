"""A detector or embedder that never changes."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from labelapp.evaluations.errors import EvaluationsError, UnknownName


class ModelVersionQuerySet(models.QuerySet["ModelVersion"]):
    def detectors(self) -> "ModelVersionQuerySet":
        return self.filter(kind=ModelVersion.Kind.DETECTOR)

    def embedders(self) -> "ModelVersionQuerySet":
        return self.filter(kind=ModelVersion.Kind.EMBEDDER)

    def get_detector(self, reference: str) -> "ModelVersion":
        return self._get(reference, ModelVersion.Kind.DETECTOR)

    def get_embedder(self, reference: str) -> "ModelVersion":
        return self._get(reference, ModelVersion.Kind.EMBEDDER)

    def _get(self, reference: str, kind: str) -> "ModelVersion":
        """Fetch `NAME/VERSION` as people write it."""
        name, _, version = reference.rpartition("/")
        found = self.filter(name=name, version=version).first()
        if found is None:
            known = [str(model) for model in self.filter(kind=kind)]
            raise UnknownName(kind, reference, known, how="register one: manage.py register_model DIR")
        if found.kind != kind:
            fitting = ", ".join(str(model) for model in self.filter(kind=kind)) or "none yet"
            article = "a" if found.kind == ModelVersion.Kind.DETECTOR else "an"
            raise EvaluationsError(
                f"{found} is no {kind} but {article} {found.kind}. Registered {kind}s: {fitting}."
            )
        return found


class ModelVersion(models.Model):
    """The folder MODEL_ROOT/name/version, as it was when it was registered."""

    class Kind(models.TextChoices):
        DETECTOR = "detector", "Detector"
        EMBEDDER = "embedder", "Embedder"

    name = models.CharField(max_length=80)
    version = models.CharField(max_length=40)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    adapter = models.CharField(max_length=20)
    digest = models.CharField(
        max_length=64, unique=True, help_text="SHA-256 over the manifest and every file"
    )
    manifest = models.JSONField()
    registered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    registered_at = models.DateTimeField(db_default=Now())

    objects = ModelVersionQuerySet.as_manager()

    class Meta:
        ordering = ["name", "version"]
        constraints = [
            models.UniqueConstraint(fields=["name", "version"], name="model_version_once"),
            models.CheckConstraint(
                condition=models.Q(kind__in=["detector", "embedder"]), name="model_version_kind_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}/{self.version}"
