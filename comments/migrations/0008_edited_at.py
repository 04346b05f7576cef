
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('comments', '0007_plain_spam'),
    ]

    operations = [
        migrations.AddField(
            model_name='comment',
            name='edited_at',
            field=models.DateTimeField(editable=False, help_text='when a moderator last changed its text', null=True),
        ),
        migrations.AddField(
            model_name='revision',
            name='edited_at',
            field=models.DateTimeField(null=True),
        ),
    ]
