
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('comments', '0010_domains_of_people'),
    ]

    operations = [
        migrations.AlterField(
            model_name='decision',
            name='verb',
            field=models.CharField(choices=[('publish', 'Published'), ('hold', 'Held'), ('mark_spam', 'Called spam'), ('remove', 'Removed'), ('restore', 'Restored'), ('edit', 'Edited'), ('block', 'Blocked'), ('trust', 'Always published'), ('distrust', 'No longer always published'), ('note', 'Noted'), ('settle', 'Reports read'), ('undo', 'Undone')], max_length=16, verbose_name='what'),
        ),
        migrations.CreateModel(
            name='PersonRevision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('standing', models.CharField(blank=True, max_length=8, verbose_name='standing')),
                ('note', models.TextField(blank=True, verbose_name='note')),
                ('decision', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='person_revision', to='comments.decision', verbose_name='decision')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='revisions', to='comments.person', verbose_name='person')),
            ],
            options={
                'verbose_name': 'revision of a person',
                'verbose_name_plural': 'revisions of people',
                'default_permissions': [],
            },
        ),
    ]
