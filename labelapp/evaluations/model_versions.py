"""Registering model folders."""

import shutil
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from labelapp.catalog.models import Category
from labelapp.evaluations.errors import EvaluationsError
from labelapp.evaluations.models import ModelVersion
from labelapp.people.audit import record
from labelapp.people.models import User
from model_hooks.manifest import ModelManifest
from model_hooks.registry import ModelReport, check, read_manifest

CARD = "card.md"


@dataclass(frozen=True)
class Registered:
    """A registered model, whether it is new, and what becomes of its labels."""

    model: ModelVersion
    is_new: bool
    report: ModelReport


def register_model(folder: Path, *, by: User | None) -> Registered:
    """Verify a model folder, copy it to where workers look, and write it down; repeatable."""
    known = {slug for slug in Category.objects.coarse().values_list("slug", flat=True) if slug}
    report = check(folder, known)
    _refuse_changed(report.manifest)
    _bring_in(report.manifest)
    with transaction.atomic():
        model, is_new = ModelVersion.objects.get_or_create(
            name=report.manifest.name,
            version=report.manifest.version,
            defaults=_fields(report.manifest) | {"registered_by": by},
        )
        if is_new:
            record(by, "registered model", model, digest=model.digest)
    return Registered(model, is_new, report)


def _refuse_changed(manifest: ModelManifest) -> None:
    standing = ModelVersion.objects.filter(name=manifest.name, version=manifest.version).first()
    if standing is not None and standing.digest != manifest.digest:
        raise _changed(manifest, standing.digest, "is registered")


def _bring_in(manifest: ModelManifest) -> None:
    """Copy a folder from elsewhere to MODEL_ROOT, in one step as others see it."""
    target = settings.MODEL_ROOT / manifest.name / manifest.version
    if manifest.folder == target.resolve():
        return
    if target.exists():
        found = read_manifest(target).digest
        if found != manifest.digest:
            raise _changed(manifest, found, f"stands in {target}")
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".copy-", dir=settings.MODEL_ROOT) as space:
        copied = Path(space) / manifest.name / manifest.version
        shutil.copytree(manifest.folder, copied)
        if read_manifest(copied).digest != manifest.digest:
            raise EvaluationsError(f"{manifest.folder} changed while it was copied; register it again.")
        copied.rename(target)


def _changed(manifest: ModelManifest, digest: str, where: str) -> EvaluationsError:
    return EvaluationsError(
        f"{manifest.name}/{manifest.version} {where} with digest {digest[:12]}..., but {manifest.folder} has "
        f"{manifest.digest[:12]}...: a model version never changes, so give the new folder a new version."
    )


def _fields(manifest: ModelManifest) -> dict[str, Any]:
    return {
        "kind": manifest.kind,
        "adapter": manifest.adapter,
        "digest": manifest.digest,
        "manifest": _document(manifest),
    }


def _document(manifest: ModelManifest) -> dict[str, Any]:
    """Return the manifest with labels and card, so that pages need not open the folder."""
    card = manifest.folder / CARD
    document = asdict(manifest)
    del document["folder"]
    return document | {"card": card.read_text(encoding="utf-8", errors="replace") if card.is_file() else ""}


def verify_model(model: ModelVersion) -> Path:
    """Return the folder of a registered model, or say that it is not there or another one."""
    folder: Path = settings.MODEL_ROOT / model.name / model.version
    found = read_manifest(folder).digest
    if found != model.digest:
        raise EvaluationsError(
            f"{folder} is not the {model} that was registered: its digest is {found[:12]}..., registered is "
            f"{model.digest[:12]}.... Put the registered folder back, or register it as a new version."
        )
    return folder


def unregistered() -> dict[str, Path]:
    """Return the folders under MODEL_ROOT that nobody has registered, by NAME/VERSION."""
    known = set(map(str, ModelVersion.objects.all()))
    found = sorted(settings.MODEL_ROOT.glob("[!.]*/[!.]*/model.json"))
    folders = {f"{path.parents[1].name}/{path.parent.name}": path.parent for path in found}
    return {reference: folder for reference, folder in folders.items() if reference not in known}


@dataclass(frozen=True)
class Label:
    """A model's own word for what it sees, and our category for it."""

    word: str
    category: str | None
    is_unmapped: bool


def labels_of(model: ModelVersion) -> list[Label]:
    """Return a detector's labels in its own order."""
    mapping = model.manifest["labels"]
    return [Label(word, mapping.get(word), word not in mapping) for word in model.manifest["model_labels"]]
