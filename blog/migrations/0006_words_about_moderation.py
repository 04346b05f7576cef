"""What the choice of moderation does, beside it. No SQL."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("blog", "0005_words_about_the_key")]

    operations = [
        migrations.AlterField(
            model_name="blog",
            name="moderation",
            field=models.CharField(
                choices=[
                    ("all", "Hold every comment of a guest"),
                    ("first", "Hold a guest’s comments until one was published"),
                    ("none", "Publish at once"),
                ],
                default="all",
                help_text="Of people you always publish, none is held by this. Even with “Publish at once” a comment is held, or called spam, for what the settings below and your rules say.",
                max_length=8,
                verbose_name="moderation",
            ),
        ),
    ]
