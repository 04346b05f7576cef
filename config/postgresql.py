"""A statement that is asked for every page, prepared once on each connection, past the cursors of
Django and psycopg: half the time of theirs, of which nothing is left to do but the way there and
back.
"""

from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg import OperationalError, pq


def ask(
    database: BaseDatabaseWrapper, name: bytes, statement: bytes, values: list[bytes | None]
) -> list[bytes | None]:
    """The one row that a statement gives, as text; raises psycopg.Error where none comes.

    Args:
        name: of the prepared statement, the same for the same statement.
        values: of its parameters $1, $2 …, as text.
    """
    connection = database.connection.pgconn
    prepared = database.__dict__.setdefault("prepared", {})  # on which connection each is
    if prepared.get(name) is not connection:
        _check(connection.prepare(name, statement), pq.ExecStatus.COMMAND_OK)
        prepared[name] = connection
    answer = connection.exec_prepared(name, values)
    _check(answer, pq.ExecStatus.TUPLES_OK)
    return [answer.get_value(0, column) for column in range(answer.nfields)]


def _check(answer: pq.abc.PGresult, status: int) -> None:
    if answer.status != status:
        raise OperationalError(answer.error_message.decode(errors="replace"))
