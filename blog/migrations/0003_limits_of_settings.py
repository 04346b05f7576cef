
import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('blog', '0002_discussion'),
    ]

    operations = [
        migrations.AlterField(
            model_name='blog',
            name='comments_close_after',
            field=models.PositiveSmallIntegerField(blank=True, help_text='Days after a post was published. Empty: never.', null=True, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(36500)], verbose_name='close comments after'),
        ),
        migrations.AlterField(
            model_name='blog',
            name='comments_per_hour',
            field=models.PositiveSmallIntegerField(default=60, help_text='That a whole network (256 addresses, or what one provider hands out) may send.', validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(10000)], verbose_name='comments an hour'),
        ),
        migrations.AlterField(
            model_name='blog',
            name='comments_per_minute',
            field=models.PositiveSmallIntegerField(default=5, help_text='That one address may send.', validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(10000)], verbose_name='comments a minute'),
        ),
        migrations.AlterField(
            model_name='blog',
            name='delete_spam_after',
            field=models.PositiveSmallIntegerField(blank=True, default=14, help_text='Days. What a moderator called spam stays 30 days. Empty: never.', null=True, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(36500)], verbose_name='delete spam after'),
        ),
        migrations.AlterField(
            model_name='blog',
            name='reports_hold',
            field=models.PositiveSmallIntegerField(blank=True, help_text='So many readers’ reports take a comment back to be looked at. Empty: none do.', null=True, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(10000)], verbose_name='reports that hold'),
        ),
    ]
