from django.db import migrations

from labelapp.people.triggers import append_only, frozen


class Migration(migrations.Migration):
    dependencies = [("evaluations", "0001_evaluations")]
    operations = [
        append_only("evaluations_judgement"),
        frozen("evaluations_system"),
        frozen("evaluations_corpusitem"),
        frozen("evaluations_modelversion"),
    ]
