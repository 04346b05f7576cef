"""What the desk needs is given to the groups that moderate; logged decisions learn their size."""

from django.db import migrations
from django.db.models import Count, OuterRef, Subquery

from comments import roles


def create(apps, schema_editor):
    for label in ("blog", "comments"):
        apps.get_app_config(label).models_module = True  # else it is taken for an app without models
    roles.create(apps)


def measure(apps, schema_editor):
    Decision, Change = apps.get_model("comments.Decision"), apps.get_model("comments.Change")
    of_it = Change.objects.filter(decision=OuterRef("pk")).order_by().values("decision")
    sizes = Subquery(of_it.annotate(size=Count("pk")).values("size"))
    Decision.objects.filter(size=None).update(size=sizes)


class Migration(migrations.Migration):
    dependencies = [("comments", "0003_desk")]
    operations = [
        migrations.RunPython(create, migrations.RunPython.noop),
        migrations.RunPython(measure, migrations.RunPython.noop),
    ]
