"""Labels become judgements: one grade of one labeler for one query-object/product pair."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from django.db import transaction

from evaluator.consensus import majority
from labelapp.catalog.crops import crop_hash
from labelapp.catalog.models import Image, Product
from labelapp.evaluations.models import EvaluationRun, Judgement, LabelEvent
from labelapp.guides.models import GuideVersion
from labelapp.people.models import Pool
from labelapp.tasks.models import Label

TASK_TYPE = "relevance"
EVENTS_AT_ONCE = 500
CROPS_AT_ONCE = 2000
GRADES = 5


def note_label(*, label: Label, **_: Any) -> None:
    """Receive `label_submitted`: only note that there is work; a sweep or a report does it."""
    if label.slot.project.task_type == TASK_TYPE:
        LabelEvent.objects.create(label=label)


def absorb_labels() -> int:
    """Turn noted labels into judgements and return how many labels that were; repeatable."""
    absorbed = 0
    while count := _absorb_some():
        absorbed += count
    return absorbed


@transaction.atomic
def _absorb_some() -> int:
    """Take the oldest events. Who comes second waits, so that a report sees all that was noted before it."""
    related = ("label__task", "label__labeler", "label__pool")
    events = list(
        LabelEvent.objects.select_for_update(of=("self",)).select_related(*related)[:EVENTS_AT_ONCE]
    )
    labels = [event.label for event in events if not event.label.is_surplus]
    Judgement.objects.bulk_create(_judgements(labels), batch_size=1000, ignore_conflicts=True)
    return LabelEvent.objects.filter(pk__in=[event.pk for event in events]).delete()[0]


def _judgements(labels: Sequence[Label]) -> list[Judgement]:
    payloads = [label.task.payload for label in labels]
    asked = [product for payload in payloads for product in payload["products"]]
    shown = {payload["scene"]["image"] for payload in payloads} | {product["image"] for product in asked}
    sha256 = dict(Image.objects.filter(pk__in=shown).values_list("pk", "sha256"))
    products = Product.objects.filter(pk__in={product["id"] for product in asked})
    public_ids = dict(products.values_list("pk", "public_id"))
    found: list[Judgement] = []
    for label, payload in zip(labels, payloads, strict=True):
        x, y, w, h = payload["box"]
        crop = crop_hash(sha256[payload["scene"]["image"]], (x, y, w, h))
        grades = label.answer["grades"]
        for product in payload["products"]:
            grade = grades[str(public_ids[product["id"]])]
            found.append(_judgement(label, crop, sha256[product["image"]], grade=grade))
    return found


def _judgement(label: Label, crop: str, picture: str, *, grade: int) -> Judgement:
    return Judgement(
        label=label,
        labeler=label.labeler,
        origin=_origin(label),
        crop_hash=crop,
        product_image=picture,
        question_version=label.question_version,
        guide_version_id=label.guide_version_id,
        grade=grade,
    )


def _origin(label: Label) -> str:
    if label.labeler.is_simulated:
        return Judgement.Origin.SIMULATED
    return Judgement.Origin.MODEL if label.pool.kind == Pool.Kind.MODEL else Judgement.Origin.HUMAN


def origin_to_show(run: EvaluationRun, *, with_simulated: bool) -> str:
    """Return whose judgements of a run to begin with: simulated ones only while people have made none."""
    absorb_labels()
    human, simulated = Judgement.Origin.HUMAN, Judgement.Origin.SIMULATED
    judged = Judgement.objects.filter(crop_hash__in=run.query_objects.values("crop_hash"))
    if not with_simulated or judged.filter(origin=human).exists():
        return human
    return simulated if judged.filter(origin=simulated).exists() else human


def pair_grades(
    pairs: Sequence[tuple[str, str]], *, guide_version: GuideVersion, question_version: int, origin: str
) -> npt.NDArray[np.int64]:
    """Return the grade of each (crop hash, product picture) pair: its majority, or -1 if tied or unjudged."""
    number: dict[tuple[str, str], int] = {}
    wanted = [number.setdefault(pair, len(number)) for pair in pairs]
    asked = Judgement.objects.filter(
        guide_version=guide_version, question_version=question_version, origin=origin
    )
    rows: list[tuple[int, int, int]] = []
    crops = sorted({crop for crop, _ in number})
    for start in range(0, len(crops), CROPS_AT_ONCE):
        judged = asked.filter(crop_hash__in=crops[start : start + CROPS_AT_ONCE])
        fields = judged.values_list("crop_hash", "product_image", "labeler_id", "grade")
        rows += [
            (number[pair], labeler, grade)
            for *pair_, labeler, grade in fields.iterator()
            if (pair := (pair_[0], pair_[1])) in number
        ]
    items, labelers, grades = np.array(rows, dtype=np.int64).reshape(-1, 3).T
    result = majority(items, labelers, grades, n_values=GRADES, n_items=len(number))
    return np.asarray(result.label, dtype=np.int64)[wanted]
