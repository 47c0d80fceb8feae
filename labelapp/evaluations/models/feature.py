"""What models said about pictures, so that nothing is computed twice (003, section 2.2)."""

from django.db import models

from labelapp.catalog.models import Image
from labelapp.evaluations.models.model_version import ModelVersion


class Feature(models.Model):
    """The binarized embedding of a crop (crop hash) or of a whole picture (its SHA-256)."""

    key = models.CharField(max_length=64)
    embedder = models.ForeignKey(ModelVersion, on_delete=models.PROTECT, related_name="features")
    code = models.BinaryField()
    gender = models.CharField(max_length=6, null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["embedder", "key"], name="feature_once")]

    def __str__(self) -> str:
        return f"{self.key[:12]} by {self.embedder_id}"


class SceneDetections(models.Model):
    """What a detector found in a picture down to a low score: a list of {x, y, w, h, label, score}."""

    image = models.ForeignKey(Image, on_delete=models.CASCADE, related_name="detections")
    detector = models.ForeignKey(ModelVersion, on_delete=models.PROTECT, related_name="detections")
    boxes = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["detector", "image"], name="scene_detections_once")]

    def __str__(self) -> str:
        return f"{self.image_id} by {self.detector_id}"
