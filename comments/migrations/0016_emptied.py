"""A word for what time does to old spam. No SQL."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("comments", "0015_claims_of_notices")]

    operations = [
        migrations.AlterField(
            model_name="decision",
            name="verb",
            field=models.CharField(
                choices=[
                    ("publish", "Published"),
                    ("hold", "Held"),
                    ("mark_spam", "Called spam"),
                    ("remove", "Removed"),
                    ("restore", "Restored"),
                    ("edit", "Edited"),
                    ("block", "Blocked"),
                    ("trust", "Always published"),
                    ("distrust", "No longer always published"),
                    ("note", "Noted"),
                    ("settle", "Reports read"),
                    ("undo", "Undone"),
                    ("empty", "Emptied"),
                ],
                max_length=16,
                verbose_name="what",
            ),
        ),
    ]
