"""Writes down the registrable domain of every host that was linked to before.

Going back leaves these rows: an earlier version finds comments by them as by any other.
"""

from django.db import migrations

from comments import sites

ADD = (
    "INSERT INTO comments_link (comment_id, domain) "
    "SELECT comment_id, %s FROM comments_link WHERE domain = %s ON CONFLICT DO NOTHING"
)


def add(apps, schema_editor):
    link = apps.get_model("comments", "Link")
    hosts = link.objects.order_by("domain").values_list("domain", flat=True).distinct()
    found = [(sites.of(host), host) for host in hosts]
    with schema_editor.connection.cursor() as cursor:
        cursor.executemany(ADD, [(site, host) for site, host in found if site != host])


class Migration(migrations.Migration):

    dependencies = [("comments", "0012_regulars")]

    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
