"""What models have said about pictures: read before a model is asked, written when it has answered."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

from labelapp.catalog.models import Image
from labelapp.evaluations.models import Feature, ModelVersion, SceneDetections

Found = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Code:
    """A binarized embedding, with the gender that the embedder saw, if it looks for one."""

    bits: bytes
    gender: str | None


def detections_of(images: Iterable[Image], detector: ModelVersion) -> dict[int, Found]:
    """Return what the detector found, by image id, for the images it has seen."""
    seen = SceneDetections.objects.filter(detector=detector, image__in=[image.pk for image in images])
    return dict(seen.values_list("image_id", "boxes"))


def codes_of(keys: Collection[str], embedder: ModelVersion) -> dict[str, Code]:
    """Return the codes of crop hashes or picture hashes, as far as they are known."""
    if not keys:
        return {}
    known = Feature.objects.filter(embedder=embedder, key__in=keys).values_list("key", "code", "gender")
    return {key: Code(bytes(code), gender) for key, code, gender in known}


def keep(
    detections: Mapping[int, Found],
    codes: Mapping[str, Code],
    *,
    detector: ModelVersion | None,
    embedder: ModelVersion,
) -> None:
    """Store what was computed; what somebody else stored meanwhile stays."""
    if not detections and not codes:
        return
    with transaction.atomic():
        # Losing the last of these in a power cut costs computing them again, so nobody waits for the disk.
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL synchronous_commit TO off")
        SceneDetections.objects.bulk_create(
            [
                SceneDetections(image_id=pk, detector=detector, boxes=boxes)
                for pk, boxes in detections.items()
            ],
            ignore_conflicts=True,
        )
        Feature.objects.bulk_create(_features(codes, embedder), ignore_conflicts=True)


def _features(codes: Mapping[str, Code], embedder: ModelVersion) -> Sequence[Feature]:
    # Sorted, so that two workers with the same crops wait for each other instead of deadlocking.
    return [
        Feature(key=key, embedder=embedder, code=code.bits, gender=code.gender)
        for key, code in sorted(codes.items())
    ]
