"""Django's SQLite engine, with a queue before each write transaction (see `base`)."""
