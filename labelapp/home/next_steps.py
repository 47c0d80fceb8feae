"""What to do next, per role: the start page says it, and says what is done already."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone

from labelapp.catalog.models import ImportBatch, Product, Scene, SceneSet
from labelapp.catalog.models.import_batch import DRAWN, SILENCE
from labelapp.evaluations.models import (
    CorpusIndex,
    EvaluationRun,
    Judgement,
    LabelEvent,
    ModelVersion,
    System,
)
from labelapp.home.bootstrap import people_of_its_own
from labelapp.tasks.models import Label


@dataclass(frozen=True)
class Step:
    """One step on the way to a Relevance@5 table; a command where there is one beside the page."""

    title: str
    text: str
    is_done: bool
    action: str
    url: str
    command: str = ""


def engineer_steps() -> list[Step]:
    """The way from pictures to a figure; the first step that is not done is the next."""
    return [*_steps_of_preparing(), *_steps_of_measuring()]


def _steps_of_preparing() -> list[Step]:
    kinds = set(ModelVersion.objects.values_list("kind", flat=True))
    return [
        Step(
            "Import products and scenes",
            "A CSV, JSONL or Parquet file and a folder of pictures. Bad rows are set aside with a reason.",
            Product.objects.exists() and Scene.objects.exists(),
            "Import",
            reverse("import_create"),
            "manage.py import_products products.csv --images DIR --source NAME --domain fashion",
        ),
        Step(
            "Register a detector and an embedder",
            "Folders with safetensors or ONNX weights; each says which label is which of our categories.",
            kinds == set(ModelVersion.Kind.values),
            "Models",
            reverse("model_list"),
            "manage.py register_model DIR",
        ),
        Step(
            "Freeze scenes and a corpus",
            "What is compared must not change while it is compared. The corpus is embedded by your embedder.",
            SceneSet.objects.exists() and CorpusIndex.objects.filter(state=CorpusIndex.State.READY).exists(),
            "Corpora",
            reverse("corpus_list"),
            "manage.py freeze_scenes SET && manage.py freeze_corpus CORPUS --embedder NAME/VERSION --wait",
        ),
    ]


def _steps_of_measuring() -> list[Step]:
    return [
        Step(
            "Make the systems to compare",
            "Detector, embedder, corpus and a restriction, for instance the predicted category.",
            System.objects.exists(),
            "Systems",
            reverse("system_list"),
            "manage.py create_system SLUG --detector D --embedder E --corpus C --restrict category",
        ),
        Step(
            "Run them",
            "Workers detect, embed and search. Pairs that nobody has judged yet become rating tasks.",
            EvaluationRun.objects.filter(state=EvaluationRun.State.FINISHED).exists(),
            "Runs",
            reverse("run_list"),
            "manage.py evaluate SYSTEM SYSTEM --scenes SET --project relevance --wait",
        ),
        Step(
            "Read Relevance@5",
            _figures_so_far(),
            _people_judge(),
            "Report",
            reverse("report"),
            "manage.py relevance_report SYSTEM SYSTEM",
        ),
    ]


def _people_judge() -> bool:
    """Tell whether a person, not a simulated one, has graded anything."""
    return (
        Judgement.objects.filter(origin=Judgement.Origin.HUMAN).exists()
        or LabelEvent.objects.filter(label__labeler__is_simulated=False).exists()
    )


def _figures_so_far() -> str:
    if Judgement.objects.exists() and not _people_judge():
        return (
            "So far simulated people have judged, and the figures say so. Sign in as a labeler and rate: the"
            " figures of people appear beside them."
        )
    return "The figures appear while people rate, with intervals and gains."


def expert_steps() -> list[Step]:
    """What an expert watches."""
    return [
        Step(
            "Watch the projects",
            "What is open, how fast it goes, and what was skipped.",
            Label.objects.filter(labeler__is_simulated=False).exists(),
            "Projects",
            reverse("project_list"),
        ),
        Step(
            "Look at what was graded",
            "The report leads to every query object with its graded candidates.",
            _people_judge(),
            "Report",
            reverse("report"),
        ),
    ]


def admin_steps() -> list[Step]:
    """What an admin sees to before a team moves in."""
    own = ImportBatch.objects.exclude(options__has_key=DRAWN).filter(state=ImportBatch.State.FINISHED)
    return [
        Step(
            "See what this installation uses",
            "Database, broker, storage, models and versions, and what is wrong with them.",
            is_done=False,
            action="Doctor",
            url=reverse("doctor"),
            command="manage.py doctor",
        ),
        Step(
            "Add your own people",
            "Each with roles and pools. The people of the demo stay until you take their roles.",
            people_of_its_own().exists(),
            "Projects",
            reverse("project_list"),
            "manage.py add_person NAME --role labeler --pool in_house",
        ),
        Step(
            "Bring your own pictures",
            "Beside the drawn ones, under a source of their own.",
            own.exists(),
            "Import",
            reverse("import_create"),
        ),
    ]


@dataclass(frozen=True)
class Loading:
    """An import of the demo's shop that is going on."""

    what: str
    done: int
    total: int | None


def loading() -> list[Loading]:
    """Return what of the demo's shop is being drawn at this moment."""
    running = ImportBatch.objects.drawn().filter(state=ImportBatch.State.RUNNING)
    alive = running.filter(heard_at__gt=timezone.now() - SILENCE)
    return [Loading(batch.get_kind_display(), batch.rows_seen, batch.rows_expected) for batch in alive]
