from django.db import migrations

from labelapp.people.triggers import append_only


class Migration(migrations.Migration):
    dependencies = [("guides", "0001_guides")]
    operations = [
        append_only("guides_guideversion", once="OLD.published_at IS NOT NULL"),
    ]
