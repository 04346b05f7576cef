"""Who claimed a notice, so that the claim of a dead worker ends with it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("comments", "0014_unchanging_log")]

    operations = [
        migrations.AddField(
            model_name="notice",
            name="claimed_by",
            field=models.CharField(
                help_text="a worker; see `schedule`", max_length=64, null=True
            ),
        ),
    ]
