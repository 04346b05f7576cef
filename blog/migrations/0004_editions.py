from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('blog', '0003_limits_of_settings'),
    ]

    operations = [
        migrations.CreateModel(
            name='Edition',
            fields=[
                ('name', models.CharField(max_length=16, primary_key=True, serialize=False)),
                ('number', models.BigIntegerField()),
            ],
            options={
                'default_permissions': [],
            },
        ),
        migrations.AddField(
            model_name='post',
            name='thread_edition',
            field=models.BigIntegerField(editable=False, help_text='see editions', null=True),
        ),
        migrations.AddIndex(
            model_name='post',
            index=models.Index(fields=['status', 'published_at'], name='post_dates'),
        ),
    ]
