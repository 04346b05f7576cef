"""The groups Editor, Author and Moderator."""

from django.db import migrations

from comments import roles


def create(apps, schema_editor):
    for label in ("blog", "comments"):
        apps.get_app_config(label).models_module = True  # else it is taken for an app without models
    roles.create(apps)


class Migration(migrations.Migration):
    dependencies = [
        ("comments", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [migrations.RunPython(create, migrations.RunPython.noop)]
