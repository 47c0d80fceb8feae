from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0002_immutable'),
    ]

    operations = [
        migrations.AddField(
            model_name='pool',
            name='is_simulated',
            field=models.BooleanField(default=False, help_text='Its members are simulated people.'),
        ),
    ]
