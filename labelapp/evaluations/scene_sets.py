"""Freezing scene sets: what evaluations run over."""

import random
from dataclasses import asdict, dataclass

from django.db import transaction

from labelapp.catalog.models import Scene, SceneSet, SceneSetMember
from labelapp.evaluations.errors import EvaluationsError
from labelapp.evaluations.names import check_new_slug
from labelapp.people.audit import record
from labelapp.people.models import User


@dataclass(frozen=True)
class SceneQuery:
    """Which scenes; with a limit, that many are drawn at random by the seed."""

    source: str | None = None
    domain: str | None = None
    limit: int | None = None


@transaction.atomic
def freeze_scenes(slug: str, query: SceneQuery, *, seed: int = 0, by: User | None) -> SceneSet:
    """Draw a set once and for all; equal catalog, query and seed draw equal scenes."""
    check_new_slug("scene set", slug, taken=SceneSet.objects.filter(slug=slug).exists())
    filters = {name: value for name, value in asdict(query).items() if value and name != "limit"}
    chosen = list(Scene.objects.filter(**filters).order_by("pk").values_list("pk", "image_id"))
    if not chosen:
        known = ", ".join(sorted(set(Scene.objects.values_list("source", flat=True)))) or "none yet"
        raise EvaluationsError(
            f"No scene matches {filters or 'at all'}; import scenes first. Sources: {known}."
        )
    random.Random(seed).shuffle(chosen)  # noqa: S311  # a reproducible draw, not a secret
    if query.limit:
        chosen = chosen[: query.limit]
    kept = {name: value for name, value in asdict(query).items() if value}
    scene_set = SceneSet.objects.create(slug=slug, query=kept, seed=seed, size=len(chosen), created_by=by)
    members = (
        SceneSetMember(scene_set=scene_set, scene_id=pk, image_id=image_id, position=position)
        for position, (pk, image_id) in enumerate(chosen)
    )
    SceneSetMember.objects.bulk_create(members, batch_size=2000)
    record(by, "froze scenes", slug, size=len(chosen), seed=seed, **kept)
    return scene_set
