"""Colloquy's set-up: settings, addresses, the database engine, the server.

SQLite before 3.51.3 can, rarely, damage a WAL database that several connections write and
checkpoint at once; Debian 12 has 3.40.1. Where the `pysqlite3` wheel is to be had (Linux on
x86-64) its newer library stands in for Python's own, before Django loads one.
"""

import sys

try:
    import pysqlite3
except ModuleNotFoundError:  # pragma: no cover - other systems use the SQLite that Python has
    pass
else:
    sys.modules["sqlite3"] = pysqlite3
