"""The evaluations app."""

from django.apps import AppConfig


class EvaluationsConfig(AppConfig):
    name = "labelapp.evaluations"
    verbose_name = "Evaluations"

    def ready(self) -> None:
        from labelapp.evaluations.judgements import note_label
        from labelapp.tasks.signals import label_submitted

        label_submitted.connect(note_label, dispatch_uid="evaluations.note_label")
