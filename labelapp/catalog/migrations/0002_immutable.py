from django.db import migrations

from labelapp.people.triggers import frozen


class Migration(migrations.Migration):
    dependencies = [("catalog", "0001_catalog")]
    operations = [
        frozen("catalog_scenesetmember"),
    ]
