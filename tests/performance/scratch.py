"""A database for measurements, made for one run and dropped at its end."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


@contextmanager
def scratch_database(name: str) -> Iterator[None]:
    """Work in a new database of this name (SQLite: a file) with the project's tables, and drop it at the end."""
    configured = connection.settings_dict["NAME"]
    with tempfile.TemporaryDirectory() as folder:
        sqlite = connection.vendor == "sqlite"
        connection.settings_dict["TEST"]["NAME"] = f"{folder}/bench.sqlite3" if sqlite else name
        connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
        try:
            yield
        finally:
            connection.creation.destroy_test_db(configured, verbosity=0)
