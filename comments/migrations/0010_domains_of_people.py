"""The domain of each person's address, for the desk's search.

On PostgreSQL the index is made while others write; whatever an interrupted attempt left is made
anew. On SQLite it is a matter of a moment.
"""

from django.db import migrations, models

import comments.models.person


class AddIndexMeanwhile(migrations.AddIndex):
    """AddIndex that locks nobody out."""

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        person = to_state.apps.get_model(app_label, self.model_name)
        if schema_editor.connection.vendor == "postgresql":
            name = schema_editor.quote_name(self.index.name)
            schema_editor.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")
            schema_editor.add_index(person, self.index, concurrently=True)
        else:
            schema_editor.add_index(person, self.index)

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        person = from_state.apps.get_model(app_label, self.model_name)
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.remove_index(person, self.index, concurrently=True)
        else:
            schema_editor.remove_index(person, self.index)


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("comments", "0009_whole_undo")]

    operations = [
        AddIndexMeanwhile(
            model_name="person",
            index=models.Index(comments.models.person.Domain("email"), name="person_domain"),
        ),
    ]
