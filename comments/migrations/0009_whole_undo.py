
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('comments', '0008_edited_at'),
    ]

    operations = [
        migrations.AddField(
            model_name='change',
            name='was_blatant',
            field=models.BooleanField(null=True),
        ),
        migrations.AddField(
            model_name='report',
            name='settled_by',
            field=models.ForeignKey(help_text='undoing it opens it again', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='comments.decision'),
        ),
        migrations.AddField(
            model_name='rule',
            name='former',
            field=models.JSONField(editable=False, help_text='what that decision found here; undoing brings it back', null=True),
        ),
    ]
