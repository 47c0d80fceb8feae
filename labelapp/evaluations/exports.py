"""Candidates and judgements as CSV, so that anyone can compute the report again with tools of their own."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from labelapp.catalog.csv_safety import safe_cell
from labelapp.evaluations.judgements import absorb_labels
from labelapp.evaluations.models import EvaluationRun, Judgement

CANDIDATE_COLUMNS = (
    "system",
    "scene",
    "query_object",
    "x",
    "y",
    "w",
    "h",
    "category",
    "score",
    "rank",
    "product",
    "distance",
    "crop_hash",
    "product_image",
)
JUDGEMENT_COLUMNS = (
    "crop_hash",
    "product_image",
    "grade",
    "origin",
    "question_version",
    "guide",
    "guide_version",
    "labeler",
    "label",
    "submitted_at",
)


def export_run(run: EvaluationRun, folder: Path) -> dict[str, int]:
    """Write `candidates.csv` and `judgements.csv` of a run; returns the number of rows of each."""
    absorb_labels()
    folder.mkdir(parents=True, exist_ok=True)
    return {
        "candidates.csv": _write(folder / "candidates.csv", CANDIDATE_COLUMNS, candidate_rows(run)),
        "judgements.csv": _write(folder / "judgements.csv", JUDGEMENT_COLUMNS, judgement_rows(run)),
    }


def candidate_rows(run: EvaluationRun) -> Iterator[tuple[Any, ...]]:
    """Every query object with its candidates; one without candidates has a row with an empty rank."""
    of_run = run.query_objects.select_related("system", "scene").prefetch_related(
        "candidates__product", "candidates__image"
    )
    for found in of_run.order_by("system_id", "scene_id", "position").iterator(chunk_size=500):
        head = (
            found.system.slug,
            found.scene.external_id,
            found.public_id,
            found.x,
            found.y,
            found.w,
            found.h,
            found.category,
            found.score,
        )
        candidates = list(found.candidates.all())
        if not candidates:
            yield (*head, "", "", "", found.crop_hash, "")
        for candidate in candidates:
            product = candidate.product
            yield (
                *head,
                candidate.rank,
                product.external_id,
                candidate.distance,
                found.crop_hash,
                candidate.image.sha256,
            )


def judgement_rows(run: EvaluationRun) -> Iterator[tuple[Any, ...]]:
    """Every judgement of a crop of the run, whichever run asked for it; labelers are pseudonyms."""
    crops = run.query_objects.values("crop_hash")
    judgements = Judgement.objects.filter(crop_hash__in=crops).select_related(
        "labeler", "label", "guide_version__guide"
    )
    for judgement in judgements.iterator(chunk_size=2000):
        yield (
            judgement.crop_hash,
            judgement.product_image,
            judgement.grade,
            judgement.origin,
            judgement.question_version,
            judgement.guide_version.guide.slug,
            judgement.guide_version.number,
            judgement.labeler.public_id,
            judgement.label.public_id,
            judgement.label.submitted_at.isoformat(),
        )


def _write(path: Path, columns: Sequence[str], rows: Iterable[tuple[Any, ...]]) -> int:
    count = 0
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        for row in rows:
            writer.writerow([safe_cell(cell) for cell in row])
            count += 1
    return count
