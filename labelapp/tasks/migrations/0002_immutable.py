from django.db import migrations

from labelapp.people.triggers import append_only


class Migration(migrations.Migration):
    dependencies = [("tasks", "0001_tasks")]
    operations = [
        append_only("tasks_label"),
    ]
