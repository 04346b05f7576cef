"""Whatever writes a line of the log by a relation asks the guard of the log, too. No SQL."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("comments", "0013_sites")]

    operations = [
        migrations.AlterModelOptions(
            name="change",
            options={
                "base_manager_name": "objects",
                "default_permissions": [],
                "verbose_name": "change",
                "verbose_name_plural": "changes",
            },
        ),
        migrations.AlterModelOptions(
            name="decision",
            options={
                "base_manager_name": "objects",
                "default_permissions": ["view"],
                "ordering": ["-at", "-pk"],
                "verbose_name": "decision",
                "verbose_name_plural": "decisions",
            },
        ),
    ]
