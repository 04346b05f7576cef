import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('blog', '0006_words_about_moderation'),
    ]

    operations = [
        migrations.AlterField(
            model_name='blog',
            name='blatant_discard',
            field=models.BooleanField(default=True, help_text='What it is quite sure of: out of the spam view’s sight as well.', verbose_name='what Akismet would throw away is blatant'),
        ),
        migrations.AlterField(
            model_name='blog',
            name='login_required',
            field=models.BooleanField(default=False, help_text='Those who have an account here. Everybody else reads why they cannot.', verbose_name='only users who are logged in may comment'),
        ),
        migrations.AlterField(
            model_name='blog',
            name='posts_per_page',
            field=models.PositiveSmallIntegerField(default=10, help_text='On the front page and in the lists of categories, tags and authors.', validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(100)], verbose_name='posts a page'),
        ),
        migrations.AlterField(
            model_name='blog',
            name='tagline',
            field=models.CharField(blank=True, help_text='A line under the title of the front page; search engines show it.', max_length=300, verbose_name='tagline'),
        ),
        migrations.AlterField(
            model_name='blog',
            name='title',
            field=models.CharField(default='Colloquy', help_text='At the top of every page, in feeds and in mail.', max_length=200, verbose_name='title'),
        ),
    ]
