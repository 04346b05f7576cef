"""What becomes of comments that wait for Akismet when its key is taken out. No SQL."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('blog', '0004_editions'),
    ]

    operations = [
        migrations.AlterField(
            model_name='blog',
            name='akismet_key',
            field=models.CharField(blank=True, help_text='With a key, each guest’s comment is sent to Akismet, and the form says so. Take it out, and what still waits for an answer goes where your own rules send it.', max_length=64, verbose_name='Akismet key'),
        ),
    ]
