"""An end for checks that nobody can make any more. No SQL."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("comments", "0016_emptied"),
    ]

    operations = [
        migrations.AlterField(
            model_name='check',
            name='answer',
            field=models.CharField(blank=True, choices=[('', 'Not answered yet'), ('ham', 'Not spam'), ('spam', 'Spam'), ('discard', 'Blatant spam'), ('unasked', 'Not asked: there was no key any more')], default='', max_length=8, verbose_name='answer'),
        ),
    ]
