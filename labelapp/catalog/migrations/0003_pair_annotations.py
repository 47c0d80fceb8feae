from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('catalog', '0002_immutable'),
    ]

    operations = [
        migrations.AddField(
            model_name='scenepair',
            name='annotations',
            field=models.JSONField(default=dict, help_text='Further columns of the import, as given'),
        ),
    ]
